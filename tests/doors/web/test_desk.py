"""Moment 1: the phone rings. Who it is, what was promised, the verdict before it is kept."""

from collections.abc import Callable

import pytest
from eyes import DARK, MOST_BYTES, PHONE, axe_finds, usable, was_hit
from playwright.sync_api import expect
from served_pages import Site, Visitor

Open = Callable[..., Visitor]


def at_desk(site: Site, **chosen: str) -> str:
    told = "&".join(f"{name}={value}" for name, value in chosen.items())
    bob = site.world.people["bob"]
    return f"/desk/?customer={site.world.bakery.id}&person={bob.id}&{told}"


def test_three_letters_and_enter_bring_the_caller(visit: Open, site: Site) -> None:
    page = visit("agnes").go("/desk/")
    assert "VPN weigert" in page.locator("section[aria-labelledby=next] a").all_inner_texts()[0]
    page = visit("agnes").go("/queue/")
    page.keyboard.press("/")  # from anywhere to the search
    page.wait_for_url("**/desk/")
    page.keyboard.press("/")
    page.keyboard.type("koren")
    expect(page.locator("#found a").first).to_contain_text("Korenaar")  # no more what `ko` found
    page.keyboard.press("ArrowDown")
    assert "Korenaar" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector(".who")
    card = page.inner_text(".desk-who")
    assert site.world.bakery.name in card
    assert "nl-2027-0042" in card
    focused = page.evaluate("[document.activeElement.name, document.activeElement.type]")
    assert focused == ["service", "radio"], "the next question, one key away"
    services = page.inner_text("section[aria-labelledby=services]")
    assert "E-mail goud open tot 17:30" in " ".join(services.split())


@pytest.mark.parametrize("typed", ["0224 555801", "+31224555801", "555 802"])
def test_a_number_is_found_however_it_is_written(visit: Open, typed: str) -> None:
    page = visit("agnes").go(f"/desk/?q={typed.replace('+', '%2B')}")
    assert page.locator("#found a").count() == 1
    assert "Bob" in page.inner_text("#found a")


