"""Both sides read what is said; each speaks for itself. A feed is a person's own, and opens to who
presents its secret.
"""

from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    MEMBERS,
    ORGANISATIONS,
    PERSON,
    PRESENTED,
    append_only,
    inside,
    person_inside,
    protect,
    same_relation,
    stays,
    true_parties,
)

OWN_WORD = f"""((side = 'supplier' AND supplier_id = ANY ({ORGANISATIONS}))
    OR (side = 'customer' AND customer_id = ANY ({ORGANISATIONS})))"""
OWN_FEED = f"person_id = {PERSON}"
OWN_ACCOUNT = """EXISTS (SELECT 1 FROM parties_person one WHERE one.id = NEW.person_id
    AND one.account_id = NEW.account AND (one.organisation_id = NEW.organisation_id OR EXISTS
        (SELECT 1 FROM parties_membership held WHERE held.person_id = one.id
            AND held.organisation_id = NEW.organisation_id)))"""
"""Else somebody could have a feed made that shows what another may see."""


class Migration(migrations.Migration):
    dependencies = [("keeping", "0001_initial")]
    operations = [
        *append_only("keeping_entry", reads=BETWEEN, writes=OWN_WORD),
        true_parties("keeping_entry"),
        same_relation("keeping_entry", "agreement_id", "agreements_agreement"),
        person_inside("keeping_entry", "person_id", "supplier_id", "customer_id"),
        protect(
            "keeping_feed",
            reads=f"({OWN_FEED} OR secret_hash = {PRESENTED})",
            writes=f"({OWN_FEED} AND organisation_id = ANY ({MEMBERS}))",
            changes=OWN_FEED,
            app=("SELECT", "INSERT", "UPDATE"),
        ),
        inside("keeping_feed", "person_id", OWN_ACCOUNT),
        stays("keeping_feed", "id", "organisation_id", "person_id", "account"),
    ]
