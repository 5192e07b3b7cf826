"""A working day, all at once: 100 agents and 1 000 portal users, 30 requests a second, a fifth of
them writes.

    python bench/load.py [--tickets 10000] [--seconds 120] [--rate 30] [--data FOLDER] [--json FILE]

`afspraak serve` with everything it runs (database with fsync, watch, worker, web), and this
generator beside it on the same machine. Requests begin when their time has come, whether those
before were answered or not (so waiting counts); each user has a connection of his own and cookies
of his own. One in twenty signs in with his password when his first turn comes; the sessions of the
others are made as signing in leaves them (a password takes most of a second of one core to check,
as it should).

Agents poll the queue with the tag they have, open it, the desk and a customer's card, and tickets;
they reply and ask. Customers look at their list and at a ticket; they report, and write.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from filling import AGENTS, SEED, SERVICES, USERS, begin, owner
from queue_pages import Browser, family, free_port, wait_for

NAME = "afspraak_load"
SIGN_IN_EVERY = 20
AT_ONCE = 64
"""Requests under way at most; more would wait, and their waiting counts."""


@dataclass
class User:
    """Somebody with a browser; one request at a time."""

    email: str
    is_agent: bool
    browser: Browser
    tickets: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    tag: str = ""
    is_signed_in: bool = False
    alone: threading.Lock = field(default_factory=threading.Lock)


Told = tuple[str, int, float]
"""What was asked, the status, and how long it took from when it was due, in seconds."""


# Users -------------------------------------------------------------------------------------------


def sessions_of(emails: list[str]) -> dict[str, str]:
    """Session keys, as signing in leaves them."""
    import django

    os.environ["AFSPRAAK_ROLE"] = "system"
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection, transaction

    from afspraak.parties.models import Account

    found = {}
    with transaction.atomic():
        for account in Account.objects.filter(email__in=emails):
            session = SessionStore()
            session[SESSION_KEY] = str(account.pk)
            session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
            session[HASH_SESSION_KEY] = account.get_session_auth_hash()
            session.create()
            assert session.session_key is not None
            found[account.email] = session.session_key
    connection.close()
    return found


def users_of(port: int, draw: Random) -> list[User]:
    """Everybody, with what they may look at."""
    agents = [f"agent{number}@bench.example" for number in range(AGENTS)]
    portal = [f"user{number}@bench.example" for number in range(USERS)]
    with owner() as connection:
        rows = connection.execute(
            "SELECT p.email, array_agg(t.number) FROM parties_person p JOIN tickets_ticket t"
            " ON t.reporter_id = p.id WHERE t.supplier_id = %s GROUP BY 1",
            SUPPLIER,
        )
        own = dict(rows.fetchall())
        numbers = [each for group in own.values() for each in group]
        rows = connection.execute("SELECT id FROM parties_organisation WHERE name LIKE 'Klant %'")
        customers = [str(row[0]) for row in rows]
    keys = sessions_of([*agents, *portal])
    found = []
    for place, email in enumerate([*agents, *portal]):
        is_agent = place < AGENTS
        tickets = draw.sample(numbers, 20) if is_agent else own.get(email, [])[:20]
        user = User(email, is_agent, Browser(port), tickets, customers)
        if place % SIGN_IN_EVERY:
            user.browser.cookies["session"] = keys[email]
            user.is_signed_in = True
        found.append(user)
    return found


# What they do ------------------------------------------------------------------------------------


def token(user: User, path: str) -> str:
    """The form's token: a page has been seen before anything is sent."""
    if "csrf" not in user.browser.cookies:
        user.browser.ask("GET", path)
    return user.browser.cookies.get("csrf", "")


def send(user: User, path: str, form: dict[str, str]) -> int:
    headers = {"X-CSRFToken": token(user, "/")}
    return user.browser.ask("POST", path, form, **headers)[0]


def poll(user: User, _draw: Random) -> int:
    status, headers, _data = user.browser.ask("GET", "/queue/part/", **{"If-None-Match": user.tag})
    user.tag = headers.get("etag", user.tag)
    return status


