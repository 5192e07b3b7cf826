"""A real log through the API, over HTTP, into the database: are its verdicts those of the replay?

    python bench/real_log.py LOG [--mapping servicenow] [--tickets N] [--json OUT]

The log is imported (`afspraak import`), then sent by a token with the right to tell history to the
batch door of `afspraak serve` (embedded PostgreSQL, fsync on), under the demonstration's contract
for logs of which nothing else is known. What became of each promise on each ticket is read back
through the export and held against the replay as signed (`afspraak replay --strict`): ticket by
ticket by the function that the command calls, and the sums that the command itself prints. Exit
status 1 if anything differs.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import islice
from pathlib import Path
from typing import Any

from watch import database

MOST = 1_000  # items of a batch
FIELDS = ("service", "priority", "kind", "site")
WORDS = "(the log does not say)"
Clock = tuple[Any, ...]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("log", type=Path)
    asked.add_argument("--mapping", default="servicenow")
    asked.add_argument("--tickets", type=int, help="only so many, else all")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        (folder / "data").mkdir(mode=0o700)
        afspraak("import", wish.log, "--mapping", wish.mapping, "--out", folder / "facts")
        database(folder / "data")
        try:
            return measure(wish, folder)
        finally:
            from afspraak.host import cluster

            cluster.stop(folder / "data")


def afspraak(*words: object) -> None:
    told = [sys.executable, "-m", "afspraak", *map(str, words)]
    subprocess.run(told, check=True, stdout=subprocess.DEVNULL)


def measure(wish: argparse.Namespace, folder: Path) -> int:
    from afspraak.tickets.load import load_tickets

    tickets = list(islice(load_tickets(folder / "facts"), wish.tickets))
    relation, secret = made_rows(folder, min(each.facts[0].happened_at for each in tickets))
    with serving() as port:
        took, facts = send(port, secret, relation, tickets)
        found, faults = read_back(port, secret)
    wanted, refused, as_of = replayed(folder, tickets)
    wrong = [each for each in wanted if sorted(wanted[each]) != sorted(found.get(each, ()))]
    wrong += [each for each in found if each not in wanted]
    wrong += [each for each in refused if refused[each] != faults[each]]
    sums = differing_sums(folder, found, as_of) if wish.tickets is None else 0
    told = {
        "tickets": len(tickets),
        "facts": facts,
        "clocks": sum(map(len, found.values())),
        "tickets on which a promise could not be judged": sum(map(bool, refused.values())),
        "differences": len(set(wrong)),
        "sums of the command that differ": sums,
        "facts a second": round(facts / took),
    }
    for what, value in told.items():
        print(f"{what}: {value}")
    for each in wrong[:5]:
        print(each, sorted(wanted.get(each, ())), sorted(found.get(each, ())), faults.get(each))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=1), "utf-8")
    return 1 if wrong or sums else 0


# The rows that a log needs ------------------------------------------------------------------------


def made_rows(folder: Path, first_at: int) -> tuple[str, str]:
    """A supplier, its customer, what both signed before the log begins, and a token: the relation
    and the secret. The contract lies in the folder.
    """
    from afspraak import flow
    from afspraak.agreements.actions import Signing
    from afspraak.agreements.identity import identify
    from afspraak.cli.demo_sides import side_of_log
    from afspraak.engine.time import DAY
    from afspraak.parties import actions
    from afspraak.parties.actions_access import make_token
    from afspraak.parties.roles import Right, Role
    from afspraak.rights.viewer import SYSTEM
    from afspraak.tickets.actions import begin_numbers

    begin = first_at - 60 * DAY
    supplier, customer = (
        actions.add_organisation(name=name, at=begin) for name in ("Supplier", "Customer")
    )
    begin_numbers(supplier=supplier, prefix="N-")
    account = actions.add_account(email="admin@supplier.example", password="", at=begin)
    person = actions.add_person(organisation=supplier, name="Admin", account=account, at=begin)
    actions.give_role(person=person, organisation=supplier, role=Role.ADMIN, at=begin)
    relation = actions.open_relation(supplier=supplier, customer=customer, at=begin)
    data = side_of_log(first_at).contract
    (folder / "contract.yaml").write_bytes(data)
    actor = actions.Actor(supplier.id, person.id)
    version = flow.bring_in_version(
        relation=relation.id, data=data, name="log", actor=actor, viewer=SYSTEM, at=begin
    )
    for party in version.parties:
        signing = Signing(party, party, version.sha256, begin)
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=begin)
    now = time.time_ns() // 1_000
    maker = identify(account.pk, now)
    _, secret = make_token(
        maker=maker, name="log", rights=list(Right), expires_at=now + DAY, at=now
    )
    return str(relation.id), secret


# Over HTTP ----------------------------------------------------------------------------------------


@contextmanager
def serving() -> Iterator[int]:
    """`afspraak serve`, until the end of the block: its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "afspraak", "serve", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "AFSPRAAK_ROLE"}
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment)
    try:
        until = time.monotonic() + 600
        while not is_ready(port):
            assert time.monotonic() < until, "it does not answer"
            assert server.poll() is None, "it has stopped"
            time.sleep(0.3)
        yield port
    finally:
        server.terminate()
        server.wait()


