"""A time stamp of an authority (RFC 3161) over a signed PDF, in the PDF itself: proof that it was
there by then, whoever's clock the signer used. Asked through the one HTTP function.
"""

import asyncio
from io import BytesIO
from typing import Final

from asn1crypto import tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

from afspraak.notices.out import Failed, post

MD: Final = "sha256"
HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


class NotStamped(RuntimeError):
    """The authority gave no time stamp; the message says why."""


class Authority(TimeStamper):
    """An authority at an address."""

    def __init__(self, url: str, *, loopback_for_tests: bool = False) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko has no type
        self.url, self.loopback = url, loopback_for_tests

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer."""
        answer = post(self.url, req.dump(), HEADERS, loopback_for_tests=self.loopback)
        if isinstance(answer, Failed):
            raise NotStamped(f"{answer.why}: {answer.detail}")
        if not answer.is_success or answer.cut:
            raise NotStamped(f"the time-stamping server answered {answer.status}")
        return tsp.TimeStampResp.load(answer.body)


def stamped(pdf: bytes, authority: Authority) -> bytes:
    """The PDF with a time stamp over all of it. Raises NotStamped."""
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        work = PdfTimeStamper(authority).async_timestamp_pdf(writer, MD)
        made: bytes = asyncio.run(work).getvalue()
        _refuse_another(made)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotStamped(f"{type(error).__name__}: {error}"[:300]) from error
    return made


def _refuse_another(pdf: bytes) -> None:
    """The stamp must be over this very file."""
    stamp = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures[-1]
    content = stamp.signed_data["encap_content_info"]["content"].parsed
    if content["message_imprint"]["hashed_message"].native != stamp.compute_digest():
        raise NotStamped("the time-stamping server stamped something else")
