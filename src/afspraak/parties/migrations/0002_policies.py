from django.db import migrations

from afspraak.rights.policies import (
    ACCOUNT,
    BETWEEN_MEMBERS,
    EVERYTHING,
    INTERNAL,
    MEMBERS,
    ORGANISATIONS,
    PERSON,
    PRESENTED,
    append_only,
    protect,
)

KEPT = ("SELECT", "INSERT", "UPDATE")

OF_RELATION = f"""(id = ANY ({MEMBERS}) OR EXISTS (SELECT 1 FROM parties_relation known WHERE
    (known.supplier_id = parties_organisation.id AND known.customer_id = ANY ({MEMBERS}))
    OR (known.customer_id = parties_organisation.id AND known.supplier_id = ANY ({MEMBERS}))))"""
"""One's own organisations, and those that one has a relation with."""

OWN_OR_NEW = f"""(id = ANY ({ORGANISATIONS}) OR NOT EXISTS (SELECT 1 FROM parties_relation known
    WHERE known.supplier_id = parties_organisation.id
    AND NOT known.supplier_id = ANY ({ORGANISATIONS})))"""
"""One's own, a customer's, or one that nobody has a relation with yet; never one's supplier."""

PEOPLE = f"""(id = {PERSON} OR account_id = {ACCOUNT} OR organisation_id = ANY ({MEMBERS})
    OR EXISTS (SELECT 1 FROM parties_relation known WHERE
        (known.supplier_id = organisation_id AND known.customer_id = ANY ({MEMBERS}))
        OR (known.customer_id = organisation_id AND known.supplier_id = ANY ({ORGANISATIONS}))))"""

MEMBERSHIPS = f"""(person_id = {PERSON} OR organisation_id = ANY ({ORGANISATIONS}) OR EXISTS
    (SELECT 1 FROM parties_person own WHERE own.id = person_id AND own.account_id = {ACCOUNT}))"""

OURS_OR_THEIRS = f"""(organisation_id = ANY ({ORGANISATIONS}) OR EXISTS
    (SELECT 1 FROM parties_relation known WHERE known.customer_id = organisation_id
    AND known.supplier_id = ANY ({ORGANISATIONS})))"""
"""People of one's own organisation, and of one's customers."""

SHOWN = f"({INTERNAL} OR token_hash = {PRESENTED})"
"""One's own organisation's, and the one that is presented."""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("rights", "0001_functions")]
    operations = [
        # Signing in comes before anybody is known: accounts say nothing of who it is.
        protect("parties_account", reads=EVERYTHING, app=KEPT),
        protect("parties_organisation", reads=OF_RELATION, writes=OWN_OR_NEW, app=KEPT),
        protect("parties_person", reads=PEOPLE, writes=OURS_OR_THEIRS, app=KEPT),
        protect("parties_membership", reads=MEMBERSHIPS, writes=OURS_OR_THEIRS, app=KEPT),
        protect(
            "parties_relation",
            reads=BETWEEN_MEMBERS,
            writes=f"(supplier_id = ANY ({ORGANISATIONS}))",
            app=("SELECT", "INSERT"),
        ),
        protect("parties_invitation", reads=SHOWN, app=KEPT),
        protect("parties_token", reads=SHOWN, app=KEPT),
        *append_only(
            "parties_auditentry", reads=INTERNAL, writes=f"(organisation_id = ANY ({MEMBERS}))"
        ),
        protect("parties_answer", reads=f"(organisation_id = ANY ({MEMBERS}))"),
    ]
