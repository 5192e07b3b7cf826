"""The second wall alone: what the database shows, takes and refuses, whatever the program asks."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from canaries import MADE, Aviary, fill, is_shared, our_models
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from afspraak.ledger.ids import new_id
from afspraak.parties.models import Membership, Organisation, Person, Relation
from afspraak.rights.querysets import ScopedQuerySet, Unscoped
from afspraak.rights.viewer import NOBODY, SYSTEM, Viewer, viewing

AT = 1_800_000_000_000_000
APPEND_ONLY = (
    "tickets_fact",
    "agreements_agreementversion",
    "agreements_signature",
    "agreements_catalogue",
    "agreements_drafttext",
    "making_remark",
    "making_proposal",
    "making_reply",
    "making_confirmation",
    "signing_signingfile",
    "signing_passkeyproof",
    "offers_levelcost",
    "offers_upkeep",
    "offers_wish",
    "offers_grant",
    "offers_offerline",
    "offers_offerevent",
    "offers_assent",
    "offers_assentend",
    "offers_pledgeend",
    "readiness_statedfact",
    "readiness_pointanswer",
    "readiness_generalterms",
    "readiness_weighing",
    "readiness_accepted",
    "archive_reading",
    "archive_care",
    "amending_hurt",
    "amending_indexvalue",
    "amending_termword",
    "agreements_promiseowner",
    "keeping_entry",
    "ledger_leaf",
    "parties_auditentry",
)
Rows = list[tuple[Any, ...]]


def sql(statement: str, *values: object) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def role(name: str) -> None:
    sql("RESET ROLE" if name == "owner" else f"SET LOCAL ROLE afspraak_{name}")


# The catalogue ------------------------------------------------------------------------------------


def test_every_table_is_behind_forced_row_level_security(db: None) -> None:
    open_ = sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert open_ == []


@pytest.mark.parametrize("name", ["app", "system"])
def test_every_right_of_a_role_has_a_policy(db: None, name: str) -> None:
    """A right without a policy sees nothing; a policy that names no role would hold for all."""
    bare = sql(
        """
        SELECT c.relname, p.kind FROM pg_class c, (VALUES ('SELECT', 'r'), ('INSERT', 'a'),
            ('UPDATE', 'w'), ('DELETE', 'd')) AS p (kind, letter)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND has_table_privilege('afspraak_' || %s, c.oid, p.kind)
        AND NOT EXISTS (SELECT 1 FROM pg_policy y WHERE y.polrelid = c.oid
            AND y.polcmd IN (p.letter::"char", '*'::"char")
            AND y.polroles = ARRAY[('afspraak_' || %s)::regrole::oid])
        """,
        name,
        name,
    )
    assert bare == []
    tables = sql(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_policy y"
        " WHERE y.polrelid = c.oid AND y.polroles = ARRAY[('afspraak_' || %s)::regrole::oid])",
        name,
    )
    assert tables == []


def test_no_policy_is_for_everybody_and_none_lets_a_reader_change(db: None) -> None:
    loose = sql(
        "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
        " AND (NOT roles <@ ARRAY['afspraak_app', 'afspraak_system']::name[]"
        " OR (cmd = 'ALL' AND roles @> ARRAY['afspraak_app']::name[])"
        " OR permissive <> 'PERMISSIVE')"
    )
    assert loose == []


@pytest.mark.parametrize("name", ["app", "system"])
def test_roles_own_nothing_and_bypass_nothing(db: None, name: str) -> None:
    user = f"afspraak_{name}"
    found = sql(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit"
        " FROM pg_roles WHERE rolname = %s",
        user,
    )
    assert found == [(False,) * 6]
    assert sql("SELECT 1 FROM pg_class WHERE relowner = %s::regrole", user) == []
    assert sql("SELECT 1 FROM pg_proc WHERE proowner = %s::regrole", user) == []
    assert sql("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", user) == []
    rights = "TRUNCATE, REFERENCES, TRIGGER"
    may = sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND has_table_privilege(%s, oid, %s)",
        user,
        rights,
    )
    assert may == []
    assert sql("SELECT has_schema_privilege(%s, 'public', 'CREATE')", user) == [(False,)]


def test_views_and_functions_run_as_who_calls_them(db: None) -> None:
    views = sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND (relkind = 'm' OR (relkind = 'v'"
        " AND NOT COALESCE(reloptions @> ARRAY['security_invoker=true'], false)))"
    )
    assert views == []
    unfixed = sql(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND NOT COALESCE(array_to_string(proconfig, ','), '') LIKE 'search_path=public, pg_temp'"
    )
    assert unfixed == []


def test_functions_that_see_more_are_few_and_known(db: None) -> None:
    names = sql(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND prorettype <> 'trigger'::regtype ORDER BY proname"
    )
    assert [name for (name,) in names] == [
        "clocks_busy",  # one word, and only for who is in the relation
        "parties_found",  # ids only, of whom the viewer may see
        "parties_is_guests_home",
        "parties_is_unmanaged",
        "parties_keeps",
        "parties_may_join",
        "parties_members",
        "parties_own_person",
        "parties_presented",  # one token, for who holds its secret
    ]


def pointers() -> Iterator[tuple[type[models.Model], Any]]:
    for model in our_models():
        for key in model._meta.concrete_fields:
            if isinstance(key, models.ForeignKey):
                yield model, key


BY_POLICY = {
    ("Membership", "person"): "whoever was invited may be from elsewhere",
    ("Adviser", "person"): "an adviser is from elsewhere",
    ("Habit", "person"): "a person's own row",
    ("Person", "account"): "one's own account only, by a trigger",
}
"""What is held inside by policies alone: the system's role writes what an administrator says."""


