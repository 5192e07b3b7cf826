"""Moments 2 to 4: a ticket's clocks by whose turn it was, and everything that is said of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from eyes import usable, was_hit
from served_pages import NASTY, Site, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., Visitor]


def act(page: "Page", name: str) -> "Locator":
    """Opens one of the things that can be said; its form."""
    summary = page.locator("details.act > summary", has_text=name).first
    if not summary.locator("xpath=..").evaluate("each => each.open"):
        summary.click()
    return summary.locator("xpath=..").locator("form")


def test_each_clock_says_whose_turn_it_was_and_adds_up(visit: Open, site: Site) -> None:
    page = visit("agnes").go(f"/t/{site.numbers['late']}/")
    solving = page.locator(".clock", has=page.get_by_role("heading", name="Oplossing"))
    told = solving.inner_text()
    assert "nog 2:00, vóór 12:00" in told
    assert "bij de klant" in told
    assert "= 6:00" in told
    assert "lausule 1.4" in told
    assert solving.locator("rect.fill-hatch").count() == 1
    word = page.locator(".clock", has=page.get_by_role("heading", name="Ons woord"))
    assert "vóór 12:00" in word.inner_text()
    assert "Te laat" in page.inner_text(".verdict .head")
    events = page.inner_text(".timeline")
    assert "Vraag aan klant" in events
    assert "Welke foutcode?" in events


def test_a_day_at_the_desk(visit: Open, site: Site) -> None:
    """Reply, ask, answer, give our word, solve, reject, solve, accept; notes stay inside."""
    number = site.numbers["near"]
    agnes, bob = visit("agnes"), visit("bob")
    page = agnes.go(f"/t/{number}/")
    form = act(page, "Reageren")
    form.get_by_label("In woorden").fill("Wij kijken ernaar.")
    form.get_by_role("button").click()
    assert "nagekomen" in page.locator(".clock").first.inner_text()
    form = act(page, "Vragen")
    form.get_by_label("Waarom").fill("Wat staat er op het scherm?")
    form.get_by_role("button").click()
    assert "Bevroren" in page.inner_text(".verdict .head") or "bevroren" in page.inner_text("main")
    form = act(page, "Interne notitie")
    form.get_by_label("Alleen voor uw eigen organisatie").fill("Eerder gezien bij de notaris.")
    form.get_by_role("button").click()
    assert "Eerder gezien" in page.inner_text(".timeline")

    theirs = bob.go(f"/t/{number}/")
    assert "Eerder gezien" not in theirs.inner_text("body")
    form = act(theirs, "Antwoorden")
    form.get_by_label("In woorden").fill("Fout 0x1.")
    form.get_by_role("button").click()
    assert "Antwoord van klant" in theirs.inner_text(".timeline")

    page = agnes.go(f"/t/{number}/")
    form = act(page, "Ons woord geven")
    form.get_by_label("Vóór").fill("2027-03-02T16:00")
    form.get_by_role("button").click()
    assert "Ons woord" in page.inner_text("main")
    form = act(page, "Oplossen")
    form.get_by_label("In woorden").fill("Het certificaat is vernieuwd.")
    form.get_by_role("button").click()

    theirs = bob.go(f"/t/{number}/")
    form = act(theirs, "Afwijzen")
    form.get_by_label("In woorden").fill("Nog steeds niet.")
    form.get_by_role("button").click()
    assert "Afgewezen door de klant" in theirs.inner_text(".timeline")
    page = agnes.go(f"/t/{number}/")
    form = act(page, "Oplossen")
    form.get_by_label("In woorden").fill("Nu echt.")
    form.get_by_role("button").click()
    theirs = bob.go(f"/t/{number}/")
    act(theirs, "Aanvaarden").get_by_role("button").click()
    assert "Aanvaard" in theirs.inner_text(".timeline")


def test_every_refusal_is_explained(visit: Open, site: Site) -> None:
    page = visit("agnes").go(f"/t/{site.numbers['plan']}/")
    act(page, "Laten vervallen").get_by_role("button").click()
    assert "Schrijf een paar woorden" in page.inner_text(".refusal")
    form = act(page, "Ons woord geven")
    form.get_by_label("Vóór").fill("2027-03-01T16:00")
    form.get_by_role("button").click()
    assert "Dat moment is voorbij" in page.inner_text(".refusal")
    form = act(page, "Anders indelen")
    form.get_by_label("Prioriteit").select_option("P2")
    form.get_by_label("Oorzaak").select_option("misjudged")
    form.get_by_role("button").click()
    assert "Anders ingedeeld" in page.inner_text(".timeline")
    assert "verkeerd ingeschat" in page.inner_text(".timeline")


def test_what_is_not_ones_own_is_not_there(visit: Open, site: Site) -> None:
    for name, number in (
        ("charlie", site.numbers["late"]),
        ("bob_user", site.numbers["late"]),
        ("bob", "N-9999"),
    ):
        answer = visit(name).page.goto(f"{site.url}/t/{number}/")
        assert answer is not None
        assert answer.status == 404


def test_a_customer_says_nothing_in_the_suppliers_name(visit: Open, site: Site) -> None:
    page = visit("bob").go(f"/t/{site.numbers['late']}/")
    page.evaluate("document.querySelector('details.act input[name=code]').value = 'solved'")
    page.locator("details.act textarea").first.fill("Ik los het zelf op.")
    page.locator("details.act button").first.click()
    assert "kan van deze melding niet gezegd worden" in page.inner_text(".refusal")


def test_what_somebody_wrote_never_runs(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    page = visitor.go(f"/t/{site.numbers['nasty']}/")
    for name in ("Reageren", "Diagnose", "Vragen"):
        form = act(page, name)
        form.locator("textarea").fill(NASTY)
        form.get_by_role("button").click()
        assert not was_hit(page)
    assert page.inner_text("h1") == NASTY
    for path in ("/queue/", "/desk/?q=onerror"):
        assert not was_hit(visitor.go(path))
    theirs = visit("bob")
    for path in ("/mijn/", f"/t/{site.numbers['nasty']}/"):
        assert not was_hit(theirs.go(path))


@pytest.mark.parametrize("name", ["agnes", "bob"])
def test_everybody_can_use_it(visit: Open, site: Site, name: str) -> None:
    visitor = visit(name)
    for number in ("late", "frozen", "nasty", "solved"):
        usable(visitor.go(f"/t/{site.numbers[number]}/"))
