"""A wish that was granted, written into a text: the service becomes *custom*, with targets, hours
and a yearly fee of its own; all else stays as it is. Pure. Raises Refusal where a text is written
so that this cannot be done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Refusal
from afspraak.language.calendars import WEEKDAYS
from afspraak.language.document import Document
from afspraak.language.nodes import Plain, plain
from afspraak.language.schema_promises import TicketPromiseClause
from afspraak.language.values import weekdays
from afspraak.making.chosen import promise
from afspraak.making.edit import added, made
from afspraak.making.opened import opened

CUSTOM: Final = "custom"
_EXCEPTING: Final = ("name", "exception_to")
_PROMISED: Final = ("value", "open", "best_effort")
Row = dict[str, Any]
Own = dict[frozenset[tuple[str, str]], Row]
"""The rows of a promise that hold for one service, by what else they ask for."""


@dataclass(frozen=True, slots=True)
class Custom:
    """What is granted: a `target` of a measure (of one `priority`, or of all that have none of
    their own), a `week` of other hours, or both; for a `yearly` sum. `words` are the wish as it was
    written.
    """

    service: str
    words: str
    yearly: Decimal
    currency: str
    measure: str = ""
    priority: str = ""
    target: str = ""
    week: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def clause(self) -> str:
        """The name of what is written anew: the yearly fee, and the calendar."""
        return f"maatwerk-{self.service}"[:56]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text while it is changed: `usual` is the calendar in which the service's promises run,
    `hours` the one of the wished hours (empty: none are wished).
    """

    whole: Row
    custom: Custom
    level: str
    usual: str
    hours: str


def customised(data: bytes, custom: Custom) -> bytes:
    """The text with the exception in it. A text that has faults, or would have them then, is
    refused.
    """
    document, root = opened(data).document, opened(data).root
    if document is None or root is None:
        raise Refusal("this text has faults: mend them first")
    if custom.service not in document.services:
        raise Refusal("this text has no service %(service)s", service=custom.service)
    whole: Any = plain(root)
    places = _promised(document, whole)
    level = document.services[custom.service].level
    own = {place: _own_rows(whole["clauses"][place], level, custom) for place in places}
    usual = _usual(whole, own)
    hours = _free(custom.clause, whole["calendars"]) if custom.week else ""
    text = _Text(whole, custom, level, usual, hours)
    written = _with_service(data, text)
    for place, rows in own.items():
        if _is_touched(text, place, rows):
            written = made(written, ("clauses", place, "targets"), _targets(text, place, rows))
    for clause in _new_clauses(text):
        written = added(written, clause, None)
    if not opened(written).is_sound:
        raise Refusal("the exception cannot be written into this text by itself: write it there")
    return written


def _promised(document: Document, whole: Row) -> list[int]:
    """Where the supplier promises something about tickets, with targets."""
    found = {
        clause.id
        for clause in document.of_type(TicketPromiseClause)
        if clause.promisor == SUPPLIER and clause.targets
    }
    return [place for place, each in enumerate(whole["clauses"]) if each["id"] in found]


