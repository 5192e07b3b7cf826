"""From the catalogue to what was said before signing, as supplier and as customer: prices, what a
level costs, an exception, an offer accepted, a promise declined, what stands behind our own.
"""

from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files

import pytest
from eyes import usable, was_hit
from pytest_django import DjangoDbBlocker
from served_pages import NASTY, Site, Visitor, served
from world import START, World, frozen, make_world

from afspraak import flow
from afspraak.agreements.actions import Signing, Under
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Draft
from afspraak.parties.actions import Actor, add_organisation, open_relation
from afspraak.rights.viewer import SYSTEM

pytestmark = pytest.mark.long  # a walk through many pages

Open = Callable[..., Visitor]


def made() -> tuple[World, dict[str, str]]:
    """The world with a catalogue, a draft, and a carrier behind the bakery's agreement."""
    world = make_world()
    coen = Actor(world.supplier.id, world.people["coen"].id)
    catalogue = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    add_catalogue(data=catalogue, name="x", actor=coen, at=START)
    beginning = Beginning("Volgend jaar", Draft.Origin.FILE, frozen("msp-vier-niveaus"))
    draft = flow.begin_draft(
        relation=world.to_bakery.id, beginning=beginning, actor=coen, viewer=SYSTEM, at=START
    )
    flow.show_draft(draft=draft.id, actor=coen, viewer=SYSTEM, at=START)
    carrier = add_organisation(name="Glasnet", made_by=world.supplier.id, at=START)
    below = open_relation(supplier=carrier, customer=world.supplier, at=START)
    agreement = world.versions["bakery"].agreement
    data = frozen("kleine-reseller")
    version = flow.bring_in_version(
        relation=below.id, data=data, name="x", actor=coen, viewer=SYSTEM, at=START,
        under=Under(agreement),
    )  # fmt: skip
    for party in version.parties:
        signing = Signing(party, "M. de Boer", version.sha256, START)
        flow.sign_version(version=version.id, signing=signing, actor=coen, viewer=SYSTEM, at=START)
    return world, {"draft": str(draft.id), "agreement": str(agreement.id)}


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with served(made, django_db_blocker) as there:
        yield there


def test_what_is_offered_is_seen_priced_and_shown_to_everybody(visit: Open, site: Site) -> None:
    page = visit("coen").go("/offers/catalogue/")
    assert "€ 52,00" in page.inner_text(".matrix")
    page.get_by_text("Invoeren wat een niveau kost").click()
    page.get_by_label("Dienst en niveau").select_option("werkplek/gold")
    page.get_by_label("Uren per eenheid en maand").fill("0,5")
    page.get_by_label("Wat een uur ons kost").fill("58")
    page.get_by_label("Licenties").fill("4,20")
    page.locator("#costs ~ details button").click()
    assert "€ 18,80" in page.inner_text("section[aria-labelledby=costs]")  # 52 - (0.5 x 58 + 4.20)
    usable(page)
    page.get_by_label("Eigen adres").fill("noord-ict")
    page.get_by_role("button", name="De pagina openen").click()
    context = page.context.browser.new_context(locale="nl-NL")
    stranger = context.new_page()
    stranger.goto(f"{site.url}/offers/public/noord-ict/")
    assert "Noord ICT B.V." in stranger.inner_text("h1")
    assert "€ 52,00" not in stranger.inner_text("main")
    answer = stranger.goto(f"{site.url}/offers/public/noord-icx/")
    assert answer is not None
    assert answer.status == 404
    context.close()
    page = visit("bob").go("/offers/catalogue/")
    assert "Noord ICT" in page.inner_text("main")
    assert page.locator("#costs").count() == 0
    answer = visit("bob_user").page.goto(f"{site.url}/offers/catalogue/")
    assert answer is not None
    assert answer.status == 403