def covered(table: str, columns: set[str]) -> bool:
    keys = sql(
        "SELECT array(SELECT attname::text FROM pg_attribute WHERE attrelid = c.conrelid"
        " AND attnum = ANY (c.conkey)) FROM pg_constraint c"
        " WHERE conrelid = %s::regclass AND contype = 'f'",
        table,
    )
    return any(set(names) == columns for (names,) in keys)


def held_at_once(table: str, column: str) -> bool:
    """A trigger looks up what the column points to."""
    asked = (
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled = 'O'"
    )
    return bool(sql(asked, table, f"{column}_inside"))


@pytest.mark.parametrize(
    ("model", "key"),
    [pytest.param(*each, id=f"{each[0].__name__}.{each[1].name}") for each in pointers()],
)
def test_every_pointer_is_held_inside_its_parties(
    db: None, model: type[models.Model], key: Any
) -> None:
    table, column = model._meta.db_table, key.attname
    if (model.__name__, key.name) in BY_POLICY or key.related_model is Relation:
        return
    if key.related_model is Organisation and key.name in ("supplier", "customer", "organisation"):
        if is_shared(model):
            sides = {"supplier_id", "customer_id"} if key.name != "organisation" else {column}
            looked_up = ("relation_id", "ticket_id", column)  # a ticket's parties are its rows'
            at_once = any(held_at_once(table, each) for each in looked_up)
            assert covered(table, {"relation_id", *sides}) or at_once
        return
    if (model.__name__, key.name) in {("Consent", "partner"), ("Organisation", "made_by")}:
        return  # a name that gives the named one sight of this row, and no more
    is_trigger = held_at_once(table, column)
    is_check = sql(
        "SELECT 1 FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
        " AND pg_get_constraintdef(oid) LIKE %s",
        table,
        f"%({column} = supplier_id)%",
    )
    is_key = any(covered(table, {column, owner}) for owner in ("relation_id", "organisation_id"))
    assert is_trigger or is_check or is_key


# Foreign pointers ---------------------------------------------------------------------------------


@pytest.fixture
def aviary(db: None) -> Aviary:
    """Made-up rows: they are no facts that could be replayed."""
    role("system")
    return fill()


OWNERS = ("organisation", "made_by")
HOME, ABROAD = ("noord", "notary"), ("zuid", "florist")


def copied(row: models.Model, **changed: object) -> models.Model:
    """A new row like another one, that collides with it in no unique key."""
    values = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    fresh = {"id": new_id(AT), "number": "9", "seq": 9, "clause": "9", "source_id": "9"}
    fresh |= {
        "secret_hash": b"9",
        "foreign": "9",
        "reference": "9",
        "token_hash": b"9",
        "subject_key": "9",
    }
    fresh |= {"party": "9", "percent": 9, "key": "9", "register": "9", "label": "9", "place": 9}
    values |= {name: value for name, value in fresh.items() if name in values}
    return type(row)(**values | changed)


