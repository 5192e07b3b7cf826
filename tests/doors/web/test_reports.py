"""The plain report: the same figures for both sides, each with the tickets behind it."""

from collections.abc import Callable

import pytest
from eyes import DARK, PHONE, axe_finds, sideways
from served_pages import Site, Visitor

Open = Callable[..., Visitor]


def report_of(site: Site) -> str:
    return f"/reports/{site.world.versions['bakery'].agreement_id}/2027-04-15/"


def test_both_sides_read_the_same_and_find_the_tickets_behind_a_figure(
    visit: Open, site: Site
) -> None:
    page = visit("bob").go("/reports/")
    page.get_by_role("link", name="15 apr 2027").click()
    theirs = page.inner_text("main")
    for words in ("1e kwartaal 2027", "Wat u heeft en wat u betaalt", "€ 2.", "Wiens beurt"):
        assert words in theirs
    assert "De periode loopt nog" in theirs
    solved = page.locator("section[aria-labelledby=s-kept] tr", has_text="Eerste reactie").first
    link = solved.get_by_role("link").first
    count = int(link.inner_text().lstrip("▲ "))
    link.click()
    assert page.locator("main .found li").count() == count
    page.locator("main .found a").first.click()
    page.wait_for_url("**/t/N-*/")
    ours = visit("coen").go(report_of(site))
    assert ours.inner_text("section[aria-labelledby=s-kept]") in theirs
    assert "Als de periode voorbij is" in ours.inner_text("section[aria-labelledby=send]")


def test_it_is_also_on_paper(visit: Open, site: Site) -> None:
    answer = visit("bob").context.request.get(f"{site.url}{report_of(site)}pdf/")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_a_stranger_finds_none(visit: Open, site: Site) -> None:
    for path in (report_of(site), f"{report_of(site)}tickets/", f"{report_of(site)}pdf/"):
        answer = visit("charlie").page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 404


@pytest.mark.parametrize("options", [{}, {**DARK, **PHONE}])
def test_everybody_can_use_it(visit: Open, site: Site, options: dict[str, object]) -> None:
    visitor = visit("bob", **options)
    for path in (
        "/reports/",
        report_of(site),
        f"{report_of(site)}tickets/?clause=reageren&state=met",
    ):
        page = visitor.go(path)
        assert axe_finds(page) == []
        assert sideways(page) <= 0
