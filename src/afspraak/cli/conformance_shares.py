"""Counts and shares of a period, with relief (SEMANTICS A1-A3, A8, K11), as the cases ask it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from afspraak.cli import conformance_read as read
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_clocks import assess, promise_of, shown
from afspraak.cli.conformance_facts import log_of, only
from afspraak.cli.conformance_read import CASE_KEYS, Table, exact_text
from afspraak.engine.clock import Assessment
from afspraak.engine.facts import PARTIES, settle
from afspraak.engine.figures import belongs_to, is_kept, relieve, scope_of, show_share, tally
from afspraak.engine.periods import Per, Period, period_of
from afspraak.engine.plain import State
from afspraak.engine.terms import Case, Open, Promise, Relief, Rule, Scope, Share, Trial
from afspraak.engine.time import Refusal

PERIODS: tuple[Per, ...] = ("month", "quarter", "year", "term")
_SCOPES: tuple[Scope, ...] = ("promise", "service", "level", "priority", "agreement")
_STATES: tuple[State, ...] = ("running", "paused", "measuring", "met", "missed", "void")
_KEYS = ("zone", "share", "of", "period", "scope", "term", "counted", "relief")
_OUTCOME = ("promise", "promisor", "state", "due_at", "times", "ticket", "on_trial", "fields")


@dataclass(frozen=True, slots=True)
class Row:
    """An assessment, the ticket that it is of, and the finite fields that it is counted under."""

    assessment: Assessment
    ticket: str
    fields: Case


def ask_share(case: Table, calendars: Calendars) -> object:
    """The counts and shares of a promise in the period that holds the date `period`; everything
    that came, one by one, beside them.
    """
    only(case, CASE_KEYS | {*_KEYS, "outcomes", "promises", "tickets", "as_of"})
    share = _share(case)
    rows = [*_outcomes(case), *_assessed(case, calendars)]
    periods = [_period(case, share.per, row.assessment) for row in rows]
    relieved = _relieved(case, rows, periods)
    asked = _asked(case, share.per)
    chosen = [
        (position, row)
        for position, row in enumerate(rows)
        if row.assessment.promise.clause == case.get("of", row.assessment.promise.clause)
        and periods[position] in (None, asked)
        and scope_of(share.by, row.fields) == case.get("scope", "")
    ]
    assessments = [row.assessment for _, row in chosen]
    found = tally(
        assessments,
        frozenset(place for place, (position, _) in enumerate(chosen) if position in relieved),
    )
    return {
        "period": str(asked),
        **{name: getattr(found, name) for name in ("met", "missed", "relieved", *_STATES)},
        "shown": None if found.shown is None else exact_text(found.shown),
        "judged": None if found.judged is None else exact_text(found.judged),
        "percent": None if found.shown is None else show_share(found.shown),
        "few": found.is_few,
        "kept": is_kept(share, found),
        "assessments": [
            _told(row, periods[place], relieved=place in relieved) for place, row in enumerate(rows)
        ],
    }


def _told(row: Row, period: Period | None, *, relieved: bool) -> dict[str, object]:
    return {
        "promise": row.assessment.promise.clause,
        **shown(row.assessment),
        "period": None if period is None else str(period),
        "relieved": relieved,
    }


def _share(case: Table) -> Share:
    written = read.table(case.get("share"), "the share", "at_least", "per", "by")
    return Share(
        read.part(written.get("at_least")),
        read.choice(written.get("per"), "per", PERIODS),
        read.choice(written.get("by", "promise"), "by", _SCOPES),
    )


def _term(case: Table) -> Period:
    return read.dates(case.get("term", ["2000-01-01", "2100-01-01"]), "the term")


def _from_start(case: Table) -> bool:
    counted = read.choice(case.get("counted", "calendar"), "counted", ("calendar", "from_start"))
    return counted == "from_start"


def _asked(case: Table, per: Per) -> Period:
    return period_of(read.on(case.get("period")), per, _term(case), from_start=_from_start(case))


def _period(case: Table, per: Per, assessment: Assessment) -> Period | None:
    return belongs_to(assessment, read.zone(case), per, _term(case), from_start=_from_start(case))


def _relieved(case: Table, rows: list[Row], periods: list[Period | None]) -> set[int]:
    """The positions of the relieved misses: among one ticket's rows, or among one period's (A8)."""
    reliefs = _reliefs(case)
    found: set[int] = set()
    for places in _grouped([row.ticket for row in rows]):
        relieved = relieve(reliefs, [rows[place].assessment for place in places])
        found |= {places[place] for place in relieved}
    for places in _grouped(periods):
        relieved = relieve(reliefs, [rows[place].assessment for place in places], "same_period")
        found |= {places[place] for place in relieved}
    return found


def _grouped(keys: Sequence[object]) -> list[list[int]]:
    """The places of equal keys together."""
    found: dict[object, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return list(found.values())


def _reliefs(case: Table) -> list[Relief]:
    keys = ("clause", "of", "when_missed", "on")
    return [
        Relief(
            read.text(each.get("clause", "relief"), "the clause"),
            read.texts(each.get("of"), "of"),
            read.text(each.get("when_missed"), "when_missed"),
            read.choice(each.get("on", "same_ticket"), "on", ("same_ticket", "same_period")),
        )
        for each in read.tables(case.get("relief"), "a relief", *keys)
    ]


def _outcomes(case: Table) -> Iterator[Row]:
    """Outcomes as they are stated, each as many times as it says."""
    for place, each in enumerate(read.tables(case.get("outcomes"), "an outcome", *_OUTCOME)):
        name = read.text(each.get("promise", "promise"), "the promise")
        promisor = read.choice(each.get("promisor", PARTIES[0]), "the promisor", PARTIES)
        state = read.choice(each.get("state"), "the state", _STATES)
        due = read.maybe(each.get("due_at"), read.instant)
        if (due is None) != (state in ("paused", "measuring", "void")):
            raise Refusal(f"an outcome that is {state} has {'a' if due is None else 'no'} due_at")
        assessment = Assessment(
            Promise(name, "resolution", (), "", promisor),
            0,
            state,
            due or 0,
            due or 0,
            due_at=due,
            missed_at=due if state == "missed" else None,
            on_trial=read.flag(each.get("on_trial"), "on_trial"),
        )
        fields = read.table(each.get("fields") or {}, "fields", *_SCOPES)
        named = {key: read.text(value, key) for key, value in fields.items()}
        for number in range(read.number(each.get("times", 1), "times")):
            ticket = read.text(each.get("ticket", f"outcome {place}-{number}"), "the ticket")
            yield Row(assessment, ticket, named)


def _assessed(case: Table, calendars: Calendars) -> Iterator[Row]:
    """What the clocks say of tickets with their facts."""
    promises = case.get("promises") or {}
    if not isinstance(promises, dict):
        raise Refusal("`promises` is a table of promises by name")
    for place, each in enumerate(read.tables(case.get("tickets"), "a ticket", "id", "facts")):
        ticket = read.text(each.get("id", f"ticket {place + 1}"), "the ticket")
        log = log_of(each.get("facts"))
        as_of = read.instant(case.get("as_of"))
        for name, written in promises.items():
            for assessment in assess(_promise(name, written), log, as_of, calendars):
                yield Row(assessment, ticket, settle(log, as_of).fields)


def _promise(name: str, written: object) -> Promise:
    """A promise as FORMAT.md writes it, or with `open` in the place of its target (K11)."""
    if not isinstance(written, dict):
        raise Refusal(f"promise {name} is not a table")
    if "open" not in written:
        plain = promise_of(written)
        rules = tuple(replace(rule, clause=name) for rule in plain.rules)
        return replace(plain, clause=name, rules=rules)
    if "target" in written or "targets" in written:
        raise Refusal(f"promise {name} has a target and is open")
    rest = {key: value for key, value in written.items() if key != "open"}
    plain = promise_of({**rest, "target": "PT0S"})
    target = Open(name, _trial(written["open"]))
    return replace(plain, clause=name, rules=(Rule(name, target),))


def _trial(written: object) -> Trial | None:
    trial = read.table(written, "an open target", "from", "until", "value")
    if not trial:
        return None
    value = read.maybe(trial.get("value"), read.duration)
    return Trial(read.on(trial.get("from")), read.on(trial.get("until")), value)
