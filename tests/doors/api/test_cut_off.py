"""The database is cut off at every statement of every write: nothing is half done, and who asks
again with the same key gets the answer that an undisturbed request gets.
"""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import embedded
import pytest
from cut import AFTER, Cut, Prints, cutting, fingerprints
from cut_making import OPEN_TERM
from cut_stage import LATER, Stage, amended, set_stage
from django.db import close_old_connections
from hands import Hand, a_report
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread

from afspraak.api import admission
from afspraak.language.text.templates import template_bytes
from afspraak.signing import pades

VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")
"""Ids and salted hashes: another one at every attempt."""


@pytest.fixture(scope="module")
def stage(django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    name = embedded.copied_database(f"afspraak_stage_{secrets.token_hex(6)}").name
    with django_db_blocker.unblock():
        with as_database(name, "system"):
            made = in_thread(lambda: set_stage(name))
        yield made
    embedded.drop_database(name)


# The writes ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Write:
    """One use case as it is asked: `{name}` stands for an id of the stage."""

    operation: str
    path: str
    body: Any = None
    who: str = "alice"
    method: str = "POST"
    media: str = "application/json"

    def ask(self, stage: Stage, key: str) -> Any:
        """The answer to it, with a key."""
        hand = Hand(stage.world.secrets[self.who])
        body = self.body(stage) if callable(self.body) else self.body
        if not isinstance(body, bytes):
            body = json.dumps(_filled(body, stage.ids)).encode()
        return hand.ask(
            self.method,
            self.path.format(**stage.ids),
            body,
            content_type=self.media,
            **{"Idempotency-Key": key},
        )


def _filled(body: Any, ids: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(each, ids) for each in body]
    if isinstance(body, str):
        return re.sub(r"\{(\w+)\}", lambda m: ids[m[1]], body)
    return body


def fact(code: str, who: str = "alice", **more: Any) -> Write:
    return Write("tell_fact", "tickets/{ticket}/facts", {"code": code, **more}, who)


SAID = {"words": "Wij kijken ernaar."}
SOON = "2027-03-02T16:00:00+01:00"
CHANGED = {"cause": "new_facts", "fields": {"priority": "P1"}}
FACTS = [
    fact("acknowledged"),
    fact("supplier_contact", **SAID),
    fact("customer_contact", "bob", **SAID),
    fact("question", to="customer", **SAID),
    fact("question", to="third_party", **SAID),
    fact("answer", "bob", of="{question}"),
    fact("diagnosis", until=SOON, cost="EUR 90.00", **SAID),
    fact("expectation", until=SOON),
    fact("workaround", **SAID),
    fact("solved", **SAID),
    fact("reclassified", **CHANGED),
    fact("merged", ticket="{other}"),
    fact("voided", **SAID),
    fact("confirmed", "bob", of="{question}"),
    fact("corrected", of="{question}", set={"happened_at": "2027-03-02T09:00:30Z"}),
    fact("cost_proposed", cost="EUR 40.00"),
    fact("cost_agreed", "bob", of="{cost}"),
    fact("cost_declined", "bob", of="{cost}"),
    fact("contribution", "bob", **SAID),
]


def service(code: str, **more: str) -> Write:
    path = "agreements/{agreement}/services"
    return Write("tell_service_fact", path, {"code": code, **more})


def of_agreement(code: str, **more: Any) -> Write:
    path = "agreements/{agreement}/facts"
    return Write("tell_agreement_fact", path, {"code": code, **more})


def evidence(who: str, **told: str) -> Write:
    return Write("give_evidence", "agreements/{agreement}/evidence", told, who)


NIGHT = {"from_at": "2027-04-09T20:00:00Z", "until_at": "2027-04-09T22:00:00Z"}
YAML = "application/yaml"
BYTES = "application/octet-stream"
CATALOGUE = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
AGREEMENTS = [
    service("outage_began", service="werkplek"),
    service("outage_ended", service="e-mail", of="{outage}"),
    service("maintenance_announced", service="e-mail", **NIGHT),
    service("maintenance_withdrawn", of="{maintenance}"),
    evidence("alice", code="evidence", clause="{clause}", for_on="{for_on}"),
    evidence("bob", code="evidence_confirmed", of="{evidence}"),
    of_agreement("units", service="e-mail", count=44, from_on="2027-04-01"),
    of_agreement("index_value", index="cpi", month_on="2027-01-01", value="128.4"),
    of_agreement("cover_extended", calendar="kantoor", until_on="2034-01-01", closed=[]),
    Write(
        "bring_in_version",
        "relations/{relation}/versions",
        lambda _stage: amended().replace(b"number: 2, from", b"number: 3, from"),
        media=YAML,
    ),
    Write(
        "sign_version",
        "versions/{version}/signatures",
        {"party": "supplier", "by_name": "M. de Boer", "sha256": "{sha256}"},
    ),
    Write(
        "sign_in_pdf",
        "versions/{version}/signed-file?party=supplier",
        lambda stage: stage.signed_pdf,
        media="application/pdf",
    ),
]
MAIL = b"From: bob@bakery.example\r\nTo: desk@noord.example\r\nSubject: Mail\r\n\r\nHallo.\r\n"
ALERT = {
    "status": "firing",
    "labels": {"service": "mail.noord", "alertname": "Down"},
    "annotations": {"summary": "geen antwoord"},
    "startsAt": "2027-03-02T09:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "ab12",
}
ALERTS = {"version": "4", "truncatedAlerts": 0, "alerts": [ALERT]}
KUMA = {
    "heartbeat": {"status": 0, "time": "2027-03-02 09:00:00", "msg": "timeout"},
    "monitor": {"id": 7, "name": "mail.noord", "tags": []},
    "msg": "x",
}
ZABBIX = {
    "event_source": "0",
    "event_update_status": "0",
    "host_name": "mail01",
    "event_id": "12",
    "event_value": "1",
    "event_timestamp": "1803978000",
    "service": "mail.noord",
    "event_name": "geen antwoord",
}


def a_batch(stage: Stage) -> bytes:
    relation, name = stage.ids["relation"], "other:7"
    report = {**a_report(stage.world), "code": "reported", "foreign": name}
    solved = {"code": "fact", "relation": relation, "foreign": name, "fact": {"code": "solved"}}
    known = {
        "code": "fact",
        "relation": relation,
        "ticket": stage.ids["ticket"],
        "fact": {"code": "supplier_contact", "words": "Wij bellen."},
    }
    return json.dumps({"items": [report, solved, known]}).encode()


OTHERS = [
    Write("report_ticket", "tickets", lambda stage: json.dumps(a_report(stage.world)).encode()),
    Write("take_batch", "facts:batch", a_batch),
    Write("open_major_incident", "incidents", {"name": "Storing in het net"}),
    Write("reach_tickets", "incidents/{incident}/tickets", {"tickets": ["{ticket}"]}),
    Write("tell_all", "incidents/{incident}/facts", {"code": "supplier_contact", **SAID}),
    Write("close_major_incident", "incidents/{incident}/close", b""),
    Write("take_mail", "mail", MAIL, media="message/rfc822"),
    Write("hear_alertmanager", "monitors/alertmanager", ALERTS),
    Write("hear_uptime_kuma", "monitors/uptime-kuma", KUMA),
    Write("hear_zabbix", "monitors/zabbix", ZABBIX),
    Write("add_note", "tickets/{ticket}/notes", {"body": "Belde boos."}),
    Write("approve_notice", "notices/{notice}/approve", {"without_expectation": True}),
    Write("edit_notice", "notices/{notice}", {"title": "Laat", "body": "Sorry."}, method="PATCH"),
    Write("withhold_notice", "notices/{notice}/withhold", {"why": "Al gebeld."}),
    Write("add_customer", "customers", {"name": "Bloemist Roos"}),
    Write("add_somebody", "people", {"organisation": "{bakery}", "name": "Dirk"}),
    Write("change_somebody", "people/{person}", {"name": "Bob de Bakker"}, method="PATCH"),
    Write("attach_file", "tickets/{ticket}/attachments?name=a.txt", b"x", media=BYTES),
    Write("erase_text", "facts/{question}/erasure", {"why": "request"}),
    Write("bring_in_catalogue", "catalogues", CATALOGUE, media=YAML),
]
SET_UP = [
    Write(
        "set_ladder",
        "agreements/{agreement}/ladder",
        {"steps": [{"percent": 50, "role": "agent"}]},
    ),
    Write(
        "add_outside_hour",
        "outside-hours",
        {
            "per_hour": "EUR 95.00",
            "from_at": "2028-01-01T00:00:00Z",
            "until_at": "2029-01-01T00:00:00Z",
        },
    ),
]


def making(operation: str, path: str, body: Any = None, who: str = "alice") -> Write:
    return Write(operation, path, body, who)


TEXT = template_bytes("kleine-reseller")
PLEDGE = {
    "promisor": "supplier",
    "by_name": "Anna",
    "said_on": "2027-03-01",
    "place": "dinner",
    "words": "Gratis training",
    "is_shown": True,
}
WISH = {
    "catalogue": "{catalogue}",
    "service": "kassa",
    "level": "gold",
    "words": "Op zaterdag",
    "week": {"sat": ["09:00-17:00"]},
}
GRANTED = {"is_granted": True, "yearly": "900.00", "draft": "{wished}"}
VALUE = {"index": "CPI", "month_on": "2027-01-01", "value": "131.2", "source": "CBS"}
ELSEWHERE = {"question": "team.others", "kind": "elsewhere", "where": "Onze offerte, blz. 3"}
OWN, RUNS = "drafts/{draft}", "agreements/{agreement}"
MAKING = [
    Write("begin_draft", "relations/{relation}/drafts?name=2028", TEXT, media=YAML),
    Write("write_draft", f"{OWN}/texts?after=1&why=prijs", TEXT + b"\n", media=YAML),
    making("show_draft", "drafts/{hidden}/shown", {}),
    making("add_remark", f"{OWN}/remarks", {"words": "Wat kost dit?"}, "bob"),
    making("add_proposal", f"{OWN}/proposals", {"clause": "reageren", **SAID}, "bob"),
    making("answer_proposal", "proposals/{proposal}/answer", {"accept": True}),
    making("answer_proposal", "proposals/{proposal}/answer", {"accept": False, "why": "Nee."}),
    making(
        "answer_offer",
        "offers/{offer}/answer",
        {"what": "accept", "level": "gold", "by_name": "Bob"},
        "bob",
    ),
    making("make_wish", "relations/{relation}/wishes", WISH, "bob"),
    making("reckon_wish", "wishes/{wish}/upkeep", {"fixed": "250.00"}),
    making("decide_on_wish", "wishes/{wish}/decision", GRANTED),
    making("add_pledge", "relations/{relation}/pledges", PLEDGE, "bob"),
    making("answer_draft_point", f"{OWN}/readiness/answers", ELSEWHERE),
    making("state_draft_list", f"{OWN}/readiness/lists", {"about": "gdpr", "choice": "no"}),
    making("accept_draft_point", f"{OWN}/readiness/accepted", {"what": "{left_in_draft}"}, "bob"),
    making("answer_point", f"{RUNS}/readiness/answers", ELSEWHERE),
    making("state_list", f"{RUNS}/readiness/lists", {"about": "nis2", "choice": "no"}),
    making("accept_point", f"{RUNS}/readiness/accepted", {"what": "{left}"}, "bob"),
    making(
        "confirm_reading",
        "papers/{paper}/confirmed",
        {"field": "notice", "value": "3 months"},
        "coen",
    ),
    making("name_owner", f"{RUNS}/owners", {"clause": "contactlijst", "person": "{person}"}, "bob"),
    making("keep_thing", f"{RUNS}/things", {"label": "k1", "name": "Kassa", "owner": "customer"}),
    making("say_of_term", "agreements/{open_agreement}/open-terms/dossier-open/words", OPEN_TERM),
    making("mark_hurt", f"{RUNS}/hurts", {"service": "e-mail"}, "bob"),
    making("begin_amendment", f"{RUNS}/amendments", {"from_on": "2027-06-01"}, "coen"),
    making("enter_index_values", f"{RUNS}/index-values", {"values": [VALUE]}),
]
WRITES = [*OTHERS, *SET_UP, *FACTS, *AGREEMENTS, *MAKING]
READS = {"validate_version", "would_promise"}
"""Operations that are asked with POST and write nothing."""
BY_PEOPLE = {
    "add_token",
    "stop_token",
    "add_invitation",
    "stop_invitation",
    "renew_an_invitation",
    "stop_adviser",
    "give_another_role",
    "end_a_role",
}
"""What no token may ask for; its actions are cut in `test_cut_steps`."""


def name_of(write: Write) -> str:
    body = write.body if isinstance(write.body, dict) else {}
    return "-".join(filter(None, (write.operation, body.get("code", ""), body.get("to", ""))))


# The cuts -----------------------------------------------------------------------------------------


@dataclass
class Became:
    """What a write is answered, and how many rows it adds to each table."""

    status: int
    said: str
    added: dict[str, int]

    @classmethod
    def of(cls, answer: Any, before: Prints, name: str) -> "Became":
        there = fingerprints(name)
        added = {table: there[table][0] - before[table][0] for table in there}
        return cls(answer.status_code, VARIES.sub("#", answer.content.decode()), added)


def undisturbed(stage: Stage, write: Write, before: Prints) -> tuple[Became, int]:
    """What becomes of it when nothing happens, and at how many moments something could."""
    with stage.copy() as name, as_database(name, "app"):

        def ask() -> tuple[Became, int]:
            with cutting(Cut(name)) as cut:
                answer = write.ask(stage, "k")
            assert answer.status_code < 300, answer.content
            return Became.of(answer, before, name), cut.passed

        found: tuple[Became, int] = in_thread(ask)
    return found


def cut_off(
    stage: Stage, write: Write, before: Prints, *, first: int = 1
) -> tuple[list[str], Became]:
    """Ask for it again and again with the same key, cut off one moment later each time until it is
    committed: where it was cut off, and what became of it. Until then every table is byte for byte
    as it was, so that each of these requests meets what an undisturbed one meets.
    """
    with stage.copy() as name, as_database(name, "app"):

        def ask() -> tuple[list[str], Became]:
            cuts: list[str] = []
            while cuts[-1:] != [AFTER]:
                with cutting(Cut(name, first + len(cuts))) as cut:
                    answer = write.ask(stage, "k")
                assert answer.status_code == 503, f"{cut.where}: {answer.status_code}"
                close_old_connections()  # as a server does before a request, the test's client not
                cuts.append(cut.where)
                if cut.where != AFTER:
                    assert fingerprints(name) == before, f"{cut.where}: something of it is there"
            became = [Became.of(again(), before, name) for _ in range(2)]
            assert became[0] == became[1]
            return cuts, became[0]

        def again() -> Any:
            answer = write.ask(stage, "k")
            assert answer["Idempotency-Replayed"] == "true"
            return answer

        found: tuple[list[str], Became] = in_thread(ask)
    return found


_read_once = cache(pades.answer_of)
"""A signed file is read by the child once: the same file, the same answer."""


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "now", lambda: LATER)
    monkeypatch.setattr(pades, "answer_of", _read_once)


