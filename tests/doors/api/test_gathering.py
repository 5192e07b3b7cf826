"""Requests that are under way at the same time are done at once; each has its own answer."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connections
from hands import Hand, a_report, take_role
from psycopg import errors
from world import TUESDAY, World

from afspraak.api.facts_asked import ReportAsked
from afspraak.api.gathering import Gathering
from afspraak.api.problem import Missing, is_undone
from afspraak.api.reporting import Report, take_reports
from afspraak.engine.time import Refusal, instant_of
from afspraak.parties.actions_answers import Keyed, KeyUsed
from afspraak.parties.identity import identify_token, seeing
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact, Ticket

NOTHING: frozenset[str] = frozenset()


class Desk:
    """Work that can be held up: what was done together, in turn."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.done: list[list[str]] = []
        self._begun, self._go = Event(), Event()
        self._fault = fault
        self.gathering = Gathering(self._work, is_undone=is_undone)

    def _work(self, asked: list[str]) -> list[str]:
        self.done.append(list(asked))
        if asked == ["first"]:
            self._begun.set()
            assert self._go.wait(20)
        if self._fault and "bad" in asked:
            raise self._fault
        return [each.upper() for each in asked]

    def ask(self, asked: str, of: str = "Alice", names: frozenset[str] = NOTHING) -> Any:
        return self.gathering(asked, of=of, names=names)

    @contextmanager
    def held_up(self, of: str = "Alice") -> Iterator[Callable[..., Any]]:
        """Somebody's first is being done; what is asked in here waits until the end."""
        with ThreadPoolExecutor(8) as threads:
            threads.submit(self.ask, "first", of)
            assert self._begun.wait(20)

            def ask(asked: str, names: frozenset[str] = NOTHING) -> Any:
                waiting = len(self.gathering._crowds[of].waiting)
                found = threads.submit(self.ask, asked, of, names)
                with self.gathering._changed:
                    crowd = self.gathering._crowds[of]
                    assert self.gathering._changed.wait_for(
                        lambda: len(crowd.waiting) > waiting, 20
                    )
                return found

            yield ask
            self._go.set()


def test_who_comes_while_others_are_at_work_is_done_with_all_who_came() -> None:
    desk = Desk()
    with desk.held_up() as ask:
        found = [ask(each) for each in ("a", "b", "c")]
    assert [each.result() for each in found] == ["A", "B", "C"]
    assert [sorted(each) for each in desk.done] == [["first"], ["a", "b", "c"]]


def test_nobody_is_done_with_what_another_asks() -> None:
    desk = Desk()
    with desk.held_up() as ask:
        found = ask("a")
        assert desk.ask("b", "Bob") == "B"
    assert found.result() == "A"
    assert desk.done == [["first"], ["b"], ["a"]]


def test_two_that_share_a_name_are_done_one_after_the_other() -> None:
    desk = Desk()
    with desk.held_up() as ask:
        found = [ask(each, frozenset({"same"})) for each in ("a", "b")]
    assert [each.result() for each in found] == ["A", "B"]
    assert [len(each) for each in desk.done] == [1, 1, 1]


def test_what_one_is_refused_spoils_nothing_for_the_others() -> None:
    desk = Desk(Refusal("not this"))
    with desk.held_up() as ask:
        good, bad = ask("good"), ask("bad")
    assert good.result() == "GOOD"
    with pytest.raises(Refusal, match="not this"):
        bad.result()
    assert sorted(map(len, desk.done)) == [1, 1, 1, 2]


def test_what_may_have_been_kept_is_not_tried_again() -> None:
    desk = Desk(OperationalError("the database has gone"))
    with desk.held_up() as ask:
        found = [ask("good"), ask("bad")]
    for each in found:
        with pytest.raises(OperationalError, match="gone"):
            each.result()
    assert [len(each) for each in desk.done] == [1, 2]


@pytest.mark.parametrize(
    ("fault", "is_certain"),
    [
        (Refusal("no"), True),
        (Missing(), True),
        (OperationalError(), False),
        (OperationalError(), True),
    ],
)
def test_it_is_known_when_nothing_was_written(fault: Exception, *, is_certain: bool) -> None:
    if isinstance(fault, OperationalError) and is_certain:
        fault.__cause__ = errors.LockNotAvailable()
    assert is_undone(fault) is is_certain


