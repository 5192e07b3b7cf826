"""Strict YAML: every scalar is text, lines are right, what could deceive or stall is refused."""

import time
from collections.abc import Callable

import pytest

from afspraak.language.nodes import Items, Mapping, Scalar, child, line_of, plain
from afspraak.language.reader import DEEPEST, LONGEST, read


def told(data: bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.fact) for fault in read(data, "c.yaml")[1]]


def test_every_plain_scalar_is_text() -> None:
    words = ["1:30", "010", "no", "95.5", "1e3", "0x1F", "~", "true", "2027-01-01", "null", ".inf"]
    root, faults = read("\n".join(f"k{n}: {word}" for n, word in enumerate(words)).encode(), "c")
    assert faults == []
    assert root is not None
    assert plain(root) == {f"k{n}": word for n, word in enumerate(words)}


def test_lines_and_places_are_kept() -> None:
    text = 'a: 1\nb:\n  - x\n  - {c: "d"}   # a comment\n'
    root, faults = read(text.encode(), "c")
    assert faults == []
    assert isinstance(root, Mapping)
    listed = root.entries["b"]
    assert isinstance(listed, Items)
    assert line_of(root, ("b", 1, "c")) == 4
    held = child(listed.items[1], "c")
    assert isinstance(held, Scalar)
    assert text[held.start : held.end] == '"d"'
    assert not held.plain


@pytest.mark.parametrize(
    ("text", "line", "fact"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands here twice (first in line 1)"),
        ("a: &x [1]\n", 1, "an anchor (&x)"),
        ("a: 1\nb: *x\n", 2, "an alias (*x)"),
        ("a: 1\nb: !!int 3\n", 2, "a tag (tag:yaml.org,2002:int)"),
        ("a: !mine {b: c}\n", 1, "a tag (!mine)"),
        ("a: ! x\n", 1, "a tag (!)"),
        ("a:\n  <<: {b: 1}\n", 2, "a merge key (<<)"),
        ("a:\n\tb: 1\n", 2, "a tab (U+0009)"),
        ("a:\tb\n", 1, "a tab (U+0009)"),
        ('a: 1\nb: "\\t"\n', 2, "a tab (U+0009)"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins"),
        ("%YAML 1.1\n---\na: no\n", 1, "a directive ('%YAML 1.1')"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", 1, "a directive ('%TAG ! tag:x,2000:')"),
        ("a: 1\nb: x\x00y\n", 2, "a NUL character (U+0000)"),
        ('a: 1\nb: "\\0"\n', 2, "a NUL character (U+0000)"),
        ("a: \x07\n", 1, "a control character (U+0007)"),
        ("a: \x85b\n", 1, "a control character (U+0085)"),
        ("a: 1\rb: 2\n", 1, "a carriage return that ends no line (U+000D)"),
        ("a: x\u202ey\n", 1, "a character that changes the direction of the text (U+202E)"),
        ('a: "\\u2066"\n', 1, "a character that changes the direction of the text (U+2066)"),
        ("a: x\u200by\n", 1, "a character that cannot be seen (U+200B)"),
        ("a: x\u2028y\n", 1, "a character that cannot be seen (U+2028)"),
        ("a: \U000e0041\n", 1, "a character that cannot be seen (U+E0041)"),
        ("\ufeffa: 1\n", 1, "a character that cannot be seen (U+FEFF)"),
        ('a: "\\ud800"\n', 1, "half a surrogate pair (U+D800)"),
        ("? [a]\n: 1\n", 1, "a list or a mapping as a key"),
        ("'': 1\n", 1, "an empty key"),
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
    ],
)
def test_what_could_deceive_is_refused_with_its_line(text: str, line: int, fact: str) -> None:
    assert (line, fact) in told(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("data", "line", "fact"),
    [
        (b"a: 1\nb: \xff\n", 2, "byte 0xff is not UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, "byte 0xed is not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "byte 0xff is not UTF-8"),
    ],
)
def test_what_is_not_utf_8_is_refused(data: bytes, line: int, fact: str) -> None:
    assert told(data) == [(line, fact)]


def test_an_alias_bomb_is_refused_without_being_lit() -> None:
    levels = ['a0: &a0 ["lol"]'] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)
    ]
    facts = told("\n".join(levels).encode())
    assert (1, "an anchor (&a0)") in facts
    assert (2, "an alias (*a0)") in facts


def deep_flow(levels: int) -> bytes:
    return b"a: " + b"[" * levels + b"]" * levels


def deep_spaced(levels: int) -> bytes:
    return b"a: " + b"{x: " * levels + b"1" + b"}" * levels


def deep_block(levels: int) -> bytes:
    return b"\n".join(b" " * n + b"a:" for n in range(min(levels, 1200)))


def deep_dashes(levels: int) -> bytes:
    return b"- " * levels + b"x"


@pytest.mark.parametrize("deep", [deep_flow, deep_spaced, deep_block, deep_dashes])
def test_three_thousand_levels_are_refused_at_once(deep: Callable[[int], bytes]) -> None:
    before = time.process_time()
    facts = told(deep(3000))
    assert [fact for _, fact in facts] == [f"more than {DEEPEST} levels"]
    assert time.process_time() - before < 2


def test_forty_levels_are_read() -> None:
    root, faults = read(deep_spaced(DEEPEST - 1), "c")
    assert root is not None
    assert faults == []
    assert told(deep_spaced(DEEPEST))


def test_more_than_a_megabyte_is_refused_unread() -> None:
    assert told(b"x" * (LONGEST + 1)) == [(1, "the file has 1000001 bytes, more than 1000000")]


def test_all_faults_are_told_at_once() -> None:
    facts = told(b"a: 1\na: 2\nb: &x 1\nc: !!str d\n")
    assert [line for line, _ in facts] == [2, 3, 4]


def test_what_has_no_end_is_told_where_it_begins() -> None:
    facts = told(b'a: 1\nb: "x\nc: 2\n')
    assert facts[0][0] == 2
    assert "end of stream" in facts[0][1]


def test_a_fault_names_its_part() -> None:
    _, faults = read(b"clauses:\n  - id: oplossen\n    x: 1\n    x: 2\n  - {id: b}\n", "c.yaml")
    assert [str(fault) for fault in faults] == [
        "c.yaml:4: oplossen: the key 'x' stands here twice (first in line 3): keep one of them"
    ]
