"""A third party that an agreement names signs it itself: its people see the files of that signing,
and add their own party's signature, its file or its proof, and the one leaf that says so. Nothing
else of the relation is opened to them.
"""

from django.db import migrations

from afspraak.rights.policies import ORGANISATIONS, adds_too, changes_too, inside_anew, reads_too

THEIRS = f"named.third_party_id = ANY ({ORGANISATIONS})"
IN_RELATION = f"""EXISTS (SELECT 1 FROM agreements_agreement named
    WHERE named.relation_id = {{table}}.relation_id AND {THEIRS})"""
OF_VERSION = f"""EXISTS (SELECT 1 FROM agreements_agreementversion signed
    JOIN agreements_agreement named ON named.id = signed.agreement_id
    WHERE signed.id = version_id AND {THEIRS})"""
NAMED = """COALESCE((SELECT named.third_party_id FROM agreements_agreementversion signed
    JOIN agreements_agreement named ON named.id = signed.agreement_id
    WHERE signed.id = NEW.version_id), NEW.supplier_id)"""
"""The third party, where there is one: NULL among them would let anybody in."""
A_PARTY = f"NEW.organisation_id IN (NEW.supplier_id, NEW.customer_id, {NAMED})"


def of_a_party(column: str) -> str:
    """A person that a row names is of a party, or works there."""
    parties = f"(NEW.supplier_id, NEW.customer_id, {NAMED})"
    return f"""EXISTS (SELECT 1 FROM parties_person one WHERE one.id = NEW.{column}
            AND one.organisation_id IN {parties})
        OR EXISTS (SELECT 1 FROM parties_membership one WHERE one.person_id = NEW.{column}
            AND one.organisation_id IN {parties})"""


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0002_policies"),
        ("agreements", "0002_policies"),
        ("ledger", "0002_policies"),
    ]
    operations = [
        reads_too("ledger_head", reads=IN_RELATION.format(table="ledger_head")),
        changes_too("ledger_head", changes=IN_RELATION.format(table="ledger_head")),
        adds_too(
            "ledger_leaf",
            writes=f"(kind = 'signature' AND {IN_RELATION.format(table='ledger_leaf')})",
        ),
        adds_too(
            "agreements_signature",
            writes=f"(party NOT IN ('supplier', 'customer') AND {OF_VERSION})",
        ),
        reads_too("signing_signingfile", reads=OF_VERSION),
        adds_too(
            "signing_signingfile",
            writes=f"(organisation_id = ANY ({ORGANISATIONS}) AND {OF_VERSION})",
        ),
        reads_too("signing_passkeyproof", reads=OF_VERSION),
        adds_too("signing_passkeyproof", writes=OF_VERSION),
        inside_anew("signing_signingfile", "organisation_id", A_PARTY),
        inside_anew("signing_signingfile", "kept_by_id", of_a_party("kept_by_id")),
        inside_anew("signing_passkeyproof", "person_id", of_a_party("person_id")),
    ]