def test_of_many_askers_only_those_who_wait_are_remembered(monkeypatch: Any) -> None:
    monkeypatch.setattr("afspraak.api.gathering.MOST_KNOWN", 2)
    desk = Desk()
    assert [desk.ask("a", str(number)) for number in range(5)] == ["A"] * 5
    assert len(desk.gathering._crowds) <= 2


# Reports ------------------------------------------------------------------------------------------


def report(world: World, number: int, key: str = "", **more: Any) -> Report:
    """Bob's, a moment after the one before."""
    identity = identify_token(world.secrets["bob"], TUESDAY)
    assert identity is not None
    keyed = Keyed(identity.actor, "report_ticket", key, b"h" * 32) if key else None
    body = ReportAsked.model_validate(a_report(world, **more))
    return Report(body, identity, keyed, TUESDAY + number)


def taken(reports: list[Report]) -> list[Any]:
    with seeing(reports[0].identity):
        return take_reports(reports)


def test_reports_that_are_taken_together_are_answered_as_if_each_came_alone(world: World) -> None:
    reports = [report(world, number, title=f"Mail {number}") for number in range(5)]
    answers = taken(reports)
    assert [each.status_code for each in answers] == [201] * 5
    told = [json.loads(each.content) for each in answers]
    assert [each["ticket"]["title"] for each in told] == [f"Mail {n}" for n in range(5)]
    assert [each["ticket"]["number"] for each in told] == [f"N-{n}" for n in range(1, 6)]
    assert all(each["verdict"]["leads"] for each in told)
    alone = json.loads(taken([report(world, 9)])[0].content)
    assert [each.keys() for each in told] == [alone.keys()] * 5
    take_role("system")
    facts = Fact.objects.seen_by(SYSTEM).order_by("seq")
    assert [row.seq for row in facts][-6:] == list(range(facts[0].seq, facts[0].seq + 6))
    assert len({row.logged_at for row in facts[:5]}) == 1
    assert [instant_of(row.happened_at) - TUESDAY for row in facts] == [0, 1, 2, 3, 4, 9]


def test_each_keeps_its_own_key(world: World) -> None:
    first = taken([report(world, 0, "a"), report(world, 1), report(world, 2, "b", title="Anders")])
    again = taken(
        [report(world, 3, "b", title="Anders"), report(world, 4, "c"), report(world, 5, "a")]
    )
    assert [each.headers.get("Idempotency-Replayed") for each in again] == ["true", None, "true"]
    assert (again[0].content, again[2].content) == (first[2].content, first[0].content)
    take_role("system")
    assert Ticket.objects.seen_by(SYSTEM).count() == 4


def test_a_key_of_another_request_ends_all_of_them(world: World) -> None:
    taken([report(world, 0, "a")])
    other = report(world, 1, "a")
    other = replace(other, keyed=replace(other.keyed, request_hash=b"o" * 32))  # type: ignore[type-var]  # it has one
    with pytest.raises(KeyUsed):
        taken([report(world, 2), other])
    take_role("system")
    assert Ticket.objects.seen_by(SYSTEM).count() == 1


def test_what_shares_a_name_is_never_taken_together(world: World) -> None:
    named = {"source": "zabbix", "source_id": "7", "foreign": "INC-7"}
    one, same_key = report(world, 0, "a", **named), report(world, 1, "a")
    same_source = report(world, 2, source="zabbix", source_id="7")
    same_ticket, other = report(world, 3, foreign="INC-7"), report(world, 4, "b", source_id="7")
    shared = [bool(one.names & each.names) for each in (same_key, same_source, same_ticket, other)]
    assert shared == [True, True, True, False]


@pytest.mark.long
def test_reports_under_way_at_once_are_all_kept_and_refused_alone(served: Any) -> None:
    """By eight threads, some of them wrong: as many tickets as were answered, numbered without a
    gap.
    """
    hand = Hand(served.world.secrets["bob"])

    def ask(body: dict[str, Any] | None) -> Any:
        try:
            return hand.post("tickets", body) if body else hand.get("tickets?limit=100")
        finally:
            connections["default"].close()

    wrong = {"impact": "doom"}
    bodies = [a_report(served.world, **(wrong if not each % 5 else {})) for each in range(40)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, bodies))
        tickets = threads.submit(ask, None).result().json()["items"]
    assert [each.status_code for each in answers] == [
        201 if each % 5 else 409 for each in range(40)
    ]
    assert {each["number"] for each in tickets} == {f"N-{number}" for number in range(1, 33)}
