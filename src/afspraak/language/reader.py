"""Bytes -> a tree of text with line numbers: strict YAML 1.2, of which only what a contract needs
is read.

Every plain scalar is text: `no`, `010`, `1:30`, `1e3` are what they look like, and the schema
judges them. Refused, with a line: whatever can make one text mean another thing than it shows
(duplicate keys, anchors, aliases, tags, merge keys, directives, several documents, tabs, control
characters, letters that turn or hide others), and what can make reading slow (more than a megabyte,
more than forty levels).
"""

import re
from dataclasses import dataclass, field
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from afspraak.language.faults import Fault
from afspraak.language.nodes import Items, Mapping, Node, Scalar, place_at

LONGEST: Final = 1_000_000
"""Bytes."""
DEEPEST: Final = 40
_TOO_DEEP: Final = re.compile(rf"(?:[\[{{] *){{{DEEPEST + 1}}}")
"""So many brackets in a row that it is vain to follow them, which takes their square in time."""
_MOST_FAULTS: Final = 100

_CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufff9-\ufffb\ud800-\udfff"
_TURNING: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN: Final = (
    "\u00ad\u034f\u0600-\u0605\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029"
    "\u2060-\u2065"
    "\u206a-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORBIDDEN: Final = re.compile(f"[{_CONTROL}{_TURNING}{_HIDDEN}\t]|\r(?!\n)")
_KINDS: Final = (
    (re.compile("\t"), "a tab", "indent and part with spaces"),
    (re.compile("\x00"), "a NUL character", "remove it"),
    (
        re.compile(f"[{_TURNING}]"),
        "a character that changes the direction of the text",
        "remove it",
    ),
    (re.compile(f"[{_HIDDEN}]"), "a character that cannot be seen", "remove it"),
    (re.compile("[\ud800-\udfff]"), "half a surrogate pair", "write the character itself"),
    (re.compile("."), "a control character", "remove it"),
)


@dataclass(slots=True)
class _Reading:
    """One reading: where, what was found wrong so far, and the collections that are still open."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    stack: list["_Frame"] = field(default_factory=list)
    root: Node | None = None
    line: int = 1

    def fault(self, line: int, fact: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, "document", fact, remedy))


@dataclass(slots=True)
class _Frame:
    """A list or a mapping that is being read; a mapping's `key` waits for its value."""

    event: CollectionStartEvent
    items: list[Node] = field(default_factory=list)
    keys: dict[str, Scalar] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)
    key: Scalar | None = None
    doubled: bool = False


def read(data: bytes, file: str) -> tuple[Node | None, list[Fault]]:
    """The tree and every fault found on the way; no tree where the text could not be followed to
    its end.
    """
    reading = _Reading(file)
    text = _decoded(reading, data)
    if text is not None:
        _follow(reading, text)
    root = reading.root
    if root is None:
        return None, reading.faults
    return root, [
        Fault(file, fault.line, place_at(root, fault.line), fault.fact, fault.remedy)
        for fault in reading.faults
    ]


# Characters --------------------------------------------------------------------------------------


def _decoded(reading: _Reading, data: bytes) -> str | None:
    """The text without the characters that are refused; None if it cannot be read on."""
    if len(data) > LONGEST:
        reading.fault(
            1,
            f"the file has {len(data)} bytes, more than {LONGEST}",
            "a contract is shorter; split it",
        )
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reading.fault(line, f"byte {data[error.start]:#04x} is not UTF-8", "save the file as UTF-8")
        return None
    for match in _FORBIDDEN.finditer(text):
        _forbidden(reading, text.count("\n", 0, match.start()) + 1, match[0])
        if len(reading.faults) >= _MOST_FAULTS:
            return None
    for match in re.finditer(r"^%.*", text, re.MULTILINE):
        reading.fault(
            text.count("\n", 0, match.start()) + 1,
            f"a directive ({match[0][:20]!r})",
            "remove the line",
        )
    if opening := _TOO_DEEP.search(text):
        _too_deep(reading, text.count("\n", 0, opening.start()) + 1)
        return None
    if "\t" in text or any(fault.fact.startswith("a directive") for fault in reading.faults):
        return None
    return _FORBIDDEN.sub("", text) if reading.faults else text


def _too_deep(reading: _Reading, line: int) -> None:
    remedy = "a contract is not that deep; look for open brackets"
    reading.fault(line, f"more than {DEEPEST} levels", remedy)


def _forbidden(reading: _Reading, line: int, letter: str) -> None:
    fact, remedy = next(
        (fact, remedy) for kind, fact, remedy in _KINDS if kind.match(letter) or letter == "\r"
    )
    if letter == "\r":
        fact, remedy = "a carriage return that ends no line", "end lines with LF or CR LF"
    reading.fault(line, f"{fact} (U+{ord(letter):04X})", remedy)


