"""The paper of a version: the same bytes each time, the contract inside, what is said as text."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from world import frozen, renamed

from afspraak.signing.paper import laid_out, paper_of, plain

NASTY = "Bakkerij #read('x') *dik* $x$ [a](b) neppert \U0001f600 中 <script>"


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


@pytest.mark.parametrize("template", ["msp-vier-niveaus", "met-derde-partij"])
def test_the_same_version_gives_the_same_bytes_with_the_contract_inside(template: str) -> None:
    data = frozen(template)
    paper = paper_of(data)
    assert paper == paper_of(data)
    assert paper.sha256 == sha256(paper.pdf).hexdigest()
    inside = read(paper.pdf).attachments["contract.yaml"]
    assert inside == [data]
    assert paper.contract_sha256 in words_of(paper.pdf)


def test_it_is_tagged_and_made_to_be_kept() -> None:
    root: Any = read(paper_of(frozen("kleine-reseller")).pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "nl"
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Source"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata


def test_what_somebody_wrote_is_text_and_nothing_else() -> None:
    """Markup of the layout's language, letters that turn the text around, letters no font has."""
    data = renamed(frozen("kleine-reseller"), "name: Apotheek Lindeboom", f'name: "{NASTY}"')
    paper = paper_of(data)
    told = words_of(paper.pdf)
    assert "#read('x') *dik* $x$ [a](b) neppert [U+1F600] [U+4E2D]" in told
    assert read(paper.pdf).attachments["contract.yaml"] == [data]


def test_every_clause_party_and_signer_stands_on_it() -> None:
    told = laid_out(frozen("msp-vier-niveaus"))
    headings = [each for each in told["blocks"] if each["sort"] == "heading"]
    assert {"parties", "term", "services", "calendars", "signatures"} <= {
        each["anchor"] for each in headings
    }
    assert [each["role"] for each in told["parties"]] == ["Leverancier", "Klant"]
    assert all(each["signers"] for each in told["parties"])


def test_letters_that_cannot_be_seen_are_named() -> None:
    assert plain("a\u200bb\u2066c\u00ade\tf\ng é Ω Ж € → “x”") == (
        "a[U+200B]b[U+2066]c[U+00AD]e f\ng é Ω Ж € → “x”"
    )
