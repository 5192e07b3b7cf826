"""An archive is brought in order: handed in, read, confirmed beside the page, begun from."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from eyes import usable
from PIL import Image
from served import as_database, in_thread
from served_pages import Site, Visitor
from world import TUESDAY

from afspraak.flow.archive import read_papers

pytestmark = pytest.mark.long  # a walk through many pages

Open = Callable[..., Visitor]
SAYS = (
    "Deze overeenkomst gaat in met ingang van 1 maart 2027 en loopt tot 1 maart 2030.",
    "De opzegtermijn is drie maanden. De reactietijd is 4 uur.",
)
LIST = "bestand;kenmerk;klant;origineel\ncontract.docx;A-1;De Korenaar;kast 2, map 4\n;;niemand;\n"


def folder() -> bytes:
    """What lay in the drawer, as a zip: a contract, a photograph, and what is no paper."""
    paper, text, photo, out = docx.Document(), BytesIO(), BytesIO(), BytesIO()
    for line in SAYS:
        paper.add_paragraph(line)
    paper.save(text)
    Image.new("RGB", (200, 300), "white").save(photo, "PNG")
    with ZipFile(out, "w") as packed:
        packed.writestr("map/contract.docx", text.getvalue())
        packed.writestr("foto.png", photo.getvalue())
        packed.writestr("virus.exe", b"MZ")
    return out.getvalue()


def test_a_drawer_is_emptied(visit: Open, site: Site) -> None:
    page = visit("coen").go("/archive/")
    assert "niemand zorgt ervoor" in page.inner_text("section[aria-labelledby=monthly]")
    page.set_input_files(
        "#files",
        [
            {"name": "la.zip", "mimeType": "application/zip", "buffer": folder()},
            {"name": "lijst.csv", "mimeType": "text/csv", "buffer": LIST.encode()},
        ],
    )
    page.get_by_role("button", name="Inleveren").click()
    refused = page.inner_text(".refusal")
    assert "virus.exe: niet aangenomen" in refused
    assert "lijst.csv: regel 3" in refused
    with as_database(site.database, "system"):
        assert in_thread(lambda: read_papers(at=TUESDAY)) == 2
    page.goto(f"{site.url}/archive/")
    assert "kast 2, map 4" in page.inner_text("section[aria-labelledby=papers]")
    usable(page)

    page.get_by_role("link", name="contract.docx").click()
    begins = page.locator("#f-from_on")
    assert "met ingang van 1 maart 2027" in begins.inner_text()
    begins.get_by_role("radio").check()
    begins.get_by_role("button").click()
    assert "1 mrt 2027 bevestigd" in begins.inner_text()
    ends = page.locator("#f-until_on")
    assert ends.get_by_role("radio").count() == 2  # until that day, or with it: a person chooses
    ends.get_by_role("radio").first.check()
    ends.get_by_role("button").click()
    usable(page)
    assert "Klant" in page.inner_text("section[aria-labelledby=begin]")
    customer = page.locator("#f-customer")
    customer.get_by_role("textbox").fill("Bakkerij De Korenaar B.V.")
    customer.get_by_role("button").click()
    page.get_by_role("button", name="Een ontwerp beginnen").click()
    assert "/drafts/" in page.url

    page.goto(f"{site.url}/archive/")
    page.get_by_role("link", name="foto.png").click()
    page.get_by_label("Er was geen tekst").fill("Opzegtermijn: zes maanden.")
    page.get_by_role("button", name="Tekst bewaren").click()
    assert "6 maanden" in page.inner_text("#f-notice")
    assert visit("charlie").page.request.get(page.url).status == 404


def test_an_agreement_gets_who_takes_care_of_it(visit: Open, site: Site) -> None:
    agreement = site.world.versions["bakery"].agreement_id
    page = visit("coen").go(f"/agreements/{agreement}/care/")
    page.select_option("#owner", label="Coen")
    page.select_option("#approver", label="Coen")
    page.get_by_role("button", name="Bewaren").click()
    assert "eigen werk" in page.inner_text(".refusal")
    page.select_option("#owner", label="Coen")
    page.select_option("#approver", label="Alice")
    page.get_by_role("button", name="Bewaren").click()
    assert "Coen" in page.inner_text("section[aria-labelledby=monthly]")
    attention = visit("coen").go("/today/").inner_text("section[aria-labelledby=attention]")
    assert "Zonder eigenaar 1" in attention, "the other one's"
