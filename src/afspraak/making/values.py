"""One value of a clause as a person reads and types it, and back: by the phrases of the language,
and exactly as it was written where nothing was changed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from afspraak.engine.time import Refusal
from afspraak.language import values as plain
from afspraak.language.nodes import Plain
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.words import UnreadableError
from afspraak.language.values import Wrong

_PARSERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "duration": plain.parse_duration_text,
    "within": plain.parse_within,
    "rhythm": plain.parse_rhythm_text,
    "share": plain.parse_percentage,
    "money": plain.parse_money,
    "amount": plain.parse_amount,
    "rate": plain.parse_rate,
    "figure": plain.parse_decimal,
}
_EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "duration": ("PT4H", "3 working days"),
    "within": ("5 working days", "1 month"),
    "rhythm": ("3 months", "2 weeks"),
    "share": ("95 %",),
    "money": ("250.00",),
    "amount": ("5 %", "50.00"),
    "rate": ("95.00 / hour",),
}
_SUMS: Final = ("money", "amount", "rate")
_NOTHING: Final = ("none", "")


def shown(kind: str, text: str, lexicon: Lexicon) -> str:
    """A value as it is written in the document -> as a person reads it; what is none stays."""
    if kind == "word":
        return lexicon.words.show(text)
    if kind == "unit":
        return lexicon.units.show(text)
    parse = _PARSERS.get(kind)
    if parse is None or text in _NOTHING:
        return text
    try:
        return PHRASES[kind].show(parse(text), lexicon)
    except Wrong:
        return text


def typed(kind: str, text: str, was: str, lexicon: Lexicon) -> str:
    """The inverse: what a person typed -> as the document has it. What cannot be read stays as it
    was typed, and is told as a fault; what was not changed stays as it was written.
    """
    text = text.strip()
    if was and text == shown(kind, was, lexicon):
        return was
    if kind == "word":
        return lexicon.words.key(text)
    if kind == "unit":
        return lexicon.units.key(text)
    if kind not in _PARSERS or not text:
        return text
    for form in _forms(kind, text, lexicon):
        try:
            return str(PHRASES[kind].read(form, lexicon))
        except (UnreadableError, Wrong, Refusal, ValueError, KeyError):
            continue
    return text


def _forms(kind: str, text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What may be meant, as the phrases write it: without a sign of money or percent, in the
    document's own.
    """
    mark = lexicon.values.decimal
    bare = text.replace("€", "").strip()
    cents = bare if mark in bare else f"{bare}{mark}00"
    sums = (f"€ {cents}", f"€{cents}", f"{cents} €") if lexicon.currency == "EUR" else ()
    if kind == "share":
        return (text, f"{text} %")
    return (text, *sums) if kind in ("money", "amount") else (text,)


def examples(kind: str, lexicon: Lexicon) -> str:
    """How such a value is written, in the reader's language."""
    sums = (kind in _SUMS, lexicon.currency)
    return " · ".join(
        shown(kind, f"{sums[1]} {each}" if sums[0] and "%" not in each else each, lexicon)
        for each in _EXAMPLES.get(kind, ())
    )


def week_shown(value: Plain, lexicon: Lexicon) -> str:
    """Weekly hours as a sentence; empty for what are none."""
    if not isinstance(value, dict):
        return ""
    try:
        week = {
            plain.parse_days(days): tuple(map(plain.parse_interval, hours))
            for days, hours in value.items()
        }
    except (Wrong, TypeError):
        return ""
    return PHRASES["week"].show(week, lexicon) if week else ""


def week_typed(text: str, was: Plain | None, lexicon: Lexicon) -> Plain:
    """The inverse; what cannot be read stays as it was typed, and is told as a fault."""
    if was is not None and text.strip() == week_shown(was, lexicon):
        return was
    try:
        return PHRASES["week"].read(text.strip(), lexicon)
    except (UnreadableError, Wrong, Refusal, ValueError, KeyError):
        return text.strip()
