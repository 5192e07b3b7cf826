"""What happened to a ticket, one line each, with both times: when, and when it was written down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from afspraak.engine.facts import AUTHORS, CUSTOMER
from afspraak.engine.time import instant_of, parse_instant
from afspraak.tickets.models import Booking, Fact, Note
from afspraak.web.agreed import Agreed
from afspraak.web.refusing import happening
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


@dataclass(frozen=True, slots=True)
class Telling:
    """How a timeline is told: under which agreement, in whose words; `parties` are the names of
    both sides, `early` the facts of work that did not wait for consent to its cost.
    """

    agreed: Agreed | None
    speaking: Speaking
    parties: Mapping[str, str]
    early: frozenset[UUID] = frozenset()
    waiting: frozenset[int] = frozenset()
    """Places in the log of what waits for the other side's word (F4)."""
    sees_money: bool = True
    is_brought_in: bool = False
    """Every fact came from another system: that is said once, above them."""


def events_of(
    facts: Iterable[Fact], notes: Iterable[Note], bookings: Iterable[Booking], telling: Telling
) -> list[Event]:
    """Facts, own notes and bookings of time, oldest first."""
    found = [_event(each, telling) for each in facts]
    found += [_note(each, telling.speaking) for each in notes]
    found += [_booking(each, telling.speaking) for each in bookings]
    return sorted(found, key=lambda each: each.order)


def _event(row: Fact, telling: Telling) -> Event:
    speaking = telling.speaking
    happened = instant_of(row.happened_at)
    by = row.by or AUTHORS.get(row.code, "")
    who = row.person.name if row.person is not None else telling.parties.get(by, "")
    early = (_("Work before consent to the cost."),) if row.id in telling.early else ()
    return Event(
        at=speaking.moment(happened),
        iso=row.happened_at.isoformat(),
        what=what_of(row, speaking),
        who=who,
        words=words_of(row),
        kind="by-customer" if by == CUSTOMER else "",
        notes=(*_notes(row, happened, telling), *early),
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


def _booking(row: Booking, speaking: Speaking) -> Event:
    booked = instant_of(row.booked_at)
    day = speaking.texts.day(row.worked_on)
    charged = (
        _("by the hour, the customer sees it") if row.is_shared else _("inside the fixed price")
    )
    return Event(
        at=speaking.moment(booked),
        iso=row.booked_at.isoformat(),
        what=_("Time: %(time)s") % {"time": hours_of(row.minutes)},
        who=row.person.name,
        words=row.what,
        kind="" if row.is_shared else "inside",
        notes=(f"{day} · {charged}",),
        order=booked,
    )


def hours_of(minutes: int) -> str:
    """`1:30`; below zero with its sign."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"


def words_of(row: Fact) -> str:
    """What was written, unless it was erased."""
    if row.words is None:
        return ""
    return _("(erased)") if row.words.erased_at is not None else row.words.body


def what_of(row: Fact, speaking: Speaking) -> str:
    """What happened, in a few words."""
    texts, data = speaking.texts, row.data
    if data.get("more", {}).get("disputes"):
        return _("Disputes the waiting")
    until, reported = data.get("until"), data.get("reported_at")
    return happening(
        texts,
        row.code,
        to=texts.word("party", data.get("to", "")),
        by=texts.word("party", row.by),
        until="" if until is None else speaking.moment(parse_instant(until)),
        reported="" if reported is None else speaking.moment(parse_instant(reported)),
    )


def _notes(row: Fact, happened: int, telling: Telling) -> Iterator[str]:
    """What else it states: fields, cause, cost, and when it was written down if that was later."""
    agreed, speaking = telling.agreed, telling.speaking
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
    if telling.sees_money and (cost := row.data.get("cost")):
        yield _("Cost for the customer: %(cost)s") % {"cost": speaking.texts.sum(cost)}
    if changes := row.data.get("set"):
        yield changes_in_words(changes, speaking)
    recorded = instant_of(row.recorded_at)
    if row.seq in telling.waiting:
        slots = {"at": speaking.moment(recorded)}
        yield (
            _("Written down later, at %(at)s: counts from then until the other side confirms it.")
            % slots
        )
    elif recorded // 60_000_000 != happened // 60_000_000:
        yield _("Written down at %(at)s.") % {"at": speaking.moment(recorded)}
    if row.is_imported and not telling.is_brought_in:
        yield _("Brought in from another system.")


def changes_in_words(changes: Mapping[str, object], speaking: Speaking) -> str:
    """What a correction sets: the moment, the word that was given."""
    told = []
    for name, value in changes.items():
        if name == "happened_at":
            at = speaking.moment(parse_instant(value))
            told.append(_("happened at %(at)s") % {"at": at})
        elif name == "until":
            told.append(_("before %(at)s") % {"at": speaking.moment(parse_instant(value))})
        elif isinstance(value, Mapping):
            told += [str(each) for each in value.values()]
    return " · ".join(told)
