"""The customer's side: the same clocks in plain words, the promise before it is sent, the text."""

from collections.abc import Callable

import pytest
from eyes import usable, was_hit
from served_pages import NASTY, Site, Visitor

Open = Callable[..., Visitor]


def test_what_waits_for_you_stands_first(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/")
    assert "Account nieuwe collega" in page.inner_text("section[aria-labelledby=yours]")
    assert "VPN weigert" in page.inner_text("section[aria-labelledby=running]")
    assert "Kassa 2" in page.inner_text("section[aria-labelledby=asked]")


def test_a_user_sees_what_is_his_own(visit: Open, site: Site) -> None:
    page = visit("bob_user").go("/mijn/")
    told = page.inner_text("main")
    assert "Account nieuwe collega" in told
    assert "VPN weigert" not in told


def test_the_promised_time_stands_there_before_it_is_sent(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/melden/")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Één persoon kan niet werken").check()
    page.wait_for_selector("#verdict .head")
    assert "Vóór 18:00 opgelost" in page.inner_text(
        "#verdict"
    ) or "opgelost: dat is de afspraak" in page.inner_text("#verdict")
    good = page.locator(".good")
    assert "Een goede melding zegt" in good.inner_text()
    assert "tot uw antwoord staat onze klok stil (clausule 1.4)" in good.inner_text()
    assert "€ 2,50 minder" in good.inner_text()
    good.get_by_label("Sinds wanneer").fill("Sinds gisteren.")
    page.get_by_label("In een paar woorden").fill("Bijlagen openen niet")
    page.get_by_label("Wat gebeurt er?").fill(NASTY)
    page.get_by_role("button", name="Versturen").click()
    page.wait_for_url("**/t/N-*/")
    assert page.inner_text("h1") == "Bijlagen openen niet"
    assert "Sinds gisteren." in page.inner_text(".timeline")
    assert not was_hit(page)


def test_the_agreement_is_read_with_how_it_stands(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/")
    page.locator("section[aria-labelledby=agreements] a").click()
    solving = page.locator("article#oplossen")
    assert "Hoe het staat" in solving.inner_text()
    assert "nagekomen" in solving.inner_text()


def test_my_services_say_what_is_paid_and_what_is_not_included(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/")
    page.get_by_role("link", name="Mijn diensten").first.click()
    told = page.inner_text(".sides")
    for words in (
        "Kassa",
        "maatwerk",
        "€ 390,00",
        "Niet inbegrepen",
        "€ 95,00",
        "nog 8:00",  # the desk says the same of what is left
    ):
        assert words in told
    page.get_by_role("link", name="Kassa").click()
    pinned = page.inner_text("main")
    for words in ("Wat u mag verwachten", "2 uur", "Winkeluren", "+31725551200", "Sinds wanneer"):
        assert words.casefold() in pinned.casefold()
    page = visit("bob").go("/mijn/beloften/")
    assert "Contactlijst" in page.inner_text("main")
    assert "Account nieuwe collega" in page.inner_text("section[aria-labelledby=answers]")
    assert "Bob_User" in visit("bob").go("/mijn/mensen/").inner_text("main")


def test_a_complaint_has_an_owner_and_a_clock_and_is_answered(visit: Open, site: Site) -> None:
    page = visit("bob_user").go("/mijn/klacht/")
    page.get_by_label("Wat is er mis?").fill(NASTY)
    page.get_by_role("button", name="Versturen").click()
    said = page.locator(".draft")
    assert "eigenaar: Sanne Kuiper" in said.inner_text()
    assert "antwoord vóór donderdag 17:30" in said.inner_text()
    desk = visit("agnes").go("/complaints/")
    assert NASTY in desk.inner_text(".draft")
    desk.get_by_label("Antwoord").fill("Wij bellen u vandaag.")
    desk.get_by_role("button", name="Antwoord").click()
    assert "Wij bellen u vandaag." in visit("bob").go("/mijn/klacht/").inner_text(".answer")
    assert not was_hit(desk)
    assert not was_hit(page)
    assert visit("charlie").go("/mijn/klacht/").locator(".draft").count() == 0


def test_a_strangers_agreement_is_not_there(visit: Open, site: Site) -> None:
    agreement = site.world.versions["bakery"].agreement_id
    answer = visit("charlie").page.goto(f"{site.url}/mijn/overeenkomst/{agreement}/")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.long
def test_everybody_can_use_it(visit: Open, site: Site) -> None:
    visitor = visit("bob")
    agreement = site.world.versions["bakery"].agreement_id
    for path in (
        "/mijn/",
        "/mijn/diensten/",
        f"/mijn/diensten/{agreement}/kassa/",
        "/mijn/beloften/",
        "/mijn/mensen/",
        "/mijn/klacht/",
        "/mijn/melden/",
        "/mijn/melden/?service=e-mail&impact=team",
        f"/mijn/overeenkomst/{agreement}/",
        "/",
    ):
        usable(visitor.go(path))
