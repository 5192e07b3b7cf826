from django.db import migrations

from afspraak.rights.policies import (
    AGREEMENTS,
    BETWEEN,
    BETWEEN_MEMBERS,
    EVERYTHING,
    OF_OWN_TICKET,
    protect,
    same_relation,
    true_parties,
)

OF_TICKET = f"({BETWEEN} OR {OF_OWN_TICKET})"
ADVISED = f"(agreement_id = ANY ({AGREEMENTS}))"


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial"), ("tickets", "0002_policies")]
    operations = [
        protect("clocks_standing", reads=OF_TICKET),
        protect("clocks_assessment", reads=f"({OF_TICKET} OR {ADVISED})", writes=OF_TICKET),
        protect("clocks_duty", reads=f"({BETWEEN_MEMBERS} OR {ADVISED})", writes=BETWEEN),
        # When the watch last looked says nothing of any party; only the watch writes it.
        protect("clocks_beat", reads=EVERYTHING, app=("SELECT",)),
        true_parties("clocks_standing"),
        true_parties("clocks_assessment"),
        true_parties("clocks_duty"),
        same_relation("clocks_standing", "ticket_id", "tickets_ticket"),
        same_relation("clocks_standing", "agreement_id", "agreements_agreement"),
        same_relation("clocks_assessment", "ticket_id", "tickets_ticket"),
        same_relation("clocks_assessment", "agreement_id", "agreements_agreement"),
        same_relation("clocks_duty", "agreement_id", "agreements_agreement"),
    ]
