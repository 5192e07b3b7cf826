"""What happened to a ticket, one line each, with both times: when, and when it was written down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from afspraak.engine.facts import AUTHORS, CUSTOMER, LATE_AFTER
from afspraak.engine.time import datetime_of, instant_of, parse_instant
from afspraak.tickets.models import Fact, Note
from afspraak.web.agreed import Agreed
from afspraak.web.saying import value_of
from afspraak.web.speaking import Speaking

SHOWN: Final = 500
"""Lines of a timeline; a longer one says that it is cut."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line. `kind` says how it is drawn: of the customer, or inside one's own organisation."""

    at: str
    iso: str
    what: str
    who: str = ""
    words: str = ""
    kind: str = ""
    notes: tuple[str, ...] = ()
    order: int = 0


def events_of(
    facts: Iterable[Fact],
    notes: Iterable[Note],
    agreed: Agreed | None,
    speaking: Speaking,
    parties: Mapping[str, str],
) -> list[Event]:
    """Facts and own notes, oldest first; `parties` are the names of both sides."""
    found = [_event(each, agreed, speaking, parties) for each in facts]
    found += [_note(each, speaking) for each in notes]
    return sorted(found, key=lambda each: each.order)


def _event(
    row: Fact, agreed: Agreed | None, speaking: Speaking, parties: Mapping[str, str]
) -> Event:
    happened = instant_of(row.happened_at)
    by = row.by or AUTHORS.get(row.code, "")
    who = row.person.name if row.person is not None else parties.get(by, "")
    return Event(
        at=speaking.moment(happened),
        iso=row.happened_at.isoformat(),
        what=_what(row, speaking),
        who=who,
        words=_words(row),
        kind="by-customer" if by == CUSTOMER else "",
        notes=tuple(_notes(row, happened, agreed, speaking)),
        order=happened,
    )


def _note(row: Note, speaking: Speaking) -> Event:
    written = instant_of(row.written_at)
    return Event(
        at=speaking.moment(written),
        iso=row.written_at.isoformat(),
        what=_("Internal note"),
        who=row.person.name,
        words=row.body,
        kind="inside",
        order=written,
    )


def _words(row: Fact) -> str:
    if row.words is None:
        return ""
    return _("(erased)") if row.words.erased_at is not None else row.words.body


def _what(row: Fact, speaking: Speaking) -> str:
    texts, data = speaking.texts, row.data
    until, reported = data.get("until"), data.get("reported_at")
    return texts.say(
        "fact",
        row.code,
        to=texts.word("party", data.get("to", "")),
        by=texts.word("party", row.by),
        why="",
        until="" if until is None else speaking.moment(parse_instant(until)),
        reported="" if reported is None else speaking.moment(parse_instant(reported)),
        fields="",
    ).rstrip(": ")


def _notes(row: Fact, happened: int, agreed: Agreed | None, speaking: Speaking) -> Iterator[str]:
    """What else it states: fields, cause, cost, and when it was written down if that was later."""
    fields = row.data.get("fields", {})
    told = [
        value_of(agreed, name, value) if agreed else value
        for name, value in fields.items()
        if name != "level"
    ]
    if told:
        yield " · ".join(told)
    if cause := row.data.get("cause"):
        consent = "agreed" if row.data.get("agreed") else "not_agreed"
        yield f"{speaking.texts.word('fact', cause)}, {speaking.texts.say('fact', consent)}"
    if cost := row.data.get("cost"):
        yield _("Cost for the customer: %(cost)s") % {"cost": cost}
    recorded = instant_of(row.recorded_at)
    if recorded - happened > LATE_AFTER:
        slots = {"at": speaking.moment(recorded)}
        yield (
            _("Written down later, at %(at)s: counts from then until the other side confirms it.")
            % slots
        )
    elif recorded // 60_000_000 != happened // 60_000_000:
        yield _("Written down at %(at)s.") % {"at": speaking.moment(recorded)}
    if row.is_imported:
        yield _("Brought in from another system.")


def iso(at: int) -> str:
    """For a machine to read."""
    return datetime_of(at).isoformat()
