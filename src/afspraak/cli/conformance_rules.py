"""Which rule wins, and which version governs (SEMANTICS C1-C3), as the cases ask it."""

from afspraak.cli import conformance_read as read
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_clocks import shown_duration
from afspraak.cli.conformance_facts import only
from afspraak.cli.conformance_read import CASE_KEYS, Table
from afspraak.engine.in_force import Governing, NotCovered, OutsideRate, Version, governing_version
from afspraak.engine.terms import (
    FIELDS,
    BestEffort,
    Case,
    Fields,
    Open,
    Rule,
    Target,
    conflicts,
    governing_rule,
)
from afspraak.engine.time import Refusal, start_of_date


def ask_rule(case: Table, _calendars: Calendars) -> object:
    """The rule that wins for a `case`; without one, every tie and gap of the contract (C3)."""
    only(case, CASE_KEYS | {"fields", "level_of", "rules", "case"})
    values = read.table(case.get("fields") or {}, "fields", *FIELDS)
    named = {name: read.texts(each, name) for name, each in values.items()}
    levels = read.table(case.get("level_of") or {}, "level_of", *named.get("service", ()))
    fields = Fields(named, {key: read.text(each, key) for key, each in levels.items()})
    keys = ("clause", "name", "value", "open", "best_effort", "when", "exception_to")
    rules = [_rule(each) for each in read.tables(case.get("rules"), "a rule", *keys)]
    if "case" in case:
        return _winner(governing_rule(fields, rules, _case(case["case"], "the case")))
    found = conflicts(fields, rules)
    return {
        "conflicts": [
            {"clauses": [rule.clause for rule in each.rules], "example": dict(each.case)}
            for each in found
        ]
    }


def _rule(written: Table) -> Rule:
    clause = read.text(written.get("clause"), "the clause")
    return Rule(
        clause=clause,
        target=_target(written, clause),
        when=_case(written.get("when") or {}, "when"),
        name=read.text(written.get("name", clause), "the name"),
        exception_to=read.texts(written.get("exception_to"), "exception_to"),
    )


def _case(written: object, what: str) -> Case:
    values = read.table(written, what, *FIELDS)
    return {name: read.text(value, name) for name, value in values.items()}


def _target(written: Table, clause: str) -> Target:
    if sum(key in written for key in ("value", "open", "best_effort")) != 1:
        raise Refusal(f"clause {clause}: a rule has a value, or is open, or best_effort")
    if "open" in written:
        return Open(read.text(written["open"], "open"))
    return read.duration(written["value"]) if "value" in written else BestEffort()


def _winner(rule: Rule) -> dict[str, object]:
    told = {"clause": rule.clause, "name": rule.name}
    if isinstance(rule.target, BestEffort | Open):
        word = "open" if isinstance(rule.target, Open) else "best effort"
        return {**told, "target": word}
    return {**told, "target": shown_duration(rule.target)}


# Versions --------------------------------------------------------------------------------------

_VERSION = (
    "id",
    "agreement",
    "parties",
    "from",
    "until",
    "signed",
    "recorded",
    "open_tickets",
    "signed_late",
)


def ask_version(case: Table, _calendars: Calendars) -> object:
    """The version that governs a report, since when, and the one before it; or that it is not
    covered, with the rate that then applies (C1, C2).
    """
    only(case, CASE_KEYS | {"zone", "versions", "reported", "closed", "as_of", "rates"})
    versions = read.tables(case.get("versions"), "a version", *_VERSION)
    rates = read.tables(case.get("rates"), "a rate", "per_hour", "currency", "from", "until")
    try:
        found = governing_version(
            [_version(case, each) for each in versions],
            read.instant(case.get("reported")),
            read.instant(case.get("as_of")),
            read.maybe(case.get("closed"), read.instant),
            [_rate(case, each) for each in rates],
        )
    except NotCovered as outside:
        return {"covered": False, "rate": str(outside.rate) if outside.rate else None}
    return _governing(found)


def _governing(found: Governing) -> dict[str, object]:
    before = None if found.before is None else found.before.version.id
    return {
        "covered": True,
        "version": found.version.id,
        "since_at": found.since_at,
        "before": before,
    }


def _version(case: Table, written: Table) -> Version:
    parties = read.texts(written.get("parties", ["supplier", "customer"]), "parties")
    signed = read.table(written.get("signed") or {}, "signed", *parties)
    return Version(
        id=read.text(written.get("id"), "the version's id"),
        agreement=read.text(written.get("agreement", "the agreement"), "the agreement"),
        parties=parties,
        from_at=_first(case, written.get("from")),
        until_at=_first(case, written.get("until")),
        signed_at={party: read.instant(at) for party, at in signed.items()},
        open_tickets=read.flag(written.get("open_tickets"), "open_tickets"),
        signed_late=read.flag(written.get("signed_late"), "signed_late"),
        recorded_at=read.maybe(written.get("recorded"), read.instant),
    )


def _rate(case: Table, written: Table) -> OutsideRate:
    per_hour = read.money(written.get("per_hour"))
    currency = read.text(written.get("currency"), "the currency")
    return OutsideRate(
        per_hour, currency, _first(case, written.get("from")), _first(case, written.get("until"))
    )


def _first(case: Table, written: object) -> int:
    return start_of_date(read.zone(case), read.on(written))
