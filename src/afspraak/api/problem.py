"""Every refusal as a problem detail (RFC 9457): what is wrong, where, and what to do about it."""

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError
from psycopg import errors
from pydantic import BaseModel, Field

from afspraak.agreements.actions import UnsoundDocument
from afspraak.agreements.drafts import NoSuchDraft
from afspraak.engine.time import Refusal
from afspraak.flow import NoSuchText, NoSuchTicket
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.language.faults import Fault
from afspraak.ledger.actions import NoSuchLog
from afspraak.notices.actions_send import NoSuchNotice
from afspraak.parties.actions_answers import KeyUsed
from afspraak.parties.stated import Forbidden, Unknown

MEDIA: Final = "application/problem+json"
PLACE: Final = "urn:afspraak:problem:"
NO_HEADERS: Final[Mapping[str, str]] = {}
log = logging.getLogger("afspraak.api")


class FaultShown(BaseModel):
    """One fault: where it is, what is wrong, what to do."""

    place: str
    fact: str
    remedy: str


class Problem(BaseModel):
    """A refusal (RFC 9457). `type` is stable; `faults` holds every fault that was found."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[FaultShown] = Field(default_factory=list)


class Refused(Exception):
    """A door's own refusal, with its status."""

    def __init__(self, status: int, kind: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.kind, self.headers = status, kind, headers


class Missing(Refused):
    """Not there, or not visible: told alike, whatever it was."""

    def __init__(self) -> None:
        super().__init__(404, "not-found", _DETAILS[404])


class Contradicted(Refused):
    """Well said, but what is there does not allow it."""

    def __init__(self, detail: str) -> None:
        super().__init__(409, "refused", detail)


TITLES: Final = {
    400: ("unreadable", "The request cannot be read"),
    401: ("unknown", "Nobody is signed in"),
    403: ("forbidden", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("method", "Not this method"),
    406: ("not-acceptable", "Not in this form"),
    409: ("refused", "Refused by what is there"),
    412: ("changed", "It has changed"),
    413: ("too-large", "Too large"),
    415: ("media-type", "Not this media type"),
    422: ("invalid", "Not as described"),
    429: ("too-many", "Too many requests"),
    500: ("our-fault", "Our fault"),
    503: ("busy", "Busy"),
}
_DETAILS: Final = {
    400: "The request is not well formed.",
    403: "This is not allowed.",
    404: "There is nothing here that you can see.",
    405: "This address does not take this method; `Allow` names those that it takes.",
    413: "The body is larger than this address takes.",
    500: "Something went wrong on our side; it has been written down.",
}


NO_ROOM: Final = "The database's disk is full: nothing was written. Make room, then ask again."
AWAY: Final = (
    "The database does not answer now. Whether a write was kept is not known: ask again with the"
    " same Idempotency-Key, and it is done once."
)


def problem(
    status: int,
    detail: str = "",
    *,
    kind: str = "",
    faults: Iterable[FaultShown] = (),
    headers: Mapping[str, str] = NO_HEADERS,
) -> HttpResponse:
    """The answer for a refusal."""
    known, title = TITLES.get(status, ("error", "Refused"))
    told = Problem(
        type=PLACE + (kind or known),
        title=title,
        status=status,
        detail=detail or _DETAILS.get(status, title),
        faults=list(faults),
    )
    body = json.dumps(told.model_dump(), ensure_ascii=True)
    answer = HttpResponse(body, status=status, content_type=MEDIA)
    for name, value in headers.items():
        answer[name] = value
    return answer


def problem_of(_request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    """The answer for what was raised; our own faults are raised again (HOUSE_STYLE 17)."""
    assert isinstance(fault, Exception)
    return _of_asker(fault) or _of_reader(fault) or _of_database(fault)


def _of_asker(fault: Exception) -> HttpResponse | None:
    """Who asks, and what they see."""
    match fault:
        case Refused():
            return problem(fault.status, str(fault), kind=fault.kind, headers=fault.headers)
        case KeyUsed():
            return problem(409, str(fault), kind="key-used")
        case (NoSuchTicket() | NoSuchText() | NoSuchLog()) | (
            NoSuchAgreement() | NoSuchDraft() | NoSuchNotice() | Http404()
        ):
            return problem(404)
        case Unknown():
            return problem(401, str(fault), headers={"WWW-Authenticate": "Bearer"})
        case Forbidden() | PermissionDenied():
            return problem(403, str(fault))
        case _:
            return None


def _of_reader(fault: Exception) -> HttpResponse | None:
    """What was said: its form, then what the law and the contract make of it."""
    match fault:
        case ValidationError():
            return _invalid(fault)
        case UnsoundDocument():
            faults = map(in_document, fault.faults)
            return problem(409, "The document is not sound.", kind="unsound", faults=faults)
        case Refusal():
            return problem(409, str(fault), faults=[refused(str(fault))])
        case HttpError():
            return problem(fault.status_code, str(fault))
        case SuspiciousOperation():
            return problem(413 if isinstance(fault, RequestDataTooBig) else 400)
        case _:
            return None


def _of_database(fault: Exception) -> HttpResponse:
    if isinstance(fault, IntegrityError):
        log.info("refused by the constraint %s", _constraint(fault))
        return problem(409, "Something like it is there already, or what it names is not.")
    if isinstance(fault, OperationalError | InterfaceError):
        log.warning("the database did not do it: %s", _first_line(fault))
        return _not_now(fault)
    if isinstance(fault, ProgrammingError) and "row-level security" in str(fault):
        log.error("a row was refused by the second wall: %s", _first_line(fault))
        return problem(403)
    raise fault


def _first_line(fault: Exception) -> str:
    """What went wrong; the lines below it hold what somebody wrote."""
    return str(fault).partition("\n")[0]


def _not_now(fault: Exception) -> HttpResponse:
    """Why nothing can be done now, and when to ask again. Who lost the database at a commit cannot
    know whether it was kept: that is what keys are for.
    """
    match fault.__cause__:
        case each if isinstance(each, _OTHERS):
            detail, kind, seconds = "Others are writing here; try again.", "", 1
        case errors.DiskFull():
            detail, kind, seconds = NO_ROOM, "no-room", 60
        case _:
            detail, kind, seconds = AWAY, "away", 2
    return problem(503, detail, kind=kind, headers={"Retry-After": str(seconds)})


_OTHERS: Final = (errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled)
"""Faults of a moment, because others write, too: the transaction is undone."""


def is_undone(fault: Exception) -> bool:
    """Whether it is certain that nothing was written: who loses the database cannot know."""
    if isinstance(fault, OperationalError):
        return isinstance(fault.__cause__, _OTHERS)
    return not isinstance(fault, InterfaceError)


def _constraint(fault: IntegrityError) -> str:
    """Its name alone: the database's own words hold what somebody wrote."""
    said = getattr(fault.__cause__, "diag", None)
    return str(getattr(said, "constraint_name", None) or "without a name")


# Faults ---------------------------------------------------------------------------------------

_REMEDIES: Final = {
    "missing": "add it",
    "extra_forbidden": "leave it out",
    "string_too_long": "shorten it",
    "string_too_short": "write something",
    "string_unicode": "write it as valid Unicode, without lone surrogates",
    "string_pattern_mismatch": "write it in the form that the description gives",
    "union_tag_invalid": "choose one of those named",
    "union_tag_not_found": "say which one it is",
    "literal_error": "choose one of those named",
}


def _invalid(fault: ValidationError) -> HttpResponse:
    faults = [
        FaultShown(
            place="/".join(str(part) for part in each["loc"]),
            fact=str(each["msg"]).removeprefix("Value error, ")[:500],
            remedy=_REMEDIES.get(each["type"], "write it as the description says"),
        )
        for each in fault.errors[:100]
    ]
    return problem(422, "The request is not as described.", faults=faults)


def invalid(place: str, fact: str, remedy: str) -> HttpResponse:
    """One fault of a request's form, found at the door itself."""
    told = FaultShown(place=place, fact=fact, remedy=remedy)
    return problem(422, "The request is not as described.", faults=[told])


def refused(message: str) -> FaultShown:
    """The law's own words; the remedy stands after the last colon or semicolon, if there is one."""
    for mark in (": ", "; "):
        fact, found, remedy = message.rpartition(mark)
        if found:
            return FaultShown(place="", fact=fact, remedy=remedy)
    return FaultShown(place="", fact=message, remedy="")


def in_document(fault: Fault) -> FaultShown:
    """A fault of a contract: its line and clause."""
    return FaultShown(
        place=f"line {fault.line}: {fault.clause}", fact=fault.fact, remedy=fault.remedy
    )
