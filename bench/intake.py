"""Intake over HTTP: a report stored with its full verdict, beside django-helpdesk's creation of a
ticket, which knows no service level; and the batch door.

    python bench/intake.py [--rounds 7] [--requests 300] [--at-once 1 4] [--batch 1000]

One embedded PostgreSQL (fsync on), a database each. Both are served by granian with the same
arguments (two workers of eight threads), asked by the same client in turns. Ours has the
demonstration's supplier, its 40 customers and their signed agreements, a bearer token, and the
application's role behind row-level security. Of the peer's two doors (its REST API with a session,
the public form) and two ways (each statement by itself, as it is set up; a transaction a request)
the fastest counts; its mail is made and thrown away.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import peers
import wire

HERE = Path(__file__).parent
WORKERS, THREADS = 2, 8
YEAR_ENDS = "2027-12-31T00:00:00Z"
MILLION = 1_000_000
RUN = time.time_ns()  # nothing that an earlier run reported is reported again
WARM = 240  # requests before the first round: 40 relations, two workers, and to spare


def embedded(folder: Path) -> bool:
    """A cluster, its tables, and Django in the system's role; whether the cluster did not run."""
    os.environ["AFSPRAAK_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    os.environ["AFSPRAAK_ROLE"] = "system"
    from afspraak.host import cluster
    from afspraak.host.data import data_folder
    from afspraak.host.database import address, prepare

    is_started = cluster.start(data_folder())
    prepare(address("owner"))
    words = [sys.executable, "-m", "afspraak", "migrate"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    return is_started


# Ours -----------------------------------------------------------------------------------------


@dataclass
class Relation:
    """One customer: its relation, and what can be reported in it."""

    id: str
    services: tuple[str, ...]
    impacts: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass
class Ours:
    """The demonstration's parties: a token of the supplier's, and the relations."""

    secret: str
    relations: list[Relation]

    def reports(
        self, count: int, begin: int = 0, part: int = 0, parts: int = 1
    ) -> Iterator[dict[str, str]]:
        """Reports of all customers in turn, each another one; or of one customer in so many."""
        relations = self.relations[part::parts]
        for number in range(begin, begin + count):
            at = relations[number % len(relations)]
            yield {
                "relation": at.id,
                "title": f"Outlook vraagt steeds om een wachtwoord ({number})",
                "words": "Sinds vanochtend, na de update. Het gebeurt bij elke map.",
                "service": at.services[number % len(at.services)],
                "impact": at.impacts[number % len(at.impacts)],
                **({"kind": at.kinds[number % len(at.kinds)]} if at.kinds else {}),
                "source": "bench",
                "source_id": f"{RUN}-{number}",
            }

    def single(self, report: dict[str, str]) -> bytes:
        """One report as one request."""
        return self._post("/api/v1/tickets", report)

    def batch(self, reports: list[dict[str, str]]) -> bytes:
        """Many as one."""
        items = [{**each, "code": "reported"} for each in reports]
        return self._post("/api/v1/facts:batch", {"items": items})

    def _post(self, path: str, told: Any) -> bytes:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        return wire.request("POST", path, json.dumps(told).encode(), headers)


def parties_in(folder: Path) -> Ours:
    """The parties of a data folder, made if they are not there."""
    from afspraak.engine.time import instant_of

    kept = folder / "bench.json"
    if not kept.is_file():
        made = parties(instant_of(datetime.now(UTC)))
        kept.write_text(json.dumps([made.secret, [vars(each) for each in made.relations]]), "utf-8")
    secret, relations = json.loads(kept.read_text("utf-8"))
    return Ours(secret, [Relation(**each) for each in relations])


def parties(at: int) -> Ours:
    """The demonstration without its tickets."""
    from afspraak.agreements.identity import identify
    from afspraak.cli import demo_rows
    from afspraak.cli.demo import SEED
    from afspraak.cli.demo_sides import made_sides
    from afspraak.engine.time import DAY, parse_instant
    from afspraak.parties.actions import Actor, add_organisation, open_relation
    from afspraak.parties.actions_access import make_token
    from afspraak.parties.roles import Right
    from afspraak.tickets.moving import weeks_to_end_at

    weeks = weeks_to_end_at(parse_instant(YEAR_ENDS), at)
    begin = at - 400 * DAY
    supplier, person = demo_rows.add_supplier(begin)
    actor = Actor(supplier.id, person.id)
    found = []
    for side in made_sides(SEED, weeks):
        customer = add_organisation(name=side.name, register=side.register, at=begin)
        relation = open_relation(supplier=supplier, customer=customer, at=begin)
        demo_rows.sign(relation.id, side, actor, begin)
        found.append(reportable(relation.id, side.contract))
    maker = identify(person.account_id, at)
    rights = {Right.READ_TICKETS, Right.WRITE_TICKETS, Right.WORK_TICKETS}
    _, secret = make_token(maker=maker, name="bench", rights=rights, expires_at=at + 9 * DAY, at=at)
    return Ours(secret, found)


def reportable(relation: Any, contract: bytes) -> Relation:
    """What a contract knows."""
    from afspraak.agreements.read import terms_in

    terms = terms_in(contract)
    impacts = tuple(sorted({impact for impact, service in terms.priority_of if not service}))
    kinds = terms.fields.values.get("kind", ())
    return Relation(str(relation), tuple(sorted(terms.fields.level_of)), impacts, tuple(kinds))


@contextmanager
def granian(python: Path, target: str, port: int, folder: Path, environment: dict[str, str]):
    """A WSGI application as `afspraak serve` runs ours."""
    words = [python, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    words += ["--respawn-failed-workers", "--workers-kill-timeout", "20", target]
    with (folder / f"{port}.log").open("wb") as log:
        server = subprocess.Popen(
            [str(each) for each in words],
            env={**os.environ, **environment},
            cwd=HERE / "helpdesk" if "helpdesk" in environment["PYTHONPATH"] else HERE,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def await_answer(port: int, path: str) -> None:
    """Until something answers."""
    for _ in range(6_000):
        try:
            wire.ask(port, wire.request("GET", path, b"", {}))
        except (OSError, AssertionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers on {port}")


# The peer -------------------------------------------------------------------------------------


@dataclass
class Helpdesk:
    """django-helpdesk with an agent signed in, and a queue."""

    told: dict[str, Any]

    def rest(self, number: int) -> bytes:
        """Its REST API."""
        told = {
            "queue": self.told["queue"],
            "title": f"Outlook asks for a password again and again ({number})",
            "description": "Since this morning, after the update. In every folder.",
            "submitter_email": "sam@customer.example",
            "priority": 3,
        }
        return self._post("/api/tickets/", json.dumps(told).encode(), "application/json")

    def form(self, number: int) -> bytes:
        """Its public form."""
        told = {
            "queue": self.told["queue"],
            "title": f"Outlook asks for a password again and again ({number})",
            "body": "Since this morning, after the update. In every folder.",
            "submitter_email": "sam@customer.example",
            "priority": 3,
        }
        kind = "application/x-www-form-urlencoded"
        return self._post("/tickets/submit/", urlencode(told).encode(), kind)

    def _post(self, path: str, body: bytes, kind: str) -> bytes:
        cookies = f"csrftoken={self.told['csrf']}"
        if path.startswith("/api/"):
            cookies += f"; sessionid={self.told['session']}"
        headers = {"Content-Type": kind, "Cookie": cookies, "X-CSRFToken": self.told["csrf"]}
        return wire.request("POST", path, body, headers)


def helpdesk_environment(*, is_atomic: bool) -> dict[str, str]:
    from afspraak.host.database import address

    owner = address("owner")
    return {
        "PYTHONPATH": str(HERE / "helpdesk"),
        "DJANGO_SETTINGS_MODULE": "settings",
        "HELPDESK_HOST": owner.host,
        "HELPDESK_PORT": str(owner.port),
        "HELPDESK_USER": owner.user,
        "HELPDESK_NAME": "helpdesk",
        "HELPDESK_ATOMIC": "1" if is_atomic else "",
    }


def prepared_helpdesk(python: Path) -> Helpdesk:
    """Its database, filled."""
    import psycopg

    from afspraak.host.database import address

    with psycopg.connect(address("owner").conninfo(), autocommit=True) as owner:
        owner.execute("DROP DATABASE IF EXISTS helpdesk")
        owner.execute("CREATE DATABASE helpdesk")
    found = subprocess.run(
        [python, HERE / "helpdesk" / "prepare.py"],
        env={**os.environ, **helpdesk_environment(is_atomic=False)},
        check=True,
        stdout=subprocess.PIPE,
    )
    return Helpdesk(json.loads(found.stdout.splitlines()[-1]))


# Measuring ------------------------------------------------------------------------------------


@dataclass
class Lane:
    """One way in: how a request is made of a number, and what answer is right."""

    name: str
    port: int
    make: Any
    status: int

    def round(self, begin: int, count: int, at_once: int) -> float:
        """Seconds a request, `at_once` under way."""
        asked = [self.make(number) for number in range(begin, begin + count)]
        began = time.perf_counter()
        answers, _ = wire.ask_all(self.port, asked, at_once)
        took = time.perf_counter() - began
        for each in answers:
            assert each.status == self.status, (self.name, each.status, each.body[:600])
        return took / count


def measure(lanes: list[Lane], wish: argparse.Namespace) -> dict[str, Any]:
    """Rounds in turns; milliseconds a request by lane and by how many were under way."""
    begins = dict.fromkeys((lane.name for lane in lanes), WARM)
    for lane in lanes:  # each worker has read every agreement once, and has its connections
        lane.round(0, WARM, 2 * WORKERS)
    found: dict[tuple[str, int], list[float]] = {}
    for _ in range(wish.rounds):
        for at_once in wish.at_once:
            for lane in lanes:
                took = lane.round(begins[lane.name], wish.requests, at_once)
                begins[lane.name] += wish.requests
                found.setdefault((lane.name, at_once), []).append(took * 1e3)
    return {
        f"{name}, {at_once} at once": {"least ms": min(each), "median ms": median(each)}
        for (name, at_once), each in found.items()
    }


def compare(told: dict[str, Any], at_once: int, peers_named: list[str]) -> None:
    """The ratio to the fastest of the peer's lanes."""
    for how in ("least ms", "median ms"):
        ours = told[f"afspraak, {at_once} at once"][how]
        best, name = min((told[f"{each}, {at_once} at once"][how], each) for each in peers_named)
        print(f"{at_once} at once, {how}: {name} {best:.2f} / ours {ours:.2f} = {best / ours:.2f}")


def engine_share(ours: Ours, port: int, begin: int, count: int) -> dict[str, float]:
    """What part of a request the engine is: `measured.py` times the calls, the client the whole."""
    asked = [ours.single(each) for each in ours.reports(count, begin)]
    answers, took = wire.ask_all(port, asked, 1)
    times = [_times(each.head) for each in answers]
    engine = sum(each["engine"] for each in times) / count / 1e3
    inside = sum(each["all"] for each in times) / count / 1e3
    queries = sum(each["queries"] for each in times) / count
    database = sum(each["database"] for each in times) / count / 1e3
    whole = sum(took) / count * 1e3
    return {
        "engine ms": engine,
        "waiting for the database ms": database,
        "round trips to the database": queries,
        "in the application ms": inside,
        "as the client sees it ms": whole,
        "engine's share %": 100 * engine / whole,
    }


def _times(head: str) -> dict[str, float]:
    lines = (each.partition(":") for each in head.split("\r\n"))
    told = next(words for name, _, words in lines if name.lower() == "x-bench")
    pairs = (each.partition("=") for each in told.strip().split(";"))
    return {name: float(value) for name, _, value in pairs}


def batches(ours: Ours, port: int, begin: int, wish: argparse.Namespace) -> dict[str, float]:
    """Tickets a second by the batch door, some batches under way, of different customers: two of
    the same one wait for each other. `--ways`: a connection stays with the worker that took it, so
    that two of them may leave one of two workers idle.
    """
    asked = []
    for number in range(wish.batches):
        first = begin + number * wish.batch
        part = ours.reports(wish.batch, first, number % wish.ways, wish.ways)
        asked.append(ours.batch([*part]))
    warm, asked = asked[: wish.ways], asked[wish.ways :]
    wire.ask_all(port, warm, wish.ways)
    began = time.perf_counter()
    answers, took = wire.ask_all(port, asked, wish.ways)
    whole = time.perf_counter() - began
    for each in answers:
        assert each.status == 200, (each.status, each.body[:600])
        assert each.body.count(b'"verdict":{') == wish.batch
    return {
        "tickets a batch": wish.batch,
        "tickets": len(asked) * wish.batch,
        "tickets/s": len(asked) * wish.batch / whole,
        "median s a batch": median(took),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--requests", type=int, default=300)
    asked.add_argument("--at-once", type=int, nargs="+", default=[1, 4])
    asked.add_argument("--batch", type=int, default=1_000)
    asked.add_argument("--batches", type=int, default=22)
    asked.add_argument("--ways", type=int, default=WORKERS, help="batches under way")
    asked.add_argument("--port", type=int, default=18_400)
    asked.add_argument("--only", choices=("single", "share", "batch"))
    asked.add_argument("--data", type=Path, help="a folder that is kept, and used again")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args()
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="bench")
        folder = wish.data or Path(stack.enter_context(made))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        is_started = embedded(folder)
        try:
            run(folder, wish)
        finally:
            from django.db import connection

            from afspraak.host import cluster

            connection.close()
            if is_started:
                cluster.stop(folder)


def run(folder: Path, wish: argparse.Namespace) -> None:
    ours = parties_in(folder)
    told: dict[str, Any] = {}
    with ExitStack() as stack:
        serve_ours(stack, folder, wish)
        if wish.only in (None, "single"):
            told |= singles(stack, folder, ours, wish)
        if wish.only in (None, "share"):
            told["share"] = engine_share(ours, wish.port + 1, 10 * MILLION, wish.requests)
            tell("one report", told["share"])
        if wish.only in (None, "batch"):
            told["batch"] = batches(ours, wish.port, 20 * MILLION, wish)
            tell("batch door", told["batch"])
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=1), "utf-8")


def serve_ours(stack: ExitStack, folder: Path, wish: argparse.Namespace) -> None:
    """The application as it is, and beside it one whose engine is timed."""
    path = os.pathsep.join(each for each in (str(HERE), os.environ.get("PYTHONPATH")) if each)
    environment = {"PYTHONPATH": path, "AFSPRAAK_ROLE": "app", "AFSPRAAK_DATA": str(folder)}
    python = Path(sys.executable)
    served = {wish.port: "afspraak.project.wsgi:application", wish.port + 1: "measured:application"}
    for port, target in served.items():
        if port == wish.port or wish.only in (None, "share"):
            stack.enter_context(granian(python, target, port, folder, environment))
            await_answer(port, "/healthz")


def singles(stack: ExitStack, folder: Path, ours: Ours, wish: argparse.Namespace) -> dict[str, Any]:
    """Ours and the peer's four lanes."""
    python = peers.python()
    desk = prepared_helpdesk(python)
    reports = ours.reports(MILLION)
    lanes = [Lane("afspraak", wish.port, lambda _: ours.single(next(reports)), 201)]
    for number, is_atomic in enumerate((False, True), 2):
        port = wish.port + number
        environment = helpdesk_environment(is_atomic=is_atomic)
        stack.enter_context(granian(python, "wsgi:application", port, folder, environment))
        await_answer(port, "/")
        how = "a transaction a request" if is_atomic else "as set up"
        lanes.append(Lane(f"helpdesk REST, {how}", port, desk.rest, 201))
        lanes.append(Lane(f"helpdesk form, {how}", port, desk.form, 302))
    told = measure(lanes, wish)
    tell("one report, or one ticket, a request", told)
    for at_once in wish.at_once:
        compare(told, at_once, [each.name for each in lanes[1:]])
    return told


def tell(what: str, told: dict[str, Any]) -> None:
    """The figures, one a line."""
    print(f"\n{what}")
    for name, value in told.items():
        figures = value.items() if isinstance(value, dict) else (("", value),)
        print(f"  {name}: " + ", ".join(f"{word} {each:.4g}".strip() for word, each in figures))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
