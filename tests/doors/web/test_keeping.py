"""Moment 8: nothing lapses. Dates of both sides with owners and evidence, in everybody's agenda;
deliveries, people, things and the end, by supplier and customer.
"""

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
import vobject
from eyes import usable, was_hit
from served_pages import NASTY, Site, Visitor

pytestmark = pytest.mark.long  # a walk through many pages

Open = Callable[..., Visitor]


def address(site: Site, place: str) -> str:
    return f"/agreements/{site.world.versions['bakery'].agreement_id}/{place}/"


def fetched(url: str, tag: str = "") -> tuple[int, str, bytes]:
    """As an agenda does: with nothing but the address."""
    from urllib.error import HTTPError  # noqa: PLC0415  (only here)

    request = Request(url, headers={"If-None-Match": tag} if tag else {})
    try:
        with urlopen(request) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except HTTPError as fault:
        return fault.code, "", fault.read()


def test_nothing_lapses(visit: Open, site: Site) -> None:
    """The supplier names who sees to a date, the customer hands in what it promised."""
    page = visit("coen").go("/queue/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/keeping/")
    assert "Hersteltest" in page.inner_text("section[aria-labelledby=list]")
    usable(page)
    page.locator("section[aria-labelledby=list]").get_by_role("link", name="Hersteltest").click()
    row = page.locator("li", has=page.get_by_role("heading", name="Hersteltest")).first
    row.get_by_text("Wie ervoor zorgt").first.click()
    row.locator("select").select_option(label="Coen")
    row.get_by_role("button").click()
    assert "Coen zorgt ervoor" in page.inner_text("main")
    usable(page)
    page.goto(f"{site.url}/keeping/?m=2027-03&owner=me")
    assert page.locator("section[aria-labelledby=list] tbody tr").count() == 1

    page = visit("bob").go(address(site, "dates"))
    late = page.locator("section[aria-labelledby=late] li", has_text="Contactlijst").first
    late.get_by_text("Lever bewijs in").first.click()
    late.get_by_role("button", name="Inleveren", exact=True).click()
    assert "Waaruit blijkt het? Schrijf" in page.inner_text("[role=alert]")
    late.get_by_label("Waaruit blijkt het?").fill(NASTY)
    late.get_by_label("Een bestand").set_input_files(
        {"name": "lijst.csv", "mimeType": "text/csv", "buffer": b"naam,nummer\n"}
    )
    late.get_by_role("button", name="Inleveren", exact=True).click()
    assert "Ingeleverd" in page.inner_text(".messages")
    assert not was_hit(page)
    page = visit("coen").go(address(site, "dates") + "?m=2027-01")
    kept = page.locator("li", has=page.get_by_role("heading", name="Contactlijst")).first
    with page.expect_download() as download:
        kept.get_by_role("link", name="lijst.csv").click()
    assert download.value.path().read_bytes() == b"naam,nummer\n"


def test_the_dates_are_in_ones_own_agenda_and_end_with_its_address(visit: Open, site: Site) -> None:
    page = visit("bob").go("/keeping/")
    page.get_by_role("button", name="Maak een adres").click()
    url = page.locator(".once code").inner_text().replace("https://afspraak.example", site.url)
    url = site.url + "/keeping/feed/" + url.rsplit("/", 1)[1]
    status, tag, data = fetched(url)
    assert status == 200
    read = vobject.readOne(data.decode())
    titles = {each.summary.value: each for each in read.vevent_list}
    assert any("Verslag" in title for title in titles)
    ours = next(each for title, each in titles.items() if "Contactlijst" in title)
    assert ours.valarm.action.value == "DISPLAY"
    assert "Vermeulen" not in data.decode()  # the notary's agreement
    assert fetched(url, tag)[0] == 304
    visit("bob").go("/keeping/").get_by_role("button", name="Beëindig het adres").click()
    assert fetched(url)[0] == fetched(f"{site.url}/keeping/feed/none.ics")[0] == 404


def test_whose_it_is_not_sees_nothing(visit: Open, site: Site) -> None:
    for who, place, status in (("charlie", "dates", 404), ("bob_user", "dates", 200)):
        answer = visit(who).page.goto(site.url + address(site, place))
        assert answer is not None
        assert answer.status == status


