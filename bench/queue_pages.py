"""The queue with few and with very many open tickets: its questions to the database, and its pages.

    python bench/queue_pages.py [--few 10000] [--many 1000000] [--data FOLDER]

Two databases in one embedded PostgreSQL (fsync on), the same suppliers, customers and kinds of
tickets in both (`filling.py`). A folder that is named is kept, and filled only once.

*Database*: the statements that the pages and the API make, as the application's role with an
agent's eyes: planning and execution as EXPLAIN (ANALYZE, TIMING OFF) gives them, the two databases
in turns. *Pages*: `afspraak serve --only web`, one process each, an agent who signed in, one
connection that is kept, in turns; the time until the last byte, and the processor time of the
web process and of its database sessions.
"""

# ruff: noqa: PLC0415, S608 - rooms are read once there is a database for them

import argparse
import http.client
import json
import os
import re
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import intake
import peers
import wire
from filling import PASSWORD, begin

AGENT = "agent0@bench.example"
ROUNDS = 30
PAGES = 60
PEER_TICKETS, PEER_ROUNDS = 200_000, 20
NAMES = ("afspraak_few", "afspraak_many")
TICKS = os.sysconf("SC_CLK_TCK")


# Databases --------------------------------------------------------------------------------------


def fill(folder: Path, counts: tuple[int, int]) -> None:
    """Both databases, those that are not there."""
    begin(folder)
    import psycopg

    from afspraak.host.database import embedded

    with psycopg.connect(embedded(folder, "owner", name="postgres").conninfo()) as connection:
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    for name, count in zip(NAMES, counts, strict=True):
        if name not in known:
            began = time.monotonic()
            script = Path(__file__).parent / "filling.py"
            subprocess.run([sys.executable, script, folder, name, str(count)], check=True)
            print(f"{count} open tickets: filled in {time.monotonic() - began:.0f} s", flush=True)


def ready(folder: Path) -> None:
    """This process reads the rooms, to have their statements."""
    os.environ["AFSPRAAK_DATA"] = str(folder)
    os.environ["AFSPRAAK_DATABASE_NAME"] = NAMES[0]
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    os.environ["AFSPRAAK_ROLE"] = "app"
    import django

    django.setup()


def agent(at: int) -> Any:
    """Who looks."""
    from django.db import connection

    from afspraak.agreements.identity import identify

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('afspraak.address', %s, false)", [AGENT])
        cursor.execute("SELECT id FROM parties_account WHERE email = %s", [AGENT])
        (account,) = cursor.fetchone()
    return identify(account, at)


def statements(identity: Any) -> Iterator[tuple[str, Any]]:
    """What can be asked, each by a usual value and, where there is one, by a rare one."""
    from afspraak.agreements.models import Agreement
    from afspraak.clocks.queue import ORDER, queue, worked_on_by
    from afspraak.parties.models import Relation
    from afspraak.rights.viewer import viewing
    from afspraak.web.rows import Due, Micros

    viewer, own = identity.viewer, identity.organisation
    due = Due._fields
    with viewing(viewer):
        relation = Relation.objects.seen_by(viewer).filter(supplier_id=own).order_by("id")[3]
        agreement = Agreement.objects.seen_by(viewer).filter(relation=relation).get().id

    def asked(part: Any = "running", **equal: Any) -> Any:
        rows = queue(part, viewer=viewer, organisation=own, **equal)
        return rows.annotate(due=Micros("due_at"), looked=Micros("looked_at"))

    yield "what runs, the page's 501", asked().values_list(*due)[:501]
    yield "frozen, 100", asked("frozen").values_list(*due)[:100]
    yield "without a deadline, 100", asked("without_deadline").values_list(*due)[:100]
    filters: list[dict[str, Any]] = [
        {"customer_id": relation.customer_id},
        {"agreement_id": agreement},
        *({"service": each} for each in ("e-mail", "kassa")),
        *({"level": each} for each in ("gold", "bronze", "none")),
        *({"priority": each} for each in ("P1", "P3")),
        *({"kind": each} for each in ("incident", "request")),
        *({"turn": each} for each in ("supplier", "customer")),
        *({"is_late": each} for each in (True, False)),
    ]
    for equal in filters:
        ((name, value),) = equal.items()
        told = value if isinstance(value, (str, bool)) else "one"
        yield f"{name} = {told}", asked(**equal).values_list(*due)[:501]
    yield "frozen, priority = P1", asked("frozen", priority="P1").values_list(*due)[:100]
    mine = worked_on_by(asked(), person=viewer.person, viewer=viewer)
    yield "where I did something", mine.values_list(*due)[:501]
    theirs = queue("running", viewer=viewer, organisation=own, side="customer")
    yield "API, where we are the customer, 51", theirs.select_related("ticket")[:51]
    yield "API, one page, 51", asked().select_related("ticket")[:51]
    with viewing(viewer):
        place = asked().values_list(*ORDER)[5_000]
    from afspraak.api.paging import after

    deep = asked().filter(after(ORDER, place)).select_related("ticket")
    yield "API, the page after the 5 000th", deep[:51]
    two = asked(priority="P1", customer_id=relation.customer_id)
    yield "two at once: customer and priority", two.values_list(*due)[:501]


