"""Many open tickets with their clocks, as the product writes them, in little time.

    python bench/filling.py DATA NAME TICKETS

A few tickets of every kind are taken by the walk itself. Their rows (ticket, facts, words, clocks)
are then copied by the database, each copy under ids of its own and moved by some minutes: what a
million reports would have left, without their evidence (no leaves). Constraints are not checked
while copying: what is copied has passed them.
"""

# ruff: noqa: PLC0415, S608 - rooms are read once there is a database; SQL of our own words only

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SEED = 20_261_127
PASSWORD = "a-password-of-the-bench"  # noqa: S105  (of a database that is thrown away)

CUSTOMERS = 40
OTHERS = (2, 3)
"""Customers of two more suppliers, and each supplier's tickets in hundredths of the first one's."""
SHARE_OF_OTHERS = 5
AGENTS = 100
USERS = 1_000
KINDS = 24
"""Tickets that the walk itself takes, for each customer."""
KINDS_IN = "afspraak_kinds"
"""The database that has these, and is copied."""
EARLIER = 30 * MINUTE
"""A copy was reported so much earlier at most."""

SERVICES = ("e-mail", "internet", "werkplek", "printers", "kassa")
IMPACTS = ("one_person", "one_person", "team", "question", "business_process_stopped")
AGES = (HOUR, 3 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 6 * DAY)


# A database -------------------------------------------------------------------------------------


def begin(folder: Path) -> None:
    """A cluster with fsync on; it may be there already."""
    os.environ["AFSPRAAK_DATA"] = str(folder)
    from afspraak.host import cluster
    from afspraak.host.data import data_folder

    cluster.start(data_folder(), parameters={"max_wal_size": "4GB"})


def work_in(folder: Path, name: str) -> None:
    """This process works in a database of the cluster, in the system's role; made if need be."""
    os.environ["AFSPRAAK_DATA"] = str(folder)
    os.environ["AFSPRAAK_DATABASE_NAME"] = name
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    os.environ["AFSPRAAK_ROLE"] = "system"
    from afspraak.host.database import address, prepare

    prepare(address("owner"))
    subprocess.run(
        [sys.executable, "-m", "afspraak", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    import django

    django.setup()


def owner() -> Any:
    """A connection that may do everything."""
    import psycopg

    from afspraak.host.database import address

    return psycopg.connect(address("owner").conninfo())


# Copies -----------------------------------------------------------------------------------------

Copy = tuple[UUID, int]
"""A ticket that is there, and by how many microseconds its copy is moved."""


def multiply(copies: Iterable[Copy], at: int) -> int:
    """Copy tickets with all that hangs on them; how many copies there are."""
    from afspraak.ledger.ids import new_id

    draw = Random(SEED)
    count = 0
    with owner() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET work_mem = '256MB';"
            " SET maintenance_work_mem = '512MB'"
        )
        cursor.execute(
            "CREATE TEMP TABLE copies (n bigint, of uuid, copy uuid, shift interval);"
            "CREATE TEMP TABLE ranked ON COMMIT DROP AS SELECT *, row_number() OVER"
            " (PARTITION BY ticket_id ORDER BY seq) AS place FROM tickets_fact"
            " WHERE ticket_id IS NOT NULL"
        )
        with cursor.copy("COPY copies FROM STDIN") as rows:
            for count, (template, shift) in enumerate(copies, start=1):
                made = new_id(at + min(shift, 0), bits=draw.getrandbits)
                rows.write_row((count, template, made, f"{shift} microseconds"))
        cursor.execute("ANALYZE copies; ANALYZE ranked")
        made_anew = [each for table, *_ in _TABLES for each in _without_indexes(cursor, table)]
        for table, source, own in _TABLES:
            _copy(cursor, table, source, own)
        for each in made_anew:
            cursor.execute(each)
    with owner() as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    return count


_ID = "(left(c.copy::text, 24) || lpad(to_hex(c.n * 16 + {place}), 12, '0'))::uuid"
_FACT = _ID.format(place="t.place")
_WORDS = _ID.format(place="8 + t.place")
_TABLES: Sequence[tuple[str, str, dict[str, str]]] = (
    ("tickets_ticket", "SELECT *, id AS ticket_id FROM tickets_ticket",
     {"id": "c.copy", "number": "'B-' || c.n"}),
    ("tickets_words",
     "SELECT w.*, f.place FROM tickets_words w JOIN ranked f ON f.words_id = w.id",
     {"id": _WORDS}),
    ("tickets_fact", "SELECT * FROM ranked",
     {"id": _FACT, "source_id": f"({_FACT})::text", "seq": "10000000 + c.n * 16 + t.place",
      "words_id": f"CASE WHEN t.words_id IS NULL THEN NULL ELSE {_WORDS} END"}),
    ("clocks_standing", "SELECT * FROM clocks_standing", {}),
    ("clocks_assessment", "SELECT * FROM clocks_assessment",
     {"due_at": "CASE WHEN t.target LIKE '%working%' THEN t.due_at ELSE t.due_at + c.shift END"}),
)  # fmt: skip


def _copy(cursor: Any, table: str, source: str, own: dict[str, str]) -> None:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = {name: _taken(name, kind) for name, kind in cursor.fetchall()} | own
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())}"
        f" FROM ({source}) t JOIN copies c ON c.of = t.ticket_id ORDER BY c.n"
    )


