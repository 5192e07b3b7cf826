"""Everybody of a customer may complain, also who sees only the tickets of his own."""

from django.db import migrations

from afspraak.rights.policies import BETWEEN, LIMITED, OF_OWN_TICKET, PERSON, protect_anew

OF_TICKET = f"({BETWEEN} OR {OF_OWN_TICKET})"
FACTS = f"({OF_TICKET} OR (ticket_id IS NULL AND customer_id = ANY ({LIMITED})))"
OWN_COMPLAINT = f"""(ticket_id IS NULL AND code = 'complaint' AND person_id = {PERSON}
    AND customer_id = ANY ({LIMITED}))"""
ITS_WORDS = f"(ticket_id IS NULL AND customer_id = ANY ({LIMITED}))"
"""They are written by everybody, and read by who sees all of their organisation."""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_inside")]
    operations = [
        protect_anew("tickets_fact", reads=FACTS, writes=f"({OF_TICKET} OR {OWN_COMPLAINT})"),
        protect_anew(
            "tickets_words",
            reads=OF_TICKET,
            writes=f"({OF_TICKET} OR {ITS_WORDS})",
            changes=OF_TICKET,
        ),
    ]
