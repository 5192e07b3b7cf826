"""A mail's parts: which are its text, which came along as files."""

import re
from email.errors import MessageError
from email.message import Message as Part
from typing import Final

from afspraak.mail.body import text_of_html
from afspraak.mail.clean import clean, decoded, header_text, raw_text
from afspraak.mail.message import Attachment, Limits, Quarantined, Reason

UNKNOWN: Final = "application/octet-stream"
NAME_CHARS: Final = 150
HTML_FACTOR: Final = 10  # markup before it is stripped may be this many times the text
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
# The child may open no file, so a codec that is not loaded cannot be looked for: OSError.
_NO_CHARSET: Final = (LookupError, ValueError, TypeError, OSError)
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class Contents:
    """The text and the attachments of one mail, within its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.attachments: list[Attachment] = []
        self.left_out: list[str] = []
        self._texts: list[str] = []
        self._bytes = 0

    def read(self, part: Part) -> Quarantined | None:
        """Takes all parts in; a mail that has too many, or too deep ones, is refused whole."""
        refused = self._refused(part)
        if refused is None:
            self._texts = self._read(part)
        return refused

    def text(self) -> str:
        """The mail's text; what is over the limit is left out, and said so."""
        whole = "\n\n".join(text for text in self._texts if text)
        if len(whole) > self.limits.text_chars:
            self.left_out.append(f"text after {self.limits.text_chars} characters")
        return whole[: self.limits.text_chars].strip()

    def _refused(self, part: Part) -> Quarantined | None:
        level, count = [part], 0
        for _ in range(self.limits.depth + 1):
            count += len(level)
            if count > self.limits.parts:
                return Quarantined(Reason.PARTS, f"more than {self.limits.parts}")
            level = [inner for outer in level for inner in _children(outer)]
            if not level:
                return None
        return Quarantined(Reason.NESTED, f"more than {self.limits.depth} levels")

    def _read(self, part: Part) -> list[str]:
        """The texts of this part; the files in it go to the attachments."""
        if not _children(part):
            return self._leaf(part)
        texts = [self._read(inner) for inner in _children(part)]
        if part.get_content_type() == "multipart/alternative":
            return _best(_children(part), texts)
        return [text for inner in texts for text in inner]

    def _leaf(self, part: Part) -> list[str]:
        kind = part.get_content_type()
        is_text = kind in ("text/plain", "text/html") and not _is_file(part)
        if kind.startswith("multipart/"):  # called one, and holding no parts
            is_text = True
        if not is_text:
            self._attach(part, kind)
            return []
        text = decoded(_content(part), _charset(part))
        if kind != "text/html":
            return [clean(self._cut(text, self.limits.text_chars)).strip()]
        source = clean(self._cut(text, self.limits.text_chars * HTML_FACTOR))
        return [text_of_html(self._cut(source, _end_of_tags(source, self.limits.tags))).strip()]

    def _cut(self, text: str, most: int) -> str:
        if len(text) > most:
            self.left_out.append(f"text after {most} characters")
        return text[:most]

    def _attach(self, part: Part, kind: str) -> None:
        name = _file_name(part, kind)
        content = _content(part)
        if len(self.attachments) >= self.limits.attachments:
            self.left_out.append(f"{name}: more than {self.limits.attachments} attachments")
        elif self._bytes + len(content) > self.limits.attachment_bytes:
            self.left_out.append(f"{name}: attachments of more than the bytes allowed")
        else:
            self._bytes += len(content)
            kind = kind if _TYPE.fullmatch(kind) else UNKNOWN
            self.attachments.append(Attachment(name, kind, content))


def _children(part: Part) -> list[Part]:
    """The parts of a multipart; a mail within a mail stays closed, as a file."""
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        return []  # get_payload would look up whatever charset a leaf claims
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Part)]


def _end_of_tags(source: str, most: int) -> int:
    """Where the tag after the last one allowed begins: nh3's time grows with the depth squared."""
    at = 0
    for _ in range(most):
        at = source.find("<", at) + 1
        if not at:
            return len(source)
    return at


def _best(parts: list[Part], texts: list[list[str]]) -> list[str]:
    """Of alternatives, the plain text that says something, else the last that does."""
    full = [(p, t) for p, t in zip(parts, texts, strict=True) if any(t)]
    plain = [t for p, t in full if p.get_content_type() == "text/plain"]
    return plain[0] if plain else full[-1][1] if full else []


def _content(part: Part) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()  # message/*: its parts, already taken apart
    try:
        return b"\n".join(p.as_bytes() for p in inner if isinstance(p, Part))
    except (*_NO_CHARSET, MessageError):
        return b""  # the whole mail is kept raw beside this reading


def _charset(part: Part) -> str:
    try:
        return str(part.get_content_charset("us-ascii"))
    except _NO_CHARSET:
        return "us-ascii"


def _is_file(part: Part) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_raw_name(part))


def _raw_name(part: Part) -> str:
    for header, value in list(part.raw_items()):
        if header.lower() in {"content-disposition", "content-type"} and not str(value).isascii():
            part.replace_header(header, raw_text(str(value)))  # names that nobody encoded
    try:
        return part.get_filename("") or ""
    except _NO_CHARSET:
        return ""


def _file_name(part: Part, kind: str) -> str:
    """A name that is no path and hides nothing; made up where there is none."""
    name = _UNSAFE.sub("_", header_text(_raw_name(part))).strip(". ")
    if len(name) > NAME_CHARS:  # the ending says what it is
        name = name[: NAME_CHARS - 20] + name[-20:]
    made_up = {"message/rfc822": "message.eml", "text/calendar": "invite.ics"}
    return name or made_up.get(kind, "attachment")
