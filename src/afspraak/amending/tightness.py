"""How tight a text is, before it is signed: what it punishes, how it binds, what room it leaves for
change. Counted from the text itself; it judges nobody. Pure.
"""

from dataclasses import dataclass
from typing import Final, Literal

from afspraak.engine.time import Rhythm
from afspraak.language.document import Document
from afspraak.language.schema_consequences import CreditClause, PenaltyClause
from afspraak.language.schema_people import ExitClause
from afspraak.language.schema_prices import IndexationClause, VolumeClause
from afspraak.language.schema_promises import OpenTermClause, ReviewClause
from afspraak.language.terms_of import terms_of

Area = Literal["penalties", "lock_in", "room"]
AREAS: Final[tuple[Area, ...]] = ("penalties", "lock_in", "room")
LONG_TERM: Final = 24
"""Months."""
LONG_TACIT: Final = 12
LONG_NOTICE: Final = 3
_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a text does or does not: whether it tightens, and a number that says how."""

    area: Area
    name: str
    tightens: bool
    number: int = 0


def checks_of(document: Document) -> list[Check]:
    """Everything that is looked at, in its order."""
    return [*_penalties(document), *_lock_in(document), *_room(document)]


def _penalties(document: Document) -> list[Check]:
    penalties, credits_ = document.of_type(PenaltyClause), document.of_type(CreditClause)
    consequences = terms_of(document).consequences
    owed = [each for each in consequences if each.kind in ("credit", "penalty")]
    uncapped = [each for each in owed if each.cap is None and each.agreement_cap is None]
    misses = [each for each in owed if each.per_miss is not None]
    return [
        Check("penalties", "always", any(each.owed == "always" for each in penalties)),
        Check("penalties", "beside", any(each.damages == "beside" for each in penalties)),
        Check("penalties", "uncapped", bool(uncapped), len(uncapped)),
        Check("penalties", "per_miss", bool(misses), len(misses)),
        Check("penalties", "kept", any(each.earn_back is None for each in credits_)),
    ]


def _lock_in(document: Document) -> list[Check]:
    term, renewal = document.term, document.term.renewal
    long = months(Rhythm(days=(term.until_on - term.from_on).days))
    tacit = 0 if renewal is None else months(renewal.tacit)
    notice = 0 if renewal is None else months(renewal.notice)
    ends = [each for each in term.early_end if each.by == "customer"]
    return [
        Check("lock_in", "term", long > LONG_TERM, long),
        Check("lock_in", "tacit", tacit >= LONG_TACIT, tacit),
        Check("lock_in", "notice", notice >= LONG_NOTICE, notice),
        Check("lock_in", "no_early_end", not ends),
        Check("lock_in", "early_fee", any(each.fee is not None for each in ends)),
    ]


def _room(document: Document) -> list[Check]:
    indexed = document.of_type(IndexationClause)
    return [
        Check("room", "no_review", not document.of_type(ReviewClause)),
        Check("room", "no_open_term", not document.of_type(OpenTermClause)),
        Check("room", "no_volume", not document.of_type(VolumeClause)),
        Check("room", "no_cap", any(each.cap is None for each in indexed)),
        Check("room", "no_exit", not document.of_type(ExitClause)),
    ]


def months(rhythm: Rhythm) -> int:
    """About how many months; days count as parts of thirty."""
    return rhythm.months + rhythm.days // _DAYS
