"""Numbers, dates, times and amounts as contracts write them, in Dutch, French and English. Pure.

Each finds texts and says what they can mean: one meaning, or several that a person chooses from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = (
    "januari|janvier|january|jan",
    "februari|f[ée]vrier|february|feb",
    "maart|mars|march|mrt",
    "april|avril|apr",
    "mei|mai|may",
    "juni|juin|june|jun",
    "juli|juillet|july|jul",
    "augustus|ao[ûu]t|august|aug",
    "september|septembre|sept",
    "oktober|octobre|october|okt|oct",
    "november|novembre|nov",
    "december|d[ée]cembre|dec",
)
_MONTH: Final = "|".join(_MONTHS)
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DIGITS: Final = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_FIRST: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th|e)?\s+({_MONTH})\.?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE
)
_MONTH_FIRST: Final = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE
)
YEARS: Final = range(1950, 2100)

_WORDS: Final = (
    "een|één|un|une|one",
    "twee|deux|two",
    "drie|trois|three",
    "vier|quatre|four",
    "vijf|cinq|five",
    "zes|six",
    "zeven|sept|seven",
    "acht|huit|eight",
    "negen|neuf|nine",
    "tien|dix|ten",
    "elf|onze|eleven",
    "twaalf|douze|twelve",
)
_UNITS: Final = (
    ("working day", r"werkdag(?:en)?|jours? ouvrables?|(?:working|business) days?"),
    ("minute", r"minu(?:ut|ten)|minutes?|min"),
    ("hour", r"u(?:ur|ren)?|heures?|hours?|h"),
    ("day", r"(?:kalender)?dag(?:en)?|jours?|(?:calendar )?days?"),
    ("week", r"we(?:ek|ken)|semaines?|weeks?"),
    ("month", r"maand(?:en)?|mois|months?"),
    ("year", r"jaar|jaren|ans?|années?|years?"),
)
_NUMBER: Final = r"\d{1,3}|" + "|".join(_WORDS)
_SPAN: Final = re.compile(
    rf"(?<![\w.,/-])({_NUMBER})(?:\s*\([\w ]{{1,20}}\))?\s*(?:volle\s+|kalender)?"
    rf"({'|'.join(unit for _, unit in _UNITS)})(?![\w])",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(
    r"(?:(€|EUR|euro)\s?(\d[\d.,  ]*\d|\d)|(\d[\d.,]*\d|\d)\s?(€|EUR|euros?)(?!\w))",
    re.IGNORECASE,
)
_PER: Final = re.compile(
    r"\A[\s,-]{0,3}(?:excl\.?[\w .]{0,12})?(?:per|par|a|an|/)\s*(maand|mois|month|jaar|an|year|"
    r"kwartaal|trimestre|quarter|uur|heure|hour)",
    re.IGNORECASE,
)
_PERIODS: Final = {
    "month": ("maand", "mois", "month"),
    "year": ("jaar", "an", "year"),
    "quarter": ("kwartaal", "trimestre", "quarter"),
    "hour": ("uur", "heure", "hour"),
}
_HOURS: Final = 60


@dataclass(frozen=True, slots=True)
class Read:
    """A text and what it can mean. `start` and `end` are its place in the text around it."""

    values: tuple[str, ...]
    start: int
    end: int
    kind: str = ""


# Dates --------------------------------------------------------------------------------------------


def dates_in(text: str) -> Iterator[Read]:
    """Dates in digits and in words. `3/4/2027` means two dates, and says so."""
    for found in _ISO.finditer(text):
        yield from _read(found, [(found[1], found[2], found[3])])
    for found in _DIGITS.finditer(text):
        meant = [(found[4], found[3], found[1])]
        if found[2] == "/":
            meant.append((found[4], found[1], found[3]))
        yield from _read(found, meant)
    for found in _DAY_FIRST.finditer(text):
        yield from _read(found, [(found[3], _month(found[2]), found[1])])
    for found in _MONTH_FIRST.finditer(text):
        yield from _read(found, [(found[3], _month(found[1]), found[2])])


def _month(name: str) -> str:
    told = name.casefold()
    return str(next(n for n, each in enumerate(_MONTHS, 1) if re.fullmatch(each, told)))


def _read(found: re.Match[str], meant: list[tuple[str, str, str]]) -> Iterator[Read]:
    dates = []
    for year, month, day in meant:
        try:
            on = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if on.year in YEARS:
            dates.append(on.isoformat())
    if dates:
        yield Read(tuple(dict.fromkeys(dates)), found.start(), found.end())


# Spans of time ------------------------------------------------------------------------------------


def spans_in(text: str) -> Iterator[Read]:
    """`drie maanden`, `4 uur`, `two working days`: as the contract language writes them. `kind`:
    `rhythm` (between dates) or `target` (service time, working days); a day can be both.
    """
    for found in _SPAN.finditer(text):
        number, unit = _value(found[1]), _unit(found[2])
        if not number:
            continue
        if unit == "hour":
            yield Read((f"PT{number}H",), found.start(), found.end(), "target")
        elif unit == "minute":
            told = f"PT{number}M" if number % _HOURS else f"PT{number // _HOURS}H"
            yield Read((told,), found.start(), found.end(), "target")
        else:
            kind = "target" if unit == "working day" else "rhythm"
            plural = "" if number == 1 else "s"
            yield Read((f"{number} {unit}{plural}",), found.start(), found.end(), kind)


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(n for n, each in enumerate(_WORDS, 1) if re.fullmatch(each, text.casefold()))


def _unit(text: str) -> str:
    return next(name for name, unit in _UNITS if re.fullmatch(unit, text, re.IGNORECASE))


# Money --------------------------------------------------------------------------------------------


def prices_in(text: str) -> Iterator[Read]:
    """`€ 1.250,00 per maand` -> `EUR 1250.00 / month`; an amount without a period is no price."""
    for found in _MONEY.finditer(text):
        amount = _amount(found[2] or found[3])
        per = _PER.match(text, found.end()) or _PER.match(text[found.end() : found.end() + 40])
        if amount is None or per is None:
            continue
        period = next(name for name, words in _PERIODS.items() if per[1].casefold() in words)
        yield Read((f"EUR {amount} / {period}",), found.start(), found.end() + len(per[0]))


def _amount(text: str) -> str | None:
    """A separator before exactly two digits at the end is the decimal one; each other one stands
    between thousands. Whatever is written otherwise is not read.
    """
    told = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    whole, cents = told, "00"
    if re.search(r"[.,]\d\d\Z", told):
        whole, cents = told[:-3], told[-2:]
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d{1,7}", whole) is None:
        return None
    return f"{int(re.sub('[.,]', '', whole))}.{cents}"