def connected(folder: Path, name: str, identity: Any) -> Any:
    """As the application's role, with the agent's eyes."""
    import psycopg

    from afspraak.host.database import embedded

    found = psycopg.connect(
        embedded(folder, "app", name=name).conninfo(),
        autocommit=True,
        cursor_factory=psycopg.ClientCursor,
    )
    for setting, value in identity.viewer.settings().items():
        found.execute("SELECT set_config(%s, %s, false)", [setting, value])
    return found


def explained(connection: Any, sql: str, values: Any) -> tuple[float, float]:
    """Milliseconds of planning and of execution."""
    words = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "
    (plan,) = connection.execute(words + sql, values).fetchone()
    return plan[0]["Planning Time"], plan[0]["Execution Time"]


def database_part(folder: Path, identity: Any, plans: Path | None) -> list[dict[str, Any]]:
    """Each statement in both databases, in turns; the plans of the larger one."""
    links = [connected(folder, name, identity) for name in NAMES]
    found, told = [], []
    for name, rows in statements(identity):
        sql, values = rows.query.sql_with_params()
        taken: list[list[tuple[float, float]]] = [[], []]
        for _ in range(ROUNDS):
            for place, link in enumerate(links):
                taken[place].append(explained(link, sql, values))
        few, many = ([sum(each) for each in one] for one in taken)
        row = {
            "what": name,
            "few ms": statistics.median(few),
            "many ms": statistics.median(many),
            "many, execution ms": statistics.median(each[1] for each in taken[1]),
            "ratio": statistics.median(many) / statistics.median(few),
            "least": (min(few), min(many)),
        }
        found.append(row)
        print(
            f"{name:<36} {row['few ms']:7.3f} {row['many ms']:7.3f}"
            f" (execution {row['many, execution ms']:6.3f})  {row['ratio']:5.2f}"
            f"   least {min(few):6.3f} {min(many):6.3f}",
            flush=True,
        )
        lines = links[1].execute("EXPLAIN (ANALYZE, BUFFERS) " + sql, values).fetchall()
        told.append(f"-- {name}\n" + "\n".join(line for (line,) in lines) + "\n")
    if plans:
        plans.write_text("\n".join(told), "utf-8")
    return found


# Pages ------------------------------------------------------------------------------------------


class Browser:
    """One kept connection, its cookies, and nothing else."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.link = http.client.HTTPConnection("localhost", port, timeout=300)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        body = None
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if self.link.sock is not None and select.select([self.link.sock], [], [], 0)[0]:
            self.link.close()  # the server has closed what was idle; asking opens it anew
        self.link.request(method, path, body, sent)
        answer = self.link.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data

    def sign_in(self, email: str, password: str = PASSWORD, path: str = "/account/login/") -> None:
        _status, _headers, page = self.ask("GET", path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None, page[:200]
        form = {"csrfmiddlewaretoken": token[1].decode(), "login": email, "password": password}
        status, _headers, page = self.ask("POST", path, form)
        assert status == 302, (status, page[:400])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def web(folder: Path, name: str, **more: str) -> Iterator[tuple[int, int]]:
    """The web server over a database: its port, and its process."""
    port = free_port()
    environment = {
        **os.environ, "AFSPRAAK_DATA": str(folder), "AFSPRAAK_DATABASE_NAME": name,
        "AFSPRAAK_PORT": str(port), "AFSPRAAK_WEB_WORKERS": "1",
        "AFSPRAAK_BASE_URL": f"http://localhost:{port}", **more,
    }  # fmt: skip
    environment.pop("AFSPRAAK_ROLE", None)
    words = [sys.executable, "-m", "afspraak", "serve", "--only", "web"]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for(port: int, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            link = http.client.HTTPConnection("localhost", port, timeout=5)
            link.request("GET", "/healthz")
            link.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(port)


def processor_ms(pids: list[int]) -> float:
    """What these processes have used so far."""
    used = 0
    for pid in pids:
        try:
            words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        used += int(words[11]) + int(words[12])
    return used * 1000 / TICKS


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text("ascii").split():
            found += family(int(child))
    return found


def sessions(folder: Path, name: str) -> list[int]:
    """The server processes that work for a database's application."""
    import psycopg

    from afspraak.host.database import embedded

    with psycopg.connect(embedded(folder, "owner", name="postgres").conninfo()) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = 'afspraak_app'",
            [name],
        )
        return [row[0] for row in rows]


