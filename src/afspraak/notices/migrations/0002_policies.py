from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    BETWEEN_MEMBERS,
    ORGANISATIONS,
    PERSON,
    protect,
    same_relation,
    true_parties,
)

SEEN = f"""(sender_id = ANY ({ORGANISATIONS})
    OR (state = 'sent' AND (recipient_organisation_id = ANY ({ORGANISATIONS})
        OR recipient_id = {PERSON})))"""
"""Who sends it, always; whom it was sent to, once it was."""
SENT_BY_US = f"(sender_id = ANY ({ORGANISATIONS}))"
COLLEAGUES = f"""(person_id = {PERSON} OR EXISTS (SELECT 1 FROM parties_person colleague
    WHERE colleague.id = person_id AND colleague.organisation_id = ANY ({ORGANISATIONS})))"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("tickets", "0002_policies")]
    operations = [
        protect(
            "notices_obligation", reads=BETWEEN, writes=BETWEEN_MEMBERS, app=("SELECT", "INSERT")
        ),
        protect("notices_notice", reads=SEEN, writes=SENT_BY_US, app=("SELECT", "UPDATE")),
        protect("notices_habit", reads=COLLEAGUES, app=("SELECT", "INSERT", "UPDATE")),
        true_parties("notices_obligation"),
        true_parties("notices_notice"),
        same_relation("notices_obligation", "ticket_id", "tickets_ticket"),
        same_relation("notices_obligation", "agreement_id", "agreements_agreement"),
        same_relation("notices_notice", "obligation_id", "notices_obligation"),
        same_relation("notices_notice", "ticket_id", "tickets_ticket"),
    ]
