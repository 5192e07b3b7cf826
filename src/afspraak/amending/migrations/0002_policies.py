from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    ORGANISATIONS,
    OURS,
    append_only,
    by_a_party,
    person_inside,
    same_relation,
    true_parties,
)

"""In the name of one of the two sides, by its own people."""

THE_CUSTOMER = f"customer_id = ANY ({ORGANISATIONS})"
"""What hurt is the customer's word alone."""


class Migration(migrations.Migration):
    dependencies = [("amending", "0001_initial")]

    operations = [
        *append_only("amending_hurt", reads=BETWEEN, writes=THE_CUSTOMER),
        *append_only("amending_termword", reads=BETWEEN, writes=OURS),
        *append_only("amending_indexvalue", reads=BETWEEN, writes=OURS),
        true_parties("amending_hurt"),
        true_parties("amending_termword"),
        true_parties("amending_indexvalue"),
        same_relation("amending_hurt", "agreement_id", "agreements_agreement"),
        same_relation("amending_termword", "agreement_id", "agreements_agreement"),
        same_relation("amending_termword", "draft_id", "agreements_draft"),
        by_a_party("amending_termword"),
        by_a_party("amending_indexvalue"),
        person_inside("amending_hurt", "person_id", "supplier_id", "customer_id"),
        person_inside("amending_termword", "person_id", "supplier_id", "customer_id"),
        person_inside("amending_indexvalue", "person_id", "supplier_id", "customer_id"),
    ]
