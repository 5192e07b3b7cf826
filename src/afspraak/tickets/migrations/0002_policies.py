from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    INTERNAL,
    LIMITED,
    MEMBERS,
    OF_OWN_TICKET,
    PERSON,
    SEES_TICKET,
    append_only,
    protect,
    same_relation,
    true_parties,
)

KEPT = ("SELECT", "INSERT", "UPDATE")
OWN = f"({BETWEEN} OR (customer_id = ANY ({LIMITED}) AND reporter_id = {PERSON}))"
OF_TICKET = f"({BETWEEN} OR {OF_OWN_TICKET})"
FACTS = f"({OF_TICKET} OR (ticket_id IS NULL AND customer_id = ANY ({LIMITED})))"
NOTES = f"({INTERNAL} AND {SEES_TICKET})"
SERIES = f"""(organisation_id = ANY ({MEMBERS}) OR EXISTS (SELECT 1 FROM parties_relation known
    WHERE known.supplier_id = organisation_id AND known.customer_id = ANY ({MEMBERS})))"""
"""A supplier's last number: its customers' reports count on."""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("agreements", "0002_policies")]
    operations = [
        protect("tickets_numberseries", reads=SERIES, app=KEPT),
        protect("tickets_ticket", reads=OWN, app=KEPT),
        protect("tickets_words", reads=OF_TICKET, app=KEPT),
        *append_only("tickets_fact", reads=FACTS, writes=OF_TICKET),
        protect("tickets_note", reads=NOTES, app=("SELECT", "INSERT")),
        protect("tickets_majorincident", reads=INTERNAL, app=KEPT),
        protect("tickets_reached", reads=NOTES, app=("SELECT", "INSERT")),
        true_parties("tickets_ticket"),
        true_parties("tickets_words"),
        true_parties("tickets_fact"),
        same_relation("tickets_words", "ticket_id", "tickets_ticket"),
        same_relation("tickets_fact", "ticket_id", "tickets_ticket"),
        same_relation("tickets_fact", "agreement_id", "agreements_agreement"),
    ]