Turn = Callable[[], int]
"""Asks once; the status that came."""


def in_turns(
    turns: dict[str, Turn], pids: dict[str, Callable[[], list[int]]], rounds: int
) -> dict[str, dict[str, float]]:
    """Every one asked once a round; wall and processor time of each."""
    walls: dict[str, list[float]] = {name: [] for name in turns}
    used: dict[str, float] = dict.fromkeys(turns, 0.0)
    for turn in turns.values():
        for _ in range(12):  # every thread of the server has been asked once
            turn()
    known = {name: pids[name]() for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            before, began = processor_ms(known[name]), time.perf_counter()
            status = turn()
            walls[name].append((time.perf_counter() - began) * 1000)
            used[name] += processor_ms(known[name]) - before
            assert status in (200, 304), (name, status)
    found = {}
    for name, each in walls.items():
        each.sort()
        found[name] = {
            "p50 ms": each[len(each) // 2],
            "p95 ms": each[len(each) * 95 // 100],
            "least ms": each[0],
            "processor ms": used[name] / rounds,
        }
    return found


def told(title: str, found: dict[str, dict[str, float]]) -> None:
    print(title)
    for name, each in found.items():
        row = "  ".join(f"{what} {value:8.1f}" for what, value in each.items())
        print(f"  {name:<10} {row}", flush=True)


def pages(folder: Path, paths: list[str], *, peer: bool) -> dict[str, Any]:
    """Each page from both databases, in turns."""
    found = {}
    with web(folder, NAMES[0]) as few, web(folder, NAMES[1]) as many:
        browsers = {}
        for name, (port, _pid) in (("few", few), ("many", many)):
            browsers[name] = Browser(port)
            browsers[name].sign_in(AGENT)
        pids = {
            name: lambda pid=pid, base=base: [*family(pid), *sessions(folder, base)]
            for (name, (_port, pid)), base in zip(
                (("few", few), ("many", many)), NAMES, strict=True
            )
        }
        for path in paths:
            turns = {
                name: lambda browser=browser, path=path: browser.ask("GET", path)[0]
                for name, browser in browsers.items()
            }
            found[path] = in_turns(turns, pids, PAGES)
            told(path, found[path])
        tags = {name: each.ask("GET", "/queue/part/")[1]["etag"] for name, each in browsers.items()}
        polls = {
            name: lambda each=each, name=name: _poll(each, tags, name)
            for name, each in browsers.items()
        }
        found["polled"] = in_turns(polls, pids, PAGES)
        told("/queue/part/ as it is polled, nearly always 304", found["polled"])
        if peer:
            with helpdesk() as (theirs, processes):
                ours = browsers["many"]
                turns = {"ours": lambda: ours.ask("GET", "/queue/")[0], "theirs": theirs}
                both = {"ours": pids["many"], "theirs": processes}
                found["peer"] = in_turns(turns, both, PEER_ROUNDS)
                told(
                    f"our queue with the many, and the peer's list of {PEER_TICKETS}", found["peer"]
                )
                for what in ("p50 ms", "p95 ms", "least ms"):
                    ratio = found["peer"]["theirs"][what] / found["peer"]["ours"][what]
                    print(f"  {what}: {ratio:.0f} times")
    return found


def _poll(browser: Browser, tags: dict[str, str], name: str) -> int:
    status, headers, _data = browser.ask("GET", "/queue/part/", **{"If-None-Match": tags[name]})
    tags[name] = headers.get("etag", tags[name])
    return status


# The peer ---------------------------------------------------------------------------------------


@contextmanager
def helpdesk() -> Iterator[tuple[Turn, Callable[[], list[int]]]]:
    """django-helpdesk's list of open tickets as a browser gets it: the page, and the rows that the
    page fetches. Served as in `intake.py`, on the same database server.
    """
    import psycopg

    from afspraak.host.database import address

    python, port = peers.python(), free_port()
    made = intake.prepared_helpdesk(python)
    environment = intake.helpdesk_environment(is_atomic=False)
    server = replace(address("owner"), name=environment["HELPDESK_NAME"])
    with (
        tempfile.TemporaryDirectory() as logs,
        intake.granian(python, "wsgi:application", port, Path(logs), environment),
    ):
        intake.await_answer(port, "/login/")
        first = wire.ask(port, made.rest(1))
        assert first.status == 201, (first.status, first.body[:300])
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = 'helpdesk_ticket' AND column_name <> 'id'"
                )
            ]
            taken = {
                "created": "created - n * interval '10 seconds'",
                "modified": "modified - n * interval '10 seconds'",
                "priority": "1 + n %% 5",
            }
            values = ", ".join(taken.get(name, name) for name in names)
            connection.execute(
                f"INSERT INTO helpdesk_ticket ({', '.join(names)}) SELECT {values}"
                " FROM helpdesk_ticket, generate_series(2, %s) n",
                [PEER_TICKETS],
            )
            connection.execute("VACUUM ANALYZE helpdesk_ticket")
        browser = Browser(port)
        browser.cookies["sessionid"] = made.told["session"]

        def listed() -> int:
            status, _headers, page = browser.ask("GET", "/tickets/")
            assert status == 200, (status, page[:300])
            found = re.search(rb"/datatables_ticket_list/([\w=-]+)", page)
            assert found is not None, "its page names no list"
            words = urlencode({"draw": 1, "start": 0, "length": 25})
            path = f"/datatables_ticket_list/{found[1].decode()}?{words}"
            status, _headers, rows = browser.ask("GET", path)
            assert json.loads(rows)["recordsTotal"] == PEER_TICKETS, rows[:300]
            return status

        def processes() -> list[int]:
            with psycopg.connect(server.conninfo()) as connection:
                sessions = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = 'helpdesk'"
                    " AND pid <> pg_backend_pid()"
                ).fetchall()
            served = [pid for pid in family(os.getpid()) if _serves(pid, port)]
            return [*served, *(row[0] for row in sessions)]

        yield listed, processes