def _free(name: str, taken: Mapping[str, object] | set[str]) -> str:
    """A name that nothing has yet."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


# The service, and its hours -----------------------------------------------------------------------


def _usual(whole: Row, own: Mapping[int, Own]) -> str:
    """The calendar in which most promises on the service run."""
    found = [
        row.get("calendar", whole["clauses"][place]["calendar"])
        for place, rows in own.items()
        for row in rows.values()
    ]
    return max(map(str, whole["calendars"]), key=found.count)


def _with_service(data: bytes, text: _Text) -> bytes:
    """The service at the level *custom*; and the calendar of the wished hours."""
    whole, custom = text.whole, text.custom
    service = {"surcharge": "0 %"} | whole["services"][custom.service] | {"level": CUSTOM}
    written = made(data, ("services", custom.service), service)
    if not text.hours:
        return written
    usual = whole["calendars"][text.usual]
    week = {day: hours_of(custom.week, day) or hours_of(usual["week"], day) for day in WEEKDAYS}
    said = {"nl": "Maatwerk", "fr": "Sur mesure", "en": "Custom"}
    name = {each: f"{said[each]}: {told}"[:80] for each, told in service["name"].items()}
    open_on = {day: spans for day, spans in week.items() if spans}
    calendar = {**usual, "name": name, "week": open_on}
    return made(written, ("calendars",), {**whole["calendars"], text.hours: calendar})


def hours_of(week: Mapping[str, list[str]], day: str) -> list[str]:
    """The intervals of a weekday, as a week gives them: `mon-fri` stands for five."""
    found = (spans for days, spans in week.items() if WEEKDAYS.index(day) in weekdays(days))
    return next(found, [])


# Targets ------------------------------------------------------------------------------------------


def _own_rows(clause: Row, level: str, custom: Custom) -> Own:
    """What holds for the service now, as rows of its own. Of two that say the same of it the more
    specific stays.
    """
    own: Own = {}
    for row in sorted(clause["targets"], key=lambda each: len(each.get("when", {}))):
        when = row.get("when", {})
        is_its = when.get("service", custom.service) == custom.service
        if is_its and when.get("level", level) == level:
            _put(own, {k: v for k, v in when.items() if k not in ("service", "level")}, row, custom)
    return own


def _put(own: Own, more: Row, row: Row, custom: Custom) -> None:
    when = {"service": custom.service, **more}
    kept = {key: value for key, value in row.items() if key not in (*_EXCEPTING, "when")}
    own[frozenset(more.items())] = {"when": when, **kept}


def _is_touched(text: _Text, place: int, own: Own) -> bool:
    """Whether a promise must say something of its own about the service: it is the one that is
    wished, it goes by levels, or its hours are others.
    """
    clause, custom = text.whole["clauses"][place], text.custom
    if custom.target and clause["measure"] == custom.measure:
        return True
    if text.level != CUSTOM and any("level" in each.get("when", {}) for each in clause["targets"]):
        return True
    calendars = {each.get("calendar", clause["calendar"]) for each in own.values()}
    return bool(text.hours) and text.usual in calendars


def _targets(text: _Text, place: int, own: Own) -> list[Plain]:
    """The rows of a promise, with those that are the service's own."""
    clause, custom = text.whole["clauses"][place], text.custom
    if custom.target and clause["measure"] == custom.measure:
        _promise_target(own, custom)
    for more in _rivals(text, place):
        _settle(own, more, custom)
    for row in own.values():
        if text.hours and row.get("calendar", clause["calendar"]) == text.usual:
            row["calendar"] = text.hours
    kept = [each for each in clause["targets"] if _stays(text, each.get("when", {}))]
    return [*kept, *own.values()]


def _stays(text: _Text, when: Row) -> bool:
    """Whether a row is of other services, too."""
    if when.get("service") == text.custom.service:
        return False
    services = text.whole["services"].items()
    levels = {each["level"] for key, each in services if key != text.custom.service}
    return when.get("level") != text.level or text.level in {*levels, CUSTOM}


def _promise_target(own: Own, custom: Custom) -> None:
    """The wished target: of its priority, else of every row that is for no priority, else of
    all.
    """
    more = {"priority": custom.priority} if custom.priority else {}
    if custom.priority or not own:
        _put(own, more, own.get(frozenset(), {}) | own.get(frozenset(more.items()), {}), custom)
    usual = [each for each in own.values() if each["when"].get("priority", "") == custom.priority]
    for row in usual or own.values():
        for key in _PROMISED:
            row.pop(key, None)
        row["value"] = custom.target


def _rivals(text: _Text, place: int) -> Iterator[Row]:
    """Conditions of other services made to measure, which would hold for this one from now on."""
    for row in text.whole["clauses"][place]["targets"]:
        when = row.get("when", {})
        if text.level != CUSTOM and when.get("level") == CUSTOM and "service" not in when:
            yield {key: value for key, value in when.items() if key != "level"}


def _settle(own: Own, more: Row, custom: Custom) -> None:
    """A row for such a condition, too: what the nearest of the service's own rows says."""
    asked = frozenset(more.items())
    nearest = max((each for each in own if each <= asked), key=len, default=None)
    if nearest is not None and nearest != asked:
        _put(own, more, own[nearest], custom)


# Clauses ------------------------------------------------------------------------------------------


def _new_clauses(text: _Text) -> Iterator[dict[str, Plain]]:
    """A promise that the text did not make at all; and what the customer pays a year."""
    custom, clauses = text.custom, text.whole["clauses"]
    measures = {
        each["measure"]
        for each in clauses
        if each["type"] == "ticket_promise" and each["promisor"] == SUPPLIER
    }
    if custom.target and custom.measure not in measures:
        more = {"priority": custom.priority} if custom.priority else {}
        own: Row = {"when": {"service": custom.service, **more}, "value": custom.target}
        rows = [own, {"best_effort": "true"}]
        yield promise(custom.measure, rows, text.hours or text.usual, None)
    if custom.yearly:
        taken = {each["id"] for each in clauses} | set(text.whole["services"])
        yield {
            "id": _free(custom.clause, taken),
            "type": "standing_fee",
            "fee": f"{custom.currency} {custom.yearly:.2f} / year",
            "services": [custom.service],
            "note": " ".join(custom.words.split()),
        }
