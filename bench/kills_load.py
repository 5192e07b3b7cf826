"""The clients of `kills.py`: writes through the API, one after the other, each asked again until it
is answered; and the mail server that takes what is sent.
"""

import http.client
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from kills_world import Household

PATIENCE = 20.0
"""Seconds that a client waits for one answer."""
PAUSE = 0.25
"""Seconds before it asks again."""
NEVER = 600.0
"""Seconds after which a write will never be answered: a fault."""


@dataclass
class Record:
    """What was answered: the truth that the database is held against."""

    facts: dict[str, str] = field(default_factory=dict)
    """Ids of facts that were acknowledged, and what they were."""
    keys: dict[str, bytes] = field(default_factory=dict)
    """The hash of the answer to each request that carried a key."""
    sources: dict[str, str] = field(default_factory=dict)
    """The one fact of each `source_id`."""
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, number: int = 1) -> None:
        with self.lock:
            self.counts[what] += number

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)


@dataclass
class Told:
    """A ticket as its client knows it."""

    id: str
    place: int
    questions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """One write: who makes it, where, what."""

    what: str
    secret: str
    path: str
    body: dict[str, Any]
    key: str = ""


class Client(threading.Thread):
    """One program that reports and tells, as a desk and its customers do."""

    def __init__(self, number: int, seed: int, port: int, house: Household, record: Record) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._name, self._chance = f"{seed}.{number}", Random(f"{seed} client {number}")
        self._port, self._house, self._record = port, house, record
        self._open: list[Told] = []
        self._keyed: list[tuple[Asked, bytes]] = []
        self._made = 0
        self._ending = threading.Event()

    def end(self) -> None:
        """Solve what is open, and stop."""
        self._ending.set()

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                self._one()
                self._ending.wait(self._chance.uniform(0, 0.3))
            for ticket in self._open:
                self._tell(ticket, "solved", words="Verholpen.")
        except Exception as fault:  # noqa: BLE001 - whatever stops a client is a finding
            self._record.fault(f"{self.name} stopped: {type(fault).__name__}: {fault}")

    def _one(self) -> None:
        """The next thing that this client does."""
        chance = self._chance
        if self._keyed and chance.random() < 0.1:
            self._again()
        elif len(self._open) < 3 or chance.random() < 0.15:
            self._report()
        elif chance.random() < 0.08:
            self._batch()
        else:
            self._talk(chance.choice(self._open))

    # What is said ---------------------------------------------------------------------------------

    def _report(self) -> None:
        place = self._chance.randrange(len(self._house.relations))
        by_customer = self._chance.random() < 0.3
        secret = self._house.customers[place] if by_customer else self._house.supplier
        body = {"relation": self._house.relations[place], **self._words(place)}
        answer = self._ask("report", secret, "/api/v1/tickets", body)
        if answer is not None:
            self._open.append(Told(answer["ticket"]["id"], place))

    def _words(self, place: int) -> dict[str, Any]:
        return {
            "title": f"Mail komt niet aan ({self._made})",
            "words": "Sinds vanochtend.",
            "service": "e-mail",
            "impact": self._chance.choice(["everybody", "one_person", "one_person"]),
            "kind": "incident",
            "reporter": self._house.reporters[place],
        }

    def _batch(self) -> None:
        """Reports of another system with what was said about each, all in one request."""
        place = self._chance.randrange(len(self._house.relations))
        relation = self._house.relations[place]
        items: list[dict[str, Any]] = []
        for number in range(self._chance.randint(1, 6)):
            foreign = f"other:{self._name}-{self._made}-{number}"
            items.append(
                {"code": "reported", "relation": relation, "foreign": foreign, **self._words(place)}
            )
            for fact in self._chance.sample(("supplier_contact", "workaround"), k=1):
                said = {"code": fact, "words": "Wij kijken ernaar."}
                items.append(
                    {"code": "fact", "relation": relation, "foreign": foreign, "fact": said}
                )
            done = {"code": "solved", "words": "Verholpen."}
            items.append({"code": "fact", "relation": relation, "foreign": foreign, "fact": done})
        self._ask("batch", self._house.supplier, "/api/v1/facts:batch", {"items": items})

    def _talk(self, ticket: Told) -> None:
        if ticket.questions and self._chance.random() < 0.5:
            of = ticket.questions.pop()
            self._tell(ticket, "answer", of=of, words="Sinds gisteren.", by_customer=True)
            return
        code = self._chance.choices(
            (
                "supplier_contact",
                "customer_contact",
                "question",
                "diagnosis",
                "expectation",
                "solved",
            ),
            (3, 3, 2, 2, 1, 4),
        )[0]
        more: dict[str, Any] = {"words": "Wij kijken ernaar."}
        if code == "question":
            more["to"] = "customer"
        if code == "expectation":
            soon = datetime.now(UTC) + timedelta(seconds=self._chance.randint(5, 60))
            more["until"] = soon.isoformat()
        answer = self._tell(ticket, code, by_customer=code == "customer_contact", **more)
        if code == "question" and answer is not None:
            ticket.questions.append(answer["fact"]["id"])
        if code == "solved":
            self._open.remove(ticket)

    def _tell(self, ticket: Told, code: str, *, by_customer: bool = False, **more: Any) -> Any:
        secret = self._house.customers[ticket.place] if by_customer else self._house.supplier
        body = {"code": code, **more}
        return self._ask(code, secret, f"/api/v1/tickets/{ticket.id}/facts", body)

    def _again(self) -> None:
        """A request that was answered before gets the same answer, bytes and all."""
        asked, before = self._chance.choice(self._keyed[-200:])
        _, answer = self._until_answered(asked)
        self._record.count("asked again")
        if sha256(answer).digest() != before:
            self._record.fault(f"{asked.what} {asked.key}: another answer than before")

    # How it is asked ------------------------------------------------------------------------------

    def _ask(self, what: str, secret: str, path: str, body: dict[str, Any]) -> Any:
        """Ask with a key, or with a source's own id; the answer as values, None if refused."""
        self._made += 1
        name = f"{self._name}-{self._made}"
        if what != "batch" and self._chance.random() < 0.3:
            asked = Asked(what, secret, path, {**body, "source": "kills", "source_id": name})
        else:
            asked = Asked(what, secret, path, body, key=name)
        status, answer = self._until_answered(asked)
        if status >= 400:
            self._record.count(f"refused {status}")
            self._record.fault(f"{what}: {status} {answer[:300].decode()}")
            return None
        told = json.loads(answer)
        self._keep(asked, told, answer)
        return told

    def _keep(self, asked: Asked, told: Any, answer: bytes) -> None:
        facts = [each["fact"]["id"] for each in told.get("taken", [told])]
        record = self._record
        with record.lock:
            record.answered += 1
            record.counts[asked.what] += 1
            record.facts.update(dict.fromkeys(facts, asked.what))
            if asked.key:
                record.keys[asked.key] = sha256(answer).digest()
            else:
                record.sources[asked.body["source_id"]] = facts[0]
        if asked.key:
            self._keyed.append((asked, sha256(answer).digest()))

    def _until_answered(self, asked: Asked) -> tuple[int, bytes]:
        until = time.monotonic() + NEVER
        while time.monotonic() < until:
            try:
                status, answer = self._once(asked)
            except (OSError, http.client.HTTPException) as fault:
                self._record.count(f"unanswered ({type(fault).__name__})")
            else:
                if status < 500:
                    return status, answer
                self._record.count(f"answered {status} {kind_of(answer)}".rstrip())
                if status != 503:
                    self._record.fault(f"{asked.what}: {status} {answer[:300].decode()}")
            time.sleep(PAUSE)
        raise TimeoutError(f"{asked.what} {asked.key}: never answered")

    def _once(self, asked: Asked) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        headers = {
            "Authorization": f"Bearer {asked.secret}",
            "Content-Type": "application/json",
        }
        if asked.key:
            headers["Idempotency-Key"] = asked.key
        try:
            connection.request("POST", asked.path, json.dumps(asked.body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def kind_of(answer: bytes) -> str:
    """Which problem it is that was answered; nothing where it is no problem of ours."""
    try:
        return str(json.loads(answer)["type"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError):
        return ""


class Box:
    """The mail server's memory: the bytes that were taken under each Message-ID."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[str, bytes]]] = defaultdict(list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (the name it is called by)
        raw = bytes(envelope.original_content)
        head = raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n ", " ")
        lines = dict(line.partition(":")[::2] for line in head.split("\r\n"))
        name = lines.get("Message-ID", "").strip()
        self.taken[name].append((envelope.rcpt_tos[0], raw))
        return "250 OK"

    def copies(self) -> Iterator[tuple[str, int]]:
        """Messages that came more than once, and how often."""
        for name, taken in list(self.taken.items()):
            if len(taken) > 1:
                yield name, len(taken)
