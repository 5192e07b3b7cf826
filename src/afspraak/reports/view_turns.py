"""Whose turn the time was, promise by promise: a bar, and its parts in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from afspraak.reports.bars import FILLS, Bar, Piece, bar
from afspraak.reports.groups import Group
from afspraak.reports.replay import Replay
from afspraak.reports.rows import Turns
from afspraak.reports.texts import Texts

TURNS: Final = ("supplier", "customer", "third_party", "acceptance", "late")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar in words, with the class of its fill."""

    fill: str
    name: str
    figure: str


@dataclass(frozen=True, slots=True)
class TurnBar:
    """One promise's time."""

    promise: str
    party: str
    bar: Bar
    parts: tuple[Part, ...]


def turns(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[TurnBar]:
    """The service time of all clocks of a promise, by whose turn it was."""
    for group in groups:
        total = group.total(replay.cube).turns
        if total.total:
            yield _turn_bar(texts, group, total)


def _turn_bar(texts: Texts, group: Group, total: Turns) -> TurnBar:
    order = (group.promisor, *(turn for turn in TURNS if turn != group.promisor))
    pieces = [Piece(turn, getattr(total, turn)) for turn in order]
    parts = tuple(
        Part(
            "ours" if piece.turn == group.promisor else FILLS[piece.turn],
            texts.word("turn", piece.turn),
            f"{texts.say('turns', 'hours', n=texts.whole_hours(piece.length))},"
            f" {texts.share(Fraction(piece.length, total.total))}",
        )
        for piece in pieces
        if piece.length
    )
    title = group.title(texts)
    told = texts.together([f"{part.name} {part.figure}" for part in parts])
    label = texts.say("turns", "alt", promise=title, parts=told)
    drawn = bar(pieces, label, promisor=group.promisor)
    return TurnBar(title, texts.word("party", group.promisor), drawn, parts)