def test_an_exception_is_computed_before_it_is_granted(visit: Open) -> None:
    page = visit("bob").go("/offers/catalogue/")
    page.get_by_text("Een wens vastleggen").click()
    page.get_by_label("Dichtstbijzijnde niveau").select_option("kassa/gold")
    page.get_by_label("Wat wordt gewenst").fill(NASTY)
    page.get_by_label("Zaterdag", exact=True).fill("8.00 tot 17.00")
    page.get_by_role("button", name="Deze wens vastleggen").click()
    assert "Schrijf uren als" in page.inner_text("main")
    page.get_by_label("Zaterdag", exact=True).fill("8:00 - 17:00")
    page.get_by_role("button", name="Deze wens vastleggen").click()
    assert "nog niet besloten" in page.inner_text("main")
    assert "per jaar kost" not in page.inner_text("main")
    assert not was_hit(page)
    url = page.url
    page = visit("coen").page
    page.goto(url)
    assert page.get_by_role("button", name="Toestaan", exact=True).count() == 0
    page.get_by_label("Paraat staan").fill("12,50")
    page.get_by_label("Beheer").fill("250")
    page.get_by_role("button", name="Berekenen").click()
    assert "450 × 12,5" in page.inner_text("#upkeep ~ table")  # noqa: RUF001 - 50 Saturdays of 9 hours
    assert "€ 5.875,00" in page.inner_text("#upkeep ~ table")
    page.get_by_label("Wat de klant ervoor betaalt").fill("6000")
    page.get_by_role("button", name="Toestaan", exact=True).click()
    assert "€ 6.000,00 per jaar meer" in page.inner_text("main")
    usable(page)
    page = visit("bob").page  # the customer sees what was decided, and the text that says it
    page.goto(url)
    page.get_by_role("link", name="Volgend jaar").click()
    assert "€ 6.000,00 per jaar" in page.inner_text("main")
    assert not was_hit(page)


def test_an_offer_is_accepted_and_counted_until_a_contract_names_it(
    visit: Open, site: Site
) -> None:
    page = visit("coen").go("/offers/new/")
    page.get_by_label("Aan", exact=True).select_option(label="Bakkerij De Korenaar B.V.")
    page.get_by_label("Hoe het heet").fill("Kassa en e-mail")
    page.get_by_label("Geldig tot").fill("2027-03-31")
    for level in ("zilver", "goud"):
        page.get_by_label(level, exact=True).check(force=True)
    page.get_by_label("Kassa", exact=True).fill("4")
    page.get_by_label("E-mail", exact=True).fill("20")
    page.get_by_role("button", name="Maken").click()
    page.get_by_role("button", name="Aan de klant tonen").click()
    url = page.url
    page = visit("bob").page
    page.goto(url)
    assert "€ 310,00" in page.inner_text(".matrix")  # gold: 4 x 55 + 20 x 4.50
    assert "kan u toch al binden" in page.inner_text("main")
    usable(page)
    page.get_by_label("goud").check(force=True)
    page.get_by_label("Wie neemt aan").fill("Bob")
    page.get_by_role("button", name="Dit niveau aannemen").click()
    assert "aangenomen, niet getekend" in page.inner_text("main")
    page = visit("coen").page
    page.goto(url)
    assert "voor het eerst gezien" in page.inner_text("main")
    page.get_by_text("Als bijlage").click()
    page.get_by_role("link", name="Volgend jaar").click()
    assert "het aantal" in page.inner_text("main table")
    page = visit("coen").go("/offers/")
    assert "0 dagen niet getekend" in page.inner_text("section[aria-labelledby=waiting]")
    page = visit("bob").go(f"/drafts/{site.numbers['draft']}/said/")
    page.get_by_label("Kassa en e-mail").check()
    page.get_by_role("button", name="Deze als vervangen noemen").click()
    assert "vervangen door Volgend jaar" in page.inner_text("section[aria-labelledby=assents]")


def test_a_promise_made_at_dinner_becomes_a_clause_or_is_declined(visit: Open, site: Site) -> None:
    path = f"/drafts/{site.numbers['draft']}/said/"
    page = visit("bob").go(path)
    for words in ("Gratis training", NASTY):
        page.get_by_text("Een belofte vastleggen").click()
        page.get_by_label("Wie", exact=True).fill("Anna")
        page.locator("#p-on").fill(date(2027, 3, 1).isoformat())
        page.get_by_label("Waar", exact=True).select_option("dinner")
        page.get_by_label("Wat is beloofd").fill(words)
        page.get_by_role("button", name="Vastleggen").first.click()
    assert "Nog open: 2" in page.inner_text("main")
    page = visit("coen").go(path)
    first = page.locator(".said-list > li", has_text="Gratis training")
    first.locator("summary").click()
    first.get_by_label("niet nagekomen").fill("Te duur")
    first.get_by_role("button", name="Openlijk afwijzen").click()
    assert "afgewezen door Coen: Te duur" in page.inner_text("main")
    second = page.locator(".said-list > li", has_text="onerror")
    second.locator("summary").click()
    second.get_by_role("button", name="Bewaren").click()
    assert "Nog open" not in page.inner_text("main")
    assert not was_hit(page)
    usable(page)


def test_what_stands_behind_our_promise_is_held_against_it(visit: Open, site: Site) -> None:
    path = f"/agreements/{site.numbers['agreement']}/back-to-back/"
    page = visit("coen").go(path)
    assert "Glasnet" in page.inner_text("main")
    assert "op zijn slechtst" in page.inner_text("main")
    usable(page)
    answer = visit("bob").page.goto(site.url + path)
    assert answer is not None
    assert answer.status == 404
