"""Nobody is drawn into a relation that they did not agree to, and nobody carries a row elsewhere."""

import django.db.models.deletion
from django.db import migrations, models

from afspraak.rights.policies import (
    ACCOUNT,
    ADDRESS,
    INTERNAL,
    LIMITED,
    MEMBERS,
    ORGANISATIONS,
    PERSON,
    PRESENTED,
    inside,
    person_inside,
    protect,
    protect_anew,
    stays,
)

KEPT = ("SELECT", "INSERT", "UPDATE")

FUNCTIONS = f"""
CREATE FUNCTION parties_own_person() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM parties_person WHERE account_id = {ACCOUNT} $$;
COMMENT ON FUNCTION parties_own_person() IS 'the person behind the account that signs in';

CREATE FUNCTION parties_members() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(array_agg(person_id), '{{}}') FROM parties_membership
    WHERE organisation_id = ANY ({ORGANISATIONS}) $$;
COMMENT ON FUNCTION parties_members() IS
    'who has or had a role in the viewer''s organisations, wherever they are from';

CREATE FUNCTION parties_may_join(other uuid, ours uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ours = ANY ({ORGANISATIONS}) AND (
        EXISTS (SELECT 1 FROM parties_consent given WHERE given.organisation_id = other
            AND given.partner_id = ours AND given.ended_at IS NULL)
        OR (EXISTS (SELECT 1 FROM parties_organisation made
                WHERE made.id = other AND made.made_by_id = ours)
            AND NOT EXISTS (SELECT 1 FROM parties_membership own WHERE own.organisation_id = other)
            AND NOT EXISTS (SELECT 1 FROM parties_relation known
                WHERE (known.supplier_id = other AND known.customer_id <> ours)
                OR (known.customer_id = other AND known.supplier_id <> ours)))) $$;
COMMENT ON FUNCTION parties_may_join(uuid, uuid) IS
    'whether one of the viewer''s organisations may open a relation: the other agreed to it, or was'
    ' entered by it, has nobody of its own and works with nobody else';

CREATE FUNCTION parties_keeps(kept uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM parties_organisation made
            WHERE made.id = kept AND made.made_by_id = ANY ({ORGANISATIONS}))
        AND NOT EXISTS (SELECT 1 FROM parties_relation known
            WHERE (known.supplier_id = kept AND NOT known.customer_id = ANY ({ORGANISATIONS}))
            OR (known.customer_id = kept AND NOT known.supplier_id = ANY ({ORGANISATIONS}))) $$;
COMMENT ON FUNCTION parties_keeps(uuid) IS
    'whether the viewer entered this organisation and nobody else works with it';

CREATE FUNCTION parties_is_unmanaged(kept uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM parties_membership own WHERE own.organisation_id = kept
        AND own.until_at IS NULL AND own.role <> 'customer_user') $$;
COMMENT ON FUNCTION parties_is_unmanaged(uuid) IS
    'whether nobody of its own looks after it: then its keeper may let the first one in';

CREATE FUNCTION parties_is_guests_home(home uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM parties_organisation made, parties_invitation held
        WHERE made.id = home AND made.made_by_id = held.organisation_id
        AND held.token_hash = {PRESENTED} AND held.used_at IS NULL
        AND held.agreement_id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM parties_person own WHERE own.organisation_id = home)
        AND NOT EXISTS (SELECT 1 FROM parties_relation known
            WHERE known.supplier_id = home OR known.customer_id = home) $$;
COMMENT ON FUNCTION parties_is_guests_home(uuid) IS
    'whether this is the empty organisation in which an invited adviser stands';

CREATE FUNCTION parties_own_account_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user = 'afspraak_app' AND (
            NEW.account_id IS DISTINCT FROM {ACCOUNT}
            OR (TG_OP = 'UPDATE' AND OLD.account_id IS NOT NULL)) THEN
            RAISE EXCEPTION 'a person gets the account that signs in, once'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER own_account_made BEFORE INSERT ON parties_person FOR EACH ROW
    WHEN (NEW.account_id IS NOT NULL) EXECUTE FUNCTION parties_own_account_only();
CREATE TRIGGER own_account_changed BEFORE UPDATE ON parties_person FOR EACH ROW
    WHEN (NEW.account_id IS DISTINCT FROM OLD.account_id)
    EXECUTE FUNCTION parties_own_account_only();
"""

