"""Signed PDFs as they come in: what is taken, and each thing that is refused."""

import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from authority import Key, made, signed, stamper_at, stamping
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm
from pypdf import PdfReader, PdfWriter
from world import TUESDAY, frozen

from afspraak.engine.time import Refusal, datetime_of
from afspraak.signing.pades import hands_in
from afspraak.signing.pades_child import Fault, examined
from afspraak.signing.paper import paper_of
from afspraak.signing.stamping import Authority, NotStamped, stamped

pytestmark = pytest.mark.usefixtures("without_loop")  # what signs and reads has one of its own

AT = datetime_of(TUESDAY)
ROOT = made("Een autoriteit", is_authority=True)
DRIES = made("Dries Claes")
ELS = made("Els De Smet", ROOT)


@cache
def paper() -> bytes:
    return paper_of(frozen("kleine-reseller")).pdf


@cache
def by_dries() -> bytes:
    return signed(paper(), DRIES)


def judged(
    pdf: bytes, before: bytes | None = None, keys: Iterable[Key] = (DRIES,), roots: Any = ()
) -> list[dict[str, Any]]:
    told = {
        "pdf": b64encode(pdf).decode(),
        "before": b64encode(paper() if before is None else before).decode(),
        "keys": [each.fingerprint for each in keys],
        "roots": [each.pem for each in roots],
        "at": AT.isoformat(),
    }
    return examined(told)


def fault_of(pdf: bytes, before: bytes | None = None, **more: Any) -> str:
    with pytest.raises(Fault) as fault:
        judged(pdf, before, **more)
    return fault.value.code


# What is taken ------------------------------------------------------------------------------------


def test_two_sign_the_same_bytes_one_after_the_other() -> None:
    (first,) = judged(by_dries())
    assert (first["name"], first["is_confirmed"]) == ("Dries Claes", True)
    assert b64decode(first["certificate"]) == DRIES.der
    both = signed(by_dries(), ELS, "Signature2")
    (second,) = judged(both, by_dries(), keys=[ELS])
    assert second["name"] == "Els De Smet"
    assert both.startswith(by_dries())
    assert by_dries().startswith(paper())


def test_an_authority_may_vouch_for_a_key_and_only_then_it_is_called_qualified() -> None:
    says = ("qc_compliance", "qc_sscd")
    sure, own = made("Els De Smet", ROOT, says=says), made("Els De Smet", says=says)
    (by_root,) = judged(signed(paper(), sure, chain=(ROOT,)), keys=(), roots=[ROOT])
    assert (by_root["is_confirmed"], by_root["is_qualified"]) == (False, True)
    (by_itself,) = judged(signed(paper(), own), keys=[own], roots=[ROOT])
    assert (by_itself["is_confirmed"], by_itself["is_qualified"]) == (True, False)
    (plain,) = judged(signed(paper(), ELS), keys=(), roots=[ROOT])
    assert plain["is_qualified"] is False


def test_a_time_stamp_is_read_and_trusted_only_under_a_root_of_ours() -> None:
    pdf = signed(paper(), DRIES, stamper=stamper_at(AT))
    (unknown,) = judged(pdf)
    assert (unknown["stamped_at"], unknown["is_stamp_trusted"]) == (AT.isoformat(), False)
    (known,) = judged(pdf, roots=[made("Wortel", is_authority=True)])
    assert (known["stamped_by"], known["is_stamp_trusted"]) == ("Tijdstempel", True)


def test_we_stamp_a_signed_file_and_the_next_party_signs_on() -> None:
    with stamping(AT) as url:
        pdf = stamped(by_dries(), Authority(url, loopback_for_tests=True))
        with pytest.raises(NotStamped, match="not public"):
            stamped(by_dries(), Authority(url.replace("http:", "https:")))
    assert pdf.startswith(by_dries())
    assert [each["name"] for each in judged(signed(pdf, ELS, "Signature2"), pdf, keys=[ELS])] == [
        "Els De Smet"
    ]


def test_a_stamp_that_can_be_seen_may_stand_on_the_last_page_only() -> None:
    box = (50, 50, 200, 100)
    assert judged(signed(paper(), DRIES, box=(-1, box)))[0]["name"] == "Dries Claes"
    assert fault_of(signed(paper(), DRIES, box=(0, box))) == "visible"


def test_what_is_signed_twice_is_still_made_to_be_kept() -> None:
    """What PDF/A-3a asks of a file, as far as it can be asked without its own validator."""
    read = PdfReader(BytesIO(signed(by_dries(), ELS, "Signature2")))
    root: Any = read.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in metadata  # pyHanko writes the same statement as an attribute
    assert 'pdfaid:conformance="A"' in metadata
    (intent,) = (each.get_object() for each in root["/OutputIntents"])
    assert (intent["/S"], "/DestOutputProfile" in intent) == ("/GTS_PDFA1", True)
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Source"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/Encrypt" not in read.trailer
    assert {"/AA", "/OpenAction", "/JavaScript"}.isdisjoint({*root, *root.get("/Names", {})})
    form = root["/AcroForm"]
    assert "/NeedAppearances" not in form
    assert [each.get_object()["/Rect"] for each in form["/Fields"]] == [[0, 0, 0, 0]] * 2
    assert all(is_embedded(font) for page in read.pages for font in fonts_of(page))


