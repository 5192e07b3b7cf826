"""Tables as values: what a page and a terminal print alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from afspraak.engine.figures import Tally
from afspraak.reports.texts import Texts

_FIGURES: Final = ("num", "late")
Tone = Literal["", "num", "late", "bad", "kept", "head"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, how it reads (`num`: right-aligned figures; `head`: names its row), and
    what stands small beside it. `link` says which tickets are behind it, as a page's query; or it
    is the address of one, which begins with a slash.
    """

    text: str
    tone: Tone = ""
    beside: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; `head` in the same order as each row's cells. `total`: the last row
    sums the others.
    """

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False


def table(
    caption: str,
    head: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    *,
    total: bool = False,
) -> Table:
    """A table whose head takes the tone of its columns from the first row."""
    made = tuple(tuple(row) for row in rows)
    first = made[0] if made else ()
    cells = tuple(
        Cell(text, "num" if place < len(first) and first[place].tone in _FIGURES else "")
        for place, text in enumerate(head)
    )
    return Table(caption, cells, made, total)


def number(texts: Texts, value: int) -> Cell:
    """A count; a zero is quiet."""
    return Cell(texts.number(value) if value else "0", "num")


def missed(texts: Texts, value: int) -> Cell:
    """A count of misses: with a triangle, for colour never speaks alone."""
    return Cell(f"▲ {texts.number(value)}", "late") if value else Cell("0", "num")


def share(texts: Texts, counted: Tally, *, judged: bool = False) -> Cell:
    """A share, or counts where there are fewer than 20 cases (A3)."""
    found = counted.judged if judged else counted.shown
    if found is None:
        return Cell("–", "num")  # noqa: RUF001 - the typographer's dash for nothing
    if counted.is_few:
        cases = counted.cases - counted.relieved if judged else counted.cases
        few = texts.say("form", "few", met=texts.number(counted.met), cases=texts.number(cases))
        return Cell(few, "num")
    return Cell(texts.share(found), "num")
