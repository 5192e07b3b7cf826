"""Examples of the clocks: what is due when, pauses, is rejected, relieved, only measured."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from afspraak.engine.facts import SUPPLIER, Fact
from afspraak.engine.figures import relieve
from afspraak.engine.terms import Case, Measure, Open, OpenTerm, Promise, Relief
from afspraak.engine.time import ServiceTime, WorkingDays
from afspraak.language.schema_promises import TicketPromiseClause
from afspraak.language.text.stage import Slots, Stage, after, fact, first, reported

_HALF_AN_HOUR: Final = 30
_LONG: Final = 4 * 24 * 60


def service_time(stage: Stage) -> Slots | None:
    """A target that runs over a closed night or weekend, if there is one that long."""
    found: list[tuple[bool, Slots]] = []
    for promise in stage.terms.promises:
        for _, rule in stage.cases(promise):
            calendar = stage.calendar_of(promise, rule)
            start = stage.evening(calendar)
            if isinstance(rule.target, ServiceTime) and start is not None:
                due = stage.hours[calendar].due(start, rule.target)
                over = due - start > rule.target.microseconds
                found.append((not over, _due(stage, start, rule.target, due, calendar)))
    return min(found, key=lambda each: each[0])[1] if found else None


def clock_time(stage: Stage) -> Slots | None:
    """A calendar that never closes."""
    for promise in stage.terms.promises:
        for _, rule in stage.cases(promise):
            calendar = stage.calendar_of(promise, rule)
            if isinstance(rule.target, ServiceTime) and _never_closes(stage, calendar):
                start = stage.ordinary(calendar)
                return _due(
                    stage,
                    start,
                    rule.target,
                    stage.hours[calendar].due(start, rule.target),
                    calendar,
                )
    return None


def _never_closes(stage: Stage, calendar: str) -> bool:
    hours = stage.hours[calendar]
    return hours.elapsed(hours.from_at, hours.until_at) == hours.until_at - hours.from_at


def working_day(stage: Stage) -> Slots | None:
    """A target in working days: due at the last closing of the last of them (T5)."""
    for promise in stage.terms.promises:
        for _, rule in stage.cases(promise):
            if isinstance(rule.target, WorkingDays):
                calendar = stage.calendar_of(promise, rule)
                start = stage.ordinary(calendar)
                return _due(
                    stage,
                    start,
                    rule.target,
                    stage.hours[calendar].due(start, rule.target),
                    calendar,
                )
    for clause in stage.document.clauses:
        window = getattr(clause, "acceptance", None)
        if isinstance(clause, TicketPromiseClause) and isinstance(window, WorkingDays):
            start = stage.ordinary(clause.calendar)
            due = stage.hours[clause.calendar].due(start, window)
            return _due(stage, start, window, due, clause.calendar)
    return None


def _due(stage: Stage, start: int, target: object, due: int, calendar: str) -> Slots:
    return {
        "start": stage.moment(start),
        "target": stage.show("duration", target),
        "due": stage.moment(due),
        "calendar": stage.lexicon.calendars.show(calendar),
    }


# Each measure ----------------------------------------------------------------------------------


def _facts_before(measure: Measure, start: int, promise: Promise, stage: Stage) -> list[Fact]:
    hours = stage.hours[promise.calendar]
    if measure == "next_response":
        asked = after(hours, start, _HALF_AN_HOUR)
        contact = fact("supplier_contact", asked)
        if promise.armed_by == "interval":
            return [contact]
        return [contact, fact("customer_contact", after(hours, asked, _HALF_AN_HOUR))]
    if measure == "answer":
        return [fact("question", after(hours, start, _HALF_AN_HOUR), to=promise.promisor, id="q")]
    if measure == "expectation":
        return [
            fact(
                "expectation", after(hours, start, _HALF_AN_HOUR), until=after(hours, start, 4 * 60)
            )
        ]
    return []


def measure(stage: Stage, name: Measure) -> Slots | None:
    """When a promise of this measure is due on a report, as its clock says."""
    theirs = [
        each for each in stage.promises(name) if name != "answer" or each.promisor != SUPPLIER
    ]
    return first(stage, [partial(_measured, promise=promise) for promise in theirs])


def _measured(stage: Stage, promise: Promise) -> Slots | None:
    found = stage.case(promise) if promise.rules else (dict(_any_case(stage)), None)
    if found is None:
        return None
    case, rule = found
    start = stage.ordinary(promise.calendar if rule is None else stage.calendar_of(promise, rule))
    facts = [reported(start, case), *_facts_before(promise.measure, start, promise, stage)]
    last = max(each.happened_at for each in facts)
    return {
        "case": stage.case_words(promise, case),
        "start": stage.moment(start),
        "said": stage.moment(last),
        "due": stage.moment(stage.due(promise, case, facts, last)),
        "clause": stage.clause(promise.clause),
        "party": stage.promisor(promise),
    }


def _any_case(stage: Stage) -> Iterator[tuple[str, str]]:
    for name, values in stage.terms.fields.values.items():
        yield name, values[0]


def pause(stage: Stage) -> Slots | None:
    """The due instant before a question, and after it was answered (K6)."""
    paused = [each for each in stage.terms.promises if each.pauses]
    return first(stage, [partial(_paused, promise=promise) for promise in paused])


def _paused(stage: Stage, promise: Promise) -> Slots | None:
    found = stage.case(promise, ServiceTime) or stage.case(promise)
    if found is None:
        return None
    case, rule = found
    hours = stage.hours[stage.calendar_of(promise, rule)]
    start = stage.ordinary(hours.calendar.name)
    asked = after(hours, start, _HALF_AN_HOUR)
    answered = after(hours, asked, 3 * 60)
    to = min(promise.pauses)
    log = [reported(start, case)]
    question = fact("question", asked, to=to, id="q", why="-")
    answer = fact("answer", answered, by=to, of="q")
    before = stage.due(promise, case, log, start)
    later = stage.due(promise, case, [*log, question, answer], answered)
    if later == before:
        return None
    names = ("start", "asked", "answered", "before", "due")
    moments = (start, asked, answered, before, later)
    slots = {name: stage.moment(at) for name, at in zip(names, moments, strict=True)}
    return {**slots, "party": stage.lexicon.parties.show(to)}


def acceptance(stage: Stage) -> Slots | None:
    """Until when a solution may be rejected (K5)."""
    for promise in stage.promises("resolution"):
        if promise.acceptance is not None:
            start = stage.ordinary(promise.calendar)
            until = stage.hours[promise.calendar].due(start, promise.acceptance)
            return {"start": stage.moment(start), "due": stage.moment(until)}
    return None


def relief(stage: Stage) -> Slots | None:
    """A miss after the other party's own miss, on the same ticket (A8)."""
    tries = [
        partial(_relieved, clause=clause, ours=ours, theirs=theirs)
        for clause in stage.terms.reliefs
        for theirs in stage.terms.promises
        for ours in stage.terms.promises
        if theirs.clause == clause.when_missed and ours.clause in clause.of
    ]
    return first(stage, tries)


