"""A term and how it goes on (SEMANTICS T9): until when, by which date notice must be given, what
happens where nobody gives it. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from afspraak.engine.hours import Calendar
from afspraak.engine.periods import Term, end_of_term, notice_by
from afspraak.engine.time import Rhythm, add
from afspraak.language.document import Document

_DAY: Final = timedelta(days=1)
SHOWN: Final = 3
"""So many ends are looked ahead to."""
LOOKED_BACK: Final = 31
"""So many dates before the last one a working day is looked for."""


@dataclass(frozen=True, slots=True)
class Round:
    """One end of the term [.., ends_on), the last date on which notice prevents what comes after,
    and the last working day until then; None: the calendar has none there, or does not reach it.

    `renews_until`: where nobody gives notice; None: it ends.
    """

    ends_on: date
    notice_on: date | None
    working_on: date | None
    renews_until: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """A term as of a date: what was signed, how often it has renewed by itself since, and its next
    ends.
    """

    from_on: date
    until_on: date
    renewed: int
    at_most: int | None
    tacit: Rhythm | None
    notice: Rhythm | None
    rounds: tuple[Round, ...]

    @property
    def next(self) -> Round:
        """The end that comes next."""
        return self.rounds[0]


def term_of(document: Document) -> Term:
    """The term of a document, as the law counts it."""
    term, renewal = document.term, document.term.renewal
    if renewal is None:
        return Term(term.from_on, term.until_on)
    return Term(term.from_on, term.until_on, renewal.tacit, renewal.notice, renewal.at_most)


def course_of(document: Document, calendar: Calendar | None, on: date) -> Course:
    """How the term stands on a date, if nobody has given notice. `calendar` is the one whose open
    dates are working days.
    """
    term = term_of(document)
    ends_on = end_of_term(term, None, on)
    renewed = _times(term, ends_on)
    return Course(
        term.from_on,
        term.until_on,
        renewed,
        term.at_most,
        term.tacit,
        term.notice,
        tuple(_rounds(term, renewed, calendar)),
    )


def _times(term: Term, ends_on: date) -> int:
    """How often it has renewed by itself to end then."""
    times = 0
    while term.tacit is not None and add(term.until_on, term.tacit, times) < ends_on:
        times += 1
    return times


def _rounds(term: Term, renewed: int, calendar: Calendar | None) -> Iterator[Round]:
    """Each end is counted from the end that was signed, so that month's ends stay month's ends."""
    for number in range(renewed, renewed + SHOWN):
        may_renew = term.tacit is not None and (term.at_most is None or number < term.at_most)
        ends_on = term.until_on if term.tacit is None else add(term.until_on, term.tacit, number)
        if not may_renew or term.tacit is None:
            yield Round(ends_on, None, None, None)
            return
        last = notice_by(term, ends_on)
        working = None if calendar is None else working_day(calendar, last)
        yield Round(ends_on, last, working, add(term.until_on, term.tacit, number + 1))


def working_day(calendar: Calendar, last: date) -> date | None:
    """The last date until `last`, it included, on which the calendar is open: what is delivered on
    a closed date may be read too late. None beyond the calendar's cover (T8).
    """
    first, until = calendar.cover
    for back in range(LOOKED_BACK):
        on = last - back * _DAY
        if not first <= on < until:
            return None
        if calendar.intervals(on):
            return on
    return None
