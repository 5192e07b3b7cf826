"""By which signs a mail is a machine's (RFC 3834, RFC 3464, RFC 2369, and common practice)."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from afspraak.mail.message import Mark, Sender

_AUTO: Final = {"x-autoreply", "x-autorespond", "x-autoresponse"}
_SUPPRESS: Final = {"all", "autoreply"}  # of X-Auto-Response-Suppress: what forbids an answer
_LIST: Final = {"list-id", "list-post", "list-unsubscribe", "list-help"}
_BULK: Final = {"bulk", "junk"}
_BOUNCERS: Final = {"mailer-daemon", "postmaster"}
_REPORT: Final = re.compile(
    r"report-type\s{0,9}=\s{0,9}\"?(delivery-status|feedback-report)", re.IGNORECASE
)


def marks_of(
    content_type: str, content_header: str, headers: Mapping[str, list[str]], sender: Sender
) -> frozenset[Mark]:
    """The marks of a mail; `headers` by names in lower case."""
    return frozenset(_marks(content_type, content_header, headers, sender))


def _marks(
    content_type: str, content_header: str, headers: Mapping[str, list[str]], sender: Sender
) -> Iterator[Mark]:
    precedence = {value.strip().lower() for value in headers.get("precedence", [])}
    submitted = [value.split(";")[0].strip().lower() for value in headers.get("auto-submitted", [])]
    suppressed = ",".join(headers.get("x-auto-response-suppress", [])).lower().split(",")
    report = content_type == "multipart/report"
    if any(value != "no" for value in submitted) or _AUTO & headers.keys():
        yield Mark.AUTO
    if report or "auto_reply" in precedence or _SUPPRESS & {word.strip() for word in suppressed}:
        yield Mark.AUTO
    if _BULK & precedence or "feedback-id" in headers:
        yield Mark.BULK
    if _LIST & headers.keys() or "list" in precedence:
        yield Mark.LIST
    local = (sender.address or "").partition("@")[0].lower()
    returned = [value.strip() for value in headers.get("return-path", [])]
    if local in _BOUNCERS or "<>" in returned or (report and _REPORT.search(content_header)):
        yield Mark.BOUNCE
