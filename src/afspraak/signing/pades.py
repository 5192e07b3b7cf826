"""A PDF that somebody signed with a certificate, read and judged (PAdES): what it adds to the file
that we gave must be signatures and nothing else, each over the whole file, each by a key that the
party's own organisation has confirmed or that a trusted authority vouches for. Pure.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from afspraak.engine.time import Refusal, datetime_of
from afspraak.host.confined import NotDone, answer_of

MOST_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Hand:
    """One signature in a file: by whom, with which certificate, and when.

    `said_at` is the signer's own clock; `stamped_at` is a time stamp's, where there is one. Both
    are ISO 8601 in UTC, or empty. `is_qualified`: the certificate says so itself, and a root that
    this installation trusts vouches for it.
    """

    name: str
    subject: str
    issuer: str
    fingerprint: str
    certificate: bytes
    until: str
    is_confirmed: bool
    is_qualified: bool
    said_at: str
    stamped_at: str
    stamped_by: str
    is_stamp_trusted: bool


def hands_in(
    pdf: bytes, *, before: bytes, keys: Collection[str], roots: Sequence[str], at: int
) -> tuple[Hand, ...]:
    """Who signed `pdf`, which must be `before` with their signatures and nothing else.

    `keys` are the fingerprints (SHA-256 of the certificate) that the signing organisation has
    confirmed; `roots` the trusted authorities, as PEM. Raises Refusal, with what to do.
    """
    refuse_no_pdf(pdf)
    told = {
        "pdf": b64encode(pdf).decode(),
        "before": b64encode(before).decode(),
        "keys": sorted(keys),
        "roots": list(roots),
        "at": datetime_of(at).isoformat(),
    }
    try:
        answer = json.loads(answer_of("afspraak.signing.pades_child", json.dumps(told).encode()))
    except NotDone as fault:
        raise _refusal("unreadable", {"why": "it asks for too much"}) from fault
    if "fault" in answer:
        raise _refusal(answer["fault"], answer["slots"])
    return tuple(_hand(each) for each in answer["signatures"])


def refuse_no_pdf(pdf: bytes) -> None:
    """What need not even be read."""
    if len(pdf) > MOST_BYTES:
        raise Refusal("this file is larger than 10 MB: sign the file that you downloaded here")
    if not pdf.startswith(b"%PDF-"):
        raise _refusal("no_pdf", {})


def _hand(told: dict[str, Any]) -> Hand:
    return Hand(**{**told, "certificate": b64decode(told["certificate"])})


REFUSALS: Final = {
    "no_pdf": Refusal("this is no PDF: hand in the PDF that you downloaded here, signed"),
    "encrypted": Refusal("this PDF is protected by a password: sign it without protecting it"),
    "other_bytes": Refusal(
        "this is not the file that was to be signed: its first bytes differ. Download the "
        "newest file here, and sign that one without printing or saving it anew"
    ),
    "unsigned": Refusal("there is no signature in this PDF: sign it first, with a certificate"),
    "too_many": Refusal("there are more than 8 new signatures in this PDF: sign it once a person"),
    "changed": Refusal(
        "more than a signature was added to this PDF (%(why)s): download it here anew, and "
        "sign it without comments, pages or forms"
    ),
    "visible": Refusal(
        "a visible stamp stands on page %(page)s, where it may hide what was agreed: sign "
        "without one, or put it on the last page"
    ),
    "not_yet": Refusal(
        "the certificate of %(name)s holds from %(on)s only: sign with one that holds now"
    ),
    "expired": Refusal(
        "the certificate of %(name)s has ended on %(on)s: sign with one that holds now"
    ),
    "part": Refusal("the signature of %(name)s covers only part of the file: sign the whole file"),
    "locked": Refusal(
        "%(name)s has locked or certified the file, so that the other party cannot sign it "
        "any more: sign without locking or certifying it"
    ),
    "broken": Refusal(
        "the signature of %(name)s does not fit the file, or uses a method that is no longer "
        "safe: download the newest file here, and sign that one"
    ),
    "unconfirmed": Refusal(
        "the key of %(name)s is not confirmed (SHA-256 %(fingerprint)s): let your "
        "administrator or manager confirm this certificate first, then hand the file in again"
    ),
    "unreadable": Refusal(
        "this PDF cannot be read (%(why)s): download the newest file here, and sign that one"
    ),
}
"""Why a file is not taken: the fact and the remedy."""


def _refusal(code: str, slots: dict[str, str]) -> Refusal:
    return Refusal(REFUSALS[code].message, **slots)