def look(path: str) -> Callable[[User, Random], int]:
    return lambda user, _draw: user.browser.ask("GET", path)[0]


def card(user: User, draw: Random) -> int:
    return user.browser.ask("GET", f"/desk/?customer={draw.choice(user.customers)}")[0]


def ticket(user: User, draw: Random) -> int:
    return user.browser.ask("GET", f"/t/{draw.choice(user.tickets)}/")[0]


def tell(code: str) -> Callable[[User, Random], int]:
    def say(user: User, draw: Random) -> int:
        form = {"code": code, "words": "Wij kijken ernaar; weet u nog wanneer het begon?"}
        return send(user, f"/t/{draw.choice(user.tickets)}/tell/", {**form, "to": "customer"})

    return say


def report(user: User, draw: Random) -> int:
    form = {
        "title": "Het doet het niet", "words": "Sinds vanochtend.", "impact": "one_person",
        "service": draw.choice(SERVICES), "kind": "incident",
    }  # fmt: skip
    return send(user, "/mijn/melden/send/", form | {"customer": SUPPLIER[0]})


SUPPLIER: list[str] = []

Act = Callable[[User, Random], int]
AGENTS_DO: list[tuple[str, int, Act]] = [
    ("poll /queue/part/", 30, poll),
    ("/queue/", 5, look("/queue/")),
    ("/desk/", 4, look("/desk/")),
    ("/desk/ with a customer", 6, card),
    ("agent's /t/N/", 10, ticket),
    ("agent replies", 6, tell("supplier_contact")),
    ("agent asks", 2, tell("question")),
]
USERS_DO: list[tuple[str, int, Act]] = [
    ("/mijn/", 15, look("/mijn/")),
    ("customer's /t/N/", 10, ticket),
    ("customer reports", 6, report),
    ("customer writes", 6, tell("customer_contact")),
]
"""Of a hundred requests, so many; twenty are writes."""


def act_of(draw: Random, agents: list[User], users: list[User]) -> tuple[str, Act, User]:
    acts = [(*each, agents) for each in AGENTS_DO] + [(*each, users) for each in USERS_DO]
    ((name, _weight, act, group),) = draw.choices(acts, [each[1] for each in acts])
    return name, act, draw.choice(group)


def done(name: str, act: Act, user: User, draw: Random, due: float) -> Told:
    with user.alone:
        try:
            if not user.is_signed_in:
                name = "signing in"
                user.browser.sign_in(user.email)
                user.is_signed_in, status = True, 200
            else:
                status = act(user, draw)
        except (OSError, AssertionError) as fault:
            print(f"{name}: {fault!r}", file=sys.stderr)
            user.browser.link.close()
            status = 599
    return name, status, time.monotonic() - due


# The run -----------------------------------------------------------------------------------------


