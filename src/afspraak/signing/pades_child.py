"""The process that reads a signed PDF which somebody handed in: limited by the kernel, no network.
What comes in and goes out is JSON. Started by `pades.py`.
"""

import json
import logging
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.qualified_asn1 import get_qc_statements
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from afspraak.host.confined import confine

MOST_SIGNATURES: Final = 8
"""In one file: a party may need several hands, and a program may add its own time stamps."""
ENDS: Final = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
"""Behind the last revision there is nothing."""
WHOLE: Final = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
USAGES: Final = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
QUALIFIED: Final = {"qc_compliance", "qc_sscd"}
"""What a qualified certificate says of itself (ETSI EN 319 412-5): that it complies, and that its
key lies in a qualified device.
"""


class Fault(Exception):
    """Why the file is not taken: a code, and what is needed to say it."""

    def __init__(self, code: str, **slots: str) -> None:
        super().__init__(code)
        self.code, self.slots = code, slots


def main() -> None:
    """Answer what comes in."""
    told = json.load(sys.stdin)
    logging.disable()
    confine()
    try:
        answer: dict[str, Any] = {"signatures": examined(told)}
    except Fault as fault:
        answer = {"fault": fault.code, "slots": fault.slots}
    json.dump(answer, sys.stdout)


def examined(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The signatures that `pdf` adds to `before`, each whole and by somebody trusted. Raises
    Fault.
    """
    pdf, before = b64decode(told["pdf"]), b64decode(told["before"])
    try:
        return list(_examined(pdf, before, told))
    except Fault:
        raise
    except (PdfReadError, SignatureValidationError, ValueError, KeyError, TypeError) as error:
        raise Fault("unreadable", why=str(error)[:200]) from error


def _examined(pdf: bytes, before: bytes, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not pdf.startswith(b"%PDF-"):
        raise Fault("no_pdf")
    reader = PdfFileReader(BytesIO(pdf))
    if reader.encrypted:
        raise Fault("encrypted")
    if not pdf.startswith(before):
        raise Fault("other_bytes")
    base = PdfFileReader(BytesIO(before)).xrefs.total_revisions
    fresh = [each for each in reader.embedded_signatures if each.signed_revision >= base]
    signatures = [each for each in fresh if each.sig_object_type == "/Sig"]
    if not signatures:
        raise Fault("unsigned")
    if len(fresh) > MOST_SIGNATURES:
        raise Fault("too_many")
    for each in signatures:
        if each.docmdp_level is not None:
            raise Fault("locked", name=_name(each.signer_cert))
    _refuse_changes(reader, base)
    if not ENDS.search(pdf):
        raise Fault("part", name=_name(signatures[-1].signer_cert))
    at = datetime.fromisoformat(told["at"])
    roots = [_certificate(each.encode()) for each in told["roots"]]
    keys = set(told["keys"])
    for each in signatures:
        yield _signed(each, at, roots, keys, is_last=each is signatures[-1])


def _refuse_changes(reader: PdfFileReader, base: int) -> None:
    """Beside signatures nothing may have come to what was there, in whichever revision."""
    found = DEFAULT_DIFF_POLICY.review_file(reader, base_revision=base - 1)
    if not isinstance(found, DiffResult):
        raise Fault("changed", why=str(found)[:200])
    if found.modification_level > ModificationLevel.FORM_FILLING:
        raise Fault("changed", why=found.modification_level.name.lower())
    last = int(reader.root["/Pages"]["/Count"]) - 1
    for number in range(last):
        found = reader.find_page_for_modification(number)  # type: ignore[no-untyped-call]  # pyHanko
        page = found[0].get_object()
        if any(_has_area(each.get_object()) for each in page.get("/Annots", ())):
            raise Fault("visible", page=str(number + 1))


def _has_area(annotation: Any) -> bool:
    left, bottom, right, top = (float(each) for each in annotation["/Rect"])
    return left != right and bottom != top


def _signed(
    each: EmbeddedPdfSignature,
    at: datetime,
    roots: Sequence[x509.Certificate],
    keys: set[str],
    *,
    is_last: bool,
) -> dict[str, Any]:
    certificate, der = each.signer_cert, each.signer_cert.dump()
    name, fingerprint = _name(certificate), sha256(der).hexdigest()
    is_confirmed = fingerprint in keys
    _refuse_dates(certificate, name, at)
    status = validate_pdf_signature(
        each,
        ValidationContext(
            trust_roots=[certificate] if is_confirmed else list(roots),
            other_certs=_others(each, is_confirmed=is_confirmed),
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=at,
        ),
        ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at),
        key_usage_settings=USAGES,
    )
    _refuse_broken(status, name, is_last=is_last)
    if not (is_confirmed or status.trusted):
        raise Fault("unconfirmed", name=name, fingerprint=fingerprint)
    return {
        "name": name,
        "subject": certificate.subject.human_friendly,
        "issuer": _called(certificate.issuer),
        "fingerprint": fingerprint,
        "certificate": b64encode(der).decode(),
        "until": certificate.not_valid_after.isoformat(),
        "is_confirmed": is_confirmed,
        "is_qualified": not is_confirmed and _says_it_is_qualified(certificate),
        **_times(each, status),
    }


def _others(each: EmbeddedPdfSignature, *, is_confirmed: bool) -> list[x509.Certificate]:
    """What may lead from the signer to a root; a confirmed key needs nobody's word."""
    return [] if is_confirmed else each.other_embedded_certs


def _refuse_dates(certificate: x509.Certificate, name: str, at: datetime) -> None:
    if at < certificate.not_valid_before:
        raise Fault("not_yet", name=name, on=certificate.not_valid_before.date().isoformat())
    if at > certificate.not_valid_after:
        raise Fault("expired", name=name, on=certificate.not_valid_after.date().isoformat())


def _refuse_broken(status: PdfSignatureStatus, name: str, *, is_last: bool) -> None:
    if not (status.intact and status.valid):
        raise Fault("broken", name=name)
    if status.coverage not in WHOLE:
        raise Fault("part", name=name)
    level = status.modification_level
    if is_last and (level is None or level > ModificationLevel.LTA_UPDATES):
        raise Fault("changed", why=f"after the signature of {name}")


def _times(each: EmbeddedPdfSignature, status: PdfSignatureStatus) -> dict[str, Any]:
    """When the signer says that it was, and a time stamp if there is one that is whole."""
    stamp, said = status.timestamp_validity, each.self_reported_timestamp
    is_whole = stamp is not None and stamp.intact and stamp.valid
    return {
        "said_at": said.isoformat() if said and said.tzinfo else "",
        "stamped_at": stamp.timestamp.isoformat() if stamp and is_whole else "",
        "stamped_by": _name(stamp.signing_cert) if stamp and is_whole else "",
        "is_stamp_trusted": bool(stamp and is_whole and stamp.trusted),
    }


def _name(certificate: x509.Certificate) -> str:
    return _called(certificate.subject)


def _called(name: x509.Name) -> str:
    """By its common name, else by its organisation's."""
    told = name.native
    found = told.get("common_name") or told.get("organization_name") or ""
    return str(found if isinstance(found, str) else found[0])[:200]


def _says_it_is_qualified(certificate: x509.Certificate) -> bool:
    said = {each["statement_id"].native for each in get_qc_statements(certificate)}
    return said >= QUALIFIED


def _certificate(text: bytes) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text)[2])


if __name__ == "__main__":
    main()
