"""Jobs: what a signature changes is followed, questions find their third party, a worker does what
was left for it.
"""

import json
import subprocess
import sys
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from asgiref.sync import async_to_sync
from django.db import connection
from embedded import as_role, session_address
from mail_servers import free_port
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer
from world import HOUR, MINUTE, START, TUESDAY, World, frozen, make_world, sign

from afspraak import flow
from afspraak.agreements.actions import Signing, Under
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Standing
from afspraak.engine.time import parse_instant
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.parties.actions import Actor, add_organisation, open_relation
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import Fact, Ticket
from afspraak.worker import jobs

DAY = 24 * HOUR


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def amended(number: int, more: str = "", from_on: str = "2027-01-01") -> bytes:
    """The bakery's contract with half the first response for gold."""
    data = frozen("msp-vier-niveaus").replace(
        b'version: {number: 1, from: "2027-01-01"}',
        f'version: {{number: {number}, from: "{from_on}"{more}}}'.encode(),
    )
    return data.replace(
        b"{when: {level: gold}, value: PT2H}", b"{when: {level: gold}, value: PT1H}"
    )


def due(ticket: Ticket) -> str:
    return Standing.objects.seen_by(SYSTEM).get(ticket=ticket).due_at.isoformat()


# A signature --------------------------------------------------------------------------------------


def test_an_amendment_for_open_tickets_moves_their_clocks_and_no_others(world: World) -> None:
    mine, closed = world.report(TUESDAY).ticket, world.report(TUESDAY).ticket
    world.tell("solved", closed.id, TUESDAY + MINUTE)
    other = world.report(TUESDAY, to="notary").ticket
    before = Standing.objects.seen_by(SYSTEM).get(ticket=other).looked_at
    assert due(mine) == "2027-03-02T11:00:00+00:00"
    at = TUESDAY + 10 * MINUTE
    sign(world, world.to_bakery, amended(2, ", open_tickets: true"), at)
    shown: list[tuple[int, int]] = []
    followed = flow.follow(
        agreement=world.versions["bakery"].agreement_id,
        since=at,
        at=at,
        progress=lambda done, total: shown.append((done, total)),
    )
    assert (followed.tickets, followed.again_at, shown) == (2, None, [(2, 2)])
    assert due(mine) == "2027-03-02T10:00:00+00:00"
    assert Standing.objects.seen_by(SYSTEM).get(ticket=other).looked_at == before


def test_following_again_writes_nothing(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    agreement = world.versions["bakery"].agreement_id
    sign(world, world.to_bakery, amended(2), TUESDAY + MINUTE)
    flow.follow(agreement=agreement, since=TUESDAY, at=TUESDAY + 2 * MINUTE)
    before = Standing.objects.seen_by(SYSTEM).get(ticket=ticket).looked_at
    assert flow.follow(agreement=agreement, since=TUESDAY, at=TUESDAY + 3 * MINUTE).changed == 0
    assert Standing.objects.seen_by(SYSTEM).get(ticket=ticket).looked_at == before


def test_what_was_looked_at_after_the_change_is_left_alone(world: World) -> None:
    """A signature that was recorded long before its tickets came in: they were judged under it."""
    world.report(TUESDAY)
    agreement = world.versions["bakery"].agreement_id
    at = TUESDAY + HOUR
    assert flow.follow(agreement=agreement, since=TUESDAY - 6 * MINUTE, at=at).tickets == 0
    assert flow.follow(agreement=agreement, since=TUESDAY - 4 * MINUTE, at=at).tickets == 1


def test_the_first_of_two_signatures_asks_for_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("afspraak.flow.agreements.defer", lambda name, **_told: asked.append(name))
    actor = Actor(world.supplier.id, world.people["alice"].id)
    version = flow.bring_in_version(
        relation=world.to_bakery.id,
        data=amended(2),
        name="x",
        actor=actor,
        viewer=SYSTEM,
        at=TUESDAY,
    )
    counts = []
    for party in version.parties:
        signing = Signing(party, "G. Las", version.sha256, TUESDAY)
        flow.sign_version(
            version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=TUESDAY
        )
        counts.append(len(asked))
    assert counts == [0, 1]


def test_a_version_that_comes_later_is_followed_again_then(world: World) -> None:
    sign(world, world.to_bakery, amended(2, from_on="2027-06-01"), TUESDAY)
    agreement = world.versions["bakery"].agreement_id
    followed = flow.follow(agreement=agreement, since=TUESDAY, at=TUESDAY)
    assert followed.again_at == parse_instant("2027-06-01T00:00:00+02:00")


def test_a_stranger_follows_nothing(world: World) -> None:
    stranger = Viewer(organisations=frozenset({world.notary.id}))
    agreement = world.versions["bakery"].agreement_id
    with pytest.raises(NoSuchAgreement):
        flow.follow(agreement=agreement, since=TUESDAY, at=TUESDAY, viewer=stranger)


# A third party ------------------------------------------------------------------------------------


def glasnet(world: World) -> Agreement:
    """Glasnet's contract with Noord, which stands behind Noord's with the bakery."""
    third = add_organisation(name="Glasnet", at=START)
    relation = open_relation(supplier=third, customer=world.supplier, at=START)
    actor = Actor(world.supplier.id, world.people["alice"].id)
    data = frozen("kleine-reseller")
    version = flow.bring_in_version(
        relation=relation.id,
        data=data,
        name="ola",
        actor=actor,
        viewer=SYSTEM,
        at=START,
        under=Under(world.versions["bakery"].agreement),
    )
    for party in version.parties:
        signing = Signing(party, "G. Las", version.sha256, START)
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=START)
    return version.agreement


