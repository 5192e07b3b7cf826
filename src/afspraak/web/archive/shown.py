"""How the clean-up stands, as a picture: a bar of papers by how far they are, and words for it."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from afspraak.archive.load import Checked, Lack, PaperStands, Stage
from afspraak.engine.time import Refusal, parse_date, parse_duration, parse_rhythm
from afspraak.language.schema_base import LEVELS
from afspraak.language.text.times import show_duration, show_rhythm
from afspraak.language.text.words import values_of
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking, language

STAGES: Final[tuple[Stage, ...]] = ("begun", "confirmed", "read", "scan", "unread", "aside")
WIDTH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stage as a piece of the bar."""

    stage: str
    name: str
    count: int
    x: int
    width: int


def bar_of(papers: list[PaperStands]) -> list[Piece]:
    """The stages that occur, from done to not begun."""
    counts = Counter(each.stage for each in papers)
    names, x, pieces = stage_names(), 0, []
    for stage in STAGES:
        if counts[stage]:
            width = WIDTH * counts[stage] // len(papers)
            pieces.append(Piece(stage, names[stage], counts[stage], x, width))
            x += width
    return pieces


def stage_names() -> dict[Stage, str]:
    """What each stage is called."""
    return {
        "unread": _("waits to be read"),
        "scan": _("a picture without text"),
        "read": _("read, to be confirmed"),
        "confirmed": _("confirmed"),
        "begun": _("a draft is begun"),
        "aside": _("set aside"),
    }


def badge_of(stage: Stage) -> Badge:
    """A stage as colour, shape and word."""
    tones = {
        "unread": ("none", "none"),
        "scan": ("soon", "running"),
        "read": ("soon", "running"),
        "confirmed": ("running", "running"),
        "begun": ("kept", "kept"),
        "aside": ("none", "none"),
    }
    return Badge(*tones[stage], stage_names()[stage])


def lack_names() -> dict[Lack, str]:
    """What an agreement can lack."""
    return {
        "clocks": _("no running clocks"),
        "signed_copy": _("no signed copy"),
        "calendar": _("no service hours"),
        "review": _("no review meeting"),
        "owner": _("nobody takes care of it"),
    }


def lacks_of(each: Checked) -> list[str]:
    """What one lacks, in words."""
    names = lack_names()
    return [names[lack] for lack in each.lacks]


def value_said(field: str, value: str, speaking: Speaking) -> str:
    """A field's value as people say it: `4 hours`, `1 March 2027`, `gold`; what was typed and is
    none of these stays as it is.
    """
    values = values_of(language())
    try:
        match field:
            case "from_on" | "until_on":
                return speaking.texts.on_date(parse_date(value))
            case "tacit" | "notice":
                return show_rhythm(parse_rhythm(value), values)
            case "response" | "resolution":
                return show_duration(parse_duration(value), values)
            case "level" if value in LEVELS:
                return speaking.texts.word("level", value)
            case _:
                return value
    except Refusal:
        return value


def field_names() -> dict[str, str]:
    """What the fields of a paper are called."""
    return {
        "customer": _("Customer"),
        "supplier_register": _("Register number of the supplier"),
        "customer_register": _("Register number of the customer"),
        "from_on": _("Begins on"),
        "until_on": _("No longer holds from"),
        "tacit": _("Renews by itself for"),
        "notice": _("Notice period"),
        "response": _("Response within"),
        "resolution": _("Solved within"),
        "level": _("Level"),
        "price": _("Price"),
    }
