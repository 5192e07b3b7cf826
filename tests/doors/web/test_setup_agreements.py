"""Set-up of agreements in the browser: from a template to what a report is promised, every fault
beside its line on the way.
"""

from collections.abc import Callable

import pytest
from eyes import usable, was_hit
from served import as_database, in_thread
from served_pages import NASTY, Site, Visitor, sign_for_both
from world import START, TUESDAY

from afspraak import flow
from afspraak.parties.actions import add_organisation, open_relation
from afspraak.parties.models import Relation
from afspraak.rights.viewer import SYSTEM
from afspraak.web.drafting import LONGEST

Open = Callable[..., Visitor]


@pytest.fixture(scope="module")
def printer(site: Site) -> Relation:
    """A new customer, with whom nothing was agreed yet."""

    def made() -> Relation:
        printer = add_organisation(name="Drukkerij Sol", register="kvk:22223333", at=START)
        return open_relation(supplier=site.world.supplier, customer=printer, at=START)

    with as_database(site.database, "system"):
        return in_thread(made)


def test_from_a_template_to_a_promise(visit: Open, site: Site, printer: Relation) -> None:
    visitor = visit("coen")
    page = visitor.go("/setup/agreements/")
    page.get_by_label("Met wie").select_option("Drukkerij Sol")
    page.get_by_label("Een norm die nog open staat").check()
    page.get_by_role("button", name="Naar de editor").click()
    editor = page.locator(".cm-content")
    told, listed = page.locator("#checked_told"), page.locator(".faults li[data-tone=error]")
    assert "Drukkerij Sol" in editor.inner_text()
    assert told.inner_text() == "Geen fouten"
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("levl: gold\n")
    page.wait_for_selector(".cm-lint-marker-error")
    assert told.inner_text() == "1 fout"
    assert "regel 1" in listed.inner_text()
    assert "de sleutel 'levl' is hier onbekend" in listed.inner_text()
    usable(page)
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')")
    listed.get_by_role("link").click()
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    page.wait_for_selector("#checked_told .is-kept")
    assert "nog niets dat ze verandert" in page.inner_text(".reading")
    page.get_by_role("button", name="Inbrengen, nog niet getekend").click()
    page.wait_for_url("**/setup/agreements/*-*/")
    assert "wacht op de handtekening van de leverancier en de klant" in page.inner_text("main")
    usable(page)
    sign_for_both(page, NASTY)
    assert "van kracht" in page.inner_text("main")
    assert not was_hit(page)
    assert in_force(site, printer) == "PT8H"


def in_force(site: Site, relation: Relation) -> str:
    """What a report of theirs is promised now."""

    def asked() -> str:
        verdict = flow.would_promise(
            supplier=relation.supplier_id,
            customer=relation.customer_id,
            service="e-mail",
            impact="one_person",
            viewer=SYSTEM,
            at=TUESDAY,
        )
        return next(each.target for each in verdict.promised if each.measure == "resolution")

    with as_database(site.database, "system"):
        return in_thread(asked)


def test_without_a_script_a_button_gives_the_same_list(
    visit: Open, site: Site, printer: Relation
) -> None:
    page = visit("coen", java_script_enabled=False).go(
        f"/setup/agreements/edit/?relation={printer.pk}&template=sla-2-0"
    )
    text = page.locator("textarea")
    text.fill(text.input_value().replace("law: 1", "law: 2").replace("PT30M", "30 min"))
    page.get_by_role("button", name="Nakijken").click()
    assert page.inner_text("#checked_told") == "2 fouten"
    faults = page.locator(".faults li").all_inner_texts()
    assert "law: 2" in faults[0]
    assert "30 min" in faults[1]
    text.fill("x" * (LONGEST + 1))
    page.get_by_role("button", name="Inbrengen, nog niet getekend").click()
    assert f"meer dan {LONGEST}" in page.inner_text(".faults")


def test_a_next_version_says_what_it_changes_and_for_whom_it_is_better(
    visit: Open, site: Site
) -> None:
    stands = site.world.versions["bakery"]
    page = visit("coen").go(f"/setup/agreements/{stands.pk}/")
    page.get_by_role("link", name="Begin de volgende versie vanuit deze").click()
    area = page.locator("textarea")
    assert "holiday_dates" not in area.input_value()
    assert "number: 2" in area.input_value()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+f")
    page.keyboard.type("PT2H")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.type("PT1H")
    page.locator("#checked_part").get_by_text("Beter voor de klant").first.wait_for()


def test_agreements_are_set_up_by_who_may(visit: Open, site: Site) -> None:
    stands = site.world.versions["notary"].pk
    for name, path, status in (
        ("agnes", "/setup/agreements/", 403),
        ("bob", f"/setup/agreements/{stands}/", 403),
        ("coen", f"/setup/agreements/{stands}/", 200),
        ("coen", f"/setup/agreements/{site.world.people['bob'].pk}/", 404),
        ("coen", f"/setup/agreements/edit/?relation={site.world.bakery.pk}", 404),
    ):
        answer = visit(name).page.goto(site.url + path)
        assert answer is not None
        assert answer.status == status, (name, path)


def test_calendars_and_services_stand_there_drawn(visit: Open, site: Site) -> None:
    stands = site.world.versions["bakery"].pk
    page = visit("coen").go(f"/setup/calendars/?of={stands}")
    told = page.inner_text("main")
    for words in ("di 2 mrt", "08:30 - 17:30", "open tot 17:30", "Goede vrijdag", "morgen 09:00"):
        assert words in told
    usable(page)
    page.get_by_label("Servicevenster").select_option("Winkeluren")
    page.get_by_role("button", name="Tonen").click()
    assert "07:00 - 20:00" in page.inner_text("main")
    page.get_by_role("link", name="Diensten").click()
    assert "€ 2.668,00" in page.inner_text("main")
    page.get_by_role("link", name="Schrijf de catalogus").click()
    page.get_by_role("button", name="Dit bieden we voortaan aan").click()
    page.wait_for_url("**/setup/services/?of=*")
    assert "platina" in page.inner_text(".offer")
    page.get_by_role("link", name="Servicevensters").click()
    assert "Catalogus" in page.inner_text("#of option:checked")
    assert "08:30 - 17:30" in page.inner_text("main")
    answer = visit("bob_user").page.goto(f"{site.url}/setup/services/?of={stands}")
    assert answer is not None
    assert answer.status == 403