def test_a_question_to_a_third_party_is_its_ticket_and_its_solution_our_answer(
    world: World,
) -> None:
    agreement = glasnet(world)
    ours = world.report(TUESDAY).ticket
    asked = world.tell(
        "question", ours.id, TUESDAY + MINUTE, to="third_party", words="Ligt de lijn eruit?", id="q"
    )
    opened = flow.ask_others(fact=asked.fact.id, at=TUESDAY + 2 * MINUTE)
    again = flow.ask_others(fact=asked.fact.id, at=TUESDAY + 3 * MINUTE)
    assert opened is not None
    assert again is not None
    theirs = opened.ticket
    assert (again.is_repeated, again.ticket, theirs.third_party_of_id) == (True, theirs, ours.id)
    assert theirs.relation_id == agreement.relation_id
    solved = flow.take_fact(
        told=world_fact(theirs, "solved", TUESDAY + HOUR), viewer=SYSTEM, at=TUESDAY + HOUR
    )
    assert Standing.objects.seen_by(SYSTEM).get(ticket=ours).turn == "third_party"
    answered = flow.ask_others(fact=solved.fact.id, at=TUESDAY + HOUR + MINUTE)
    assert answered is not None
    assert (answered.fact.code, answered.fact.by, answered.ticket) == (
        "answer",
        "third_party",
        ours,
    )
    assert Standing.objects.seen_by(SYSTEM).get(ticket=ours).turn == "supplier"


def world_fact(ticket: Ticket, code: str, at: int) -> Any:
    from afspraak.tickets.happened import Happened  # noqa: PLC0415

    return Happened(ticket.relation_id, code, at, "supplier", ticket=ticket.id, words="Kabel heel.")


def test_without_an_agreement_below_a_question_is_as_declared(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    asked = world.tell("question", ticket.id, TUESDAY, to="third_party", words="?", id="q")
    assert flow.ask_others(fact=asked.fact.id, at=TUESDAY) is None
    assert flow.ask_others(fact=UUID(int=1), at=TUESDAY) is None
    assert Fact.objects.seen_by(SYSTEM).filter(code="reported").count() == 1


# The worker itself --------------------------------------------------------------------------------

MAKE = """
import sys, django
django.setup()
sys.path[:0] = {path!r}
from world import make_world, TUESDAY, HOUR
from afspraak import flow
from afspraak.engine.time import parse_instant
world = make_world(parse_instant("2020-01-01T00:00:00Z"))  # long before whatever now is
world.report(TUESDAY)
flow.look(at=TUESDAY + 2 * HOUR + 1)
from django.db import connection
with connection.cursor() as cursor:  # a worker took these, and died
    cursor.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"
        " WHERE task_name = 'afspraak.address'"
    )
    assert cursor.rowcount > 0
from procrastinate.contrib.django import app
app.configure_task("afspraak.revive", queue="notices").defer(timestamp=0)
"""


class Box:
    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(bytes(envelope.original_content))
        return "250 OK"


def ask(name: str, statement: str) -> list[tuple[Any, ...]]:
    address = session_address("owner", name=name)
    with psycopg.connect(address.conninfo(), autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def call(name: str, *words: str, **more: str) -> None:
    environment = {**as_role("system", name), **more}
    subprocess.run([sys.executable, *words], env=environment, check=True, timeout=120)


def test_a_worker_does_what_was_left_for_it_also_what_a_dead_one_had_begun(
    own_database: str,
) -> None:
    call(own_database, "-c", MAKE.format(path=sys.path[:8]))
    box, port = Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        call(
            own_database,
            "-m",
            "afspraak",
            "worker",
            "--once",
            AFSPRAAK_MAIL_SMTP_URL=f"smtp://127.0.0.1:{port}",
            AFSPRAAK_MAIL_ADDRESS="desk@noord-ict.example",
        )
    finally:
        controller.stop()
    left = ask(own_database, "SELECT count(*) FROM notices_obligation WHERE addressed_at IS NULL")
    assert left == [(0,)]
    states = dict(ask(own_database, "SELECT state, count(*) FROM notices_notice GROUP BY state"))
    assert states["sent"] == len(box.taken) == len(set(box.taken)) > 0
    assert states["draft"] > 0
    assert ask(own_database, "SELECT count(*) FROM clocks_duty")[0][0] > 0, "followed"
    failed = ask(own_database, "SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'")
    assert failed == [], json.dumps(failed)


MIGRATE = """
from afspraak.cli.running import migrate
assert migrate(check=True) == 0
assert migrate(check=False) == 0
"""


def test_migrate_says_whether_tables_are_behind(own_database: str) -> None:
    call(own_database, "-c", MIGRATE)
    newest = "SELECT max(id) FROM django_migrations"
    ask(own_database, f"DELETE FROM django_migrations WHERE id = ({newest})")
    with pytest.raises(subprocess.CalledProcessError):
        call(own_database, "-m", "afspraak", "migrate", "--check")


@pytest.mark.usefixtures("without_loop")
def test_a_minute_whose_jobs_still_wait_does_not_end_the_worker(as_system: None) -> None:
    """Row-level security hides the key of a duplicate; Procrastinate insists on being told it."""
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    own = [each for each in app.periodic_registry.periodic_tasks.values() if is_ours(each.task)]
    assert len(own) >= 5
    for minute in (1, 2):
        async_to_sync(deferrer.defer_jobs)([(each, 60 * minute) for each in own])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        assert cursor.fetchone() == (2 * len(own),)


def is_ours(task: Any) -> bool:
    return task.queue == jobs.QUEUE
