"""What a paper says about an agreement, proposed with the place where it was read. Pure.

Each proposal has the words beside it that made it one. What can mean two things is offered as two;
nothing is chosen: a person confirms (`Reading`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from afspraak.archive.numbers import Read, dates_in, prices_in, spans_in
from afspraak.archive.registers import registers_in

Field = Literal[
    "customer",
    "supplier_register",
    "customer_register",
    "from_on",
    "until_on",
    "tacit",
    "notice",
    "response",
    "resolution",
    "level",
    "price",
]
FIELDS: Final[tuple[Field, ...]] = (
    "customer",
    "supplier_register",
    "customer_register",
    "from_on",
    "until_on",
    "tacit",
    "notice",
    "response",
    "resolution",
    "level",
    "price",
)
NEAR: Final = 110
"""Letters between a value and the word that says what it is."""
QUOTED: Final = 90
MOST: Final = 6
"""Proposals of one field."""

_FROM: Final = re.compile(
    r"ingaande|ingangsdatum|met ingang van|vanaf|aanvangsdatum|begint op|à partir du|prend effet|"
    r"entre en vigueur|date de début|effective|commenc\w+|start(?:s|ing)? (?:on|date)|\bfrom\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(
    r"tot en met|t/m|laatste dag|jusqu['\u2019]au[^.\n]{0,40}inclus|up to and including|through",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(
    r"einddatum|eindigt (?:op|van rechtswege op)|loopt (?:af op|tot)|\btot\b|jusqu['\u2019]au|"
    r"prend fin|date de fin|échéance|\buntil\b|ends on|expir\w+|end date",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"opzegtermijn|opzegging|opgezegd|opzeggen|préavis|résili\w+|notice|terminat\w+", re.IGNORECASE
)
_TACIT: Final = re.compile(
    r"stilzwijgend\w*|verlengd|verlenging|tacite\w*|reconduit\w*|reconduction|renouvel\w+|"
    r"renew\w*|extended",
    re.IGNORECASE,
)
_RESPONSE: Final = re.compile(
    r"reactie\w*|reage\w+|responstijd|réaction|réagi\w*|temps de réponse|respon[ds]\w*",
    re.IGNORECASE,
)
_RESOLUTION: Final = re.compile(
    r"oploss\w*|opgelost|hersteltijd|hersteld?\b|verholpen|résol\w*|rétabli\w*|resol\w*|solved?|"
    r"restor\w*|repair\w*|fix(?:ed)?\b",
    re.IGNORECASE,
)
_LEVEL: Final = re.compile(
    r"(?:niveau|level|formule|sla)[\s:\-'\"\u2019]{1,4}"
    r"(brons|bronze|zilver|silver|argent|goud|gold|or|platina|platinum|platine)\b"
    r"|\b(brons|bronze|zilver|silver|goud|gold|platina|platinum)[ -]?(?:niveau|level|contract|sla)",
    re.IGNORECASE,
)
_LEVELS: Final = {
    "bronze": ("brons", "bronze"),
    "silver": ("zilver", "silver", "argent"),
    "gold": ("goud", "gold", "or"),
    "platinum": ("platina", "platinum", "platine"),
}
_SENTENCE: Final = re.compile(r"(?<=[.;!?])\s+(?=[A-ZÀ-Ý0-9])|\n\s*\n|\n(?=\s*(?:\d|[-•*]))")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value as the contract language writes it, and where it was read: page and words."""

    field: Field
    value: str
    page: int
    quote: str


def proposals_of(pages: Sequence[str]) -> tuple[Proposal, ...]:
    """Everything that the pages say, each value of a field once, in the order of reading."""
    found: dict[tuple[Field, str], Proposal] = {}
    for number, page in enumerate(pages, 1):
        for sentence in _sentences(page):
            for field, value, start, end in _all_of(sentence):
                quote = _quote(sentence, start, end)
                found.setdefault((field, value), Proposal(field, value, number, quote))
    counts: dict[Field, int] = {}
    kept = []
    for each in found.values():
        counts[each.field] = counts.get(each.field, 0) + 1
        if counts[each.field] <= MOST:
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: FIELDS.index(each.field)))


Hit = tuple[Field, str, int, int]


