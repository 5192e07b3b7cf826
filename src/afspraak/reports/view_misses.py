"""The worst misses on a page: a clock bar, the verdict, and the sum in one line with its clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from afspraak.reports.bars import Bar, Piece, bar
from afspraak.reports.explain import Explanation, explanation_of
from afspraak.reports.groups import Group
from afspraak.reports.misses import Worst
from afspraak.reports.replay import Replay
from afspraak.reports.speech import Speech, capital
from afspraak.reports.texts import Texts

LONGEST = 8
"""Stretches told in a sum; of a longer one the middle is left out, and said to be."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in words."""

    at: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Miss:
    """One miss as it stands on a page."""

    id: str
    promise: str
    late: str
    about: str
    verdict: str
    bar: Bar
    arithmetic: str
    facts: tuple[Told, ...]


def misses(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[Miss]:
    """The latest of each promise, in the order of the promises."""
    order = [(group.promisor, group.measure) for group in groups]

    def place(each: Worst) -> int:
        promise = each.assessment.promise
        return order.index((promise.promisor, promise.measure))

    for each in sorted(replay.worst, key=place):
        yield _miss(texts, each)


def _miss(texts: Texts, each: Worst) -> Miss:
    speech = Speech(texts, each.contract)
    told = explanation_of(each.assessment, each.hours)
    about = [each.customer] if each.customer else []
    about += [
        f"{texts.word('field', name)} {speech.value(name, value)}"
        for name, value in each.row.case.items()
    ]
    return Miss(
        id=texts.say("worst", "ticket", id=each.id),
        promise=speech.promise(each.assessment.promise),
        late=texts.say("worst", "late", late=texts.about(each.late)),
        about=" · ".join(about),
        verdict=capital(speech.verdict(told)),
        bar=clock_bar(texts, told),
        arithmetic=speech.arithmetic(told, most=LONGEST),
        facts=tuple(
            Told(texts.moment(fact.happened_at), speech.fact(fact), speech.detail(fact))
            for fact in each.ticket.facts
        ),
    )


def clock_bar(texts: Texts, told: Explanation) -> Bar:
    """The stretches of a clock as wide as their service time; the late part is drawn no longer than
    the time before it, and broken where it is.
    """
    pieces = [
        Piece("late" if stretch.late else stretch.turn, stretch.open_time)
        for stretch in told.stretches
    ]
    parts = [f"{texts.word('turn', piece.turn)} {texts.about(piece.length)}" for piece in pieces]
    label = texts.say("worst", "alt", parts=texts.together(parts))
    before = sum(piece.length for piece in pieces if piece.turn != "late")
    drawn = [_cut(piece, before) for piece in pieces]
    found = bar(drawn, label, promisor=told.assessment.promise.promisor)
    if drawn == pieces:
        return found
    late = next(rect for rect in found.rects if rect.fill == "late")
    return replace(found, breaks=(late.x + late.width * 2 // 3,))


def _cut(piece: Piece, most: int) -> Piece:
    cut = piece.turn == "late" and most and piece.length > most
    return replace(piece, length=most) if cut else piece