def _serves(pid: int, port: int) -> bool:
    with suppress(OSError):
        return f"\0{port}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def some_ticket(identity: Any) -> str:
    """The number of a ticket that is in both."""
    from afspraak.rights.viewer import viewing
    from afspraak.tickets.models import Fact

    with viewing(identity.viewer):
        rows = Fact.objects.seen_by(identity.viewer).filter(code="question")
        found = rows.select_related("ticket").filter(ticket__number__startswith="N-").first()
        assert found is not None
        assert found.ticket is not None
        return found.ticket.number


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--few", type=int, default=10_000)
    asked.add_argument("--many", type=int, default=1_000_000)
    asked.add_argument("--data", type=Path)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--plans", type=Path)
    asked.add_argument("--only", choices=("database", "pages", "peer"))
    asked.add_argument("--peer", action="store_true", help="and django-helpdesk's list")
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = (wish.data or Path(name)).absolute()
        fill(folder, (wish.few, wish.many))
        try:
            measure(folder, wish)
        finally:
            if wish.data is None:
                from afspraak.host import cluster

                cluster.stop(folder)


def measure(folder: Path, wish: argparse.Namespace) -> None:
    from datetime import UTC, datetime

    ready(folder)
    from django.db import connection

    from afspraak.engine.time import instant_of

    print(f"load {os.getloadavg()}")
    identity = agent(instant_of(datetime.now(UTC)))
    found: dict[str, Any] = {"load": os.getloadavg()}
    if wish.only in (None, "database"):
        found["database"] = database_part(folder, identity, wish.plans)
    number = some_ticket(identity)
    connection.close()
    if wish.only != "database":
        customer = "/desk/?" + urlencode({"customer": found_customer(folder)})
        others = ["/queue/?level=gold", "/queue/?mine=yes", "/desk/", customer, f"/t/{number}/"]
        paths = ["/queue/", *([] if wish.only == "peer" else others)]
        found["pages"] = pages(folder, paths, peer=wish.peer or wish.only == "peer")
    print(f"load {os.getloadavg()}")
    if wish.json:
        wish.json.write_text(json.dumps(found, indent=1), "utf-8")


def found_customer(folder: Path) -> str:
    import psycopg

    from afspraak.host.database import embedded

    with psycopg.connect(embedded(folder, "owner", name=NAMES[0]).conninfo()) as connection:
        row = connection.execute("SELECT id FROM parties_organisation WHERE name = 'Klant 3'")
        return str(row.fetchone()[0])


if __name__ == "__main__":
    main()