def _sentences(page: str) -> Iterator[str]:
    for part in _SENTENCE.split(page):
        told = " ".join(part.split())
        if told:
            yield told


def _all_of(sentence: str) -> Iterator[Hit]:
    for value, start, end in registers_in(sentence):
        yield "supplier_register", value, start, end
        yield "customer_register", value, start, end
    yield from _dates(sentence)
    yield from _spans(sentence)
    for read in prices_in(sentence):
        yield from _each("price", read)
    for found in _LEVEL.finditer(sentence):
        word = (found[1] or found[2]).casefold()
        level = next(name for name, words in _LEVELS.items() if word in words)
        yield "level", level, found.start(), found.end()


def _dates(sentence: str) -> Iterator[Hit]:
    """A date is one of beginning or end by the nearest word before it."""
    for read in dates_in(sentence):
        before = sentence[max(0, read.start - NEAR) : read.start]
        near = _nearest({"from": _FROM, "last": _LAST, "until": _UNTIL}, before, len(before))
        if near == "from":
            yield from _each("from_on", read)
        elif near == "last" or (near == "until" and _is_inclusive(sentence, read)):
            yield from _each("until_on", read, _day_after)
        elif near == "until":  # the day itself may belong to the term, or not: both are offered
            yield from _each("until_on", read)
            yield from _each("until_on", read, _day_after)


def _is_inclusive(sentence: str, read: Read) -> bool:
    """`jusqu'au 31 décembre 2029 inclus`: the word may stand behind the date."""
    return sentence[read.end : read.end + 12].strip(" ,(").casefold().startswith("inclu")


def _day_after(value: str) -> str:
    return (date.fromisoformat(value) + timedelta(days=1)).isoformat()


_MEANT: Final[dict[str, dict[Field, re.Pattern[str]]]] = {
    "rhythm": {"notice": _NOTICE, "tacit": _TACIT},
    "target": {"response": _RESPONSE, "resolution": _RESOLUTION},
}


def _spans(sentence: str) -> Iterator[Hit]:
    """A rhythm is a notice or a renewal, a target a response or a solution: by the word before it,
    else by the word behind it. A word explains one span, and none beyond the next.
    """
    for kind, words in _MEANT.items():
        reads = [read for read in spans_in(sentence) if read.kind == kind]
        used = 0
        starts = [*(read.start for read in reads[1:]), len(sentence)]
        for read, until in zip(reads, starts, strict=False):  # one start more where there is none
            field, used = _meant(words, sentence, (used, read, until))
            if field is not None:
                yield from _each(field, read)
            used = max(used, read.end)


def _meant(
    words: dict[Field, re.Pattern[str]], sentence: str, place: tuple[int, Read, int]
) -> tuple[Field | None, int]:
    """What a span is, and until where the sentence has been used for it."""
    after, read, until = place
    hits = [
        (found.start(), found.end(), field)
        for field, pattern in words.items()
        for found in pattern.finditer(sentence)
    ]
    before = [
        hit for hit in hits if max(after, read.start - NEAR) <= hit[0] and hit[1] <= read.start
    ]
    if before:
        return max(before)[2], read.end
    behind = [hit for hit in hits if read.end <= hit[0] < min(until, read.end + NEAR)]
    if behind:
        return min(behind)[2], min(behind)[1]
    return None, read.end


def _nearest(words: dict[str, re.Pattern[str]], text: str, place: int) -> str:
    """Which word ends last before a place; of two that end there, the longer."""
    hits = [
        (found.end(), found.end() - found.start(), name)
        for name, pattern in words.items()
        for found in pattern.finditer(text)
        if found.end() <= place
    ]
    return max(hits)[2] if hits else ""


def _each(field: Field, read: Read, change: Callable[[str], str] | None = None) -> Iterator[Hit]:
    for value in read.values:
        yield field, change(value) if change else value, read.start, read.end


def _quote(sentence: str, start: int, end: int) -> str:
    """The words around a value, cut at words."""
    left, right = max(0, start - QUOTED), min(len(sentence), end + QUOTED)
    told = sentence[left:right]
    if left:
        told = "… " + told.partition(" ")[2]
    return told.rpartition(" ")[0] + " …" if right < len(sentence) else told