@contextmanager
def everything(folder: Path, port: int) -> Iterator[int]:
    """`afspraak serve`, all of it; its process."""
    environment = {
        **os.environ, "AFSPRAAK_DATA": str(folder), "AFSPRAAK_DATABASE_NAME": NAME,
        "AFSPRAAK_PORT": str(port), "AFSPRAAK_BASE_URL": f"http://localhost:{port}",
    }  # fmt: skip
    environment.pop("AFSPRAAK_ROLE", None)
    words = [sys.executable, "-m", "afspraak", "serve"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def memory(pid: int) -> dict[str, float]:
    """Megabytes by kind of process: each one's own, and its part of what it shares (PSS)."""
    found: Counter[str] = Counter()
    for each in family(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text("ascii")
            words = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        kinds = ("postgres", "granian", "afspraak watch", "afspraak worker")
        kind = next((name for name in kinds if name in words), "others")
        pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        found[kind] += int(pss.split()[1])
    return {kind: round(value / 1024, 1) for kind, value in found.items()}


def run(users: list[User], rate: float, seconds: float, pid: int) -> tuple[list[Told], Any]:
    """Requests at random moments, `rate` a second; what became of each, and the most memory."""
    draw = Random(SEED)
    agents, portal = users[:AGENTS], [each for each in users[AGENTS:] if each.tickets]
    most: dict[str, float] = {}
    waiting = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = due = time.monotonic()
        measured = began
        while due < began + seconds:
            due += draw.expovariate(rate)
            time.sleep(max(0.0, due - time.monotonic()))
            name, act, user = act_of(draw, agents, portal)
            waiting.append(pool.submit(done, name, act, user, Random(draw.random()), due))
            if due - measured > 10:
                measured = due
                for kind, value in memory(pid).items():
                    most[kind] = max(value, most.get(kind, 0.0))
    return [each.result() for each in waiting], most


def warm(users: list[User]) -> None:
    """Every process has seen every contract before it is measured: a morning, not a restart."""
    draw = Random(SEED)
    agents = [each for each in users[:AGENTS] if each.is_signed_in]
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            waiting = [pool.submit(ticket, each, draw) for each in agents[:16]]
            waiting += [pool.submit(look("/queue/"), each, draw) for each in agents[16:24]]
            portal = [each for each in users[AGENTS:] if each.is_signed_in and each.tickets]
            waiting += [pool.submit(look("/mijn/"), each, draw) for each in portal[:80]]
            print("warm", {each.result() for each in waiting}, flush=True)
    print(f"warm after {time.monotonic() - began:.0f} s", flush=True)


def shown(told: list[Told], seconds: float, most: dict[str, float]) -> dict[str, Any]:
    by_name: dict[str, list[float]] = {}
    faults: Counter[str] = Counter()
    for name, status, took in told:
        by_name.setdefault(name, []).append(took * 1000)
        if status not in (200, 302, 304):
            faults[f"{name}: {status}"] += 1
    pages = {}
    for name, each in [*sorted(by_name.items()), ("all", [took * 1000 for *_, took in told])]:
        each.sort()
        row = {f"p{part} ms": round(each[len(each) * part // 100], 1) for part in (50, 95, 99)}
        pages[name] = {"requests": len(each), **row}
        print(f"{name:<24} {pages[name]}")
    print(f"{len(told) / seconds:.1f} requests a second; errors: {dict(faults) or 'none'}")
    print(f"most memory, MB: {most}; load {os.getloadavg()}")
    return {"pages": pages, "errors": dict(faults), "memory MB": most, "load": os.getloadavg()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tickets", type=int, default=10_000)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--rate", type=float, default=30)
    asked.add_argument("--data", type=Path)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = (wish.data or Path(name)).absolute()
        begin(folder)
        fill_once(folder, wish.tickets)
        port = free_port()
        os.environ["AFSPRAAK_BASE_URL"] = f"http://localhost:{port}"
        with everything(folder, port) as pid:
            users = users_of(port, Random(SEED))
            warm(users)
            told, most = run(users, wish.rate, wish.seconds, pid)
        found = shown(told, wish.seconds, most)
    if wish.json:
        wish.json.write_text(json.dumps(found, indent=1), "utf-8")


def fill_once(folder: Path, tickets: int) -> None:
    """The database of the run, filled where it is not there; then the server is stopped, for
    `serve` starts its own.
    """
    import psycopg

    from afspraak.host import cluster
    from afspraak.host.database import embedded

    with psycopg.connect(embedded(folder, "owner", name="postgres").conninfo()) as connection:
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    if NAME not in known:
        script = Path(__file__).parent / "filling.py"
        subprocess.run([sys.executable, script, folder, NAME, str(tickets)], check=True)
    os.environ["AFSPRAAK_DATABASE_NAME"] = NAME
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    with owner() as connection:
        row = connection.execute("SELECT id FROM parties_organisation WHERE name LIKE 'Noord %'")
        SUPPLIER.append(str(UUID(str(row.fetchone()[0]))))
    cluster.stop(folder)


if __name__ == "__main__":
    main()