def is_ready(port: int) -> bool:
    try:
        return asked(port, "GET", "/readyz").status == 200
    except (HTTPException, OSError):
        return False


def asked(
    port: int, method: str, path: str, secret: str = "", body: bytes | None = None, **more: str
) -> HTTPResponse:
    """One request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body, {"Authorization": f"Bearer {secret}", **more})
    return connection.getresponse()


def send(port: int, secret: str, relation: str, tickets: list[Any]) -> tuple[float, int]:
    """The history, batch by batch, each ticket whole; how long it took, how many facts."""
    items = [[item_of(fact, each.ticket, relation) for fact in each.facts] for each in tickets]
    began, count = time.monotonic(), 0
    for number, batch in enumerate(batches(items)):
        body = json.dumps({"history": True, "items": batch}).encode()
        told = {"Content-Type": "application/json", "Idempotency-Key": f"log-{number}"}
        answer = asked(port, "POST", "/api/v1/facts:batch", secret, body, **told)
        text = answer.read()
        assert answer.status == 200, text[:2_000]
        count += len(json.loads(text)["taken"])
        if number % 10 == 0:
            print(f"  {count} facts, {time.monotonic() - began:.0f} s", flush=True)
    return time.monotonic() - began, count


def batches(items: list[list[Any]]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for each in items:
        if batch and len(batch) + len(each) > MOST:
            yield batch
            batch = []
        batch.extend(each)
    yield batch


def item_of(fact: Any, ticket: str, relation: str) -> dict[str, Any]:
    """A fact of the log as the batch door takes it."""
    foreign = f"log:{ticket}"
    beside = {"relation": relation, "foreign": foreign, "recorded_at": text(fact.recorded_at)}
    fields = {name: fact.fields[name] for name in FIELDS if fact.fields.get(name)}
    source = {"source": "log", "source_id": f"{ticket}/{fact.position}"}
    told = {"happened_at": text(fact.happened_at), **source}
    if fact.code == "reported":
        return {"code": "reported", "title": ticket, **beside, **told, **fields}
    told |= {name: value for name in ("id", "of", "to", "cause") if (value := getattr(fact, name))}
    told |= {"code": fact.code}
    if fact.code == "answer" and fact.by:
        told["by"] = fact.by
    if fact.code in ("question", "diagnosis", "voided"):
        told["words"] = fact.why or WORDS
    if fact.code == "reclassified":
        told |= {"agreed": fact.agreed, "fields": fields}
    return {"code": "fact", **beside, "fact": told}


def text(at: int) -> str:
    from afspraak.engine.time import datetime_of

    return datetime_of(at).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_back(port: int, secret: str) -> tuple[dict[str, list[Clock]], dict[str, str]]:
    """Each ticket's clocks, and what could not be judged, as the export has them."""
    names: dict[str, str] = {}
    clocks: dict[str, list[Clock]] = {}
    faults: dict[str, str] = {}
    kind = ""
    for line in asked(port, "GET", "/api/v1/export", secret):
        kind, value = (part := json.loads(line))["kind"], part["value"]
        if kind == "tickets":
            name = names[value["id"]] = value["foreign"].partition(":")[2]
            clocks[name] = []
        elif kind == "standings":
            faults[names[value["ticket_id"]]] = value["fault"]
        elif kind == "clocks":
            clocks[names[value["ticket_id"]]].append(tuple(value[each] for each in COLUMNS))
    assert kind == "end", "the export was cut off"
    return clocks, faults