@pytest.mark.long
@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("write", WRITES, ids=name_of)
def test_a_write_that_is_cut_off_anywhere_is_not_half_done(stage: Stage, write: Write) -> None:
    before = fingerprints(stage.name)
    plain, _ = undisturbed(stage, write, before)  # what a process reads once, it has read
    cuts, became = cut_off(stage, write, before)
    assert cuts[-2:] == ["before COMMIT", AFTER]
    assert any(each.startswith(("before INSERT", "before UPDATE")) for each in cuts)
    assert became == plain


@pytest.mark.usefixtures("later")
def test_a_fact_that_is_cut_off_around_its_commit_is_there_once_or_not(stage: Stage) -> None:
    write, before = fact("supplier_contact", **SAID), fingerprints(stage.name)
    undisturbed(stage, write, before)  # what a process reads once, it has read
    plain, moments = undisturbed(stage, write, before)
    cuts, became = cut_off(stage, write, before, first=moments - 3)
    assert cuts[-2:] == ["before COMMIT", AFTER]
    assert became == plain


def test_every_operation_that_writes_is_cut_off() -> None:
    """An operation that is added here has its write in the list."""
    from routes import every_route  # noqa: PLC0415  (it reads all addresses)

    from afspraak.api.app import api  # noqa: PLC0415

    assert every_route()
    writing = {
        operation.view_func.__name__
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        if set(operation.methods) - {"GET", "HEAD"}
    }
    assert {each.operation for each in WRITES} == writing - READS - BY_PEOPLE
