"""What a ticket's rows name stands with the ticket's own parties."""

from django.db import migrations, models

from afspraak.rights.policies import (
    inside,
    person_inside,
    same_owner,
    same_relation,
    stays,
)

PUT_ON = """EXISTS (SELECT 1 FROM tickets_ticket above WHERE above.id = NEW.third_party_of_id
    AND NEW.customer_id IN (above.supplier_id, above.customer_id))"""
"""Whoever puts a question to a third party stands in the ticket that it comes from."""

OWN_TICKET = """EXISTS (SELECT 1 FROM tickets_ticket one WHERE one.id = NEW.ticket_id
    AND NEW.organisation_id IN (one.supplier_id, one.customer_id))"""

PARTIES = ("relation_id", "supplier_id", "customer_id")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_policies"), ("parties", "0004_consent")]
    operations = [
        migrations.AddConstraint(
            "ticket",
            models.UniqueConstraint(fields=["id", "supplier"], name="tickets_ticket_of_supplier"),
        ),
        migrations.AddConstraint(
            "words", models.UniqueConstraint(fields=["id", "relation"], name="tickets_words_key")
        ),
        migrations.AddConstraint(
            "majorincident",
            models.UniqueConstraint(fields=["id", "organisation"], name="tickets_incident_key"),
        ),
        person_inside("tickets_ticket", "reporter_id", "supplier_id", "customer_id"),
        inside("tickets_ticket", "third_party_of_id", PUT_ON),
        person_inside("tickets_fact", "person_id", "supplier_id", "customer_id"),
        same_relation("tickets_fact", "words_id", "tickets_words"),
        inside("tickets_note", "ticket_id", OWN_TICKET),
        person_inside("tickets_note", "person_id", "organisation_id"),
        same_owner("tickets_reached", "incident_id", "tickets_majorincident"),
        same_owner("tickets_reached", "ticket_id", "tickets_ticket", "supplier_id"),
        stays("tickets_numberseries", "organisation_id"),
        stays("tickets_ticket", "id", "number", "third_party_of_id", "created_at", *PARTIES),
        stays("tickets_words", "id", "ticket_id", *PARTIES),
        stays("tickets_majorincident", "id", "organisation_id"),
    ]
