"""The watch with many running clocks: how late it looks, and whether what it records is exact.

    python bench/watch.py [--running 100000] [--a-second 100] [--seconds 60] [--watchers 1]

A database of its own (embedded PostgreSQL, fsync on), one supplier with 40 customers. All clocks
run; so many of them come due each second. The watcher reads a clock that starts on a Tuesday in
2027 and runs at the speed of the real one. Lag is from the due instant until the transaction that
recorded it was kept. Exact: every miss recorded has the due instant that the report was answered
with.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SECOND = 1_000_000
MINUTE = 60 * SECOND
CUSTOMERS = 40
SERVICE = {"service": "e-mail", "impact": "one_person", "kind": "incident"}
TARGET = 120 * MINUTE  # gold: two hours of service time
AHEAD = 10  # seconds before the first falls due


def database(folder: Path) -> None:
    """A cluster, its tables, and Django in the system's role."""
    os.environ["AFSPRAAK_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    os.environ["AFSPRAAK_ROLE"] = "system"
    from afspraak.host import cluster
    from afspraak.host.data import data_folder
    from afspraak.host.database import address, prepare

    cluster.start(data_folder())
    prepare(address("owner"))
    subprocess.run(
        [sys.executable, "-m", "afspraak", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    import django

    django.setup()


def supplier_and_customers(at: int) -> list[Any]:
    """One supplier, its customers, and a signed contract with each; the relations."""
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / each) for each in (".", "rooms")]
    from world import frozen, make_world, sign

    from afspraak.parties.actions import add_organisation, open_relation

    world = make_world(at)
    data = frozen("msp-vier-niveaus")
    relations = [world.to_bakery]
    for number in range(1, CUSTOMERS):
        customer = add_organisation(name=f"Customer {number}", at=at)
        relation = open_relation(supplier=world.supplier, customer=customer, at=at)
        sign(world, relation, data.replace(b"nl-2027-0042", f"nl-2027-{number:04}".encode()), at)
        relations.append(relation)
    return relations


def report(relations: list[Any], base: int, near: int, step: int, running: int) -> None:
    """Reports whose first response falls due one after the other, `near` of them from now on, and
    all others so late that nobody has come to three quarters of it when we begin. The walk takes
    one of each for every relation; the rest are copies of these.
    """
    from filling import multiply

    from afspraak import flow
    from afspraak.rights.viewer import SYSTEM
    from afspraak.tickets.happened import Happened

    kinds = []
    for due in (base + AHEAD * SECOND, base + TARGET - MINUTE):
        told = [
            Happened(
                each.id, "reported", due - TARGET, "supplier",
                fields=SERVICE, recorded_at=due - TARGET,
            )
            for each in relations
        ]  # fmt: skip
        taken = flow.take_facts(told=told, viewer=SYSTEM, at=base, is_quiet=True)
        kinds.append([each.ticket.id for each in taken if each.ticket])
    copies = [(kinds[0][number % len(relations)], number * step) for number in range(near)]
    far = running - near - 2 * len(relations)
    copies += [(kinds[1][number % len(relations)], number) for number in range(far)]
    multiply(copies, base)


def promised() -> dict[tuple[Any, str, int], Any]:
    """What every running clock was answered with."""
    from afspraak.clocks.models import Assessment
    from afspraak.rights.viewer import SYSTEM

    rows = Assessment.objects.seen_by(SYSTEM).filter(state="running")
    return {
        (ticket, clause, cycle): due
        for ticket, clause, cycle, due in rows.values_list("ticket_id", "clause", "cycle", "due_at")
    }


def watch(base: int, seconds: float, watchers: int) -> list[float]:
    """Watch for so long; the lag of every look, in seconds."""
    from django.db import connection

    from afspraak import flow
    from afspraak.flow import watch as walk
    from afspraak.worker.clock import Reading
    from afspraak.worker.watch import Watcher, run

    began = time.monotonic_ns()
    lags: list[float] = []
    held = threading.local()
    claim, look = walk._claim, flow.look  # noqa: SLF001  (measured where it is done)

    def now() -> Reading:
        steady = (time.monotonic_ns() - began) // 1_000
        return Reading(base + steady, steady)

    def claimed(at: int, most: int) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ticket_id, next_look_at FROM clocks_standing"
                " WHERE next_look_at <= to_timestamp(%s::float8 / 1e6)",
                [at],
            )
            wanted = dict(cursor.fetchall())
        tickets = claim(at, most)
        held.due = [wanted[each.id] for each in tickets if each.id in wanted]
        return tickets

    def looked(*, at: int, most: int) -> int:
        held.due = []
        count = look(at=at, most=most)
        kept = now().at
        lags.extend(kept / 1e6 - due.timestamp() for due in held.due)
        return count

    walk._claim, flow.look = claimed, looked  # noqa: SLF001  (timed from inside)
    stop = threading.Event()

    def work(number: int) -> None:
        watcher = Watcher(now, name=f"bench:{number}", machine="bench")
        run(watcher, stopping=stop.is_set, pause=stop.wait)
        connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in range(watchers)]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    walk._claim, flow.look = claim, look  # noqa: SLF001  (timed from inside)
    return lags


def inexact(before: dict[tuple[Any, str, int], Any]) -> tuple[int, int]:
    """How many misses were recorded, and how many of them at another instant than was promised."""
    from afspraak.clocks.models import Assessment
    from afspraak.rights.viewer import SYSTEM

    rows = Assessment.objects.seen_by(SYSTEM).filter(missed_at__isnull=False)
    found = list(rows.values_list("ticket_id", "clause", "cycle", "missed_at"))
    wrong = [each for each in found if before.get(each[:3]) != each[3]]
    return len(found), len(wrong)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--running", type=int, default=100_000)
    asked.add_argument("--a-second", type=int, default=100)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--watchers", type=int, default=1)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        database(Path(name))
        try:
            measure(wish)
        finally:
            from afspraak.host import cluster

            cluster.stop(Path(name))


def measure(wish: argparse.Namespace) -> None:
    from afspraak.engine.time import parse_instant

    base = parse_instant("2027-03-02T11:00:00+01:00")
    relations = supplier_and_customers(parse_instant("2027-01-04T08:00:00Z"))
    near = wish.a_second * wish.seconds
    step = SECOND // wish.a_second
    report(relations, base, near, step, wish.running)
    before = promised()
    used = time.process_time()
    lags = sorted(watch(base, AHEAD + wish.seconds + 10, wish.watchers))
    used = time.process_time() - used
    misses, wrong = inexact(before)
    told = {
        "running": wish.running,
        "running clocks": len(before),
        "due a second": wish.a_second,
        "watchers": wish.watchers,
        "looks": len(lags),
        "processor ms a look": round(1000 * used / max(1, len(lags)), 2),
        "lag p50 s": round(lags[len(lags) // 2], 3),
        "lag p99 s": round(lags[len(lags) * 99 // 100], 3),
        "lag most s": round(lags[-1], 3),
        "misses": misses,
        "misses at another instant": wrong,
    }
    for what, value in told.items():
        print(f"{what}: {value}")
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=1), "utf-8")


if __name__ == "__main__":
    main()
