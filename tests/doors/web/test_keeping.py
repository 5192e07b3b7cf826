"""Moment 8: nothing lapses. Dates of both sides with owners and evidence, in everybody's agenda;
deliveries, people, things and the end, by supplier and customer.
"""

from collections.abc import Callable
from urllib.request import Request, urlopen

import vobject
from eyes import usable, was_hit
from served_pages import NASTY, Site, Visitor

Open = Callable[..., Visitor]


def address(site: Site, place: str) -> str:
    return f"/agreements/{site.world.versions['bakery'].agreement_id}/{place}/"


def fetched(url: str, tag: str = "") -> tuple[int, str, bytes]:
    """As an agenda does: with nothing but the address."""
    from urllib.error import HTTPError  # noqa: PLC0415  (only here)

    request = Request(url, headers={"If-None-Match": tag} if tag else {})  # noqa: S310  (ours)
    try:
        with urlopen(request) as answer:  # noqa: S310  (our own address)
            return answer.status, answer.headers["ETag"], answer.read()
    except HTTPError as fault:
        return fault.code, "", fault.read()


def test_nothing_lapses(visit: Open, site: Site) -> None:
    """The supplier names who sees to a date, the customer hands in what it promised."""
    page = visit("coen").go("/queue/")
    page.keyboard.press("g")
    page.keyboard.press("n")
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
    late.get_by_role("button", name="Lever in", exact=True).click()
    assert "Waaruit blijkt het? Schrijf" in page.inner_text("[role=alert]")
    late.get_by_label("Waaruit blijkt het?").fill(NASTY)
    late.get_by_label("Een bestand").set_input_files(
        {"name": "lijst.csv", "mimeType": "text/csv", "buffer": b"naam,nummer\n"}
    )
    late.get_by_role("button", name="Lever in", exact=True).click()
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