def _relieved(stage: Stage, clause: Relief, ours: Promise, theirs: Promise) -> Slots | None:
    found = stage.case(ours)
    if found is None:
        return None
    case, _ = found
    hours = stage.hours[theirs.calendar]
    start = stage.ordinary(theirs.calendar)
    asked = after(hours, start, _HALF_AN_HOUR)
    begun = [reported(start, case), fact("question", asked, to=theirs.promisor, id="q", why="-")]
    due = stage.due(theirs, case, begun, asked)
    answered = after(hours, due, 60)
    log = [*begun, fact("answer", answered, by=theirs.promisor, of="q")]
    end = after(hours, answered, _LONG)
    own, other = (stage.newest(promise, case, log, end) for promise in (ours, theirs))
    if own.missed_at is None or 0 not in relieve([clause], [own, other], clause.on):
        return None
    names = ("asked", "due", "answered", "missed")
    moments = (asked, due, answered, own.missed_at)
    slots = {name: stage.moment(at) for name, at in zip(names, moments, strict=True)}
    return {**slots, "party": stage.promisor(theirs)}


# Open terms (K11) ------------------------------------------------------------------------------


def open_term(stage: Stage) -> Slots | None:
    """A report on which an open target only measures."""
    return first(stage, [partial(_measuring, term=term) for term in stage.terms.open_terms])


def _measuring(stage: Stage, term: OpenTerm) -> Slots | None:
    for promise, case, calendar in _open_cases(stage, term):
        start = stage.ordinary(calendar)
        end = after(stage.hours[calendar], start, 3 * 60)
        assessed = stage.newest(promise, case, [reported(start, case), fact("solved", end)], end)
        if assessed.state == "measuring" and assessed.spent is not None:
            return {
                "case": stage.case_words(promise, case),
                "start": stage.moment(start),
                "end": stage.moment(end),
                "spent": stage.show("duration", assessed.spent),
                "fill_on": stage.day(term.fill_on),
            }
    return None


def trial(stage: Stage) -> Slots | None:
    """A report on which a trial value runs, without consequence."""
    return first(stage, [partial(_on_trial, term=term) for term in stage.terms.open_terms])


def _on_trial(stage: Stage, term: OpenTerm) -> Slots | None:
    for promise, case, calendar in _open_cases(stage, term):
        start = stage.ordinary(calendar)
        assessed = stage.newest(promise, case, [reported(start, case)], start)
        if assessed.due_at is not None and assessed.on_trial:
            slots = {"start": stage.moment(start), "due": stage.moment(assessed.due_at)}
            return {**slots, "case": stage.case_words(promise, case)}
    return None


def _open_cases(stage: Stage, term: OpenTerm) -> Iterator[tuple[Promise, Case, str]]:
    """The cases whose target is this open term, with the calendar that they are measured on."""
    for promise in stage.terms.promises:
        for case, rule in stage.cases(promise) if promise.clause == term.of else ():
            if isinstance(rule.target, Open) and rule.target.term == term.clause:
                yield promise, case, stage.calendar_of(promise, rule)