def test_a_typing_error_is_forgiven_and_a_stranger_is_not_found(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    assert "Korenaar" in visitor.go("/desk/?q=korenar").inner_text("#found")
    assert site.numbers["plan"] in visitor.go("/desk/?q=printer").inner_text("#found")
    assert "Niemand en niets gevonden" in visitor.go("/desk/?q=zzzz").inner_text("#found")
    assert "Niemand en niets gevonden" in visitor.go("/desk/?q=0999123123").inner_text("#found")


def test_a_device_is_found_by_its_label_and_chosen(visit: Open, site: Site) -> None:
    """Of two customers' routers each leads to its own; whose it is stands on the card."""
    page = visit("agnes").go("/desk/?q=router")
    found = page.locator("#found a", has_text="Router in de meterkast")
    assert found.count() == 2
    found.filter(has_text="Korenaar").click()
    card = page.inner_text(".desk-who")
    assert "Router in de meterkast (router)" in card
    assert "van de leverancier" in card
    assert "Internet en netwerk · platina" in card
    assert page.locator("#asset").input_value() == "router"
    assert page.get_by_label("Internet en netwerk").is_checked()


def test_the_verdict_stands_there_before_anything_is_kept(visit: Open, site: Site) -> None:
    page = visit("agnes").go(at_desk(site))
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Niemand kan werken").check()
    head = page.locator("#verdict .head")
    head.wait_for()
    assert head.inner_text() == "Laat alles vallen: vóór 14:00 opgelost"
    told = page.inner_text("#verdict")
    assert "Goud · E-mail · niemand kan werken · P1" in told
    assert "Eerste reactie: binnen 30 minuten, vóór 10:30 Clausule 1.1" in told
    page.get_by_label("Printers").check()
    page.get_by_label("Één persoon kan niet werken").check()
    head.filter(has_text="Inplannen").wait_for()
    assert head.inner_text() == "Inplannen: vóór vrijdag 17:30 opgelost"
    page.get_by_label("Iets anders").check()
    head.filter(has_text="Niet gedekt").wait_for()
    assert "tarief" in page.inner_text("#verdict")


def test_the_file_and_who_is_in_stand_with_the_caller(visit: Open, site: Site) -> None:
    """Both sides keep the file; who is in and knows them stands under the verdict."""
    relation = site.world.to_bakery.id
    agnes, bob = visit("agnes"), visit("bob", java_script_enabled=False)
    page = agnes.go("/desk/")
    page.get_by_label("Ik ben er tot").fill("17:30")
    page.get_by_role("button", name="Zeggen").click()
    assert "Agnes tot 17:30" in page.inner_text(".in-now")
    theirs = bob.go(f"/dossier/{relation}/")
    theirs.get_by_label("Over", exact=True).select_option("software")
    theirs.get_by_label("In een paar woorden").fill("Kassasysteem Brood+")
    theirs.get_by_role("button", name="Bewaren").click()
    assert "Bob · 2 mrt 2027" in theirs.inner_text("main")
    card = agnes.go(at_desk(site)).inner_text(".desk-who")
    assert "Kassasysteem Brood+" in card
    assert "Kent hen" in card
    assert "opleiding: 8 uur / jaar, nog 8:00" in card
    page.get_by_label("Welk apparaat").select_option("werkplekken")
    page.get_by_label("Één persoon kan niet werken").check()
    page.locator("#verdict .head").wait_for()
    told = page.inner_text("#verdict")
    assert "Werkplek" in told, "a thing tells its service"
    assert "Nu aanwezig: Agnes. Kent deze klant: Agnes." in told
    page = agnes.go(f"/dossier/{relation}/")
    assert axe_finds(page) == []
    page.locator(".entries button").first.click()
    assert "Kassasysteem" in page.inner_text(".struck")
    assert "Kassasysteem" not in agnes.go(at_desk(site)).inner_text(".desk-who")
    page = agnes.go("/desk/")
    page.get_by_role("button", name="Ik ga nu weg").click()
    assert "Niemand heeft het nog gezegd" in page.inner_text(".in-now")
    answer = visit("bob_user").page.goto(f"{site.url}/dossier/{relation}/")
    assert answer is not None
    assert answer.status == 403


def test_one_button_keeps_it_once(visit: Open, site: Site) -> None:
    page = visit("agnes").go(at_desk(site, service="e-mail", impact="one_person"))
    page.get_by_label("In een paar woorden").fill("Agenda deelt niet")
    page.get_by_label("Wat de beller zegt").fill("Sinds gisteren.")
    once = page.locator("input[name=once]").input_value()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/N-*/")
    assert page.inner_text("h1") == "Agenda deelt niet"
    number = page.url.rstrip("/").rsplit("/", 1)[-1]
    assert f"Bewaard als {number}." in page.inner_text(".messages")
    page.go_back()
    page.locator("input[name=once]").evaluate("(each, once) => { each.value = once; }", once)
    page.get_by_label("In een paar woorden").fill("Agenda deelt niet")
    page.keyboard.press("Enter")  # the button that says so, and not the one for who has no script
    page.wait_for_url("**/t/N-*/")
    assert page.url.rstrip("/").endswith(number), "the same form twice is one report"


def test_without_a_script_the_same_forms_do_the_same(visit: Open, site: Site) -> None:
    page = visit("agnes", java_script_enabled=False).go("/desk/")
    page.get_by_role("searchbox").fill("korenaar")
    page.keyboard.press("Enter")
    page.locator("#found a").first.click()
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Niemand kan werken").check()
    page.get_by_role("button", name="Wat hebben wij beloofd?").click()
    assert "Laat alles vallen" in page.inner_text("#verdict")
    assert page.get_by_label("Niemand kan werken").is_checked()


def test_a_foreign_customer_and_none_at_all_are_told_alike(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    for customer in (site.world.supplier.id, "00000000-0000-0000-0000-000000000000"):
        answer = visitor.page.goto(f"{site.url}/desk/?customer={customer}")
        assert answer is not None
        assert answer.status == 404
    answer = visit("bob").page.goto(f"{site.url}/desk/")
    assert answer is not None
    assert answer.status == 403


@pytest.mark.long
def test_everybody_can_use_it(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    for path in ("/desk/", at_desk(site, service="e-mail", impact="everybody"), "/stijl/"):
        page = visitor.go(path)
        usable(page, DARK, PHONE)
        assert not was_hit(page)


def test_the_first_load_is_light(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    sizes: list[int] = []
    visitor.page.on("response", lambda answer: sizes.append(len(answer.body())))
    visitor.page.goto(site.url + at_desk(site), wait_until="networkidle")
    assert sum(sizes) <= MOST_BYTES, sizes


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Qui appelle ?"), ("en", "Who is on the line?")]
)
def test_it_speaks_french_and_english(visit: Open, site: Site, language: str, said: str) -> None:
    page = visit("agnes", locale=language).go("/desk/")
    assert page.inner_text("h1") == said