OWN_PERSON = "(SELECT parties_own_person())"
COLLEAGUES = "(SELECT parties_members())::uuid[]"

HELD = f"held.token_hash = {PRESENTED}"
USABLE = f"{HELD} AND held.used_at IS NULL"
"""The invitation that a guest holds in hand."""

ORGANISATION = f"""(id = ANY ({MEMBERS}) OR made_by_id = ANY ({ORGANISATIONS})
    OR EXISTS (SELECT 1 FROM parties_relation known WHERE
        (known.supplier_id = parties_organisation.id AND known.customer_id = ANY ({MEMBERS}))
        OR (known.customer_id = parties_organisation.id AND known.supplier_id = ANY ({MEMBERS})))
    OR EXISTS (SELECT 1 FROM parties_invitation held
        WHERE {HELD} AND held.organisation_id = parties_organisation.id))"""
"""One's own, those one has a relation with or entered oneself, and the one that invites."""

ENTERED = f"""(made_by_id = ANY ({ORGANISATIONS}) OR EXISTS (SELECT 1 FROM parties_invitation held
    WHERE {USABLE} AND held.agreement_id IS NOT NULL AND held.organisation_id = made_by_id))"""
"""Entered by one of one's own; an adviser's, by who invited them."""

GUEST = f"""EXISTS (SELECT 1 FROM parties_invitation held WHERE {USABLE}
    AND held.organisation_id = parties_person.organisation_id AND held.email = parties_person.email)"""
"""The guest is known to the organisation already, as somebody without an account."""

PEOPLE = f"""(id = {PERSON} OR account_id = {ACCOUNT} OR organisation_id = ANY ({MEMBERS})
    OR id = ANY ({COLLEAGUES})
    OR EXISTS (SELECT 1 FROM parties_relation known WHERE
        (known.supplier_id = organisation_id AND known.customer_id = ANY ({MEMBERS}))
        OR (known.customer_id = organisation_id AND known.supplier_id = ANY ({ORGANISATIONS})))
    OR EXISTS (SELECT 1 FROM parties_organisation entered WHERE entered.id = organisation_id
        AND entered.made_by_id = ANY ({ORGANISATIONS}))
    OR {GUEST})"""

OURS_OR_THEIRS = f"""(organisation_id = ANY ({ORGANISATIONS}) OR EXISTS
    (SELECT 1 FROM parties_relation known WHERE known.customer_id = organisation_id
    AND known.supplier_id = ANY ({ORGANISATIONS})) OR parties_keeps(organisation_id))"""
"""People of one's own organisation, of one's customers, and of whom one entered."""

JOINING = f"""(account_id = {ACCOUNT} AND EXISTS (SELECT 1 FROM parties_invitation held
    WHERE {USABLE} AND (held.organisation_id = parties_person.organisation_id
        OR parties_is_guests_home(parties_person.organisation_id))))"""

MEMBERSHIPS = f"""(person_id = {PERSON} OR organisation_id = ANY ({ORGANISATIONS})
    OR person_id = {OWN_PERSON} OR parties_keeps(organisation_id))"""

ADMITS = f"""((EXISTS (SELECT 1 FROM parties_person seen WHERE seen.id = person_id)
        AND (organisation_id = ANY ({ORGANISATIONS})
            OR (parties_keeps(organisation_id)
                AND (role = 'customer_user' OR parties_is_unmanaged(organisation_id)))))
    OR (person_id = {OWN_PERSON} AND EXISTS (SELECT 1 FROM parties_invitation held WHERE {USABLE}
        AND held.organisation_id = parties_membership.organisation_id
        AND held.role = parties_membership.role)))"""
"""Somebody one sees, into one's own organisation; into a customer's only as a user, or as the first
of their own; and whoever was invited."""

RELEASES = f"""(organisation_id = ANY ({ORGANISATIONS}) OR person_id = {OWN_PERSON}
    OR (role = 'customer_user' AND parties_keeps(organisation_id)))"""

RELATES = f"""((supplier_id = ANY ({ORGANISATIONS}) AND parties_may_join(customer_id, supplier_id))
    OR (customer_id = ANY ({ORGANISATIONS}) AND parties_may_join(supplier_id, customer_id)))"""

