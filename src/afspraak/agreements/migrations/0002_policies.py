from django.db import migrations

from afspraak.rights.policies import (
    AGREEMENTS,
    BETWEEN,
    BETWEEN_MEMBERS,
    INTERNAL,
    MEMBERS,
    ORGANISATIONS,
    PERSON,
    append_only,
    protect,
    same_relation,
    true_parties,
)

KEPT = ("SELECT", "INSERT", "UPDATE")
SEEN = f"({BETWEEN_MEMBERS} OR third_party_id = ANY ({MEMBERS}) OR id = ANY ({AGREEMENTS}))"
UNDER = """EXISTS (SELECT 1 FROM agreements_agreement seen WHERE seen.id = agreement_id)"""
"""What hangs under an agreement is seen by who sees the agreement."""
ADVISERS = f"(organisation_id = ANY ({ORGANISATIONS}) OR person_id = {PERSON})"

RATES = f"""(organisation_id = ANY ({MEMBERS}) OR EXISTS (SELECT 1 FROM parties_relation known
    WHERE known.supplier_id = organisation_id AND known.customer_id = ANY ({MEMBERS})))"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_initial"),
        ("parties", "0002_policies"),
        ("ledger", "0002_policies"),
    ]
    operations = [
        protect("agreements_agreement", reads=SEEN, writes=BETWEEN, app=KEPT),
        *append_only("agreements_agreementversion", reads=UNDER, writes=BETWEEN),
        *append_only("agreements_signature", reads=UNDER, writes=BETWEEN),
        protect(
            "agreements_adviser",
            reads=ADVISERS,
            writes=f"({INTERNAL} AND {UNDER})",
            app=KEPT,
        ),
        protect("agreements_outsidehour", reads=RATES, writes=INTERNAL),
        protect("agreements_escalationstep", reads=BETWEEN_MEMBERS, writes=BETWEEN),
        true_parties("agreements_agreement"),
        true_parties("agreements_agreementversion"),
        true_parties("agreements_signature"),
        true_parties("agreements_escalationstep"),
        same_relation("agreements_agreementversion", "agreement_id", "agreements_agreement"),
        same_relation("agreements_signature", "agreement_id", "agreements_agreement"),
        same_relation("agreements_signature", "version_id", "agreements_agreementversion"),
        same_relation("agreements_escalationstep", "agreement_id", "agreements_agreement"),
        migrations.RunSQL(
            "ALTER TABLE ledger_head ADD CONSTRAINT ledger_head_true_parties"
            " FOREIGN KEY (relation_id, supplier_id, customer_id)"
            " REFERENCES parties_relation (id, supplier_id, customer_id)"
            " DEFERRABLE INITIALLY DEFERRED;"
            "ALTER TABLE ledger_leaf ADD CONSTRAINT ledger_leaf_true_parties"
            " FOREIGN KEY (relation_id, supplier_id, customer_id)"
            " REFERENCES parties_relation (id, supplier_id, customer_id)"
            " DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE ledger_head DROP CONSTRAINT ledger_head_true_parties;"
            "ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_true_parties",
        ),
    ]
