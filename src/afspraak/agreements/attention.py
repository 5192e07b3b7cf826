"""What of an agreement wants attention: dates that come near, and what it lacks. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from afspraak.engine.periods import Term, end_of_term, notice_by
from afspraak.engine.terms import Terms
from afspraak.engine.time import add
from afspraak.language.document import Document

NEAR: Final = timedelta(days=90)
"""A date is told from so long before it on."""

Kind = Literal["notice", "ends", "cover", "open", "clocks", "calendar"]


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing, with its date where it has one, and what it is about: a calendar or a clause.
    `until_on` is the end that a notice prevents from moving.
    """

    kind: Kind
    on: date | None = None
    about: str = ""
    until_on: date | None = None


def concerns_of(
    document: Document, terms: Terms, covers: Mapping[str, date], on: date
) -> Iterator[Concern]:
    """Everything about a version in force, as of a date. `covers`: until when its calendars may be
    asked, as facts extended them (C1).
    """
    term = _term(document)
    yield from _of_term(term, on)
    ends_on = end_of_term(term, None, on)
    for name, covered_until in covers.items():
        if covered_until < ends_on and covered_until - on <= NEAR:
            yield Concern("cover", covered_until, name)
    for each in terms.open_terms:
        if each.fill_on - on <= NEAR:
            yield Concern("open", each.fill_on, each.clause)
    if not terms.promises:
        yield Concern("clocks")
    if not terms.calendars:
        yield Concern("calendar")


def _of_term(term: Term, on: date) -> Iterator[Concern]:
    """The last date of notice where it renews by itself; else its end."""
    ends_on = end_of_term(term, None, on)
    if term.tacit is None or _renewals(term, ends_on) == term.at_most:
        if ends_on - on <= NEAR:
            yield Concern("ends", ends_on)
        return
    last = notice_by(term, ends_on)
    if last - on <= NEAR:
        yield Concern("notice", last, until_on=ends_on)


def _renewals(term: Term, ends_on: date) -> int:
    """How often it has renewed by itself to end then."""
    times = 0
    while term.tacit is not None and add(term.until_on, term.tacit, times) < ends_on:
        times += 1
    return times


def _term(document: Document) -> Term:
    renewal = document.term.renewal
    if renewal is None:
        return Term(document.term.from_on, document.term.until_on)
    return Term(
        document.term.from_on,
        document.term.until_on,
        renewal.tacit,
        renewal.notice,
        renewal.at_most,
    )
