"""An agreement in the making: begun, changed clause by clause, talked over by both, weighed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from eyes import sideways, usable, was_hit
from served_pages import NASTY, Site, Visitor

pytestmark = pytest.mark.long  # a walk through many pages

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., Visitor]


def clause(page: "Page", name: str) -> "Locator":
    return page.locator(f"#c-{name}")


def begun(page: "Page") -> str:
    """Coen begins from what the bakery signed; where the draft is then."""
    page.get_by_role("link", name="Een ontwerp beginnen").click()
    page.get_by_label("Met wie").select_option(label="Bakkerij De Korenaar B.V.")
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Hoe u het noemt").fill("Verlenging 2028")
    page.get_by_role("button", name="Beginnen met deze overeenkomst").click()
    assert "Alleen uw eigen kant" in page.inner_text(".messages")
    return page.url


def changed_by_form(page: "Page") -> None:
    """Gold is solved within six hours: the text follows as one types, a fault beside its field."""
    clause(page, "oplossen").get_by_role("link", name="Wijzigen").click()
    field = page.locator("[name='targets.2.value']")
    assert field.input_value() == "8 uur servicetijd"
    field.fill("gauw")
    page.wait_for_selector("[data-wrong='targets.2.value']:not(:empty)")
    field.fill("6 uur servicetijd")
    page.wait_for_selector(".live .contract-part:has-text('6 uur servicetijd')")
    assert page.locator("[data-wrong='targets.2.value']").inner_text() == ""
    usable(page)
    page.get_by_label("Waarom deze wijziging").fill("Zij wachten te lang.")
    page.get_by_role("button", name="Bewaren als volgende tekst").click()
    assert "6 uur servicetijd" in clause(page, "oplossen").inner_text()


def test_both_sides_make_an_agreement(visit: Open, site: Site) -> None:
    page = visit("coen").go("/drafts/")
    where = begun(page)
    changed_by_form(page)
    clause(page, "oplossen").locator("summary", has_text="de valkuil").click()
    assert "geen vier uur op de klok" in clause(page, "oplossen").inner_text()
    usable(page)
    hers = visit("bob").go("/drafts/")
    assert "Verlenging 2028" not in hers.inner_text("main")
    page.get_by_role("button", name="Laten zien aan Bakkerij").click()
    _talked_over(hers, page, where)
    _at_the_table(page, where)
    _weighed(hers, page, where)


def _talked_over(hers: "Page", page: "Page", where: str) -> None:
    """Bob remarks and proposes; Coen declines with a reason, and accepts the other."""
    hers.goto(where)
    theirs = clause(hers, "reageren")
    theirs.locator("summary", has_text="Opmerking of voorstel").click()
    theirs.get_by_label("In uw eigen woorden").fill(NASTY)
    theirs.get_by_role("button", name="Opmerking maken").click()
    assert not was_hit(hers)
    clause(hers, "antwoorden").get_by_role("link", name="Wijzigen").click()
    hers.locator("[name='targets.0.value']").fill("2 werkdagen")
    hers.get_by_label("Waarom deze wijziging").fill("Wij zijn met weinig.")
    hers.get_by_role("button", name="Voorstellen aan Noord").click()
    assert "2 werkdagen" not in clause(hers, "antwoorden").locator(".contract-part").inner_text()
    page.goto(where)
    assert "u bent aan zet" in page.inner_text(".making-head")
    theirs = clause(page, "antwoorden")
    theirs.get_by_role("button", name="Afwijzen").click()
    assert "zeg waarom" in page.inner_text(".refusal")
    theirs.locator("button[value=accept]").click()
    assert "2 werkdagen" in clause(page, "antwoorden").locator(".contract-part").inner_text()
    assert "aangenomen door Coen" in clause(page, "antwoorden").inner_text()


def _at_the_table(page: "Page", where: str) -> None:
    page.goto(f"{where}table/")
    page.get_by_label("Naam").fill("Coen")
    page.get_by_label("Functie").fill("contractbeheerder")
    page.get_by_label("Doet wat").select_option("signs")
    page.get_by_role("button", name="Komt aan tafel").click()
    assert "zonder bevoegdheid" in page.inner_text(".warning")
    assert "Marit de Boer" in page.inner_text("main")
    usable(page)


def _weighed(hers: "Page", page: "Page", where: str) -> None:
    """For whom each change is better; who owes what; what standstill costs, to oneself alone."""
    page.goto(f"{where}changes/")
    solved = page.locator("section", has_text="Oplossing").last
    assert "beter voor de klant" in solved.inner_text()
    usable(page)
    page.goto(f"{where}kept/")
    row = page.locator("section", has_text="Oplossing").first
    row.get_by_label("Waarom").fill("Alleen met een tweede monteur.")
    row.get_by_role("button", name="Ik twijfel").click()
    assert "Coen twijfelt" in page.inner_text("main")
    usable(page)
    hers.goto(f"{where}balance/")
    hers.get_by_label("E-mail", exact=True).fill("250")
    hers.locator("form.cost").nth(1).get_by_role("button").click()
    assert hers.get_by_label("E-mail", exact=True).input_value() == "250,00"
    usable(hers)
    page.goto(f"{where}balance/")
    assert "250" not in page.inner_text("#worth")
    answer = hers.goto(f"{where}kept/")
    assert answer is not None
    assert answer.status == 404
    assert sideways(hers) <= 0


def test_a_user_has_no_business_there(visit: Open, site: Site) -> None:
    answer = visit("bob_user").page.goto(f"{site.url}/drafts/")
    assert answer is not None
    assert answer.status == 403
