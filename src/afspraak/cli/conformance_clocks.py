"""The three asks of conformance/FORMAT.md: deadline, elapsed, clock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_facts import log_of, only
from afspraak.cli.conformance_read import CASE_KEYS, Table
from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import PARTIES, Fact, settle
from afspraak.engine.hours import Hours
from afspraak.engine.terms import MEASURES, Fields, Promise, Rule
from afspraak.engine.time import (
    Duration,
    Refusal,
    ServiceTime,
    parse_duration,
    parse_instant,
    show_days,
    show_duration,
)

INSTANTS: Final = ("due_at", "satisfied_at", "missed_at")
_PROMISE_KEYS: Final = frozenset(
    (
        "kind",
        "promisor",
        "target",
        "targets",
        "calendar",
        "pauses",
        "reopen",
        "acceptance",
        "armed_by",
    ),
)


def _deadline(case: Table, calendars: Calendars) -> int:
    only(case, CASE_KEYS | {"calendar", "from", "target"})
    start, target = parse_instant(case.get("from")), parse_duration(case.get("target"))
    return calendars.asked(case.get("calendar"), start, lambda hours: hours.due(start, target))


def _elapsed(case: Table, calendars: Calendars) -> int:
    only(case, CASE_KEYS | {"calendar", "from", "to"})
    start, end = parse_instant(case.get("from")), parse_instant(case.get("to"))
    return calendars.asked(case.get("calendar"), start, lambda hours: hours.elapsed(start, end))


def _clock(case: Table, calendars: Calendars) -> dict[str, object]:
    only(case, CASE_KEYS | {"promise", "facts", "as_of"})
    written = case.get("promise")
    if not isinstance(written, Mapping):
        raise Refusal("a case that asks a clock has a promise")
    promise, as_of = promise_of(written), parse_instant(case.get("as_of"))
    ticket = settle(log_of(case.get("facts")), as_of)

    def newest(hours: Hours) -> dict[str, object]:
        return shown(Clock(promise, Fields(), hours).newest(ticket))

    at = as_of if ticket.start_at is None else ticket.start_at
    return calendars.asked(promise.calendar, at, newest)


CLOCK_ASKS: Final[Mapping[str, Callable[[Table, Calendars], object]]] = MappingProxyType(
    {"deadline": _deadline, "elapsed": _elapsed, "clock": _clock},
)


def assess(
    promise: Promise, log: list[Fact], as_of: int, calendars: Calendars
) -> tuple[Assessment, ...]:
    """The promise's clock on one ticket."""
    ticket = settle(log, as_of)
    at = as_of if ticket.start_at is None else ticket.start_at
    return calendars.asked(
        promise.calendar, at, lambda hours: Clock(promise, Fields(), hours).assess(ticket)
    )


def promise_of(written: Table) -> Promise:
    """A promise as FORMAT.md writes it: `target` for every priority, or `targets` by priority."""
    only(written, _PROMISE_KEYS)
    kind, promisor = written.get("kind"), written.get("promisor", PARTIES[0])
    measure = next((each for each in MEASURES if each == kind), None)
    if measure is None:
        raise Refusal(f"there is no promise of kind {kind!r}: it may be {', '.join(MEASURES)}")
    reopen, armed_by = written.get("reopen", "continue"), written.get("armed_by", "contact")
    pauses, acceptance = written.get("pauses") or [], written.get("acceptance")
    if promisor not in PARTIES or not isinstance(pauses, list) or not set(pauses) <= set(PARTIES):
        raise Refusal(f"a promisor and those who pause are among {', '.join(PARTIES)}")
    if reopen not in ("continue", "restart") or armed_by not in ("contact", "interval"):
        raise Refusal(
            f"reopen is continue or restart, armed_by contact or interval;"
            f" not {reopen!r}, {armed_by!r}"
        )
    return Promise(
        clause=measure,
        measure=measure,
        rules=_rules(written, measure),
        calendar=str(written.get("calendar")),
        promisor=str(promisor),
        pauses=frozenset(pauses),
        acceptance=None if acceptance is None else parse_duration(acceptance),
        reopen="restart" if reopen == "restart" else "continue",
        armed_by="interval" if armed_by == "interval" else "contact",
    )


def _rules(written: Table, measure: str) -> tuple[Rule, ...]:
    targets = written.get("targets")
    if isinstance(targets, Mapping):
        return tuple(
            Rule(measure, parse_duration(target), {"priority": str(priority)})
            for priority, target in targets.items()
        )
    if measure == "expectation":
        return ()
    return (Rule(measure, parse_duration(written.get("target"))),)


def shown(assessment: Assessment | None) -> dict[str, object]:
    """An assessment in FORMAT.md's words, instants in microseconds."""
    if assessment is None:
        return {"state": "none", "spent": None, "remaining": None, **dict.fromkeys(INSTANTS)}
    return {
        "state": assessment.state,
        "spent": shown_duration(assessment.spent),
        "remaining": shown_duration(assessment.remaining),
        **{name: getattr(assessment, name) for name in INSTANTS},
    }


def shown_duration(duration: Duration | None) -> str | None:
    """A duration as a case writes it, cut to whole seconds (T1)."""
    if duration is None:
        return None
    if isinstance(duration, ServiceTime):
        return show_duration(duration.microseconds)
    return show_days(duration.days)
