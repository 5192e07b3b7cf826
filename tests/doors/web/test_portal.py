"""The customer's side: the same clocks in plain words, the promise before it is sent, the text."""

from collections.abc import Callable

from eyes import usable, was_hit
from served_pages import NASTY, Site, Visitor

Open = Callable[..., Visitor]


def test_what_waits_for_you_stands_first(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/")
    assert "Account nieuwe collega" in page.inner_text("section[aria-labelledby=yours]")
    assert "VPN weigert" in page.inner_text("section[aria-labelledby=running]")
    assert "Kassa 2" in page.inner_text("section[aria-labelledby=solved]")


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
    assert "Een goede melding zegt" in page.inner_text("form.sheet")
    page.get_by_label("In een paar woorden").fill("Bijlagen openen niet")
    page.get_by_label("Wat gebeurt er?").fill(NASTY)
    page.get_by_role("button", name="Versturen").click()
    page.wait_for_url("**/t/N-*/")
    assert page.inner_text("h1") == "Bijlagen openen niet"
    assert not was_hit(page)


def test_the_agreement_is_read_with_how_it_stands(visit: Open, site: Site) -> None:
    page = visit("bob").go("/mijn/")
    page.locator("section[aria-labelledby=agreements] a").click()
    solving = page.locator("article#oplossen")
    assert "Hoe het staat" in solving.inner_text()
    assert "nagekomen" in solving.inner_text()


def test_a_strangers_agreement_is_not_there(visit: Open, site: Site) -> None:
    agreement = site.world.versions["bakery"].agreement_id
    answer = visit("charlie").page.goto(f"{site.url}/mijn/overeenkomst/{agreement}/")
    assert answer is not None
    assert answer.status == 404


def test_everybody_can_use_it(visit: Open, site: Site) -> None:
    visitor = visit("bob")
    agreement = site.world.versions["bakery"].agreement_id
    for path in (
        "/mijn/",
        "/mijn/melden/",
        "/mijn/melden/?service=e-mail&impact=team",
        f"/mijn/overeenkomst/{agreement}/",
        "/",
    ):
        usable(visitor.go(path))
