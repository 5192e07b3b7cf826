"""Moments 6 and 8 as whole days, by supplier and customer: a contract made from the catalogue until
its clocks run; and the dates of an agreement, of which none lapses. Each step has walks of its own
beside this one.
"""

from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from typing import Any
from urllib.request import urlopen

import pytest
import vobject
from eyes import DARK, PHONE, usable
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker
from ready import make_ready
from served import as_database, in_thread
from served_pages import Site, Visitor, served
from world import START, TUESDAY, World, make_world

from afspraak import flow
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.models import Draft
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM

pytestmark = pytest.mark.long  # walks through many pages

Open = Callable[..., Visitor]


def made() -> tuple[World, dict[str, str]]:
    """The world, what its supplier offers, and a butcher who has no agreement yet."""
    world, told = make_world(), dict[str, Any](at=START)
    coen = Actor(world.supplier.id, world.people["coen"].id)
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    add_catalogue(data=data, name="x", actor=coen, **told)
    butcher = add_organisation(name="Slagerij De Wit", register="kvk:34567890", **told)
    relation = open_relation(supplier=world.supplier, customer=butcher, **told)
    account = add_account(email="wim@dewit.example", password="", **told)
    wim = add_person(
        organisation=butcher, name="Wim", email="wim@dewit.example", account=account, **told
    )
    give_role(person=wim, organisation=butcher, role=Role.CUSTOMER_MANAGER, **told)
    world.people["wim"] = wim
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    return world, {"relation": str(relation.id), "butcher": str(butcher.id)}


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with served(made, django_db_blocker) as there:
        yield there


# Moment 6 -----------------------------------------------------------------------------------------


def test_a_contract_is_made_and_from_that_second_its_clocks_run(visit: Open, site: Site) -> None:
    coen, wim = visit("coen").page, visit("wim").page
    without = visit("coen", java_script_enabled=False).page
    where = chosen_from_the_catalogue(coen, without, site)
    talked_over(coen, wim, where)
    promised_at_dinner(coen, wim, where)
    gone_through(coen, wim, where, site)
    both_sign_the_same_bytes(coen, wim, where)
    the_clocks_run(visit("agnes").page, site)


def chosen_from_the_catalogue(page: Page, without: Page, site: Site) -> str:
    """E-mail at gold for twenty; from this month on, written in the text itself (`without` a script
    that is a plain field). Where the draft is then.
    """
    page.goto(f"{site.url}/drafts/new/?relation={site.numbers['relation']}")
    page.get_by_label("Hoe u het noemt").fill("De slagerij")
    page.locator("input[name=level_e-mail][value=gold]").check(force=True)
    page.get_by_label("Hoeveel: E-mail").fill("20")
    page.get_by_role("button", name="Beginnen met de catalogus").click()
    where = page.url
    without.goto(f"{where}text/")
    text = without.locator("textarea[name=text]")
    text.fill(text.input_value().replace("2027-04-01", "2027-03-01"))
    without.get_by_role("button", name="Bewaren als volgende tekst").click()
    page.goto(where)
    page.get_by_role("button", name="Laten zien aan Slagerij").click()
    return where


def talked_over(page: Page, his: Page, where: str) -> None:
    """Wim wants the line of gold a little sharper; Coen takes it over."""
    his.goto(where)
    his.locator("#c-oplossen").get_by_role("link", name="Wijzigen").click()
    his.locator("[name='targets.1.value']").fill("3 uur servicetijd")
    his.get_by_label("Waarom deze wijziging").fill("Op zaterdag staat de winkel vol.")
    his.get_by_role("button", name="Voorstellen aan Noord").click()
    page.goto(where)
    page.locator("#c-oplossen button[value=accept]").click()
    assert "3 uur" in page.locator("#c-oplossen .contract-part").inner_text()
    page.goto(f"{where}balance/")
    usable(page)


