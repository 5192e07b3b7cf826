"""Who owns what: the register of an agreement's things, begun with what was signed and kept up to
date by both sides; and reading it from a CSV file, strictly. Pure.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from afspraak.engine.time import Refusal, parse_date

OWNERS: Final = ("customer", "supplier", "third_party")
AT_EXIT: Final = ("stays_with_owner", "handed_over", "bought")
COLUMNS: Final = (
    "label", "name", "owner", "of", "service", "number", "from", "until", "at_exit",
)  # fmt: skip
NEEDED: Final = ("label", "name", "owner")
MOST_LINES: Final = 2_000
MOST_BYTES: Final = 500_000
LONGEST: Final = {"label": 80, "name": 200, "of": 200, "service": 80}
_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an agreement is about: whose it is, and what becomes of it at the end."""

    label: str
    name: str
    owner: str
    of: str = ""
    """Which third party's."""
    service: str = ""
    number: int = 1
    from_on: date | None = None
    until_on: date | None = None
    at_exit: str = "stays_with_owner"


@dataclass(frozen=True, slots=True)
class Held:
    """A line of the register: what holds; what was signed, where that says another thing; since
    when it has stood so, by which side. `is_gone`: struck out, and still told.
    """

    thing: Thing
    signed: Thing | None
    said_at: int | None = None
    side: str = ""
    is_gone: bool = False

    @property
    def differs(self) -> bool:
        """Whether the register says of owner or end another thing than what was signed."""
        return self.signed is not None and (self.signed.owner, self.signed.at_exit) != (
            self.thing.owner,
            self.thing.at_exit,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about a thing."""

    at: int
    side: str
    thing: Thing
    is_gone: bool = False


def register_of(signed: Iterable[Thing], told: Sequence[Told]) -> list[Held]:
    """Every thing by its label: what was signed, or what was said of it last."""
    found = {each.label: Held(each, each) for each in signed}
    for each in sorted(told, key=lambda one: one.at):
        before = found.get(each.thing.label)
        found[each.thing.label] = Held(
            each.thing, before.signed if before else None, each.at, each.side, each.is_gone
        )
    return sorted(found.values(), key=lambda one: one.thing.label.casefold())


# As rows keep it ----------------------------------------------------------------------------------


def written(thing: Thing) -> dict[str, str | int]:
    """A thing as text and whole numbers, empty parts left out."""
    told: dict[str, str | int] = {
        "label": thing.label,
        "name": thing.name,
        "owner": thing.owner,
        "of": thing.of,
        "service": thing.service,
        "number": thing.number,
        "from": thing.from_on.isoformat() if thing.from_on else "",
        "until": thing.until_on.isoformat() if thing.until_on else "",
        "at_exit": thing.at_exit,
    }
    return {name: value for name, value in told.items() if value}


def thing_in(told: Mapping[str, object], services: Iterable[str]) -> Thing:
    """A thing from what was filled in or stands in a line. Refuses with the fault and the remedy;
    its slots are the column and what stands there.
    """
    given = {name: str(told.get(name) or "").strip() for name in COLUMNS}
    for name in NEEDED:
        if not given[name]:
            raise Refusal("%(column)s is empty: fill it in", column=name)
    for name, longest in LONGEST.items():
        if len(given[name]) > longest:
            raise Refusal(
                "%(column)s is too long: at most %(most)s letters", column=name, most=str(longest)
            )
    _one_of("owner", given["owner"], OWNERS)
    at_exit = given["at_exit"] or AT_EXIT[0]
    _one_of("at_exit", at_exit, AT_EXIT)
    if given["owner"] == "third_party" and not given["of"]:
        raise Refusal("of is empty: say which third party owns it")
    if given["service"]:
        _one_of("service", given["service"], sorted(services))
    from_on, until_on = (_date(given, name) for name in ("from", "until"))
    if from_on and until_on and until_on <= from_on:
        raise Refusal("until is not after from: give a later date")
    thing = Thing(given["label"], given["name"], given["owner"], given["of"], given["service"])
    return replace(
        thing, number=_number(given["number"]), from_on=from_on, until_on=until_on, at_exit=at_exit
    )


def _one_of(column: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise Refusal(
            "%(column)s is %(told)s: it is one of %(known)s",
            column=column,
            told=value[:40],
            known=", ".join(known) or "-",
        )


def _date(given: Mapping[str, str], column: str) -> date | None:
    if not given[column]:
        return None
    try:
        return parse_date(given[column])
    except Refusal:
        raise Refusal(
            "%(column)s is %(told)s: write the date as 2027-01-31",
            column=column,
            told=given[column][:40],
        ) from None


def _number(told: str) -> int:
    if not told:
        return 1
    if not (told.isascii() and told.isdecimal() and 0 < int(told[:9]) <= _MOST and len(told) < 9):  # noqa: PLR2004  (a million has seven)
        raise Refusal("number is %(told)s: write a whole number from 1 on", told=told[:40])
    return int(told)


# From a file --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be kept: its number in the file, and why."""

    line: int
    why: Refusal


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a file: things, and every fault. Nothing is kept while there is one."""

    things: tuple[Thing, ...]
    faults: tuple[Fault, ...]


def read_csv(content: bytes, services: Iterable[str]) -> Read:
    """Things from a CSV file in UTF-8, its columns named in the first line, parted by commas or
    semicolons. Refuses a file that cannot be read at all.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("the file is too large: at most 500 kB; cut it in parts")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("the file is not UTF-8 text: save it as CSV UTF-8") from None
    first = text.splitlines()[0] if text.strip() else ""
    parted = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", "")), delimiter=parted, strict=True))
    except csv.Error:
        raise Refusal("a quotation mark is not closed: open and close each one") from None
    names = [each.strip().casefold() for each in rows[0]] if rows else []
    _check_names(names)
    return _read(rows, names, list(services))


def _check_names(names: Sequence[str]) -> None:
    unknown = [each for each in names if each not in COLUMNS]
    lacking = [each for each in NEEDED if each not in names]
    known = ", ".join(COLUMNS)
    if unknown or len(set(names)) < len(names):
        told = (unknown or [next(each for each in names if names.count(each) > 1)])[0]
        raise Refusal(
            "the first line names a column %(told)s that is unknown or there twice:"
            " the columns are %(known)s",
            told=told[:40] or "-",
            known=known,
        )
    if lacking:
        raise Refusal(
            "the first line lacks the column %(told)s: the columns are %(known)s",
            told=lacking[0],
            known=known,
        )


def _read(rows: Sequence[Sequence[str]], names: Sequence[str], services: list[str]) -> Read:
    things: dict[str, Thing] = {}
    faults = []
    filled = [(line, row) for line, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    if len(filled) > MOST_LINES:
        raise Refusal("the file has more than 2000 lines: cut it in parts")
    for line, row in filled:
        try:
            thing = _line(row, names, services)
            _check_new(thing.label, things)
            things[thing.label] = thing
        except Refusal as why:
            faults.append(Fault(line, why))
    return Read(tuple(things.values()), tuple(faults))


def _line(row: Sequence[str], names: Sequence[str], services: list[str]) -> Thing:
    if len(row) != len(names):
        raise Refusal(
            "%(told)s values under %(known)s columns: give one for each",
            told=str(len(row)),
            known=str(len(names)),
        )
    return thing_in(dict(zip(names, row, strict=True)), services)


def _check_new(label: str, things: Mapping[str, Thing]) -> None:
    if label in things:
        raise Refusal("the label %(told)s is there twice: give each its own", told=label)