# Events ------------------------------------------------------------------------------------------


def _follow(reading: _Reading, text: str) -> None:
    """Turns the parser's events into the tree; stops at what cannot be followed."""
    yaml = YAML(typ="safe", pure=True)
    try:
        for event in yaml.parse(text):
            if not _take(reading, event) or len(reading.faults) >= _MOST_FAULTS:
                reading.root = None
                return
    except MarkedYAMLError as error:
        told = " ".join(part for part in (error.context, error.problem) if part)
        reading.fault(
            _line(error),
            f"this is no YAML ({told})",
            "look at the indentation, the quotes and the brackets",
        )
        reading.root = None
    except (YAMLError, ValueError, IndexError, AttributeError, OverflowError) as error:
        reading.fault(
            reading.line,
            f"this is no YAML ({type(error).__name__})",
            "look for broken escapes and quotes",
        )
        reading.root = None
    else:
        if reading.root is None and not reading.faults:
            reading.fault(1, "the file is empty", "write a contract in it")


def _line(error: MarkedYAMLError) -> int:
    """Where the parser stumbled; of what has no end, where it begins."""
    endless = error.context_mark is not None and "end of stream" in str(error.problem)
    mark = error.context_mark if endless else error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _take(reading: _Reading, event: Event) -> bool:
    """Takes one event; False when reading has to stop."""
    line = reading.line = event.start_mark.line + 1
    if isinstance(event, DocumentStartEvent) and reading.root is not None:
        reading.fault(line, "a second document begins", "keep one contract in one file")
        return False
    if isinstance(event, NodeEvent):
        _refuse_references(reading, event, line)
    if isinstance(event, CollectionStartEvent):
        reading.stack.append(_Frame(event))
        if len(reading.stack) > DEEPEST:
            _too_deep(reading, line)
            return False
    elif isinstance(event, CollectionEndEvent):
        _place(reading, _closed(reading.stack.pop(), event))
    elif isinstance(event, ScalarEvent):
        _place(reading, _scalar(reading, event, line))
    elif isinstance(event, AliasEvent):
        _place(reading, _text("", event))
    return True


def _refuse_references(reading: _Reading, event: NodeEvent, line: int) -> None:
    if isinstance(event, AliasEvent):
        reading.fault(line, f"an alias (*{event.anchor})", "write the value out where it holds")
    elif event.anchor:
        reading.fault(line, f"an anchor (&{event.anchor})", "write the value out where it holds")
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        reading.fault(line, f"a tag ({event.tag})", "remove it; types come from the schema")


def _scalar(reading: _Reading, event: ScalarEvent, line: int) -> Scalar:
    text: str = event.value
    if (match := _FORBIDDEN.search(text)) is not None:  # written as an escape
        _forbidden(reading, line, match[0])
    return _text(text, event, plain=not event.style)


def _text(text: str, event: Event, *, plain: bool = True) -> Scalar:
    start, end = event.start_mark, event.end_mark
    return Scalar(text, start.line + 1, plain, start.index, end.index)


def _closed(frame: _Frame, end: Event) -> Node:
    mark, flow = frame.event.start_mark, bool(frame.event.flow_style)
    if isinstance(frame.event, MappingStartEvent):
        return Mapping(
            frame.keys, frame.entries, mark.line + 1, flow, mark.index, end.end_mark.index
        )
    return Items(tuple(frame.items), mark.line + 1, flow, mark.index, end.end_mark.index)


def _place(reading: _Reading, node: Node) -> None:
    """Puts a finished node where it belongs: as the root, an item, a key or a key's value."""
    if not reading.stack:
        reading.root = node
        return
    frame = reading.stack[-1]
    if not isinstance(frame.event, MappingStartEvent):
        frame.items.append(node)
    elif frame.key is None:
        _key(reading, frame, node)
    else:
        if not frame.doubled:
            frame.entries[frame.key.text] = node
        frame.key, frame.doubled = None, False


def _key(reading: _Reading, frame: _Frame, node: Node) -> None:
    """Takes a key; a list or mapping as a key, a merge key and a key that was there before are
    refused.
    """
    if not isinstance(node, Scalar):
        reading.fault(node.line, "a list or a mapping as a key", "write a word as the key")
        node = Scalar(f"(line {node.line})", node.line, plain=True, start=node.start, end=node.end)
    elif node.text == "<<" and node.plain:
        reading.fault(node.line, "a merge key (<<)", "write the values out where they hold")
    elif not node.text.strip():
        reading.fault(node.line, "an empty key", "write a word as the key")
    frame.key, frame.doubled = node, node.text in frame.keys
    if frame.doubled:
        first = frame.keys[node.text].line
        reading.fault(
            node.line,
            f"the key {node.text!r} stands here twice (first in line {first})",
            "keep one of them",
        )
    else:
        frame.keys[node.text] = node
