"""The text: golden, the same in every language, marked as a translation, and safe from what people
write in it.

The golden texts are made anew with AFSPRAAK_GOLDEN=update in the environment; a change of them is a
change to look at.
"""

import os
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from markdown_it import MarkdownIt
from pydantic import BaseModel

from afspraak.language import schema_frame as frames
from afspraak.language.check import check
from afspraak.language.document import Clause, Document
from afspraak.language.schema_base import Text, When
from afspraak.language.text.catalogue import render_catalogue
from afspraak.language.text.fields import fields_of
from afspraak.language.text.lexicon import Names, split_list
from afspraak.language.text.render import render_html, render_text
from afspraak.language.text.sentences import Slot, pieces_of
from afspraak.language.text.structure import columns_of, parts_of, said, word_of
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.text.words import (
    LANGS,
    SLOT,
    Lang,
    UnreadableError,
    neutral,
    texts_of,
    values_of,
)
from tests.language.test_templates import catalogue, document_of

GOLDEN = Path(__file__).parent.parent / "golden"
BY_LANG = pytest.mark.parametrize("lang", LANGS)
BY_NAME = pytest.mark.parametrize("name", template_names())


def compare(path: Path, text: str) -> None:
    if os.environ.get("AFSPRAAK_GOLDEN") == "update":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), (
        f"{path.name} changed: look, then AFSPRAAK_GOLDEN=update"
    )


@BY_LANG
@BY_NAME
def test_golden_text(name: str, lang: Lang) -> None:
    compare(GOLDEN / f"{name}.{lang}.md", render_text(document_of(name), lang))


@BY_LANG
def test_golden_catalogue(lang: Lang) -> None:
    compare(GOLDEN / f"catalogus.{lang}.md", render_catalogue(catalogue(), lang))


def test_golden_page() -> None:
    compare(GOLDEN / "kleine-reseller.nl.html", render_html(document_of("kleine-reseller"), "nl"))


# Languages -------------------------------------------------------------------------------------


def leaves(tree: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[str]]:
    if isinstance(tree, str):
        return {path: sorted(SLOT.findall(tree))}
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)  # type: ignore[arg-type]
    found: dict[tuple[str, ...], list[str]] = {}
    for key, inner in items:
        found |= leaves(inner, (*path, str(key)))
    return found


@pytest.mark.parametrize("file", ["values", "words", "clauses", "page", "definitions", "changes"])
def test_every_language_has_the_same_texts_with_the_same_slots(file: str) -> None:
    found = {lang: leaves(texts_of(lang, file)) for lang in LANGS}
    assert found["fr"] == found["nl"]
    assert found["en"] == found["nl"]


@BY_LANG
def test_a_translation_says_which_text_is_binding(lang: Lang) -> None:
    text = render_text(document_of("sla-2-0"), lang)
    marks = {"fr": "Le texte en néerlandais fait foi", "en": "The text in Dutch is binding"}
    assert (marks.get(lang, "niet bindend") in text) == (lang != "nl")


# Completeness ----------------------------------------------------------------------------------

NOT_SAID = {"id", "type", "title", "key", "note"}
"""Of a clause: its place, its heading, its mark on page one, its note."""


LABELS = {
    "Party": {"role", "signers"},
    "Service": {"name"},
    "ServiceCalendar": {"name", "holiday_dates"},
}
"""Of parts of the frame: what the text shows as a label, a heading or a table of its own."""


def models() -> list[type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}

    def visit(model: type[BaseModel]) -> None:
        found[model.__name__] = model
        for field in fields_of(model).values():
            if field.model is not None and field.model.__name__ not in found:
                visit(field.model)

    for clause in get_args(get_args(Clause)[0]):
        visit(clause)
    for frame in (frames.Party, frames.Service, frames.ServiceCalendar, frames.PriorityRow):
        visit(frame)
    for frame in (frames.Term, frames.Version, frames.Jurisdiction, frames.Frozen):
        visit(frame)
    for name in ("Text", "When"):
        found.pop(name)
    return list(found.values())