def _without_indexes(cursor: Any, table: str) -> list[str]:
    """Take away what only makes reading quick; the statements that make it anew, in one go."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    )
    found = dict(cursor.fetchall())
    for name in found:
        cursor.execute(f"DROP INDEX {name}")
    return list(found.values())


def _taken(name: str, kind: str) -> str:
    if name == "ticket_id":
        return "c.copy"
    return f't."{name}" + c.shift' if kind.startswith("timestamp") else f't."{name}"'


# Suppliers, customers, and tickets of every kind --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Party:
    """A relation, with who reports and who works there."""

    relation: UUID
    users: tuple[UUID, ...]
    agents: tuple[UUID, ...]


def contract(number: int) -> bytes:
    """A signed contract's bytes, in force this year."""
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / each) for each in (".", "rooms")]
    from importlib.resources import files

    from afspraak.language.freeze import freeze

    path = files("afspraak.language") / "templates" / "msp-vier-niveaus.yaml"
    text = re.sub(rb"\b20(\d\d)-(?=\d\d-)", _a_year_less, path.read_bytes())
    data, faults = freeze(text, "contract")
    assert data is not None, faults
    return data.replace(b"nl-2027-0042", f"nl-2027-{number:04}".encode())


def _a_year_less(found: re.Match[bytes]) -> bytes:
    return b"20%d-" % (int(found[1]) - 1)


class People:
    """Accounts with one password, hashed once."""

    def __init__(self, at: int) -> None:
        from django.contrib.auth.hashers import make_password

        self.at = at
        self.hashed = make_password(PASSWORD)

    def add(self, organisation: Any, email: str, role: Any) -> UUID:
        from afspraak.parties.actions import add_account, add_person, give_role

        account = add_account(
            email=email, password="", at=self.at, is_demonstration=True, hashed=self.hashed
        )
        name = email.split("@", maxsplit=1)[0].title()
        person = add_person(
            organisation=organisation, name=name, email=email, account=account, at=self.at
        )
        give_role(person=person, organisation=organisation, role=role, at=self.at)
        return person.id


def make_suppliers(at: int) -> list[list[Party]]:
    """Suppliers with their customers; the first one is the one that is looked at."""
    from afspraak.parties.actions import add_organisation
    from afspraak.parties.roles import Role
    from afspraak.tickets.actions import begin_numbers

    people, data = People(at), contract(1)
    first = add_organisation(name="Noord ICT B.V.", at=at)
    agents = tuple(
        people.add(first, f"agent{number}@bench.example", Role.AGENT) for number in range(AGENTS)
    )
    customers = [add_organisation(name=f"Klant {each}", at=at) for each in range(CUSTOMERS)]
    users: list[list[UUID]] = [[] for _ in customers]
    for number in range(USERS):
        place = number % CUSTOMERS
        email = f"user{number}@bench.example"
        users[place].append(people.add(customers[place], email, Role.CUSTOMER_USER))
    groups = [
        [
            _party(first, each, data, place, agents, users[place], at)
            for place, each in enumerate(customers)
        ]
    ]
    begin_numbers(supplier=first, prefix="N-")
    for other, count in enumerate(OTHERS):
        supplier = add_organisation(name=f"Leverancier {other}", at=at)
        begin_numbers(supplier=supplier, prefix="L-")
        theirs = (people.add(supplier, f"agent@other{other}.example", Role.AGENT),)
        groups.append(
            [
                _party(supplier, customers[place], data, 100 * (other + 1) + place, theirs,
                       users[place], at)
                for place in range(count)
            ]
        )  # fmt: skip
    return groups


def _party(
    supplier: Any, customer: Any, data: bytes, number: int, agents: Sequence[UUID],
    users: Sequence[UUID], at: int,
) -> Party:  # fmt: skip
    """A relation, and what both signed; the last customer has no agreement."""
    from afspraak import flow
    from afspraak.agreements.actions import Signing
    from afspraak.parties.actions import Actor, open_relation
    from afspraak.rights.viewer import SYSTEM

    relation = open_relation(supplier=supplier, customer=customer, at=at)
    if number != CUSTOMERS - 1:
        actor = Actor(supplier.id, agents[0])
        own = data.replace(b"nl-2027-0001", f"nl-2027-{number + 1:04}".encode())
        version = flow.bring_in_version(
            relation=relation.id, data=own, name="contract", actor=actor, viewer=SYSTEM, at=at
        )
        for party in version.parties:
            signing = Signing(party, "M. de Boer", version.sha256, at)
            flow.sign_version(
                version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=at
            )
    return Party(relation.id, tuple(users), tuple(agents))