def promised_at_dinner(page: Page, his: Page, where: str) -> None:
    """A promise is written down where both see it, and openly declined."""
    his.goto(f"{where}said/")
    his.get_by_text("Een belofte vastleggen").click()
    his.get_by_label("Wie", exact=True).fill("Anna van Noord")
    his.locator("#p-on").fill(date(2027, 3, 1).isoformat())
    his.get_by_label("Waar", exact=True).select_option("dinner")
    his.get_by_label("Wat is beloofd").fill("Een gratis training")
    his.get_by_role("button", name="Vastleggen").first.click()
    page.goto(f"{where}said/")
    row = page.locator(".said-list > li", has_text="Een gratis training")
    row.locator("summary").click()
    row.get_by_label("niet nagekomen").fill("Wij geven geen trainingen.")
    row.get_by_role("button", name="Openlijk afwijzen").click()
    assert "afgewezen door Coen: Wij geven geen trainingen." in page.inner_text("main")


def gone_through(page: Page, his: Page, where: str, site: Site) -> None:
    """Nothing can be offered before each point is answered, or left by both; two by hand."""
    page.goto(f"{where}readiness/")
    assert "punten open" in page.inner_text(".verdict")
    asked = page.locator("article[id='q-budget.rising']")
    asked.locator(".answering summary").click()
    asked.get_by_label("Wij laten het open").check()
    asked.get_by_label("In een paar woorden").fill("Een jaar lang verandert de prijs niet.")
    asked.get_by_role("button", name="Bewaren").click()
    page.goto(f"{where}sign/")
    page.get_by_role("button", name="Aan beide kanten aanbieden").click()
    assert "Nog niet" in page.inner_text(".refusal")
    his.goto(f"{where}readiness/")
    asked = his.locator("article[id='q-budget.rising']")
    asked.get_by_role("button", name="Akkoord").click()
    assert "door beiden opengelaten" in asked.inner_text()
    usable(his, DARK | PHONE)
    with as_database(site.database, "system"):
        in_thread(lambda: the_rest(where))


def the_rest(where: str) -> None:
    """The other points, as hurried people go through them."""
    draft = Draft.objects.seen_by(SYSTEM).get(id=where.rstrip("/").rsplit("/", 1)[1])
    make_ready(draft, supplier=draft.supplier_id, customer=draft.customer_id, at=TUESDAY)


def both_sign_the_same_bytes(page: Page, his: Page, where: str) -> None:
    page.goto(f"{where}sign/")
    page.get_by_role("button", name="Aan beide kanten aanbieden").click()
    address, papers = page.url, []
    for each, name in ((page, "Coen"), (his, "Wim de Wit")):
        each.goto(address)
        with each.expect_download() as waiting:
            each.get_by_role("link", name="Het papier lezen").click()
        papers.append(waiting.value.path().read_bytes())
        assert "niet getekend" in each.inner_text("main") or "wacht" in each.inner_text("main")
        each.get_by_label("Getekend door").fill(name)
        each.locator("#pen_party").select_option("supplier" if name == "Coen" else "customer")
        each.get_by_label("Wat u zag").fill("Aan tafel getekend; het origineel ligt bij Noord.")
        each.get_by_role("button", name="Vastleggen", exact=True).click()
    assert papers[0] == papers[1]
    assert "geldt nu" in his.inner_text(".messages")
    usable(his)


def the_clocks_run(page: Page, site: Site) -> None:
    """The phone rings: what was agreed a moment ago is the verdict."""
    page.goto(f"{site.url}/desk/?customer={site.numbers['butcher']}")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Niemand kan werken").check()
    verdict = page.locator("#verdict .head")
    expect(verdict).to_contain_text("vóór 13:00")  # three hours of service time from ten o'clock
    page.get_by_label("In een paar woorden").fill("Geen bestellingen meer binnen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/N-*/")
    assert "13:00" in page.inner_text("main")


# Moment 8 -----------------------------------------------------------------------------------------


def of_bakery(site: Site, place: str) -> str:
    return f"{site.url}/agreements/{site.world.versions['bakery'].agreement_id}/{place}/"


