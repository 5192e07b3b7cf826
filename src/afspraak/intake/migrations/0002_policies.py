from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    INTERNAL,
    OF_OWN_TICKET,
    inside,
    person_inside,
    protect,
    same_relation,
    stays,
    true_parties,
)

KEPT = ("SELECT", "INSERT", "UPDATE")
OF_TICKET = f"({BETWEEN} OR {OF_OWN_TICKET})"
FACT = """EXISTS (SELECT 1 FROM tickets_fact one
    WHERE one.id = NEW.fact_id AND one.ticket_id = NEW.ticket_id)"""
NOTICE = """EXISTS (SELECT 1 FROM notices_notice one
    WHERE one.id = NEW.notice_id AND one.sender_id = NEW.organisation_id)"""
ATTACHED = ("id", "ticket_id", "fact_id", "sha256", "relation_id", "supplier_id", "customer_id")
SUPPLIER = "intake_relation_of_supplier"


def of_supplier(table: str) -> migrations.RunSQL:
    """A composite foreign key: the relation that a row names is one of its organisation's own."""
    name = f"{table}_of_supplier"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (relation_id, organisation_id)"
        " REFERENCES parties_relation (id, supplier_id) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("notices", "0002_policies")]
    operations = [
        protect("intake_incoming", reads=INTERNAL, app=KEPT, system=KEPT),
        protect("intake_attachment", reads=OF_TICKET, app=("SELECT", "INSERT"), system=KEPT),
        protect("intake_watched", reads=INTERNAL, app=KEPT),
        protect("intake_loaded", reads=INTERNAL, app=("SELECT",), system=KEPT),
        migrations.RunSQL(
            f"ALTER TABLE parties_relation ADD CONSTRAINT {SUPPLIER} UNIQUE (id, supplier_id)",
            reverse_sql=f"ALTER TABLE parties_relation DROP CONSTRAINT {SUPPLIER}",
        ),
        of_supplier("intake_incoming"),
        of_supplier("intake_watched"),
        same_relation("intake_incoming", "ticket_id", "tickets_ticket"),
        true_parties("intake_attachment"),
        same_relation("intake_attachment", "ticket_id", "tickets_ticket"),
        same_relation("intake_watched", "agreement_id", "agreements_agreement"),
        inside("intake_incoming", "fact_id", FACT),
        inside("intake_incoming", "notice_id", NOTICE),
        person_inside("intake_incoming", "settled_by_id", "organisation_id"),
        inside("intake_attachment", "fact_id", FACT),
        stays("intake_incoming", "id", "organisation_id", "sha256", "received_at"),
        stays("intake_attachment", *ATTACHED),
        stays("intake_watched", "id", "organisation_id", "relation_id", "agreement_id"),
        stays("intake_loaded", "id", "organisation_id", "facts_sha256", "loaded_at"),
    ]
