"""The watch: any number of watchers, real transactions, kills, clocks that jump, one bad row."""

import json
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest
from conftest import Once
from embedded import as_role, copied_database, session_address
from psycopg.rows import dict_row
from world import TUESDAY

from afspraak.worker.clock import MOST_AHEAD, Reading, Trust

MINUTE = 60_000_000
REPORTS = 60

MAKE = """
import sys, django
django.setup()
sys.path[:0] = {path!r}
from world import make_world, TUESDAY, MINUTE, Happened
from afspraak import flow
from afspraak.rights.viewer import SYSTEM
world = make_world()
told = [
    Happened(world.to_bakery.id, "reported", TUESDAY + n * MINUTE, "supplier", title=str(n),
             fields={{"service": "e-mail", "impact": "one_person", "kind": "incident"}},
             recorded_at=TUESDAY + n * MINUTE)
    for n in range({reports})
]
flow.take_facts(told=told, viewer=SYSTEM, at=TUESDAY + {reports} * MINUTE, is_quiet=True)
"""
LOOK = """
import sys, django
django.setup()
from afspraak.worker.clock import Reading
from afspraak.worker.watch import Watcher
at = {at}
watcher = Watcher(lambda: Reading(at, at), name=sys.argv[1], machine="m", most={most})
print("ready", flush=True)
sys.stdin.readline()
turns = 0
while watcher.turn() == 0:
    turns += 1
    print("turn", flush=True)
print("done", flush=True)
"""
LATE = 1_804_700_000_000_000  # 2027-03-10: all first responses of 2 March were missed long ago


class Started:
    """Processes of a test, whose pipes are closed with it."""

    def __init__(self) -> None:
        self.all: list[subprocess.Popen[str]] = []

    def __call__(self, name: str, script: str, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *words],
            env=as_role("system", name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.all.append(process)
        return process


@pytest.fixture
def python() -> Iterator[Started]:
    started = Started()
    yield started
    for process in started.all:
        process.kill()
        with process:
            pass


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line.strip()


@pytest.fixture
def reported(once: Once) -> str:
    """A database of this test's own in which sixty reports wait for a watcher."""

    def report(_folder: Path) -> None:
        copied_database("afspraak_reported")
        script = MAKE.format(path=sys.path[:8], reports=REPORTS)
        environment = as_role("system", "afspraak_reported")
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)

    once("reported", report)
    name = f"afspraak_own_{secrets.token_hex(6)}"
    return copied_database(name, template="afspraak_reported").name


def rows(name: str, statement: str) -> list[dict]:
    address = session_address("owner", name=name)
    with psycopg.connect(address.conninfo(), row_factory=dict_row) as connection:
        return connection.execute(statement).fetchall()


MISSES = """SELECT ticket_id, clause, missed_at FROM clocks_assessment
    WHERE clause = 'reageren' AND missed_at IS NOT NULL"""
OWED = "SELECT subject_key, kind FROM notices_obligation WHERE clause = 'reageren'"


def assert_every_miss_once(name: str) -> None:
    """Each of the reports missed its first response two hours after it came, to the second."""
    found = rows(name, MISSES)
    assert len(found) == REPORTS
    exact = rows(
        name,
        """SELECT count(*) AS n FROM clocks_assessment a JOIN clocks_standing s USING (ticket_id)
        WHERE a.clause = 'reageren' AND a.missed_at = s.reported_at + interval '2 hours'""",
    )
    assert exact[0]["n"] == REPORTS
    owed = [(each["subject_key"], each["kind"]) for each in rows(name, OWED)]
    assert len(owed) == len(set(owed)) == 2 * REPORTS


def test_two_watchers_miss_nothing_and_nothing_twice(reported: str, python: Started) -> None:
    script = LOOK.format(at=LATE, most=7)
    both = [python(reported, script, name) for name in ("m:1", "m:2")]
    for process in both:
        assert next(lines(process)) == "ready"
    for process in both:
        go(process)
    turns = [len([line for line in lines(process) if line == "turn"]) for process in both]
    assert all(process.wait(60) == 0 for process in both)
    assert min(turns) > 0, "one of them had all the work: nothing was shared"
    assert_every_miss_once(reported)


def test_a_watcher_that_is_killed_costs_lag_and_no_truth(reported: str, python: Started) -> None:
    victim = python(reported, LOOK.format(at=LATE, most=7), "m:1")
    told = lines(victim)
    assert next(told) == "ready"
    go(victim)
    assert next(told) == "turn"
    victim.send_signal(signal.SIGKILL)
    victim.wait(30)
    before = len(rows(reported, MISSES))
    assert 0 < before <= REPORTS
    after = python(reported, LOOK.format(at=LATE + 2 * MINUTE, most=100), "m:2")
    assert next(lines(after)) == "ready"
    go(after)
    assert after.wait(60) == 0
    assert_every_miss_once(reported)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200))
def test_kills_at_any_moment_lose_nothing(reported: str, python: Started, seed: int) -> None:
    """Watchers die after so many turns, one after the other, until one lives to the end."""
    chance, now = Random(seed), LATE
    for number in range(4):
        victim = python(reported, LOOK.format(at=now, most=chance.randint(1, 9)), f"m:{number}")
        told = lines(victim)
        assert next(told) == "ready"
        go(victim)
        for _ in range(chance.randint(0, 5)):
            next(told, "")
        victim.send_signal(signal.SIGKILL)
        victim.wait(30)
        now += 2 * MINUTE
    last = python(reported, LOOK.format(at=now, most=100), "m:last")
    assert next(lines(last)) == "ready"
    go(last)
    assert last.wait(60) == 0
    assert_every_miss_once(reported)