def test_nothing_lapses_of_a_whole_agreement(visit: Open, site: Site) -> None:
    coen, bob = visit("coen").page, visit("bob").page
    the_end_is_seen_in_time(coen, bob, site)
    the_price_follows_its_index(coen, site)
    each_date_has_its_place(coen, site)
    who_sees_to_it_hands_in_evidence(coen, bob, site)
    the_agenda_has_them_all(coen, site)


def the_end_is_seen_in_time(page: Page, his: Page, site: Site) -> None:
    """Both read until when notice can be given, and what happens else."""
    for each in (page, his):
        each.goto(of_bakery(site, "renewal"))
        told = each.inner_text("section[aria-labelledby=term]")
        assert "Het loopt tot 1 jan 2030" in told
        assert "uiterlijk op 1 okt 2029" in told
    usable(his, DARK | PHONE)


def the_price_follows_its_index(page: Page, site: Site) -> None:
    """The values that are published are entered, and the arithmetic is shown."""
    page.goto(of_bakery(site, "renewal"))
    assert "Ontbreekt:" in page.inner_text("main")
    page.get_by_label("Per regel: index").fill(
        "CBS cao-lonen informatie en communicatie;2027-10;124.3;CBS\n"
        "CBS consumentenprijsindex;2027-10;135.1;CBS"
    )
    page.get_by_role("button", name="Importeren").click()
    assert "124,3" in page.inner_text("main")
    assert page.locator("ol.sum li.result").first.is_visible()
    page.get_by_role("link", name="Het gesprek voorbereiden").click()
    usable(page)


def each_date_has_its_place(page: Page, site: Site) -> None:
    """In one calendar: the restore test, the report, the review; what is missed stands above."""
    for month, what in (("2027-03", "Hersteltest"), ("2027-04", "Verslag"), ("2027-05", "gesprek")):
        page.goto(f"{site.url}/keeping/?m={month}")
        assert what in page.inner_text("section[aria-labelledby=list]")
    assert "Contactlijst" in page.inner_text("section[aria-labelledby=late]")


def who_sees_to_it_hands_in_evidence(page: Page, his: Page, site: Site) -> None:
    """Each side names its own, hands in its own, and the other side sees the file."""
    page.goto(of_bakery(site, "dates"))
    row = page.locator("li", has=page.get_by_role("heading", name="Hersteltest")).first
    row.get_by_text("Wie ervoor zorgt").first.click()
    row.locator("select").select_option(label="Coen")
    row.get_by_role("button").click()
    assert "Coen zorgt ervoor" in page.inner_text("main")
    his.goto(of_bakery(site, "dates"))
    late = his.locator("section[aria-labelledby=late] li", has_text="Contactlijst").first
    late.get_by_text("Lever bewijs in").first.click()
    late.get_by_label("Waaruit blijkt het?").fill("De lijst van vandaag")
    late.get_by_role("button", name="Inleveren", exact=True).click()
    assert "Ingeleverd" in his.inner_text(".messages")
    usable(his)
    page.goto(of_bakery(site, "dates") + "?m=2027-01")
    assert "De lijst van vandaag" in page.inner_text("main")


def the_agenda_has_them_all(page: Page, site: Site) -> None:
    """One's own address, read by a library that is not the one that wrote it."""
    page.goto(f"{site.url}/keeping/")
    page.get_by_role("button", name="Maak een adres").click()
    secret = page.locator(".once code").inner_text().rsplit("/", 1)[1]
    with urlopen(f"{site.url}/keeping/feed/{secret}") as answer:
        read = vobject.readOne(answer.read().decode())
    events = read.vevent_list
    titles = " ".join(each.summary.value for each in events)
    for what in ("Hersteltest", "Verslag", "Contactlijst", "op te zeggen"):
        assert what.casefold() in titles.casefold(), what
    starts = {each.uid.value: each.dtstart.value for each in events}
    assert len(starts) == len(events) > 10
    assert date(2027, 3, 31) in {
        each if type(each) is date else each.date() for each in starts.values()
    }
