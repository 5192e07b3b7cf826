"""Moment 6: the six points are gone through by both sides before anybody signs."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from eyes import usable
from served import as_database, in_thread
from served_pages import Site, Visitor
from world import TUESDAY

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Draft
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM

pytestmark = pytest.mark.long  # a walk through many pages

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Visitor]


def general_terms() -> bytes:
    """Two articles, one of which bears on a clause."""
    paper, out = docx.Document(), BytesIO()
    paper.add_paragraph("1. De leverancier mag de prijzen jaarlijks met indexering verhogen.")
    paper.add_paragraph("2. De koffie is bruin.")
    paper.save(out)
    return out.getvalue()


def begun(site: Site) -> Draft:
    """A draft that both sides see, from what the bakery signed."""
    world = site.world

    def make() -> Draft:
        told = {"actor": Actor(world.supplier.id, world.people["coen"].id), "viewer": SYSTEM}
        data = bytes(world.versions["bakery"].document)
        beginning = Beginning("Volgend jaar", Draft.Origin.AGREEMENT, data)
        relation = world.to_bakery.id
        draft = flow.begin_draft(relation=relation, beginning=beginning, at=TUESDAY, **told)
        flow.show_draft(draft=draft.id, at=TUESDAY, **told)
        return draft

    with as_database(site.database, "system"):
        return in_thread(make)


def test_both_sides_go_through_the_points_of_a_draft(visit: Open, site: Site) -> None:
    address = f"/drafts/{begun(site).pk}/readiness/"
    page = visit("coen").go(address)
    facts = page.locator("section[aria-labelledby=facts]")
    for each in ("gdpr", "nis2", "dora", "data_act"):
        facts.locator(f"input[name={each}][value=no]").check()
    facts.get_by_role("button", name="Bewaren").click()
    assert "Er staan 2 punten open" in page.inner_text(".verdict")
    assert "1 open" in page.inner_text("a[href='#p-team']")
    asked = page.locator("article[id='q-team.others']")
    asked.locator(".answering summary").click()
    asked.get_by_role("button", name="Bewaren").click()
    assert "Kies een van de vier" in page.inner_text(".refusal")
    asked.get_by_label("In een ander stuk").check()
    asked.get_by_label("Waar:").fill("Onze offerte, blz. 3")
    asked.get_by_role("button", name="Bewaren").click()
    assert "elders beantwoord" in asked.inner_text()
    left = page.locator("article[id='q-maintenance.updates']")
    left.locator(".answering summary").click()
    left.get_by_label("Wij laten het open").check()
    left.get_by_label("In een paar woorden").fill("Dat doet u zelf.")
    left.get_by_role("button", name="Bewaren").click()
    assert "wacht op de andere kant" in left.inner_text()
    usable(page)

    page = visit("bob").go(address)
    left = page.locator("article[id='q-maintenance.updates']")
    assert "Dat doet u zelf." in left.inner_text()
    left.get_by_role("button", name="Akkoord").click()
    assert "door beiden opengelaten" in left.inner_text()
    assert "Niets houdt het tekenen tegen" in page.inner_text(".verdict")
    weigh_terms(page, visit, address)
    assert visit("charlie").page.request.get(site.url + address).status == 404


def weigh_terms(page: "Page", visit: Open, address: str) -> None:
    """The bakery hands the supplier's small print in, and says that the clause wins."""
    page.get_by_role("link", name="Weeg de algemene").click()
    name = "voorwaarden.docx"
    page.get_by_label("PDF of DOCX").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": general_terms()}]
    )
    page.get_by_role("button", name="Inleveren").click()
    passage = page.locator("article.passage").first
    assert "indexering" in passage.inner_text()
    assert "Indexering" in passage.inner_text()
    passage.locator(".answering summary").click()
    passage.get_by_label("De overeenkomst gaat voor").check()
    passage.get_by_role("button", name="Voorstellen").click()
    usable(page)
    other = visit("coen").go(address)
    assert "1 passage" in other.inner_text("section[aria-labelledby=small-print]")
    other.goto(other.url + "terms/")
    other.get_by_role("button", name="Akkoord").click()
    assert "door beiden afgesproken" in other.inner_text("article.passage >> nth=0")


def test_what_runs_is_checked_and_its_gaps_are_proposed(visit: Open, site: Site) -> None:
    agreement = site.world.versions["bakery"].agreement_id
    page = visit("coen").go(f"/agreements/{agreement}/readiness/")
    assert "punten open" in page.inner_text(".verdict")
    page.get_by_role("button", name="Begin een wijziging").click()
    assert "/drafts/" in page.url
    assert "wijziging begonnen" in page.inner_text(".messages")