INVITATIONS = f"({INTERNAL} OR token_hash = {PRESENTED} OR invited_by_id = {PERSON})"
INVITES = f"""({INTERNAL} OR (invited_by_id = {PERSON} AND agreement_id IS NULL
    AND parties_keeps(organisation_id)
    AND (role = 'customer_user' OR parties_is_unmanaged(organisation_id))))"""

CONSENTS = f"({INTERNAL} OR partner_id = ANY ({ORGANISATIONS}))"
ANSWERS = f"""({INTERNAL} OR (organisation_id = ANY ({LIMITED}) AND actor = {PERSON}))"""
ACCOUNTS = f"(id = {ACCOUNT} OR email = {ADDRESS})"


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_tables_of_others")]
    operations = [
        migrations.AddField(
            "organisation",
            "made_by",
            models.ForeignKey(
                "parties.organisation",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made",
            ),
        ),
        migrations.RemoveConstraint("organisation", "parties_register_once"),
        migrations.AddConstraint(
            "organisation",
            models.UniqueConstraint(
                fields=["made_by", "register"],
                condition=~models.Q(register=""),
                nulls_distinct=False,
                name="parties_register_once",
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        "parties.person",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        "parties.organisation",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        "parties.organisation",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, reverse_sql=migrations.RunSQL.noop),
        protect("parties_consent", reads=CONSENTS, writes=INTERNAL, app=KEPT),
        protect_anew("parties_account", reads=ACCOUNTS),
        protect_anew(
            "parties_organisation",
            reads=ORGANISATION,
            writes=ENTERED,
            changes=f"(id = ANY ({ORGANISATIONS}) OR parties_keeps(id))",
        ),
        protect_anew(
            "parties_person",
            reads=PEOPLE,
            writes=f"({OURS_OR_THEIRS} OR {JOINING})",
            changes=f"(id = {PERSON} OR {OURS_OR_THEIRS} OR {GUEST} OR {JOINING})",
        ),
        protect_anew("parties_membership", reads=MEMBERSHIPS, writes=ADMITS, changes=RELEASES),
        protect_anew(
            "parties_relation",
            reads=f"(supplier_id = ANY ({MEMBERS}) OR customer_id = ANY ({MEMBERS}))",
            writes=RELATES,
        ),
        protect_anew("parties_invitation", reads=INVITATIONS, writes=INVITES, changes=INVITATIONS),
        protect_anew(
            "parties_token",
            reads=f"({INTERNAL} OR token_hash = {PRESENTED})",
            writes=INTERNAL,
            changes=f"({INTERNAL} OR token_hash = {PRESENTED})",
        ),
        protect_anew(
            "parties_auditentry",
            reads=INTERNAL,
            writes=f"""((organisation_id = ANY ({MEMBERS}) OR EXISTS
                (SELECT 1 FROM parties_invitation held WHERE {USABLE}
                AND held.organisation_id = parties_auditentry.organisation_id))
                AND (person_id IS NULL OR person_id IN ({PERSON}, {OWN_PERSON})))""",
        ),
        protect_anew("parties_answer", reads=ANSWERS),
        stays("parties_organisation", "id", "made_by_id"),
        stays("parties_person", "id", "organisation_id"),
        stays("parties_membership", "id", "person_id", "organisation_id", "role", "from_at"),
        stays("parties_relation", "id", "supplier_id", "customer_id"),
        stays(
            "parties_invitation",
            *("id", "organisation_id", "invited_by_id", "email", "role", "agreement_id"),
            *("token_hash", "expires_at"),
        ),
        stays(
            "parties_token",
            *("id", "organisation_id", "made_by_id", "token_hash", "rights", "expires_at"),
        ),
        stays("parties_consent", "id", "organisation_id", "partner_id", "given_by_id"),
        stays("parties_answer", "id", "organisation_id", "actor", "route", "key"),
        person_inside("parties_consent", "given_by_id", "organisation_id"),
        person_inside("parties_token", "made_by_id", "organisation_id"),
        inside(
            "parties_invitation",
            "invited_by_id",
            """EXISTS (SELECT 1 FROM parties_organisation asks WHERE asks.id = NEW.organisation_id
                AND EXISTS (SELECT 1 FROM parties_person one
                    LEFT JOIN parties_membership role ON role.person_id = one.id
                    WHERE one.id = NEW.invited_by_id
                    AND (one.organisation_id IN (asks.id, asks.made_by_id)
                        OR role.organisation_id IN (asks.id, asks.made_by_id))))""",
        ),
    ]
