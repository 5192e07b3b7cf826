"""One value, one text; what has two readings is refused, with its place."""

import json
from collections import OrderedDict
from datetime import UTC, datetime
from enum import IntEnum, StrEnum

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from afspraak.ledger.canonical import (
    DEEPEST,
    GREATEST,
    NotCanonical,
    canonical,
    instant_text,
    read,
    read_instant,
)

SOME = settings(max_examples=(settings.default or settings()).max_examples // 5)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-GREATEST, GREATEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999


class Word(StrEnum):
    ONE = "one"


class Number(IntEnum):
    ONE = 1


def nested(levels: int) -> object:
    value: object = []
    for _ in range(levels - 1):
        value = [value]
    return value


def slow(value: object) -> str:
    """RFC 8785 by its own words, for values without floats."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(f"{slow(key)}:{slow(item)}" for key, item in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(slow, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@SOME
@given(VALUES)
def test_the_text_is_that_of_the_rfc_and_reads_back(value: object) -> None:
    data = canonical(value)
    assert data == slow(value).encode()
    again = read(data)
    assert again == value
    assert canonical(again) == data


def test_the_rfcs_own_example_of_sorting() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(names, 0)))) == order


def test_the_rfcs_own_example_of_text() -> None:
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize(
    ("value", "place", "fact"),
    [
        (1.0, "$", "a float has no one text"),
        ({"a": [0, {"b": 0.5}]}, "$.a[1].b", "a float has no one text"),
        ({"a b": [float("nan")]}, '$["a b"][0]', "a float has no one text"),
        ([b"x"], "$[0]", "a bytes has no one text"),
        ((1,), "$", "a tuple has no one text"),
        ({"a": Word.ONE}, "$.a", "a Word has no one text"),
        ({"a": Number.ONE}, "$.a", "a Number has no one text"),
        (OrderedDict(a=1), "$", "a OrderedDict has no one text"),
        ({"at": datetime(2026, 3, 2, tzinfo=UTC)}, "$.at", "a datetime has no one text"),
        ({"a": {1: 2}}, "$.a", "the key 1 is no text"),
        ({Word.ONE: 2}, "$", "the key <Word.ONE: 'one'> is no text"),
        ([GREATEST + 1], "$[0]", f"{GREATEST + 1} is beyond {GREATEST}"),
        ([-GREATEST - 1], "$[0]", f"{-GREATEST - 1} is beyond {GREATEST}"),
        (["ab\ud800"], "$[0]", "'ab\\ud800' holds half a character (a lone surrogate) at 2"),
        ({"\udc00": 1}, "$", "'\\udc00' holds half a character (a lone surrogate) at 0"),
        (nested(DEEPEST + 1), "$" + "[0]" * DEEPEST, "more than 32 levels"),
    ],
)
def test_two_readings_are_refused_with_their_place(value: object, place: str, fact: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical(value)
    assert (refused.value.place, refused.value.fact) == (place, fact)
    assert str(refused.value) == f"{place}: {fact}: {refused.value.remedy}"


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (0.5, "write it as text, or as a whole number of a smaller unit"),
        (datetime(2026, 3, 2, tzinfo=UTC), "write an instant with instant_text"),
        (b"", "give plain text, a whole number, true, false, null, a list or an object"),
    ],
)
def test_the_remedy_fits_what_was_given(value: object, remedy: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical(value)
    assert refused.value.remedy == remedy


def test_a_circle_is_refused() -> None:
    circle: dict[str, object] = {}
    circle["a"] = [circle]
    with pytest.raises(NotCanonical, match="more than 32 levels"):
        canonical(circle)


def test_the_limits_themselves_are_taken() -> None:
    assert read(canonical(nested(DEEPEST))) == nested(DEEPEST)
    assert canonical([GREATEST, -GREATEST]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    "data",
    [
        b' {"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'"\\u0041"',
        b"-0",
        b"1.0",
        b"1e2",
        b"NaN",
        b"",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"9" * 20,
        b'"\\ud800"',
    ],
)
def test_another_text_of_a_value_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        read(data)


@SOME
@given(st.integers(FIRST, LAST))
@example(FIRST)
@example(LAST)
@example(0)
def test_an_instant_has_one_text_that_sorts_as_it_does(instant: int) -> None:
    text = instant_text(instant)
    assert len(text) == 27
    assert read_instant(text) == instant
    assert datetime.fromisoformat(text).timestamp() == pytest.approx(instant / 1e6)
    if instant < LAST:
        assert text < instant_text(instant + 1)


def test_an_instant_reads_as_written_in_the_docs() -> None:
    assert instant_text(1_772_438_400_000_000) == "2026-03-02T08:00:00.000000Z"
    assert instant_text(-1) == "1969-12-31T23:59:59.999999Z"
    assert instant_text(FIRST) == "0001-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("instant", [FIRST - 1, LAST + 1])
def test_an_instant_beyond_four_digits_of_year_is_refused(instant: int) -> None:
    with pytest.raises(NotCanonical, match=f"the instant {instant} lies outside"):
        instant_text(instant)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00:00Z",
        "2026-03-02T08:00:00.00000Z",
        "2026-03-02T08:00:00.0000000Z",
        "2026-03-02T08:00:00.000000+00:00",
        "2026-03-02t08:00:00.000000z",
        "2026-03-02 08:00:00.000000Z",
        "2026-03-02T08:00:00.000000Z\n",
        "2026-02-30T08:00:00.000000Z",
        "2026-03-02T24:00:00.000000Z",
        "2026-03-02T23:59:60.000000Z",
        "0000-03-02T08:00:00.000000Z",
        "٢026-03-02T08:00:00.000000Z",
    ],
)
def test_no_other_writing_of_an_instant_is_taken(text: str) -> None:
    with pytest.raises(NotCanonical, match=r"write it as 2026-03-02T08:00:00\.000000Z"):
        read_instant(text)