def fonts_of(page: Any) -> list[Any]:
    return [each.get_object() for each in page["/Resources"].get("/Font", {}).values()]


def is_embedded(font: Any) -> bool:
    inner = [each.get_object() for each in font.get("/DescendantFonts", [font])]
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    return all(files & {*each["/FontDescriptor"].get_object()} for each in inner)


@pytest.mark.skipif(which("pdfsig") is None, reason="NOT RUN: no pdfsig (poppler-utils)")
def test_others_find_the_same(tmp_path: Path) -> None:
    """PyHanko's own command, and poppler's."""
    both = tmp_path / "both.pdf"
    both.write_bytes(signed(by_dries(), ELS, "Signature2"))
    told = subprocess.run(["pdfsig", str(both)], capture_output=True, text=True, check=False)
    assert told.stdout.count("Signature Validation: Signature is Valid.") == 2
    assert "Total document signed" in told.stdout
    for name, key in (("own", DRIES), ("root", ROOT)):
        (tmp_path / f"{name}.pem").write_text(key.pem)
    trusted = [f"--trust={tmp_path / name}.pem" for name in ("own", "root")]
    words = [
        sys.executable,
        "-m",
        "pyhanko",
        "sign",
        "validate",
        *trusted,
        "--no-revocation-check",
        str(both),
    ]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("INTACT:TRUSTED") == 2


# What is refused ----------------------------------------------------------------------------------


def test_a_file_that_was_tampered_with() -> None:
    touched = by_dries().replace(b"(Signature1)", b"(Signature2)")
    assert touched != by_dries()
    assert fault_of(touched) == "broken"
    inside = by_dries().replace(b"Typst", b"Tupst", 1)
    assert fault_of(inside) == "other_bytes"


def test_another_versions_paper_and_another_version_under_this_signature() -> None:
    other = paper_of(frozen("sla-2-0")).pdf
    assert fault_of(signed(other, DRIES)) == "other_bytes"
    spliced = other + by_dries()[len(paper()) :]
    assert fault_of(spliced, other) in ("broken", "changed", "unreadable")


def test_a_key_that_nobody_confirmed() -> None:
    assert fault_of(by_dries(), keys=()) == "unconfirmed"
    assert fault_of(by_dries(), keys=[ELS], roots=[ROOT]) == "unconfirmed"
    assert fault_of(signed(paper(), made("Dries Claes", made("Niemand")))) == "unconfirmed"


def test_a_certificate_out_of_its_time() -> None:
    was = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    comes = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    early = (datetime(2027, 6, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    for holds, code in ((was, "expired"), (comes, "expired"), (early, "not_yet")):
        key = made("Dries Claes", holds=holds)
        assert fault_of(signed(paper(), key), keys=[key]) == code


def added(change: Any, pdf: bytes | None = None) -> bytes:
    """The paper with something in an update of its own."""
    writer = IncrementalPdfFileWriter(BytesIO(paper() if pdf is None else pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_note(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(each) for each in (50, 50, 300, 90)]
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject("8 uur in plaats van 4"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.mark_update(page.container_ref)


def with_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(pages["/Kids"].raw_get(0))
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


@pytest.mark.parametrize("change", [with_note, with_page])
def test_more_than_a_signature_before_it_or_after_it(change: Any) -> None:
    assert fault_of(signed(added(change), DRIES)) == "changed"
    assert fault_of(added(change, by_dries())) in ("changed", "broken")


def test_a_signature_over_only_a_part() -> None:
    """The range that is signed leaves out the end of the file."""
    assert fault_of(by_dries() + b"\n% more\n") in ("part", "unreadable")


def test_a_file_that_is_locked_protected_empty_or_none() -> None:
    locked = signed(paper(), DRIES, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    assert fault_of(locked) == "locked"
    secret = PdfWriter(clone_from=PdfReader(BytesIO(by_dries())))
    secret.encrypt("geheim", algorithm="AES-256")
    out = BytesIO()
    secret.write(out)
    assert fault_of(out.getvalue()) == "encrypted"
    assert fault_of(paper()) == "unsigned"
    assert fault_of(b"<html>") == "no_pdf"
    assert fault_of(paper()[:2_000]) in ("unreadable", "other_bytes")


def test_each_refusal_says_what_to_do() -> None:
    """Through the child, as a door asks."""
    told = {"before": paper(), "roots": [], "at": TUESDAY}
    (hand,) = hands_in(by_dries(), keys=[DRIES.fingerprint], **told)
    assert hand.name == "Dries Claes"
    with pytest.raises(Refusal, match=f"{DRIES.fingerprint}.*let your administrator or manager"):
        hands_in(by_dries(), keys=[], **told)
    with pytest.raises(Refusal, match="larger than 10 MB"):
        hands_in(paper() + b" " * 10_000_000, keys=[], **told)
