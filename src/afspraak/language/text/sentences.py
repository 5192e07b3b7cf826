"""A sentence with named slots, filled from the document and read back from the text.

A slot is a path and, if need be, a form: `{share.at_least}`, `{every:every}`,
`{promisor:party_of}`. What stands in it is shown by the phrase of its kind; a person's own words
stand in quotation marks. Nothing that is filled in is looked at again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel

from afspraak.language.text.fields import FIGURES, Field, field_at, is_given, value_at
from afspraak.language.text.kinds import PHRASES, Phrase, Plain, enum
from afspraak.language.text.lexicon import Lexicon, split_list
from afspraak.language.text.tree import Kind, Line, Span
from afspraak.language.text.words import SLOT, UnreadableError, both, fill, loose, read

PLAIN: Final = "plain"
"""The form of a person's words that stand alone and need no quotation marks."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a sentence: where its value stands, and how it is shown."""

    path: str
    field: Field
    phrase: Phrase
    quoted: bool
    many: bool

    def show(self, value: object, lexicon: Lexicon) -> str:
        """The value as the text has it."""
        if not self.many:
            return self._show_one(value, lexicon, self.quoted)
        assert isinstance(value, tuple)
        return both(
            [self._show_one(each, lexicon, self._parts(each, lexicon)) for each in value],
            lexicon.values,
        )

    def _parts(self, value: object, lexicon: Lexicon) -> bool:
        """Whether a person's words need quotation marks in a list: they hold a joint, or begin with
        a mark.
        """
        values = lexicon.values
        marks = (values.comma, values.both, values.quote.partition("{")[0])
        shown = self.phrase.show(value, lexicon)
        return self.quoted or (
            self.phrase.user(value, lexicon) and any(mark in shown for mark in marks)
        )

    def _show_one(self, value: object, lexicon: Lexicon, quoted: bool) -> str:  # noqa: FBT001
        shown = self.phrase.show(value, lexicon)
        return fill(lexicon.values.quote, text=shown) if quoted else shown

    def read(self, text: str, lexicon: Lexicon) -> Plain:
        """The inverse of `show`."""
        if not self.many:
            return self._read_one(text, lexicon, self.quoted)
        mark = lexicon.values.quote.partition("{")[0]
        items = split_list(text, self.item(lexicon), lexicon.values)
        return [self._read_one(each, lexicon, each.startswith(mark)) for each in items]

    def _read_one(self, text: str, lexicon: Lexicon, quoted: bool) -> Plain:  # noqa: FBT001
        inner = read(lexicon.values.quote, text)["text"] if quoted else text
        return self.phrase.read(inner, lexicon)

    def item(self, lexicon: Lexicon) -> str:
        """A regular expression for one value."""
        marked = loose(lexicon.values.quote, ".+?")
        if self.quoted:
            return marked
        plain = self.phrase.pattern(lexicon)
        return f"(?:{marked}|{plain})" if self.many else plain

    def pattern(self, lexicon: Lexicon) -> str:
        """A regular expression for the whole slot."""
        item = self.item(lexicon)
        if not self.many:
            return item
        joint = f"(?:{re.escape(lexicon.values.comma)}|{re.escape(lexicon.values.both)})"
        return f"{item}(?:{joint}{item})*"


@cache
def pieces_of(pattern: str, model: type[BaseModel]) -> tuple[str | Slot, ...]:
    """The pattern as text and slots, by turns."""
    return tuple(
        _slot(piece, model) if place % 2 else piece
        for place, piece in enumerate(SLOT.split(pattern))
    )


def _slot(text: str, model: type[BaseModel]) -> Slot:
    path, _, form = text.partition(":")
    field = field_at(model, path)
    if field.kind == "enum":
        phrase = PHRASES[form] if form in PHRASES else enum(form or path.rpartition(".")[2])
    else:
        phrase = PHRASES[form if form and form != PLAIN else field.kind]
    quoted = field.kind == "name" and form != PLAIN
    return Slot(path, field, phrase, quoted, field.many and not path[-1].isdigit())


def line_of(pattern: str, model: BaseModel, lexicon: Lexicon) -> Line | None:
    """The sentence about a part of the document; None where a slot has no value."""
    spans = []
    for piece in pieces_of(pattern, type(model)):
        if isinstance(piece, str):
            spans.append(Span(piece))
            continue
        value = value_at(model, piece.path)
        if not is_given(value):
            return None
        user = not piece.many and piece.phrase.user(value, lexicon)
        kind: Kind = "user" if user else "figure" if piece.field.kind in FIGURES else "value"
        spans.append(Span(piece.show(value, lexicon), kind, piece.path))
    return tuple(span for span in spans if span.text)


def read_line(
    pattern: str, model: type[BaseModel], text: str, lexicon: Lexicon
) -> Mapping[str, Plain]:
    """The inverse of `line_of`: path -> what the YAML would hold there.

    Raises `UnreadableError` where the text is not this sentence.
    """
    pieces = pieces_of(pattern, model)
    expression = "".join(
        re.escape(piece) if isinstance(piece, str) else f"({piece.pattern(lexicon)})"
        for piece in pieces
    )
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    for written in dict.fromkeys((text, text[:1].lower() + text[1:])):
        match = re.fullmatch(expression, written, re.DOTALL)
        if match:
            return {
                slot.path: slot.read(part, lexicon)
                for slot, part in zip(slots, match.groups(), strict=True)
            }
    raise UnreadableError(f"{text!r} is not the sentence {pattern!r}")
