"""What an agreement names stands with its own parties; an adviser comes by invitation."""

from django.db import migrations

from afspraak.rights.policies import (
    INTERNAL,
    ORGANISATIONS,
    PERSON,
    PRESENTED,
    inside,
    person_inside,
    protect_anew,
    stays,
)

BELOW = """EXISTS (SELECT 1 FROM agreements_agreement above WHERE above.id = NEW.under_id
    AND NEW.customer_id IN (above.supplier_id, above.customer_id))"""
"""Whoever lets it be done stands in the agreement above (an OLA, a third party's contract)."""

KNOWN = """EXISTS (SELECT 1 FROM parties_relation known WHERE
    (known.supplier_id = NEW.third_party_id
        AND known.customer_id IN (NEW.supplier_id, NEW.customer_id))
    OR (known.customer_id = NEW.third_party_id
        AND known.supplier_id IN (NEW.supplier_id, NEW.customer_id)))"""
"""A third party works with one of the two."""

OF_PARTY = """EXISTS (SELECT 1 FROM agreements_agreement one WHERE one.id = NEW.agreement_id
    AND NEW.organisation_id IN (one.supplier_id, one.customer_id, one.third_party_id))"""
"""Only a party lets somebody see an agreement."""

OWN_PERSON = "(SELECT parties_own_person())"
ADVISES = f"(organisation_id = ANY ({ORGANISATIONS}) OR person_id IN ({PERSON}, {OWN_PERSON}))"
ADMITS = f"""(({INTERNAL}
        AND EXISTS (SELECT 1 FROM agreements_agreement seen WHERE seen.id = agreement_id)
        AND EXISTS (SELECT 1 FROM parties_person known WHERE known.id = person_id))
    OR (person_id = {OWN_PERSON} AND EXISTS (SELECT 1 FROM parties_invitation held
        WHERE held.token_hash = {PRESENTED} AND held.used_at IS NULL
        AND held.organisation_id = agreements_adviser.organisation_id
        AND held.agreement_id = agreements_adviser.agreement_id)))"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_policies"), ("parties", "0004_consent")]
    operations = [
        inside("agreements_agreement", "under_id", BELOW),
        inside("agreements_agreement", "third_party_id", KNOWN),
        person_inside("agreements_agreement", "owner_id", "supplier_id", "customer_id"),
        inside("agreements_adviser", "agreement_id", OF_PARTY),
        inside("parties_invitation", "agreement_id", OF_PARTY),
        protect_anew("agreements_adviser", reads=ADVISES, writes=ADMITS, changes=INTERNAL),
        stays("agreements_agreement", "id", "relation_id", "supplier_id", "customer_id"),
        stays("agreements_adviser", "id", "agreement_id", "person_id", "organisation_id"),
        stays("agreements_outsidehour", "id", "organisation_id"),
        stays(
            "agreements_escalationstep",
            *("id", "agreement_id", "relation_id", "supplier_id", "customer_id"),
        ),
    ]