def take_kinds(parties: Sequence[Party], at: int, draw: Random) -> list[UUID]:
    """Tickets of every kind for each of these, taken by the walk as of `at`."""
    from afspraak import flow
    from afspraak.rights.viewer import SYSTEM

    found = []
    for party in parties:
        reports = [_report(party, at, draw) for _ in range(KINDS)]
        taken = flow.take_facts(told=reports, viewer=SYSTEM, at=at, is_quiet=True)
        ids = [each.ticket.id for each in taken if each.ticket]
        replies = [
            reply
            for ticket, told in zip(ids, reports, strict=True)
            for reply in _replies(party, ticket, told.happened_at, at, draw)
        ]
        flow.take_facts(told=replies, viewer=SYSTEM, at=at, is_quiet=True)
        found += ids
    return found


def _report(party: Party, at: int, draw: Random) -> Any:
    from afspraak.tickets.happened import Happened

    reported_at = at - draw.choice(AGES) - EARLIER
    service = draw.choice(SERVICES)
    return Happened(
        party.relation, "reported", reported_at, "customer",
        title=f"Het gaat niet goed met {service}",
        words="Sinds vanochtend doet het niets meer. Wat nu?",
        reporter=draw.choice(party.users), person=draw.choice(party.users),
        fields={"service": service, "impact": draw.choice(IMPACTS),
                "kind": draw.choice(("incident", "incident", "request"))},
        recorded_at=reported_at,
    )  # fmt: skip


def _replies(party: Party, ticket: UUID, reported_at: int, at: int, draw: Random) -> Iterator[Any]:
    """Half of them were answered; a fifth were asked something, and stand still."""
    from afspraak.tickets.happened import Happened

    what = draw.random()
    if what > 0.7:
        return
    happened_at = min(at, reported_at + draw.randrange(5, 30) * MINUTE)
    code, to = ("question", "customer") if what < 0.2 else ("supplier_contact", "")
    yield Happened(
        party.relation, code, happened_at, "supplier", ticket=ticket, to=to,
        person=draw.choice(party.agents), words="Welke melding ziet u?", recorded_at=happened_at,
    )  # fmt: skip


def make_kinds(at: int) -> None:
    """The suppliers, and tickets of every kind."""
    from django.db import transaction

    from afspraak.engine.time import parse_instant

    draw = Random(SEED)
    with transaction.atomic():
        for parties in make_suppliers(parse_instant("2026-01-02T08:00:00Z")):
            take_kinds(parties, at, draw)


def fill(folder: Path, name: str, tickets: int, at: int) -> None:
    """A database with so many open tickets of the first supplier, and some of the others: a copy
    of the one that has only a few of every kind.
    """
    work_in(folder, KINDS_IN)
    from psycopg.sql import SQL, Identifier

    with owner() as connection:
        if not _kinds(connection):
            make_kinds(at)
    _let_go()
    os.environ["AFSPRAAK_DATABASE_NAME"] = "postgres"
    with owner() as connection:
        connection.autocommit = True
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(KINDS_IN))
        )
    os.environ["AFSPRAAK_DATABASE_NAME"] = name
    with owner() as connection:
        kinds = _kinds(connection)
    multiply(_copies(list(kinds.values()), tickets), at)


def _let_go() -> None:
    from django.db import connection

    connection.close()


def _kinds(connection: Any) -> dict[UUID, list[UUID]]:
    """The tickets that the walk took, by supplier, the first one's first."""
    rows = connection.execute(
        "SELECT s.id, array_agg(t.id ORDER BY t.id) FROM parties_organisation s"
        " JOIN tickets_ticket t ON t.supplier_id = s.id GROUP BY s.id ORDER BY count(*) DESC, s.id"
    )
    return dict(rows.fetchall())


def _copies(kinds: Sequence[Sequence[UUID]], tickets: int) -> Iterator[Copy]:
    draw = Random(SEED)
    for place, each in enumerate(kinds):
        count = tickets if place == 0 else tickets * SHARE_OF_OTHERS // 100
        for _ in range(count - len(each)):
            yield draw.choice(each), -draw.randrange(EARLIER)


def main() -> None:
    from datetime import UTC, datetime

    folder, name, tickets = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    begin(folder)
    from afspraak.engine.time import instant_of

    fill(folder, name, tickets, instant_of(datetime.now(UTC)))


if __name__ == "__main__":
    main()
