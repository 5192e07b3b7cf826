"""Files and proofs of signing: both sides see them, and nobody changes them. A key belongs to the
organisation that confirmed it; those it has a relation with see it, to check what it signed.
"""

from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    INTERNAL,
    ORGANISATIONS,
    append_only,
    by_a_party,
    inside,
    person_inside,
    protect,
    same_relation,
    stays,
    true_parties,
)

NEIGHBOUR = f"""EXISTS (SELECT 1 FROM parties_relation known WHERE
    (known.supplier_id = organisation_id AND known.customer_id = ANY ({ORGANISATIONS}))
    OR (known.customer_id = organisation_id AND known.supplier_id = ANY ({ORGANISATIONS})))"""

OF_VERSION = """EXISTS (SELECT 1 FROM agreements_signature one
    WHERE one.id = NEW.signature_id AND one.version_id = NEW.version_id)"""


class Migration(migrations.Migration):
    dependencies = [("signing", "0001_initial")]
    operations = [
        protect(
            "signing_signerkey",
            reads=f"({INTERNAL} OR {NEIGHBOUR})",
            writes=INTERNAL,
            app=("SELECT", "INSERT", "UPDATE"),
            system=("SELECT", "INSERT", "UPDATE"),
        ),
        person_inside("signing_signerkey", "confirmed_by_id", "organisation_id"),
        stays("signing_signerkey", "id", "organisation_id", "fingerprint", "certificate"),
        *append_only("signing_signingfile", reads=BETWEEN),
        *append_only("signing_passkeyproof", reads=BETWEEN),
        true_parties("signing_signingfile"),
        true_parties("signing_passkeyproof"),
        same_relation("signing_signingfile", "version_id", "agreements_agreementversion"),
        same_relation("signing_passkeyproof", "version_id", "agreements_agreementversion"),
        inside("signing_signingfile", "signature_id", OF_VERSION),
        inside("signing_passkeyproof", "signature_id", OF_VERSION),
        by_a_party("signing_signingfile"),
        person_inside("signing_signingfile", "kept_by_id", "supplier_id", "customer_id"),
        person_inside("signing_passkeyproof", "person_id", "supplier_id", "customer_id"),
    ]
