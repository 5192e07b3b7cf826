"""What somebody wrote in reply, without the mails that they quote below it.

Own patterns first, line by line and in linear time: Dutch, French and English as Outlook, Gmail,
Apple Mail and Thunderbird write them. Then mail-parser-reply for what they miss, on short texts
only: its patterns take time that grows with the cube of a line.
"""

import re
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Final

from mailparser_reply import EmailReplyParser

from afspraak.notices.compose import REPLY_ABOVE

LINE_CHARS: Final = 400  # a heading over a quotation is shorter than this
LIBRARY_CHARS: Final = 10_000
LIBRARY_SECONDS: Final = 0.5

_MARKER: Final = REPLY_ABOVE.split()[0]
_WROTE: Final = re.compile(
    r"(?:op\b.{1,300}\bschreef\b.{0,200}:"  # Gmail, Apple, Outlook.com in Dutch
    r"|op\b.{1,200}\bheeft\b.{1,150}\bgeschreven:"  # Apple in Dutch
    r"|.{1,200}\bschreef op\b.{1,100}:"  # Thunderbird in Dutch
    r"|le\b.{1,300}\ba [eé]crit\b.{0,60}:"
    r"|.{1,200}\ba [eé]crit le\b.{1,100}:"
    r"|on\b.{1,300}\bwrote:"
    r"|am\b.{1,300}\bschrieb\b.{0,200}:)",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(
    r"[-_]{2,}\s{0,3}(?:oorspronkelijk bericht|originele bericht|original message|forwarded message"
    r"|doorgestuurd bericht|message d.origine|message transf[eé]r[eé]|urspr[uü]ngliche nachricht)"
    r"\s{0,3}[-_]{2,}",
    re.IGNORECASE,
)
_FROM: Final = ("van:", "from:", "de :", "de:", "von:")
_OTHERS: Final = (
    *("verzonden:", "datum:", "aan:", "onderwerp:", "cc:"),
    *("sent:", "date:", "to:", "subject:"),
    *("envoyé :", "envoyé:", "date :", "à :", "à:", "objet :", "objet:", "cc :"),
    *("gesendet:", "an:", "betreff:"),
)


def reply_of(text: str) -> str:
    """The newest words of a thread; the whole text where nothing of its own would be left."""
    own = "\n".join(_unquoted(text.split("\n"))).strip()
    if own and len(own) <= LIBRARY_CHARS and max(map(len, own.split("\n"))) <= LINE_CHARS:
        own = _library(own) or own
    return own or text.strip()


def _unquoted(lines: list[str]) -> Iterator[str]:
    """The lines before the first quoted mail, without those that begin with `>`."""
    for at, line in enumerate(lines):
        if _begins_quotation([part[:LINE_CHARS].strip() for part in lines[at : at + 5]]):
            return
        if not line.lstrip().startswith(">"):
            yield line


def _begins_quotation(window: list[str]) -> bool:
    """Whether the first of these lines is a heading over a quoted mail."""
    first = window[0].lstrip(">* ").rstrip("* ")
    if not first:
        return False
    if _MARKER in first or _SEPARATOR.fullmatch(first) or _WROTE.fullmatch(first):
        return True
    joined = " ".join(part.lstrip("> ") for part in window[:2])  # a heading folded once
    if len(joined) <= LINE_CHARS and window[0][-1:] != ":" and _WROTE.fullmatch(joined):
        return True
    return first.lower().startswith(_FROM) and _is_header_block(window[1:])


def _is_header_block(window: list[str]) -> bool:
    """Whether at least two of the next lines are headers too: a person may write `Van: ...`."""
    plain = (part.lstrip(">* ").replace("*", "").lower() for part in window)
    return sum(part.startswith(_OTHERS) for part in plain) > 1


def _library(text: str) -> str:
    """What mail-parser-reply makes of it; nothing when that takes too long."""
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, LIBRARY_SECONDS)
    try:
        return EmailReplyParser(languages=["nl", "fr", "en", "de"]).parse_reply(text) or ""
    except _TooSlow:
        return ""
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _TooSlow(Exception):
    """The library's patterns ran into their worst case."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow
