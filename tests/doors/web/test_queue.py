"""What is next: by service time left, frozen ones apart, live without reloading."""

from collections.abc import Callable

import pytest
from eyes import usable, was_hit
from served_pages import Site, Visitor

Open = Callable[..., Visitor]


def test_what_has_least_time_left_comes_first(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/queue/")
    rows = page.locator("section[aria-labelledby=runs] tbody tr").all_inner_texts()
    assert "te laat" in rows[0]
    assert "VPN weigert" in rows[0]
    assert "nog 0:30" in rows[1]
    assert "Geen e-mail in filiaal" in rows[1]
    frozen = page.inner_text("section[aria-labelledby=frozen]")
    assert "Account nieuwe collega" in frozen
    assert "de klant" in frozen
    assert "Kassa 2" not in page.inner_text("#queue"), "solved is not in the queue"
    assert not was_hit(page)


def test_a_filter_stands_in_the_address(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/queue/")
    page.get_by_label("Dienst").select_option("printers")
    page.get_by_role("button", name="Tonen").click()
    page.wait_for_url("**service=printers**")
    assert page.locator("section[aria-labelledby=runs] tbody tr").count() == 1
    page = visit("coen").go("/queue/?mine=yes&service=printers")
    assert "Er loopt niets" in page.inner_text("#queue")


def test_views_are_kept_and_shared(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/queue/?service=printers")
    page.locator("details.keep-view > summary").click()
    page.get_by_label("Naam").fill("Printers")
    page.get_by_label("voor alle collega").check()
    page.get_by_role("button", name="Bewaren").click()
    assert page.locator(".tabs [aria-current=page]").inner_text() == "Printers"
    theirs = visit("coen").go("/queue/")
    theirs.get_by_role("link", name="Printers gedeeld").click()
    assert theirs.locator("section[aria-labelledby=runs] tbody tr").count() == 1
    assert theirs.get_by_role("button", name="weergave weghalen").count() == 0
    page.get_by_role("button", name="Deze weergave weghalen").click()
    assert "Printers" not in page.inner_text(".tabs")


def test_what_comes_is_set_against_who_is_in(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/queue/")
    page.locator("#ahead summary").click()
    told = page.inner_text("#ahead")
    assert "komende twee uur servicetijd" in told
    assert "mensen aanwezig" in told
    assert page.locator("#ahead .coming a").count() >= 1


def test_my_board_says_whose_turn_it_is(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/queue/bord/")
    columns = page.locator(".board section").all_inner_texts()
    assert "VPN weigert" in columns[0]
    assert "Account nieuwe collega" in columns[1]
    assert "Kassa 2" in columns[3]


def test_nothing_is_sent_where_nothing_changed(visit: Open, site: Site) -> None:
    request = visit("agnes").context.request
    first = request.get(f"{site.url}/queue/part/")
    tag = first.headers["etag"]
    again = request.get(f"{site.url}/queue/part/", headers={"If-None-Match": tag})
    assert (first.status, again.status, again.body()) == (200, 304, b"")
    other = request.get(f"{site.url}/queue/part/?service=printers", headers={"If-None-Match": tag})
    assert other.status == 200


@pytest.mark.long
def test_everybody_can_use_it(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    for path in ("/queue/", "/queue/straks/", "/queue/bord/"):
        usable(visitor.go(path))
