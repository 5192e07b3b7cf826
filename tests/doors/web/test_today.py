"""The manager's page: what presses, what may still be missed, and the way to the tickets."""

from collections.abc import Callable

import pytest
from eyes import axe_finds, usable, was_hit
from served_pages import Site, Visitor

Open = Callable[..., Visitor]
PARTS = ("near", "late", "budget", "week", "attention", "duties")


def test_a_manager_sees_the_day_and_reaches_the_tickets(visit: Open, site: Site) -> None:
    page = visit("coen").go("/queue/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/today/")
    for part in PARTS:
        assert page.locator(f"section[aria-labelledby={part}]").count() == 1, part
    assert "VPN weigert na update" in page.inner_text("section[aria-labelledby=late]")
    assert "Zonder eigenaar 2" in page.inner_text("section[aria-labelledby=attention]")
    usable(page)
    row = page.locator(".weekly tr", has_text="zilver").first
    row.get_by_role("link", name="▲").click()
    assert "gemist · zilver · 1 mrt 2027" in page.inner_text("main")
    assert site.numbers["late"] in page.inner_text("main")
    assert not was_hit(page)
    page.get_by_role("link", name="terug naar vandaag").click()
    page.get_by_role("link", name="de week ervoor").click()
    assert "22 feb 2027" in page.inner_text("#week")
    page.get_by_role("link", name="de week erna").click()
    assert "Deze week 1 mrt 2027" in page.inner_text("#week")


@pytest.mark.long
def test_every_page_is_a_letter_or_its_name_away(visit: Open, site: Site) -> None:
    """The sheet tells the letters; the palette finds a page by a part of its name."""
    page = visit("coen").go("/today/")
    page.keyboard.press("?")
    sheet = page.inner_text("#keys")
    for name in (
        "Vandaag",
        "Wachtrij",
        "Mijn bord",
        "In de knel",
        "Verslagen",
        "De verantwoording",
    ):
        assert name in sheet, name
    keys = page.locator("#palette a").evaluate_all(
        "all => all.map(a => a.dataset.key).filter(key => key)"
    )
    assert len(keys) == len(set(keys)), "one letter, one page"
    page.keyboard.press("Control+k")
    page.keyboard.type("bORd")
    assert page.locator("#palette li:visible").all_inner_texts() == ["Mijn bord\ng o"]
    assert axe_finds(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/bord/")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/today/statement/")
    usable(page)
    page.get_by_role("link", name=site.world.bakery.name).click()
    page.locator("h1", has_text=site.world.bakery.name).wait_for()
    usable(page)


def test_it_is_said_in_french_and_english(visit: Open) -> None:
    page = visit("coen", locale="fr-FR").go("/today/")
    assert page.inner_text("#budget") == "La marge qui reste"
    assert "Promesses échues" in page.inner_text("section[aria-labelledby=week]")
    page = visit("coen", locale="en-GB").go("/today/budgets/")
    assert page.inner_text("h1") == "What may still be missed"
    assert "First response · Silver" in page.inner_text("main")


def test_only_who_oversees_relations_is_let_in(visit: Open, site: Site) -> None:
    of_week = "/today/tickets/?from=2027-03-01&until=2027-03-08"
    asked = [
        ("bob", "/today/", 403),
        ("agnes", "/today/", 403),
        ("agnes", of_week, 403),
        ("coen", "/today/tickets/", 404),
        ("coen", f"{of_week}&state=x", 404),
        ("coen", "/today/?week=nonsense", 200),
    ]
    answers = [visit(name).context.request.get(site.url + path).status for name, path, _ in asked]
    assert answers == [status for _, _, status in asked]