def said_paths(model: type[BaseModel]) -> set[str]:
    """Every path that a sentence, a cell or a condition of the model names."""
    word, paths = word_of(model), set[str]()
    if isinstance(neutral("structure")[word], dict):
        parts = [(column.name, part) for column in columns_of(word) for part in column.cells]
        patterns = [(said("nl", word, name, part.name), part) for name, part in parts]
    else:
        patterns = [("" if p.is_table else said("nl", word, p.name), p) for p in parts_of(word)]
    for pattern, part in patterns:
        paths |= {piece.path for piece in pieces_of(pattern, model) if isinstance(piece, Slot)}
        paths |= set(part.conditions) | ({part.name} if part.is_table else set())
    return paths


def wanted_paths(model: type[BaseModel], prefix: str = "") -> set[str]:
    paths: set[str] = set()
    for key, field in fields_of(model).items():
        nested = field.model is not None and not field.many and field.model not in (When, Text)
        if nested and field.model is not None:
            paths |= wanted_paths(field.model, f"{prefix}{key}.")
        else:
            paths.add(prefix + key)
    return paths


def test_every_key_of_every_clause_has_its_words() -> None:
    whole = {"structure": set(neutral("structure"))}
    missing: dict[str, set[str]] = {}
    for model in models():
        if word_of(model) not in whole["structure"]:
            continue  # said within the part that holds it
        is_clause = "type" in model.model_fields
        told = {path.removesuffix(".0").removesuffix(".1") for path in said_paths(model)}
        wanted = wanted_paths(model) - (
            NOT_SAID if is_clause else LABELS.get(model.__name__, set())
        )
        missing[model.__name__] = wanted - told
    assert {name: keys for name, keys in missing.items() if keys} == {}
    assert len(missing) > 50


# What people write -----------------------------------------------------------------------------

EVIL = (
    "<script>alert('x')</script> {promisor} **vet** | [klik](https://x.example) "
    "`c` ]]> <!-- &amp; # 1. a"
)


def evil() -> Document:
    data = template_bytes("kleine-reseller").decode()
    data = data.replace("name: Apotheek Lindeboom", "name: " + repr(EVIL.replace("'", "")))
    data = data.replace("nl: Computers", "nl: " + repr(EVIL.replace("'", "")))
    data = data.replace(
        "note: Een verzoek is", "note: |\n      " + EVIL + "\n      tweede regel\n      is"
    )
    document, faults = check(data.encode(), "evil")
    assert document is not None, faults
    return document


class Reader(HTMLParser):
    """The tags of a page, and the text between them; checks that they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


@BY_LANG
def test_what_people_write_stays_text_on_the_page(lang: Lang) -> None:
    reader = Reader()
    reader.feed(render_html(evil(), lang))
    reader.close()
    assert reader.open == []
    allowed = (
        "html head meta title style body main h1 h2 h3 p span b i br ul li strong aside hr footer"
    )
    assert set(reader.tags) <= set(f"{allowed} article div table thead tbody tr th td".split())
    assert EVIL.replace("'", "") in reader.said
    assert EVIL in reader.said


@BY_LANG
def test_what_people_write_stays_text_in_markdown(lang: Lang) -> None:
    text = render_text(evil(), lang)
    reader = Reader()
    reader.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    allowed = "h1 h2 h3 p strong br ul li blockquote table thead tbody tr th td hr"
    assert set(reader.tags) <= set(allowed.split())
    assert EVIL in reader.said


@BY_LANG
def test_the_page_needs_nothing_from_elsewhere(lang: Lang) -> None:
    page = render_html(document_of("met-derde-partij"), lang)
    for mark in ("src=", "href=", "@import", "url(", "<script", "<link"):
        assert mark not in page


def test_two_things_with_one_name_get_their_keys() -> None:
    data = template_bytes("kleine-reseller").decode().replace("nl: Back-up", "nl: Computers")
    document, faults = check(data.encode(), "twee")
    assert document is not None, faults
    text = render_text(document, "nl")
    assert r"Computers \[pc\]" in text
    assert r"Computers \[back-up\]" in text


def test_names_are_one_to_one() -> None:
    with pytest.raises(AssertionError):
        Names({"a": "x", "b": "x"})
    words = Names({"who": "wie"}, opened=True)
    assert words.show("wie") == "[wie]"
    assert words.key("[wie]") == "wie"
    assert words.key("wie") == "who"


def test_a_list_that_is_none_is_not_read() -> None:
    assert split_list("a, b en c", "[abc]", values_of("nl")) == ["a", "b", "c"]
    with pytest.raises(UnreadableError):
        split_list("a, d", "[abc]", values_of("nl"))