COLUMNS = (
    *("clause", "cycle", "measure", "promisor", "state", "is_relieved", "on_trial", "start_at"),
    *("due_at", "satisfied_at", "missed_at", "target", "spent", "service", "level", "priority"),
)


# The replay ---------------------------------------------------------------------------------------


def replayed(
    folder: Path, tickets: list[Any]
) -> tuple[dict[str, list[Clock]], dict[str, str], int]:
    """The same by the replay, and as of when."""
    from afspraak.cli.reading import contracts_at
    from afspraak.reports.governing import Book
    from afspraak.reports.replay import Logged, as_it_stands

    contracts = contracts_at(folder / "contract.yaml", None)
    as_of = time.time_ns() // 1_000
    first = min(each.facts[0].happened_at for each in tickets)
    book = Book(contracts, (first, as_of), strict=True, assumed={})
    clocks: dict[str, list[Clock]] = {}
    faults: dict[str, str] = {}
    for each in tickets:
        ticket, _ = as_it_stands(Logged(each.ticket, each.customer, each.facts), as_of)
        judged = book.judge(each.customer, ticket)
        clocks[each.ticket] = clocks_of(judged)
        faults[each.ticket] = "; ".join(str(one.refusal) for one in judged.refused)[:400]
    return clocks, faults, as_of


def clocks_of(judged: Any) -> list[Clock]:
    from afspraak.reports.rows import rows_of

    reported = {name: value for name, value in judged.ticket.fields.items() if name != "customer"}
    found = []
    for row, each in zip(rows_of("", judged), judged.assessed, strict=True):
        case = judged.clockwork.case(reported, each.rule)
        instants = (each.start_at, each.due_at, each.satisfied_at, each.missed_at)
        start, due, satisfied, missed = (None if at is None else text(at) for at in instants)
        promise = each.promise
        found.append(
            (
                *(promise.clause, each.cycle, promise.measure, promise.promisor, each.state),
                *(bool(row.relieved_by), each.on_trial, start, due, satisfied, missed),
                str(each.limits[0].target) if each.limits else "",
                str(each.spent) if each.spent and each.satisfied_at is not None else "",
                *(case.get(name, "") for name in ("service", "level", "priority")),
            )
        )
    return found


def differing_sums(folder: Path, found: dict[str, list[Clock]], as_of: int) -> int:
    """How many sums of `afspraak replay --strict` are not those of the clocks in the database."""
    out = folder / "replay.json"
    words = ["--contract", folder / "contract.yaml", "--facts", folder / "facts", "--strict"]
    afspraak("replay", *words, "--as-of", text(as_of), "--json", out)
    told = json.loads(out.read_text("utf-8"))
    sums = Counter((clock[0], clock[4]) for clocks in found.values() for clock in clocks)
    wrong = 0
    for promise in told["promises"]:
        for state in ("met", "missed", "running", "paused", "void"):
            wrong += promise["counts"].get(state, 0) != sums[promise["clause"], state]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
