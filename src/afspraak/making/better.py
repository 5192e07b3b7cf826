"""What changed from one text to another, and for whom each change is better: told from typed values
that are ordered. "It cannot be told" is an answer; nothing is guessed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from afspraak.language.document import Clause, Document
from afspraak.language.schema_consequences import (
    BonusClause,
    CapClause,
    CreditClause,
    PenaltyClause,
    ReliefClause,
)
from afspraak.language.schema_prices import ReductionClause
from afspraak.language.text.changes import Change, Pair, Version, changes_of
from afspraak.language.text.diff import frame_changes
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.words import Lang
from afspraak.making.balance import MEASURED, PAYS

Better = Literal["supplier", "customer", "both", "neither", "untold"]
ORDER: tuple[Better, ...] = ("supplier", "customer", "both", "neither", "untold")
_OWED = (*MEASURED, "duty", "quality_guarantee", "entitlement", "knowledge", "user_support", "exit")
"""Clauses whose whole weight is what the promisor owes: one more is better for the other side."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One change: what was, what comes, for whom it is better. `sort` says what happened to it."""

    clause: str
    number: str
    title: str
    old: str
    new: str
    better: Better
    about: str = ""
    sort: Literal["changed", "added", "removed", "moved", "title", "note"] = "changed"


def weighed(old: Document, new: Document, lang: Lang) -> list[Weighed]:
    """Every change from the old document to the new one, in the order of the new one."""
    before = Version(old, lexicon_of(old, lang))
    after = Version(new, lexicon_of(new, lang))
    return [*_frame(before, after), *_clauses(before, after)]


def tally(changes: list[Weighed]) -> dict[Better, int]:
    """How many are better for whom, each kind named."""
    counted = Counter(each.better for each in changes)
    return {each: counted[each] for each in ORDER}


def _frame(before: Version, after: Version) -> Iterator[Weighed]:
    for title, change in frame_changes(before, after):
        yield Weighed("", "", title, change.old, change.new, _verdict(change), change.about)


def _verdict(change: Change) -> Better:
    return "untold" if change.verdict == "changed" else change.verdict


def _clauses(before: Version, after: Version) -> Iterator[Weighed]:
    lang = after.lexicon.lang
    olds = {each.id: each for each in before.document.clauses}
    news = {each.id: each for each in after.document.clauses}
    titles = {
        **clause_titles(before.document, lang),
        **clause_titles(after.document, lang),
    }
    numbers = clause_numbers(before.document) | clause_numbers(after.document)
    for key, clause in news.items():
        old = olds.get(key)
        at = (key, numbers[key], titles[key])
        if old is None or old.type != clause.type:
            yield Weighed(*at, "", titles[key], whole(clause, after.document), sort="added")
            continue
        for change in changes_of(Pair(old, clause, before, after)):
            yield Weighed(*at, change.old, change.new, _verdict(change), change.about)
        yield from _beside(at, old, clause, lang)
    for key, clause in olds.items():
        if key not in news or news[key].type != clause.type:
            at = (key, numbers[key], titles[key])
            better = _turned(whole(clause, before.document))
            yield Weighed(*at, titles[key], "", better, sort="removed")


def _beside(at: tuple[str, str, str], old: Clause, new: Clause, lang: Lang) -> Iterator[Weighed]:
    """What no clock and no price runs on: better for neither."""
    was, now = (each.title.get(lang) if each.title else "" for each in (old, new))
    if was != now:
        yield Weighed(*at, was, now, "neither", sort="title")
    if old.note != new.note:
        yield Weighed(*at, old.note or "", new.note or "", "neither", sort="note")


def _turned(better: Better) -> Better:
    return {"supplier": "customer", "customer": "supplier"}.get(better, better)  # type: ignore[return-value]


def whole(clause: Clause, document: Document) -> Better:
    """For whom it is better that a clause is there at all."""
    found: Better = "untold"
    match clause:
        case CreditClause() | PenaltyClause():
            found = _other(_promisor(clause.of, document))
        case BonusClause():
            found = _promisor(clause.of, document)
        case ReliefClause():
            sides = {_promisor(each, document) for each in clause.of}
            found = sides.pop() if len(sides) == 1 else "untold"
        case CapClause():
            found = _capped(clause, document)
        case ReductionClause():
            found = "customer"
        case _ if clause.type in PAYS and clause.type not in ("hourly", "volume"):
            found = "supplier"
        case _ if clause.type in _OWED:
            found = _other(_side(getattr(clause, "promisor", ""), document))
        case _:
            pass
    return found


def _capped(clause: CapClause, document: Document) -> Better:
    """A cap is better for whoever pays what it caps, where that is always the same side."""
    paid = (CreditClause, PenaltyClause, BonusClause)
    held = [each for each in document.clauses if isinstance(each, paid)]
    sides = {_promisor(each.of, document) for each in held if each.type == clause.over}
    if len(sides) != 1:
        return "untold"
    side = sides.pop()
    return _other(side) if clause.over == "bonus" else side


def _promisor(clause_id: str, document: Document) -> Better:
    found = next((each for each in document.clauses if each.id == clause_id), None)
    return _side(getattr(found, "promisor", ""), document)


def _side(party: str, document: Document) -> Better:
    role = document.role(party) if party else ""
    return role if role in ("supplier", "customer") else "untold"  # type: ignore[return-value]


def _other(side: Better) -> Better:
    return _turned(side)
