"""How ready something is, as it is read: shapes that fill, questions with what answers them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.engine.time import instant_of
from afspraak.language.document import Document
from afspraak.language.text.lexicon import clause_titles
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.words import Lang
from afspraak.readiness.answering import Quoting
from afspraak.readiness.load import Readiness
from afspraak.readiness.models import PointAnswer
from afspraak.readiness.questions import CHOICES, LIST_KEYS, ListKey
from afspraak.readiness.stands import PointStanding, Standing
from afspraak.readiness.words import say, tables
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking

SHAPES: Final = {
    "budget": "M24 4a20 20 0 1 0 0 40 20 20 0 1 0 0-40z",
    "timing": "M10 4h28v6c0 8-9 11-9 14s9 6 9 14v6H10v-6c0-8 9-11 9-14s-9-6-9-14z",
    "team": "M24 4a9 9 0 1 1 0 18 9 9 0 1 1 0-18zM6 44c0-12 8-19 18-19s18 7 18 19z",
    "reporting": "M10 4h19l10 10v30H10z",
    "roll_out": "M4 16h19V5l21 19-21 19V32H4z",
    "maintenance": "M24 4l18 6v12c0 11-8 18-18 22C14 40 6 33 6 22V10z",
}
"""A coin, an hourglass, somebody, a page, an arrow, a shield: in a square of 48."""
TOP: Final = 4
HEIGHT: Final = 40
MOST_QUOTED: Final = 2


@dataclass(frozen=True, slots=True)
class Quoted:
    """A clause that answers, with its first lines."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question: how it stands, by what, who said so. `accepts`: the answer that one's own side
    can accept.
    """

    name: str
    ask: str
    why: str
    badge: Badge
    quotes: tuple[Quoted, ...]
    words: str
    where: str
    who: str
    accepts: UUID | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point: its shape, filled from below by what is answered."""

    key: str
    name: str
    badge: Badge
    shape: str
    fill_y: float
    fill_height: float
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class FactShown:
    """A list that may apply, and what was stated of it."""

    key: str
    name: str
    ask: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    who: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: on which side, in which words."""

    side: str
    lang: Lang
    speaking: Speaking
    quoting: Quoting | None


def points_shown(readiness: Readiness, reader: Reader) -> list[PointShown]:
    """The six, and the lists that apply."""
    return [
        _point(each, readiness, reader)
        for each in readiness.points
        if each.standings and not each.is_unstated
    ]


def _point(point: PointStanding, readiness: Readiness, reader: Reader) -> PointShown:
    total = len(point.standings)
    height = round(HEIGHT * point.done / total, 1)
    return PointShown(
        point.key,
        say(reader.lang, "point", point.key),
        _state_of(total - point.done, total),
        SHAPES.get(point.key, ""),
        round(TOP + HEIGHT - height, 1),
        height,
        tuple(_question(each, readiness, reader) for each in point.standings),
    )


def _state_of(left: int, total: int) -> Badge:
    if not left:
        return Badge("kept", "kept", _("ready"))
    told = ngettext("%(n)s open", "%(n)s open", left) % {"n": left}
    return Badge("late", "late", told) if left * 2 > total else Badge("soon", "running", told)


def _question(each: Standing, readiness: Readiness, reader: Reader) -> QuestionShown:
    row = readiness.answers.get(each.name)
    accepts = row.pk if row and each.state == "proposed" and reader.side in each.lacking else None
    return QuestionShown(
        each.name,
        say(reader.lang, "ask", each.name),
        tables(reader.lang)["why"].get(each.name, each.question.law),
        _badge(each, reader),
        _quotes(each, reader),
        row.words if row and each.state != "clause" else "",
        row.where if row and each.state == "elsewhere" else "",
        who_said(row, reader.speaking) if row and each.state != "clause" else "",
        accepts,
        each.is_open,
    )


def _badge(each: Standing, reader: Reader) -> Badge:
    if each.state == "proposed":
        waits = reader.side in each.lacking
        told = _("waits for your word") if waits else _("waits for the other side")
        return Badge("soon", "running", told)
    if each.said is not None and each.said.kind == "asked":
        return Badge("late", "late", _("asked again"))
    shown = {
        "clause": Badge("kept", "kept", _("in a clause")),
        "elsewhere": Badge("kept", "kept", _("answered elsewhere")),
        "left": Badge("frozen", "none", _("openly left by both")),
    }
    return shown.get(each.state, Badge("late", "late", _("open")))


def _quotes(each: Standing, reader: Reader) -> tuple[Quoted, ...]:
    if reader.quoting is None:
        return ()
    found = []
    for one in each.found[:MOST_QUOTED]:
        heading, words = reader.quoting.of(one)
        found.append(Quoted(heading or say(reader.lang, "frame", one.place), words))
    return tuple(found)


def who_said(row: PointAnswer, speaking: Speaking) -> str:
    """`Coen, for the supplier, 2 March 10:00`."""
    side = _("for the supplier") if row.side == "supplier" else _("for the customer")
    name = f"{row.said_by.name}, {side}" if row.said_by else side
    return f"{name}, {speaking.texts.moments(instant_of(row.said_at), speaking.at)[0]}"


def facts_shown(readiness: Readiness, lang: Lang) -> list[FactShown]:
    """What is asked once of each list."""
    return [_fact(key, readiness, lang) for key in LIST_KEYS]


def _fact(key: ListKey, readiness: Readiness, lang: Lang) -> FactShown:
    row = readiness.stated.get(key)
    choices = tuple((each.word, say(lang, "choice", f"{key}.{each.word}")) for each in CHOICES[key])
    who = ""
    if row is not None:
        who = _("for the supplier") if row.side == "supplier" else _("for the customer")
    name, ask = say(lang, "point", key), say(lang, "fact", key)
    return FactShown(key, name, ask, choices, row.choice if row else "", who)


def clauses_shown(document: Document | None, lang: Lang) -> list[tuple[str, str]]:
    """(id, number and title), to be pointed at."""
    if document is None:
        return []
    titles, numbers = clause_titles(document, lang), clause_numbers(document)
    return [(each.id, f"{numbers[each.id]} {titles[each.id]}") for each in document.clauses]