def refused(row: models.Model) -> bool:
    try:
        with transaction.atomic():
            type(row)._base_manager.bulk_create([row])
            sql("SET CONSTRAINTS ALL IMMEDIATE")
            sql("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError:
        return True
    return False


def viewer_of(aviary: Aviary, *names: str) -> Viewer:
    person = aviary.row(Person, names[0])
    ids = frozenset(aviary.organisations[name].pk for name in names)
    return Viewer(organisations=ids, person=person.pk)


@pytest.mark.parametrize("name", ["app", "system"])
def test_no_row_points_into_another_partys_data(aviary: Aviary, name: str) -> None:
    """Each kind of pointer, turned to a stranger's row; a copy that points home is taken."""
    role(name)
    unmoved, taken = [], set()
    with viewing(viewer_of(aviary, "noord") if name == "app" else NOBODY):
        for model, key in pointers():
            if (model.__name__, key.name) in BY_POLICY and name == "system":
                continue
            for home, abroad in ((HOME, ABROAD), (HOME[:1], ABROAD[:1])):
                row = aviary.rows[home].get(model)
                there = aviary.rows[abroad].get(key.related_model) or aviary.rows[abroad[:1]].get(
                    key.related_model
                )
                if row is None or there is None:
                    continue
                taken.add(model.__name__)
                if key.name == "partner":
                    continue  # to whom one consents is one's own choice
                if name == "system" and (model is Relation or key.name in OWNERS):
                    continue  # whose row it is, the system says
                if not refused(copied(row, **{key.attname: there.pk})):
                    unmoved.append(f"{model.__name__}.{key.name}")
    assert unmoved == []
    assert len(taken) > 20


def test_a_pointer_home_is_taken(aviary: Aviary) -> None:
    """What the test above refuses is refused for where it points, not for what it is."""
    role("app")
    once = {"NumberSeries", "Habit", "Standing", "Head", "Leaf", "Relation", "Membership"}
    once |= {"Account", "Reached", "Notice", "Person", "Duty", "Assessment"}
    once |= {
        "Thing",
        "Pulse",
        "SeenOn",
        "Outlook",
        "Telling",
        "Channel",
        "Delivery",
        "Incoming",
        "Loaded",
        "Catalogue",
        "Reply",
        "Standstill",
        "OpenCatalogue",
        "Grant",
        "OfferLine",
        "Accepted",
        "Paper",
        "Hurt",  # the customer's word, and noord is the supplier
    }
    with viewing(viewer_of(aviary, "noord")):
        kept = [
            model.__name__
            for home in (HOME, HOME[:1])
            for model, row in aviary.rows[home].items()
            if model.__name__ not in once and refused(copied(row))
        ]
    assert kept == ["Organisation"]  # it stands by itself; noord may enter one, not make that one


def test_a_row_is_never_carried_to_another_party(aviary: Aviary) -> None:
    role("app")
    away = aviary.organisations["florist"].pk
    moved = []
    with viewing(viewer_of(aviary, "noord")):
        for home in (HOME, HOME[:1]):
            for model in aviary.rows[home]:
                names = {each.attname for each in model._meta.concrete_fields}
                for column in names & {"organisation_id", "customer_id", "supplier_id"}:
                    try:
                        with transaction.atomic():
                            sql(f"UPDATE {model._meta.db_table} SET {column} = %s", away)
                    except DatabaseError:
                        continue
                    moved.append(f"{model.__name__}.{column}")
    assert moved == []


# What is only appended ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["app", "system", "owner"])
def test_evidence_is_neither_changed_nor_removed(aviary: Aviary, name: str) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    columns = {"ledger_leaf": "kind", "parties_auditentry": "action"}
    role(name)
    with viewing(viewer_of(aviary, "noord", "zuid")):
        for table in APPEND_ONLY:
            column = columns.get(table, "id")
            for change in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with (
                    pytest.raises(DatabaseError, match=r"append-only|permission denied"),
                    transaction.atomic(),
                ):
                    sql(change)


# The first wall taken down ------------------------------------------------------------------------

IDENTITIES: dict[str, Callable[[Aviary], Viewer]] = {
    "supplier": lambda a: viewer_of(a, "noord"),
    "other supplier": lambda a: viewer_of(a, "zuid"),
    "customer": lambda a: viewer_of(a, "notary"),
    "customer of two": lambda a: viewer_of(a, "bakery"),
    "third party": lambda a: viewer_of(a, "glasnet"),
    "user": lambda a: Viewer(
        limited=frozenset({a.organisations["notary"].pk}), person=a.row(Person, "notary").pk
    ),
    "adviser": lambda a: Viewer(
        agreements=frozenset({a.row(apps.get_model("agreements", "Agreement"), *HOME).pk}),
        person=new_id(AT),
    ),
    "account": lambda a: Viewer(account=a.row(Person, "notary").account_id),
    "nobody": lambda _: NOBODY,
}
MAY_SEE = {
    "supplier": {"noord"},
    "other supplier": {"zuid"},
    "customer": {"notary"},
    "customer of two": {"bakery"},
    "third party": {"glasnet"},
    "user": {"notary"},
    "adviser": {"notary"},
    "account": {"notary"},
    "nobody": set(),
}
SERVED = {
    "notary": {"noord"},
    "bakery": {"noord", "zuid"},
    "florist": {"zuid"},
    "noord": {"glasnet"},
}
SERVES_TO = {"noord": {"notary", "bakery"}, "zuid": {"bakery", "florist"}, "glasnet": {"noord"}}
NEIGHBOURLY = {  # what a row of an organisation shows to those it has a relation with
    "Organisation": (True, True),
    "Person": (True, True),
    "OutsideHour": (True, False),
    "Catalogue": (True, False),
    "SignerKey": (True, True),
    "NumberSeries": (True, False),
    "Habit": (False, True),
}
LIMITED_SEES = {
    "Relation",
    "Head",
    "Agreement",
    "AgreementVersion",
    "Signature",
    "Fact",
    "Duty",
} | {
    "EscalationStep",
    "Outlook",
    "Telling",
    "Organisation",
    "Person",
    "Membership",
    "OutsideHour",
    "NumberSeries",
    "Habit",
    "Ticket",
    "Words",
    "Standing",
    "Assessment",
    "Answer",
    "Notice",
    "Adviser",
    "Consent",
    "Invitation",
    "Feed",
}
ADVISER_SEES = {"Agreement", "AgreementVersion", "Signature", "Assessment", "Duty", "Outlook"}
ACCOUNT_SEES = {"Account", "Person", "Membership"}


def is_foreign(row: models.Model, owners: tuple[str, ...], who: str) -> bool:
    """Whether these eyes must not see it: an oracle of the test's own."""
    name, own = type(row).__name__, MAY_SEE[who]
    if who == "user" and name not in LIMITED_SEES:
        return True
    if who == "adviser":
        return name not in ADVISER_SEES or owners != HOME
    if who == "account":
        return name not in ACCOUNT_SEES or owners != ("notary",)
    if name == "Account":
        return True
    if len(owners) > 1 and name in BELONGS_TO_ONE:
        owners = owners[:1]
    if own & set(owners):
        return False
    to_customers, to_suppliers = NEIGHBOURLY.get(name, (False, False))
    seen = set()
    for each in own:
        seen |= SERVED.get(each, set()) if to_customers else set()
        seen |= SERVES_TO.get(each, set()) if to_suppliers and who != "user" else set()
    return not seen & set(owners) and not (name == "Organisation" and own & SERVES_TO[owners[0]])


BELONGS_TO_ONE = {
    *("Note", "MajorIncident", "Reached", "Adviser", "Token", "Invitation"),
    *("Confirmation", "Standstill", "Upkeep", "Paper", "Reading", "Care"),
}


def test_without_the_first_wall_no_foreign_row_is_seen(
    aviary: Aviary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`seen_by` gives every row, as if each filter had been forgotten."""

    def everything(self: Any, viewer: Viewer) -> Any:
        seen = self.all()
        seen._viewer = viewer
        return seen

    for model in our_models():
        if isinstance(rows := model._default_manager.all(), ScopedQuerySet):
            monkeypatch.setattr(type(rows), "seen_by", everything)
    least = {"supplier": 25, "customer": 22, "user": 12, "adviser": 5, "account": 3, "nobody": 0}
    viewers = {who: made(aviary) for who, made in IDENTITIES.items()}
    role("app")
    foreign = []
    for who, viewer in viewers.items():
        own = set()
        with viewing(viewer):
            for owners, row in seen_of(aviary, viewer):
                own.add(type(row).__name__)
                if is_foreign(row, owners, who):
                    foreign.append((who, type(row).__name__, owners))
        assert len(own) >= least.get(who, 15), who
    assert foreign == []


def seen_of(aviary: Aviary, viewer: Viewer) -> Iterator[tuple[tuple[str, ...], models.Model]]:
    """The rows that somebody is given, of those in the aviary, with their owners."""
    owners_of = {(type(row), row.pk): owners for owners, row in aviary.every()}
    for model in our_models():
        rows = model._default_manager.all()
        for row in rows.seen_by(viewer) if isinstance(rows, ScopedQuerySet) else rows:
            if (model, row.pk) in owners_of:
                yield owners_of[model, row.pk], row


def test_a_customers_user_sees_only_his_own_tickets(aviary: Aviary) -> None:
    """A colleague's ticket, in the same organisation, shows nothing of itself."""
    notary = aviary.organisations["notary"].pk
    colleague = Viewer(limited=frozenset({notary}), person=new_id(AT))
    role("app")
    with viewing(colleague):
        for table in ("ticket", "words", "note"):
            assert sql(f"SELECT id FROM tickets_{table}") == []
        assert sql("SELECT id FROM tickets_fact WHERE ticket_id IS NOT NULL") == []
        assert sql("SELECT 1 FROM clocks_standing") == sql("SELECT 1 FROM clocks_assessment") == []


def test_the_first_wall_alone_shows_no_foreign_row(aviary: Aviary) -> None:
    """The same the other way round: the system's role sees every row, the QuerySets do not."""
    foreign = [
        (who, type(row).__name__, owners)
        for who, made in IDENTITIES.items()
        for owners, row in seen_of(aviary, made(aviary))
        if isinstance(type(row)._default_manager.all(), ScopedQuerySet)
        and is_foreign(row, owners, who)
    ]
    assert foreign == []


# Relations need consent ---------------------------------------------------------------------------


def relate(aviary: Aviary, supplier: str, customer: str) -> bool:
    """Whether a relation can be opened."""
    ids = {name: aviary.organisations[name].pk for name in (supplier, customer)}
    row = Relation(
        id=new_id(AT), supplier_id=ids[supplier], customer_id=ids[customer], created_at=MADE
    )
    return not refused(row)


def test_a_stranger_is_not_drawn_into_a_relation(aviary: Aviary) -> None:
    role("app")
    with viewing(viewer_of(aviary, "noord")):
        assert not relate(aviary, "noord", "florist")
        assert not relate(aviary, "florist", "noord")
        assert not relate(aviary, "zuid", "noord")


def test_consent_opens_a_relation_and_its_end_closes_it(aviary: Aviary) -> None:
    role("app")
    florist, noord = (aviary.organisations[name].pk for name in ("florist", "noord"))
    consent = apps.get_model("parties", "Consent")(
        id=new_id(AT),
        organisation_id=florist,
        partner_id=noord,
        given_by=aviary.row(Person, "florist"),
        given_at=MADE,
    )
    with viewing(viewer_of(aviary, "noord")):
        assert refused(consent)  # nobody consents in another's name
    with viewing(viewer_of(aviary, "florist")):
        assert not refused(consent)
    with viewing(viewer_of(aviary, "noord")):
        assert relate(aviary, "noord", "florist")


def entered(aviary: Aviary, by: str, name: str) -> Organisation:
    made = Organisation(id=new_id(AT), name=name, made_by=aviary.organisations[by], created_at=MADE)
    assert not refused(made)
    aviary.organisations[name] = made
    return made


def member(person: Person, organisation: Organisation, held: str) -> Membership:
    return Membership(
        id=new_id(AT), person=person, organisation=organisation, role=held, from_at=MADE
    )


def test_whom_one_enters_oneself_needs_no_consent_until_it_has_its_own_people(
    aviary: Aviary,
) -> None:
    role("app")
    with viewing(viewer_of(aviary, "noord")):
        baker = entered(aviary, "noord", "butcher")
        alice = aviary.row(Person, "noord")
        assert relate(aviary, "noord", "butcher")
        assert not refused(member(alice, baker, "customer_manager"))
        assert refused(member(aviary.row(Person, "bakery"), baker, "admin"))
        grocer = entered(aviary, "noord", "grocer")
        assert not refused(member(alice, grocer, "customer_manager"))
        assert not relate(aviary, "noord", "grocer")


def test_a_supplier_lets_nobody_into_a_customer_that_others_serve_too(aviary: Aviary) -> None:
    role("app")
    alice, bakery = aviary.row(Person, "noord"), aviary.organisations["bakery"]
    with viewing(viewer_of(aviary, "noord")):
        for held in ("customer_manager", "customer_user", "admin"):
            assert refused(member(alice, bakery, held))


def test_nobody_takes_over_a_person_by_its_account(aviary: Aviary) -> None:
    role("app")
    own = aviary.row(Person, "noord").account_id
    with viewing(viewer_of(aviary, "noord")):
        for whose in ("notary", "noord"):
            person = aviary.row(Person, whose).pk
            if whose != "noord":
                with pytest.raises(DatabaseError), transaction.atomic():
                    sql("UPDATE parties_person SET account_id = %s WHERE id = %s", own, person)
            with pytest.raises(DatabaseError), transaction.atomic():
                sql("UPDATE parties_person SET account_id = NULL WHERE id = %s", person)


# A viewer must be named ---------------------------------------------------------------------------

ASKED: dict[str, Callable[[Any], object]] = {
    "list": list,
    "len": len,
    "bool": bool,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:1]),
    "get": lambda rows: rows.get(pk=new_id(AT)),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "earliest": lambda rows: rows.earliest("pk"),
    "latest": lambda rows: rows.latest("pk"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model(pk=new_id(AT))),
    "aggregate": lambda rows: rows.aggregate(models.Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk([new_id(AT)]),
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk")),
    "dates": lambda rows: list(rows.datetimes("created_at", "day")),
    "annotate": lambda rows: list(rows.annotate(one=models.Value(1))),
    "update": lambda rows: rows.update(title="x"),
    "bulk_update": lambda rows: rows.bulk_update([rows.model(pk=new_id(AT), title="x")], ["title"]),
    "delete": lambda rows: rows.delete(),
    "raw_delete": lambda rows: rows._raw_delete("default"),
    "get_or_create": lambda rows: rows.get_or_create(pk=new_id(AT)),
    "update_or_create": lambda rows: rows.update_or_create(pk=new_id(AT)),
    "explain": lambda rows: rows.explain(),
    "raw": lambda rows: list(rows.raw("SELECT id FROM tickets_ticket")),
    "subquery": lambda rows: list(rows.seen_by(SYSTEM).filter(pk__in=rows.all())),
    "union": lambda rows: list(rows.seen_by(SYSTEM).union(rows.all())),
    "or": lambda rows: list(rows.seen_by(NOBODY) | rows.all()),
    "and": lambda rows: list(rows.all() & rows.seen_by(NOBODY)),
    "select for update": lambda rows: list(rows.select_for_update()),
}


@pytest.mark.parametrize("ask", list(ASKED))
def test_rows_are_refused_without_a_viewer(as_system: None, ask: str) -> None:
    tickets = apps.get_model("tickets", "Ticket")._default_manager
    with pytest.raises(Unscoped):
        ASKED[ask](tickets.all())


def test_every_model_of_ours_asks_for_a_viewer() -> None:
    free = {
        model.__name__
        for model in our_models()
        if not isinstance(model._default_manager.all(), ScopedQuerySet)
    }
    assert free == {"Account", "Beat"}


def test_every_queryset_says_whom_it_shows_its_rows() -> None:
    silent = [
        model.__name__
        for model in our_models()
        if isinstance(rows := model._default_manager.all(), ScopedQuerySet)
        and re.search("does not say", inspect.getsource(type(rows).visible_to))
    ]
    assert silent == []
