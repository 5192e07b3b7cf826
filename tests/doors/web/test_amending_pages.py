"""Moment 7: some promises were signed open. Both see what was measured, the customer says what
hurt, both say the same number, and an amendment is there, tried before it is signed.
"""

from collections.abc import Callable, Iterator

import pytest
from eyes import axe_finds, usable
from open_world import make_open_world
from pytest_django import DjangoDbBlocker
from served_pages import NASTY, Site, Visitor, served
from world import World

pytestmark = pytest.mark.long  # a walk through many pages

Open = Callable[..., Visitor]


def made() -> tuple[World, dict[str, str]]:
    world = make_open_world(60)
    return world, {"at": f"/agreements/{world.versions['open'].agreement_id}"}


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with served(made, django_db_blocker) as there:
        yield there


def test_both_fill_in_what_was_left_open(visit: Open, site: Site) -> None:
    at = site.numbers["at"]
    page = visit("wim").go(f"{at}/open/")
    term = page.locator("#t-dossier-open")
    assert "Wie een akte moet passeren" in term.inner_text()
    assert "90 % binnen" in term.locator(".number").inner_text()
    assert term.locator("circle.dot").count() > 40
    row = page.locator("#kinds ~ * tr", has_text="Dossiersysteem").first
    row.locator("input[name=words]").fill(NASTY)
    row.get_by_role("button", name="Dit deed ons pijn").click()
    assert NASTY in page.locator("tr.hurts").inner_text()
    usable(page)
    term.locator("input[name=value]").fill("veel")
    term.get_by_role("button", name="Dit is ons woord").click()
    assert "halve" in page.inner_text(".refusal")
    term.locator("input[name=value]").fill("7,5")
    term.locator("input[name=from]").fill("2027-05-01")
    term.get_by_role("button", name="Dit is ons woord").click()
    assert "De andere partij ziet het nu" in page.inner_text(".messages")
    page = visit("coen").go(f"{at}/open/")
    term = page.locator("#t-dossier-open")
    assert "7:30 uur" in term.inner_text()
    assert term.locator("input[name=value]").input_value() == "7.5"
    term.locator("input[name=from]").fill("2027-05-01")
    term.get_by_role("button", name="Dit is ons woord").click()
    page.wait_for_url("**/preview/")
    assert "zou gelden vanaf 1 mei 2027" in page.inner_text("main").lower()
    assert "PT7H30M" not in page.inner_text(".changes")
    assert "Wie een akte moet passeren" in page.inner_text(".changes")
    usable(page)


def test_an_amendment_is_begun_with_a_date_and_a_choice(visit: Open, site: Site) -> None:
    at = site.numbers["at"]
    page = visit("coen").go(f"{at}/amendments/")
    assert axe_finds(page) == []
    page.get_by_label("Geldt vanaf").fill("2027-06-01")
    page.get_by_label("volgen de nieuwe tekst").check()
    page.get_by_role("button", name="Beginnen").click()
    page.wait_for_url("**/preview/")
    assert "1 jun" in page.inner_text("main")
    answer = visit("charlie").page.goto(f"{site.url}{at}/open/")
    assert answer is not None
    assert answer.status == 404
    answer = visit("bob_user").page.goto(f"{site.url}{at}/open/")
    assert answer is not None
    assert answer.status == 403
