"""Moment 3: we won't make it. Given up, drafted, in one's own words, approved, kept track of."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from eyes import DARK, PHONE, axe_finds, sideways, was_hit
from served import as_database, in_thread
from served_pages import NASTY, Site, Visitor
from world import TUESDAY

from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice, NoticeState
from afspraak.rights.viewer import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., Visitor]


def as_worker(site: Site, work: Callable[[], object]) -> object:
    """What the worker does, beside the pages."""
    with as_database(site.database, "system"):
        return in_thread(work)


def draft_about(page: "Page", number: str) -> "Locator":
    return page.locator(f".draft:has(a[href='/t/{number}/'])").first


def test_a_promise_is_given_up_and_what_was_kept_after_all_is_not_sent(
    visit: Open, site: Site
) -> None:
    page = visit("agnes").go("/queue/")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/at-risk/")
    assert "Wat getekend is, kwamen we na" in page.inner_text(".rates")
    row = page.locator("section[aria-labelledby=near] tr", has_text="Geen e-mail in filiaal")
    row.get_by_role("button").click()
    assert "wordt opgesteld" in page.inner_text(".messages")
    as_worker(site, lambda: address_owed(at=TUESDAY))
    page = visit("coen").go("/at-risk/")
    draft = draft_about(page, site.numbers["near"])
    draft.get_by_role("button", name="Ik neem dit op mij").click()
    assert "ligt bij Coen" in draft.inner_text()
    draft.get_by_role("button", name="Goedkeuren").click()
    assert "geen nieuw tijdstip" in page.inner_text(".refusal")
    draft.get_by_label("Ons woord").fill("2027-03-02T16:30")
    draft.get_by_label("Waarom, in").fill("De provider heeft een storing.")
    draft.get_by_role("button", name="Ons woord geven").click()
    words = draft.locator("textarea").input_value()
    assert "om 16:30 is het klaar" in words
    assert "Dit staat in onze overeenkomst" in words
    draft.get_by_role("button", name="Goedkeuren").click()  # the word was the first reaction
    assert "toch nagekomen" in page.inner_text(".refusal")
    draft.locator("summary").click()
    draft.get_by_role("button", name="Niet versturen", exact=True).click()
    assert "Waarom niet?" in page.inner_text(".refusal")
    draft.locator("summary").click()
    draft.get_by_label("Waarom niet?").fill("Wij reageerden op tijd.")
    draft.get_by_role("button", name="Niet versturen", exact=True).click()
    assert "Wij reageerden op tijd." in page.inner_text("section[aria-labelledby=left]")


def test_a_miss_is_told_in_ones_own_words_and_kept_track_of(visit: Open, site: Site) -> None:
    page = visit("coen").go("/at-risk/")
    draft = draft_about(page, site.numbers["late"])
    draft.get_by_label("Onderwerp").fill(NASTY)
    draft.get_by_role("button", name="Goedkeuren").click()
    told = page.locator("section[aria-labelledby=left] tr", has_text=site.numbers["late"]).first
    for words in ("vertrekt", "beslist door Coen", "vóór 12:00"):
        assert words in told.inner_text()
    assert not was_hit(page)

    def arrived() -> None:
        sent = Notice.objects.seen_by(SYSTEM).filter(title=NASTY)
        sent.update(state=NoticeState.SENT, sent_at="2027-03-02T09:00:00Z")

    as_worker(site, arrived)
    assert "bezorgd 10:00" in visit("coen").go("/at-risk/").inner_text("main")


def test_a_customer_has_no_business_there(visit: Open, site: Site) -> None:
    answer = visit("bob").page.goto(f"{site.url}/at-risk/")
    assert answer is not None
    assert answer.status == 403


@pytest.mark.parametrize("options", [{}, {**DARK, **PHONE}])
def test_everybody_can_use_it(visit: Open, site: Site, options: dict[str, object]) -> None:
    page = visit("coen", **options).go("/at-risk/")
    assert axe_finds(page) == []
    assert sideways(page) <= 0
