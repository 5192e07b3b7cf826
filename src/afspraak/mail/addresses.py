"""Who a From header names: one plain address, or nobody (STACK, Traps: `a@good <b@evil>`).

The library's parsers are lenient: they find an address in almost anything. Here a header says
exactly one address in a form that every reader reads alike, or it is refused with a reason.
"""

import re
from typing import Final

from afspraak.mail.clean import header_text
from afspraak.mail.message import Sender
from afspraak.notices.address import plain_address

HEADER_CHARS: Final = 2_000  # a From header is a line; a To header longer than this is cut
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[(),<>:;]|[^"\\(),<>:;]+|.', re.DOTALL)
_CLAIM: Final = re.compile(r"[^\s<>()\[\],;:\"']{1,64}@[^\s<>()\[\],;:\"']{1,255}")
NAME_CHARS: Final = 200


def sender_of(values: list[str]) -> Sender:
    """The one sender that all From headers of a mail together name."""
    if len(values) != 1:
        return _nobody("more than one From header" if values else "no From header")
    value = _unfolded(values[0])
    if len(value) > HEADER_CHARS:
        return _nobody("the From header is too long")
    boxes = _mailboxes(value)
    if boxes is None:
        return _nobody("the From header can be read in more than one way")
    if len(boxes) != 1:
        return _nobody("the From header names more than one" if boxes else "From names nobody")
    return _sender(boxes[0])


def addresses_of(values: list[str], most: int) -> tuple[str, ...]:
    """The plain addresses in To and Cc headers, each once, at most `most`; others are passed by."""
    found: dict[str, None] = {}
    for value in values:
        for box in _mailboxes(_unfolded(value)[: HEADER_CHARS * 10]) or ():
            address = _sender(box).address
            if address:
                found[address] = None
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _nobody(why: str) -> Sender:
    return Sender(None, "", why)


def _unfolded(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _mailboxes(value: str) -> list[list[str]] | None:
    """The pieces of each mailbox of a list, without comments; None where readers may differ."""
    boxes: list[list[str]] = [[]]
    depth = 0
    for piece in _TOKEN.findall(value):
        if piece in ('"', "\\", ":", ";") or (depth and ("@" in piece or piece in "<>")):
            return None  # an open quote, a bare escape, a group, an address within a comment
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif depth:
            continue
        elif piece == ",":
            boxes.append([])
        elif piece.strip():
            boxes[-1].append(piece.strip())
        if depth < 0:
            return None
    return None if depth else [box for box in boxes if box]


def _sender(box: list[str]) -> Sender:
    """One mailbox: `a@b`, `<a@b>` or `name <a@b>`, and nothing else."""
    if len(box) == 1:
        address = plain_address(box[0])
        return Sender(address) if address else _nobody("the From header holds no plain address")
    *name, opened, inner, closed = box if len(box) > 2 else ["", "", ""]  # noqa: PLR2004  (< a >)
    address = plain_address(inner) if (opened, closed) == ("<", ">") else None
    if address is None or "<" in name or ">" in name:
        return _nobody("the From header holds no plain address")
    if any("@" in token for token in name if not token.startswith('"')):
        return _nobody("the name in the From header looks like an address")
    return Sender(address, _name(" ".join(name), address))


def _name(raw: str, address: str) -> str:
    """The name as shown; empty when it claims another address than the one behind it."""
    name = header_text(raw.replace('\\"', "'").replace('"', ""))[:NAME_CHARS]
    claims = _CLAIM.findall(name)
    return "" if any(claim.lower() != address.lower() for claim in claims) else name
