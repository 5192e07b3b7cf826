"""A ticket's clocks as they are drawn: whose turn it was, the sum in one line, and the clause."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from afspraak.agreements.read import document_of
from afspraak.clocks.explain import Explained
from afspraak.clocks.judge import Judgement
from afspraak.engine.clock import Assessment
from afspraak.engine.time import Refusal
from afspraak.language.text.quote import quote
from afspraak.reports.bars import Bar, Piece, bar
from afspraak.reports.explain import Explanation, explanation_of
from afspraak.reports.speech import Speech, measure
from afspraak.reports.texts import Language
from afspraak.reports.view_misses import LONGEST, clock_bar
from afspraak.web.agreed import Agreed
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of
from afspraak.web.speaking import Speaking

MOST_LINES: Final = 12
"""So much stands in the note to a bar; the contract and the facts have the rest."""
SIGNS: Final = {
    "met": ("kept", "kept"),
    "missed": ("late", "late"),
    "running": ("running", "running"),
    "paused": ("frozen", "frozen"),
    "measuring": ("none", "measuring"),
    "void": ("none", "none"),
}
"""State -> tone and shape."""


@dataclass(frozen=True, slots=True)
class ClockShown:
    """One promise in motion. `due_iso` is the instant for a countdown, empty where none runs."""

    title: str
    target: str
    badge: Badge
    bar: Bar | None
    arithmetic: str
    due_iso: str = ""
    why: tuple[str, ...] = ()
    """Every stretch in words, for who wants to know."""
    signed: tuple[str, ...] = ()
    """The clause that it rests on, in the words that were signed."""


def clocks_of(found: Explained, agreed: Agreed, speaking: Speaking) -> list[ClockShown]:
    """Every promise of a ticket, in the order of its contract."""
    return [
        _clock(each, found.judgement, agreed, speaking)
        for each in found.judgement.assessed
        if each.state != "void" or each.ended is not None
    ]


def _clock(
    each: Assessment, judgement: Judgement, agreed: Agreed, speaking: Speaking
) -> ClockShown:
    speech = Speech(speaking.texts, agreed.contract, is_brief=True)
    promise = each.promise
    title = agreed.contract.title(promise.clause, speaking.texts.language) or measure(
        speaking.texts, promise.promisor, promise.measure
    )
    told = _explained(each, judgement)
    tone, sign = SIGNS[each.state]
    limit = each.limits[0].target if each.limits else None
    target = "" if limit is None else _("within %(target)s") % {"target": speaking.long(limit)}
    if told is None:
        shown = _by_wall_clock(each, speaking)
        line = _line_of_word(each, agreed, speaking)
    else:
        shown = _drawn(each, told, speaking)
        line = speech.arithmetic(told, most=LONGEST)
    return ClockShown(
        title,
        target,
        Badge(tone, sign, _word(each, speaking)),
        shown,
        line,
        why=() if told is None else tuple(speech.stretches(told)[-MOST_LINES:]),
        signed=_signed(agreed.signed.data, promise.clause, speaking.texts.language),
    )


@lru_cache(maxsize=4096)
def _signed(data: bytes, clause: str, language: Language) -> tuple[str, ...]:
    """A clause's own words, its heading first; read once a process."""
    try:
        lines = quote(document_of(data), clause, language).split("\n")
    except KeyError:
        return ()
    return tuple(lines[:MOST_LINES])


def _explained(each: Assessment, judgement: Judgement) -> Explanation | None:
    """With its stretches; None for a stated word, which runs by the clock on the wall, and for a
    clock whose hours are no longer there.
    """
    clockwork = judgement.clockwork
    if clockwork is None or each.rule is None or each.state == "void":
        return None
    try:
        return explanation_of(each, clockwork.hours_of(each))
    except (KeyError, Refusal):
        return None


def _drawn(each: Assessment, told: Explanation, speaking: Speaking) -> Bar | None:
    """As wide as what was promised: what is still to come stays empty; kept is drawn as kept."""
    found = clock_bar(speaking.texts, told)
    if each.state == "missed":
        return found
    pieces = [Piece(stretch.turn, stretch.open_time) for stretch in told.stretches]
    whole = sum(piece.length for piece in pieces)
    end = each.due_at if each.due_at is not None else None
    try:
        if end is not None:
            whole = max(whole, told.hours.elapsed(each.start_at, end))
        elif each.remaining is not None:
            whole += getattr(each.remaining, "microseconds", whole)
    except Refusal:
        return found
    drawn = bar(pieces, found.label, promisor=each.promise.promisor, whole=whole)
    if each.state == "met":
        kept = tuple(
            replace(rect, fill="kept") if rect.fill == "ours" else rect for rect in drawn.rects
        )
        return replace(drawn, rects=kept)
    return drawn


def _by_wall_clock(each: Assessment, speaking: Speaking) -> Bar | None:
    if each.due_at is None or each.state == "void":
        return None
    end = min(each.end_at, each.due_at)
    pieces = [Piece(each.promise.promisor, end - each.start_at)]
    if each.missed_at is not None:
        pieces.append(Piece("late", max(0, each.end_at - each.due_at)))
    label = speaking.moment(each.due_at)
    return bar(
        pieces, label, promisor=each.promise.promisor, whole=max(1, each.due_at - each.start_at)
    )


def _line_of_word(each: Assessment, agreed: Agreed, speaking: Speaking) -> str:
    clause = clause_of(agreed.contract, each.promise.clause, speaking)
    if each.state == "void":
        return f"{clause}."
    if each.due_at is None:
        return f"{clause}."
    slots = {"at": speaking.moment(each.start_at), "due": speaking.moment(each.due_at)}
    return _("Said %(at)s: before %(due)s; no waiting moves it.") % slots + f" {clause}."


def _word(each: Assessment, speaking: Speaking) -> str:
    if each.satisfied_at is not None and each.state == "met":
        return _("kept %(at)s") % {"at": speaking.moment(each.satisfied_at)}
    if each.missed_at is not None:
        return _("missed %(at)s") % {"at": speaking.moment(each.missed_at)}
    if each.state == "running" and each.due_at is not None:
        return _running(each, each.due_at, speaking)
    if each.state == "paused":
        left = "" if each.remaining is None else speaking.texts.duration(each.remaining)
        return _("frozen, %(left)s left") % {"left": left}
    return _("lapsed") if each.state == "void" else _("measures only")


def _running(each: Assessment, due: int, speaking: Speaking) -> str:
    at = speaking.moment(due)
    if each.remaining is None:
        return _("before %(at)s") % {"at": at}
    left = speaking.texts.duration(each.remaining)
    return _("%(left)s left, before %(at)s") % {"left": left, "at": at}
