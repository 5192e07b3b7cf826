"""The checks' sentences in Dutch and French: none that no check says, the same slots in each, and
most faults that our own texts can have are told in the reader's language.
"""

import ast
import re
from pathlib import Path
from typing import Literal

import pytest

from afspraak.language import text
from afspraak.language.check import check
from afspraak.language.text.faults import said
from afspraak.language.text.templates import template_bytes
from afspraak.language.text.words import texts_of

LANGUAGES: tuple[Literal["nl", "fr"], ...] = ("nl", "fr")
HOUSE = Path(text.__file__).resolve().parents[1]
SLOT = re.compile(r"\{[^{}]*\}")
WHOLE = {"{} is not a whole number", "{} is not a whole number (leading zero)"}
COMPOSED = {
    *WHOLE,
    "write {}",
    "{} is not {}",
    "{} is not {} (it holds {}, which is no plain letter)",
    "{} exclude each other",
    "{} stands where {} is expected (`{}`)",
    "`{}` holds {} instead of a value",
}
NOUNS = {"nothing", "calendar", "clause", "service", "priority", "party", "site", "level"}


def sentences() -> set[str]:
    """Every text that stands in the checks, its slots as `{}`."""
    found: set[str] = set()
    for path in (*HOUSE.glob("*.py"), HOUSE.parent / "engine" / "time.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(SLOT.sub("{}", node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    str(each.value) if isinstance(each, ast.Constant) else "{}"
                    for each in node.values
                ]
                found.add("".join(parts))
    return found | {part for each in found for part in each.split(": ", 1)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_has_the_slots_of_what_it_says(lang: Literal["nl", "fr"]) -> None:
    for english, told in texts_of(lang, "faults").items():
        assert sorted(SLOT.findall(str(told))) == sorted(SLOT.findall(english)), english


def test_both_languages_say_the_same() -> None:
    assert texts_of("nl", "faults").keys() == texts_of("fr", "faults").keys()


def test_nothing_is_said_that_no_check_says() -> None:
    known = sentences() | COMPOSED | NOUNS
    told = {SLOT.sub("{}", each) for each in texts_of("nl", "faults")}
    assert sorted(told - known) == []


@pytest.mark.parametrize(
    ("was", "now", "fact", "remedy"),
    [
        ("law: 1", "law: 2", "'2' is geen waarde van `law`", "schrijf 1"),
        ("version:", "versoin:", "de sleutel 'versoin' is hier onbekend", "bedoelde u `version`?"),
        ("value: PT2H", "value: 2h", "`value`: '2h' is geen norm", None),
        ("id: nl-", "id: NL-", "'NL-2027-0042' is geen kenmerk", None),
        ("currency: EUR\n", "", "`currency` ontbreekt", "voeg het toe"),
        ("kvk:12345678", "kvk:1234567", None, "vergelijk het met het register"),
    ],
)
def test_what_is_wrong_is_told_in_dutch(
    was: str, now: str, fact: str | None, remedy: str | None
) -> None:
    data = template_bytes("msp-vier-niveaus").decode().replace(was, now, 1)
    faults = [fault for fault in check(data.encode(), "x")[1] if not fault.note]
    told = [(said(fault.fact, "nl"), said(fault.remedy, "nl")) for fault in faults]
    assert fact in (None, *(each for each, _ in told))
    assert remedy in (None, *(each for _, each in told))
    assert None not in [each for pair in told for each in pair]


def test_what_has_no_words_is_left_to_the_door() -> None:
    assert said("a sentence that nobody wrote", "nl") is None
    assert said("a sentence that nobody wrote", "en") == "a sentence that nobody wrote"
    assert said("x" * 5_000, "fr") is None
