"""Moment 7: some promises were signed open. Both see what was measured, the customer says what
hurt, both say the same number, and an amendment is there, tried before it is signed; once it is,
the clocks follow it from its date, and what was measured stays as it was.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from eyes import axe_finds, usable
from open_world import fact, make_open_world
from pytest_django import DjangoDbBlocker
from ready import make_ready
from served import as_database, in_thread
from served_pages import NASTY, Site, Visitor, served
from world import HOUR, TUESDAY, World

from afspraak import flow
from afspraak.agreements.models import Draft
from afspraak.clocks.models import Assessment, State
from afspraak.engine.time import DAY, instant_of, parse_instant
from afspraak.flow.bring_in import Foreign, bring_in
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.load import TicketFacts

if TYPE_CHECKING:
    from playwright.sync_api import Page

AFTER = parse_instant("2027-05-03T09:00:00+02:00")
"""A Monday on which the amendment holds; half past four is seven hours and a half later."""
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
    past = as_system(site, lambda: dossiers(site))
    assert {state for state, _due in past.values()} == {State.MEASURING}
    _signed(page, site)
    page.goto(f"{site.url}{at}/amendments/")
    assert "1 mei 2027" in page.inner_text("main table")
    now = as_system(site, lambda: reported_since(site))
    assert {name: now[name] for name in past} == past  # what was measured stands as it was
    assert now["Vóór"][0] == State.MEASURING
    state, due = now["Erna"]
    assert (state, due) == (State.MET, AFTER + 15 * HOUR // 2)


def _signed(page: "Page", site: Site) -> None:
    """The amendment is offered, and both have signed it on paper."""
    draft = page.url.split("/drafts/")[1].split("/")[0]
    as_system(site, lambda: ready(site, draft))
    page.goto(f"{site.url}/drafts/{draft}/sign/")
    page.get_by_role("button", name="Aan beide kanten aanbieden").click()
    for left in (1, 0):
        page.get_by_label("Getekend door").fill("M. de Boer")
        page.get_by_label("Wat u zag, en waar het origineel ligt").fill("gezien aan tafel")
        page.get_by_role("button", name="Vastleggen", exact=True).click()
        page.wait_for_function(
            "left => document.querySelectorAll('#pen_party option').length === left", arg=left
        )


def as_system(site: Site, work: Callable[[], Any]) -> Any:
    with as_database(site.database, "system"):
        return in_thread(work)


def ready(site: Site, draft: str) -> None:
    row = Draft.objects.seen_by(SYSTEM).get(pk=draft)
    make_ready(row, supplier=row.supplier_id, customer=row.customer_id, at=TUESDAY)


def reported_since(site: Site) -> dict[str, tuple[str, int | None]]:
    """Once it holds: one ticket from before its date, one from after."""
    relation = site.world.versions["open"].relation_id
    made = []
    for name, at in (("Vóór", AFTER - 4 * DAY), ("Erna", AFTER)):
        fields = {"service": "dossier", "impact": "team"}
        told = [fact("reported", at, 0, fields=fields), fact("solved", at + HOUR, 1)]
        made.append(Foreign(relation, name, TicketFacts(name, "", told)))
    brought = bring_in(tickets=made, source="test", viewer=SYSTEM, at=AFTER + DAY)
    assert brought.refused == ()
    agreement = site.world.versions["open"].agreement_id
    flow.follow(agreement=agreement, since=AFTER + DAY, at=AFTER + DAY)
    return dossiers(site)


def dossiers(site: Site) -> dict[str, tuple[str, int | None]]:
    """Each report of the case system that was solved: what became of it, and when it was due."""
    rows = Assessment.objects.seen_by(SYSTEM).filter(
        relation=site.world.versions["open"].relation_id,
        measure="resolution",
        service="dossier",
        satisfied_at__isnull=False,
    )
    return {
        each.ticket.title: (each.state, each.due_at and instant_of(each.due_at))
        for each in rows.select_related("ticket")
    }


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
