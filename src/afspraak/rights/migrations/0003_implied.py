"""What comes in many rows at once is checked once for each thing it points to.

Every row of a relation points to its parties and to what it hangs under by composite keys, which
hold more than Django's plain ones: these were checked besides, for each row (decision 15).
"""

from django.db import migrations

from afspraak.rights.policies import implied

PARTIES = ("relation_id", "supplier_id", "customer_id")


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0002_search"),
        ("tickets", "0003_inside"),
        ("clocks", "0002_policies"),
    ]
    operations = [
        implied("tickets_ticket", *PARTIES),
        implied("tickets_words", *PARTIES, "ticket_id"),
        implied("tickets_fact", *PARTIES, "ticket_id", "agreement_id", "words_id"),
        implied("clocks_standing", *PARTIES, "ticket_id", "agreement_id", "version_id"),
        implied("clocks_assessment", *PARTIES, "ticket_id", "agreement_id", "version_id"),
    ]