def test_a_delivery_is_rejected_with_its_reason_and_its_delay_is_worked_out(
    visit: Open, site: Site
) -> None:
    page = visit("bob").go(address(site, "deliveries"))
    step = page.locator("li", has=page.get_by_role("heading", name="Gegevens"))
    step.get_by_text("Lever bewijs in").first.click()
    step.get_by_label("Waaruit blijkt het?").fill("Lijst gemaild")
    step.get_by_role("button", name="Inleveren", exact=True).click()
    page.goto(site.url + address(site, "deliveries") + "?step=gegevens&days=5")
    costs = page.inner_text("section[aria-labelledby=costs]")
    assert "€ 6.400,00 = € 3.200,00" in costs
    assert "22 jan 2027 + 5 dagen = 27 jan 2027" in costs
    usable(page)
    page = visit("coen").go(address(site, "deliveries"))
    step = page.locator("li", has=page.get_by_role("heading", name="Gegevens"))
    assert "te laat opgeleverd" in step.inner_text()
    step.get_by_role("button", name="Afwijzen").click()
    assert "Waarom wordt het niet aanvaard?" in page.inner_text("[role=alert]")
    step.get_by_label("Als u het afwijst").fill("De helft ontbreekt")
    step.get_by_role("button", name="Afwijzen").click()
    assert "Afgewezen, met uw reden" in page.inner_text(".messages")
    assert "De helft ontbreekt" in step.inner_text()
    assert "te laat opgeleverd" not in step.inner_text()  # it is open again


def test_a_swap_is_announced_handed_over_and_accepted(visit: Open, site: Site) -> None:
    page = visit("coen").go(address(site, "team"))
    page.get_by_text("Kondig een wissel aan").click()
    for label, value in (("Wie gaat", "Sanne Kuiper"), ("Wie komt", "Noor Smit")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Welk niveau").select_option("senior")
    page.get_by_label("Vanaf wanneer").fill("2027-04-12")
    page.get_by_role("button", name="Kondig aan", exact=True).click()
    swap = page.locator("section[aria-labelledby=swaps] li").first
    assert "Noor Smit neemt het over van Sanne Kuiper" in swap.inner_text()
    swap.get_by_text("Draag over").first.click()
    swap.get_by_label("Wat is overgedragen, en hoe?").fill("Dossier doorgenomen")
    swap.locator("button[value=handed_over]").click()
    page.get_by_text("Voeg een bewijs toe").click()
    page.get_by_label("Wie", exact=True).fill("Bilal Aydin")
    page.get_by_label("Sinds").fill("2026-05-01")
    page.get_by_role("button", name="Bewaren").last.click()
    assert "1 van 2" in page.inner_text("section[aria-labelledby=knows]")
    page = visit("bob").go(address(site, "team"))
    usable(page)
    swap = page.locator("section[aria-labelledby=swaps] li").first
    swap.get_by_role("button", name="Aanvaard de overdracht").click()
    assert "nagekomen" in swap.inner_text()
    card = visit("agnes").go(f"/desk/?customer={site.world.bakery.pk}")
    assert "Kassa 1 van 2" in card.inner_text("main")


def test_things_come_from_a_file_that_is_looked_at_first(visit: Open, site: Site) -> None:
    page = visit("coen").go(address(site, "assets"))
    page.get_by_label("Of de regels ervan").fill("label,name,owner\nk1,Kassa 1,baker\n")
    page.get_by_role("button", name="Eerst bekijken").click()
    assert "Regel 2: owner is baker" in page.inner_text("main")
    page.get_by_label("Of de regels ervan").fill(f"label,name,owner\nk1,{NASTY!r},customer\n")
    page.get_by_role("button", name="Eerst bekijken").click()
    page.get_by_label("Of de regels ervan").fill("label,name,owner\nk1,Kassa 1,customer\n")
    page.get_by_role("button", name="Eerst bekijken").click()
    assert "Kassa 1" not in page.inner_text("section[aria-labelledby=things]")
    page.get_by_role("button", name="Bewaar alles").click()
    assert "Kassa 1" in page.inner_text("section[aria-labelledby=things]")
    usable(page)


def test_a_notice_says_which_end_it_reaches_and_all_that_is_open_is_kept(
    visit: Open, site: Site
) -> None:
    page = visit("bob").go(address(site, "ending"))
    page.get_by_text("Zeg op", exact=True).click()
    page.get_by_label("Door de andere kant ontvangen op").fill("2027-03-01")
    page.get_by_label("Bedoeld om te eindigen op").fill("2028-01-01")
    page.get_by_label("In een paar woorden").fill("Wij stoppen")
    page.get_by_role("button", name="Leg de opzegging").click()
    told = page.inner_text("main")
    assert "Eindigt op 1 jan 2028" in told
    assert "€ 2.500,00" in told
    assert "Intussen wordt alles wat openstaat nog nagekomen" in told
    page.get_by_text("Voeg een stap toe").click()
    page.get_by_label("Wat", exact=True).fill("Opvolger kiezen")
    page.locator("#son").fill("2027-11-01")
    page.get_by_role("button", name="Toevoegen", exact=True).click()
    assert "Opvolger kiezen" in page.inner_text("section[aria-labelledby=steps]")
    usable(page)
    page = visit("coen").go(address(site, "ending"))
    step = page.locator("section[aria-labelledby=steps] li", has_text="Maak het exitplan")
    step.get_by_text("Gedaan, of een andere datum").click()
    step.get_by_label("Waaruit blijkt het?").fill("In het dossier")
    step.get_by_role("button", name="Gedaan").click()
    assert "gedaan" in step.inner_text()