BAD = """
import sys, django
django.setup()
from afspraak import flow
from afspraak.flow import watch
plain = watch.judge_tickets
def fails(tickets, *rest, **more):
    if any(each.number == "N-7" for each in tickets):
        raise ArithmeticError("the seventh cannot be judged")
    return plain(tickets, *rest, **more)
watch.judge_tickets = fails
looked = flow.look(at={at})
again = flow.look(at={at})
print(looked, again, flush=True)
sys.stdin.readline()
watch.judge_tickets = plain
print(flow.look(at={at} + 6 * 60_000_000))
"""


def test_one_bad_row_is_pushed_forward_and_stays_visible_until_it_can_be_judged(
    reported: str, python: Started
) -> None:
    process = python(reported, BAD.format(at=LATE))
    told = lines(process)
    assert next(told) == f"{REPORTS} 0"
    faults = rows(
        reported,
        """SELECT t.number, s.fault FROM clocks_standing s
        JOIN tickets_ticket t ON t.id = s.ticket_id WHERE s.fault <> ''""",
    )
    assert faults == [{"number": "N-7", "fault": "the seventh cannot be judged"}]
    assert len(rows(reported, MISSES)) == REPORTS - 1
    go(process)
    assert int(next(told)) >= 1
    assert process.wait(60) == 0
    assert_every_miss_once(reported)
    assert rows(reported, "SELECT fault FROM clocks_standing WHERE fault <> ''") == []


JUMP = """
import json, django
django.setup()
from afspraak.clocks.actions import confirm_time
from afspraak.clocks.beats import silences_at
from afspraak.clocks.models import Assessment
from afspraak.rights.viewer import SYSTEM
from afspraak.worker.clock import Reading
from afspraak.worker.watch import Watcher
from afspraak.notices.actions_telling import raise_alarms
start, late = {start}, {late}
def missed():
    return Assessment.objects.seen_by(SYSTEM).filter(clause="reageren", state="missed").count()
now = [Reading(start, 0)]
watcher = Watcher(lambda: now[0], name="m:1", machine="m")
other = Watcher(lambda: now[0], name="m:2", machine="m")
said = []
watcher.turn()
now[0] = Reading(late, 1_000_000)
watcher.turn(); other.turn(); watcher.turn()
said.append(missed())
said.append([each.why for each in silences_at(late)])
said.append(raise_alarms(silences=silences_at(late), at=late))
said.append(confirm_time())
while watcher.turn() == 0: pass
said.append(missed())
said.append([each.why for each in silences_at(late)])
now[0] = Reading(start, 2_000_000)
watcher.turn()
said.append(missed())
said.append([each.why for each in silences_at(late + 3 * 60_000_000)])
print(json.dumps(said))
"""


def test_a_clock_that_jumps_records_no_miss_until_it_is_confirmed(
    reported: str, python: Started
) -> None:
    start = TUESDAY + (REPORTS + 1) * MINUTE  # before the first of them is due
    process = python(reported, JUMP.format(start=start, late=LATE))
    said = json.loads(next(lines(process)))
    assert process.wait(60) == 0
    assert said == [0, ["jumped"], 1, 1, REPORTS, [], REPORTS, ["still"]]
    alarms = rows(
        reported, "SELECT relation_id, subject_key FROM notices_obligation WHERE kind = 'alarm'"
    )
    assert [each["relation_id"] for each in alarms] == [None]
    assert alarms[0]["subject_key"].startswith("watch/jumped/m/")


LOSE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def test_the_command_watches_outlives_its_database_and_stops_when_it_is_asked_to(
    reported: str,
) -> None:
    words = [sys.executable, "-m", "afspraak", "watch"]
    process = subprocess.Popen(words, env=as_role("system", reported))
    ticks = threading.Event()  # nothing sets it: waiting on it is a pause that ends

    def looks_after(moment: str) -> str:
        beat = f"SELECT max(looked_at)::text AS at FROM clocks_beat WHERE looked_at > '{moment}'"
        for _ in range(300):
            if (found := rows(reported, beat)[0]["at"]) is not None:
                return found
            assert process.poll() is None
            ticks.wait(0.2)
        raise AssertionError("nobody looks")

    try:
        first = looks_after("-infinity")
        assert rows(reported, LOSE)
        looks_after(first)
    finally:
        process.terminate()
    assert process.wait(30) == 0
    rebuilt = subprocess.run(
        [sys.executable, "-m", "afspraak", "rebuild"],
        env=as_role("system", reported),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 differences" in rebuilt.stdout, rebuilt.stderr


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([0, 0, 0], False),
        ([MOST_AHEAD, 0], False),
        ([MOST_AHEAD, 1], True),
        ([-60 * MINUTE, 4 * MINUTE], False),
        ([-60 * MINUTE, 6 * MINUTE], True),
        ([2 * MINUTE, 2 * MINUTE, 2 * MINUTE], True),
    ],
)
def test_forward_steps_add_up_and_backward_ones_are_followed(
    steps: list[int],
    expected: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    at, steady = LATE, 0
    trust = Trust.begin(Reading(at, steady))
    jumped = False
    for step in steps:
        at, steady = at + MINUTE + step, steady + MINUTE
        jumped = trust.has_jumped(Reading(at, steady))
    assert jumped is expected
