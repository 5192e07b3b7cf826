from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    BETWEEN_MEMBERS,
    INTERNAL,
    ORGANISATIONS,
    PERSON,
    protect,
    same_relation,
    true_parties,
)

# A supplier that writes to somebody of its customer's must know their hours, and may not change them.
WHOSE_HOURS = f"""(person_id = {PERSON} OR EXISTS (SELECT 1 FROM parties_person told
    WHERE told.id = person_id AND (told.organisation_id = ANY ({ORGANISATIONS}) OR EXISTS
        (SELECT 1 FROM parties_relation known WHERE known.customer_id = told.organisation_id
            AND known.supplier_id = ANY ({ORGANISATIONS})))))"""
SAME_ORGANISATION = "notices_delivery_same_organisation"


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_watch_and_worker")]
    operations = [
        protect(
            "notices_telling",
            reads=BETWEEN_MEMBERS,
            writes=BETWEEN,
            app=("SELECT", "INSERT", "UPDATE"),
        ),
        protect("notices_channel", reads=INTERNAL, app=("SELECT", "INSERT", "UPDATE")),
        protect("notices_delivery", reads=INTERNAL, app=("SELECT",)),
        true_parties("notices_telling"),
        same_relation("notices_telling", "agreement_id", "agreements_agreement"),
        migrations.RunSQL(
            f"CREATE POLICY by_writer ON notices_habit FOR SELECT TO afspraak_app"
            f" USING ({WHOSE_HOURS})",
            reverse_sql="DROP POLICY by_writer ON notices_habit",
        ),
        # What is delivered through a channel belongs to the channel's own organisation.
        migrations.RunSQL(
            f"ALTER TABLE notices_delivery ADD CONSTRAINT {SAME_ORGANISATION}"
            " FOREIGN KEY (channel_id, organisation_id)"
            " REFERENCES notices_channel (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            reverse_sql=f"ALTER TABLE notices_delivery DROP CONSTRAINT {SAME_ORGANISATION}",
        ),
    ]
