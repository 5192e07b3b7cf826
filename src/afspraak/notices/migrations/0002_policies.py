"""A notice goes from one party of the relation to people of the other, or of its own; a digest holds
notices of its own sender and recipient, and a channel is told what is its own side's.
"""

from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    BETWEEN_MEMBERS,
    INTERNAL,
    ORGANISATIONS,
    PERSON,
    inside,
    person_inside,
    protect,
    same_relation,
    stays,
    true_parties,
)

PARTIES = ("relation_id", "supplier_id", "customer_id")
SEEN = f"""(sender_id = ANY ({ORGANISATIONS})
    OR (state = 'sent' AND (recipient_organisation_id = ANY ({ORGANISATIONS})
        OR recipient_id = {PERSON})))"""
"""Who sends it, always; whom it was sent to, once it was."""
SENT_BY_US = f"(sender_id = ANY ({ORGANISATIONS}))"
COLLEAGUES = f"""(person_id = {PERSON} OR EXISTS (SELECT 1 FROM parties_person colleague
    WHERE colleague.id = person_id AND colleague.organisation_id = ANY ({ORGANISATIONS})))"""
# A supplier that writes to somebody of its customer's must know their hours, and may not change them.
WHOSE_HOURS = f"""(person_id = {PERSON} OR EXISTS (SELECT 1 FROM parties_person told
    WHERE told.id = person_id AND (told.organisation_id = ANY ({ORGANISATIONS}) OR EXISTS
        (SELECT 1 FROM parties_relation known WHERE known.customer_id = told.organisation_id
            AND known.supplier_id = ANY ({ORGANISATIONS})))))"""
SAME_ORGANISATION = "notices_delivery_same_organisation"


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_inside"),
        ("notices", "0001_initial"),
        ("parties", "0003_tables_of_others"),
        ("tickets", "0003_inside"),
    ]
    operations = [
        protect(
            "notices_obligation", reads=BETWEEN, writes=BETWEEN_MEMBERS, app=("SELECT", "INSERT")
        ),
        protect("notices_notice", reads=SEEN, writes=SENT_BY_US, app=("SELECT", "UPDATE")),
        protect("notices_habit", reads=COLLEAGUES, app=("SELECT", "INSERT", "UPDATE")),
        protect(
            "notices_telling",
            reads=BETWEEN_MEMBERS,
            writes=BETWEEN,
            app=("SELECT", "INSERT", "UPDATE"),
        ),
        protect("notices_channel", reads=INTERNAL, app=("SELECT", "INSERT", "UPDATE")),
        protect("notices_delivery", reads=INTERNAL, app=("SELECT",)),
        migrations.RunSQL(
            f"CREATE POLICY by_writer ON notices_habit FOR SELECT TO afspraak_app"
            f" USING ({WHOSE_HOURS})",
            reverse_sql="DROP POLICY by_writer ON notices_habit",
        ),
        true_parties("notices_obligation"),
        true_parties("notices_notice"),
        true_parties("notices_telling"),
        same_relation("notices_obligation", "ticket_id", "tickets_ticket"),
        same_relation("notices_obligation", "agreement_id", "agreements_agreement"),
        same_relation("notices_notice", "obligation_id", "notices_obligation"),
        same_relation("notices_notice", "ticket_id", "tickets_ticket"),
        same_relation("notices_telling", "agreement_id", "agreements_agreement"),
        # What is delivered through a channel belongs to the channel's own organisation.
        migrations.RunSQL(
            f"ALTER TABLE notices_delivery ADD CONSTRAINT {SAME_ORGANISATION}"
            " FOREIGN KEY (channel_id, organisation_id)"
            " REFERENCES notices_channel (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            reverse_sql=f"ALTER TABLE notices_delivery DROP CONSTRAINT {SAME_ORGANISATION}",
        ),
        person_inside("notices_notice", "recipient_id", "recipient_organisation_id"),
        person_inside("notices_notice", "decided_by_id", "sender_id"),
        person_inside("notices_notice", "taken_by_id", "sender_id"),
        inside(
            "notices_notice",
            "within_id",
            """EXISTS (SELECT 1 FROM notices_notice one WHERE one.id = NEW.within_id
                AND one.sender_id = NEW.sender_id AND one.recipient_id = NEW.recipient_id)""",
        ),
        inside(
            "notices_delivery",
            "obligation_id",
            """EXISTS (SELECT 1 FROM notices_obligation one WHERE one.id = NEW.obligation_id
                AND NEW.organisation_id IN (one.supplier_id, one.customer_id))""",
        ),
        stays("notices_obligation", "id", "ticket_id", "agreement_id", *PARTIES),
        stays(
            "notices_notice",
            *("id", "obligation_id", "ticket_id", "sender_id", "recipient_id", *PARTIES),
            "recipient_organisation_id",
        ),
        stays("notices_habit", "person_id"),
    ]
