"""A catalogue as a matrix: services down, levels across; above each level what it promises, with
its hours drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from afspraak.language.catalogue import Offer, OfferedLevel
from afspraak.language.schema_base import LEVELS, Level
from afspraak.language.schema_frame import ServiceCalendar
from afspraak.language.text.frame import page_words
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.words import fill, texts_of
from afspraak.language.values import weekdays
from afspraak.web.offered import Offered

DAY_MINUTES: Final = 24 * 60
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class TargetShown:
    """What a level promises of one measure: a target for each priority, or one for all."""

    measure: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LevelShown:
    """A column. `spans` are (day, start, length) in minutes, for the picture of its week; `week`
    says the same in words.
    """

    key: Level
    name: str
    calendar: str
    week: str
    spans: tuple[tuple[int, int, int], ...]
    targets: tuple[TargetShown, ...]
    share: str


@dataclass(frozen=True, slots=True)
class CellShown:
    """A service at a level: its price and what comes with it; empty where it is not offered."""

    level: Level
    name: str
    place: str
    is_offered: bool
    price: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowShown:
    """A service."""

    key: str
    name: str
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole."""

    supplier: str
    valid: str
    levels: tuple[LevelShown, ...]
    rows: tuple[RowShown, ...]


def matrix_of(offered: Offered, *, shows_prices: bool = True) -> Matrix:
    """The catalogue, in the language of its words; without prices where they are not shown."""
    catalogue, words = offered.catalogue, offered.words
    levels = [level for level in LEVELS if level in catalogue.levels]
    valid = fill(
        page_words(words)["catalogue_valid"],
        **{
            "from": PHRASES["date"].show(catalogue.from_on, words),
            "until": PHRASES["date"].show(catalogue.until_on, words),
        },
    )
    return Matrix(
        catalogue.supplier.name,
        valid,
        tuple(_level(level, offered) for level in levels),
        tuple(
            RowShown(
                key,
                words.services.show(key),
                tuple(_cell(key, level, service.offers.get(level), offered, prices=shows_prices)
                      for level in levels),
            )
            for key, service in catalogue.services.items()
        ),
    )  # fmt: skip


def _level(level: Level, offered: Offered) -> LevelShown:
    found, words = offered.catalogue.levels[level], offered.words
    calendar = offered.catalogue.calendars[found.calendar]
    share = "" if found.share is None else PHRASES["share"].show(found.share, words)
    return LevelShown(
        level,
        words.enums["level"].show(level),
        words.calendars.show(found.calendar),
        PHRASES["week"].show(calendar.week, words),
        tuple(spans_of(calendar)),
        tuple(targets_of(found, words)),
        share,
    )


def spans_of(calendar: ServiceCalendar) -> Iterator[tuple[int, int, int]]:
    """A week's open stretches; what runs into the night is cut at midnight."""
    for days, intervals in calendar.week.items():
        for day in weekdays(days):
            for each in intervals:
                yield day, each.opens, min(each.closes, DAY_MINUTES) - each.opens
                if each.closes > DAY_MINUTES:
                    yield (day + 1) % WEEK, 0, each.closes - DAY_MINUTES


def targets_of(level: OfferedLevel, words: Lexicon) -> Iterator[TargetShown]:
    """What it promises, by measure."""
    titles = cast("dict[str, str]", texts_of(words.lang, "words")["measure_titles"])
    for measure in dict.fromkeys(each.measure for each in level.targets):
        values = tuple(
            (each.priority or "", PHRASES["duration"].show(each.value, words))
            for each in level.targets
            if each.measure == measure
        )
        yield TargetShown(titles[measure], values)


def _cell(
    key: str, level: Level, offer: Offer | None, offered: Offered, *, prices: bool
) -> CellShown:
    name, place = offered.words.enums["level"].show(level), f"{key}/{level}"
    if offer is None or not prices:
        return CellShown(level, name, place, is_offered=offer is not None, price="")
    price = PHRASES["rate"].show(offer.fee, offered.words)
    more = tuple(_beside(offer, offered.words))
    return CellShown(level, name, place, is_offered=True, price=price, more=more)


def _beside(offer: Offer, words: Lexicon) -> Iterator[str]:
    """What comes with the fee."""
    told = page_words(words)
    for name, kind in (("surcharge", "amount"), ("start_up", "money")):
        value = getattr(offer, name)
        if value is not None:
            yield fill(told[f"catalogue_{name}"], value=PHRASES[kind].show(value, words))
    for band in offer.bands:
        yield fill(told["catalogue_bands"], value=PHRASES["range"].show(band, words))
