"""Moments 2 to 4: a ticket's clocks by whose turn it was, and everything that is said of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from eyes import PHONE, axe_finds, usable, was_hit
from served_pages import NASTY, Site, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., Visitor]


def act(page: "Page", name: str) -> "Locator":
    """Opens one of the things that can be said; its form."""
    summary = page.locator("details.act > summary", has_text=name).first
    if not summary.locator("xpath=..").evaluate("each => each.open"):
        summary.click()
    return summary.locator("xpath=..").locator("form").first


def send(page: "Page", name: str, words: str = "", **filled: str) -> None:
    """Says one of the things that can be said; `filled` by the label of what is filled in."""
    form = act(page, name)
    for label, value in filled.items():
        form.get_by_label(label.replace("_", " ")).fill(value)
    if words:
        form.locator("textarea").fill(words)
    form.get_by_role("button").click()


def test_each_clock_says_whose_turn_it_was_and_adds_up(visit: Open, site: Site) -> None:
    page = visit("agnes").go(f"/t/{site.numbers['late']}/")
    solving = page.locator(".clock", has=page.get_by_role("heading", name="Oplossing"))
    told = solving.inner_text()
    assert "nog 2:00, vóór 12:00" in told
    assert "bij de klant" in told
    assert "= 6:00" in told
    assert "lausule 1.4" in told
    assert solving.locator("rect.fill-hatch").count() == 1
    word = page.locator(".clock", has=page.get_by_role("heading", name="Ons woord"))
    assert "vóór 12:00" in word.inner_text()
    assert "Te laat" in page.inner_text(".verdict .head")
    events = page.inner_text(".timeline")
    assert "Vraag aan klant" in events
    assert "Welke foutcode?" in events


def test_a_day_at_the_desk(visit: Open, site: Site) -> None:
    """Reply, ask, answer, give our word, solve, reject, solve, accept; notes stay inside."""
    number = site.numbers["near"]
    agnes, bob = visit("agnes"), visit("bob")
    page = agnes.go(f"/t/{number}/")
    form = act(page, "Reageren")
    form.get_by_label("In woorden").fill("Wij kijken ernaar.")
    form.get_by_role("button").click()
    assert "nagekomen" in page.locator(".clock").first.inner_text()
    form = act(page, "Vragen")
    form.get_by_label("Waarom").fill("Wat staat er op het scherm?")
    form.get_by_role("button").click()
    assert "Bevroren" in page.inner_text(".verdict .head") or "bevroren" in page.inner_text("main")
    form = act(page, "Interne notitie")
    form.get_by_label("Alleen voor uw eigen organisatie").fill("Eerder gezien bij de notaris.")
    form.get_by_role("button").click()
    assert "Eerder gezien" in page.inner_text(".timeline")

    theirs = bob.go(f"/t/{number}/")
    assert "Eerder gezien" not in theirs.inner_text("body")
    form = act(theirs, "Antwoorden")
    form.get_by_label("In woorden").fill("Fout 0x1.")
    form.get_by_role("button").click()
    assert "Antwoord van klant" in theirs.inner_text(".timeline")

    page = agnes.go(f"/t/{number}/")
    form = act(page, "Ons woord geven")
    form.get_by_label("Vóór").fill("2027-03-02T16:00")
    form.get_by_role("button").click()
    assert "Ons woord" in page.inner_text("main")
    form = act(page, "Oplossen")
    form.get_by_label("In woorden").fill("Het certificaat is vernieuwd.")
    form.get_by_role("button").click()

    theirs = bob.go(f"/t/{number}/")
    form = act(theirs, "Afwijzen")
    form.get_by_label("In woorden").fill("Nog steeds niet.")
    form.get_by_role("button").click()
    assert "Afgewezen door de klant" in theirs.inner_text(".timeline")
    page = agnes.go(f"/t/{number}/")
    form = act(page, "Oplossen")
    form.get_by_label("In woorden").fill("Nu echt.")
    form.get_by_role("button").click()
    theirs = bob.go(f"/t/{number}/")
    act(theirs, "Aanvaarden").get_by_role("button").click()
    assert "Aanvaard" in theirs.inner_text(".timeline")


def test_every_refusal_is_explained(visit: Open, site: Site) -> None:
    page = visit("agnes").go(f"/t/{site.numbers['plan']}/")
    act(page, "Laten vervallen").get_by_role("button").click()
    assert "Schrijf een paar woorden" in page.inner_text(".refusal")
    form = act(page, "Ons woord geven")
    form.get_by_label("Vóór").fill("2027-03-01T16:00")
    form.get_by_role("button").click()
    assert "Dat moment is voorbij" in page.inner_text(".refusal")
    form = act(page, "Anders indelen")
    form.get_by_label("Prioriteit").select_option("P2")
    form.get_by_label("Oorzaak").select_option("misjudged")
    form.get_by_role("button").click()
    assert "Anders ingedeeld" in page.inner_text(".timeline")
    assert "verkeerd ingeschat" in page.inner_text(".timeline")


@pytest.mark.long
def test_extra_cost_is_agreed_within_ones_own_limit(visit: Open, site: Site) -> None:
    path = f"/t/{site.numbers['double']}/"
    page, theirs = visit("agnes").go(path), visit("bob").go(path)
    send(page, "Kosten voorstellen", "Extra opslag.", Kosten="200,00")
    events = page.inner_text(".timeline")
    assert "€ 200,00" in events
    assert "Vraag aan klant" in events, "waiting for it is a question"
    send(page, "Tussenoplossing", "Oude mail verplaatst.")
    assert "Werk vóór akkoord met de kosten" in page.inner_text(".timeline")
    theirs.reload()
    send(theirs, "Akkoord met de kosten", "Goed.")
    assert "Kosten akkoord" in theirs.inner_text(".timeline")
    page.reload()
    send(page, "Kosten voorstellen", "Nog meer opslag.", Kosten="75")
    theirs.reload()
    send(theirs, "Akkoord met de kosten", "Goed.")
    refusal = theirs.inner_text(".refusal")
    assert "Bob mag akkoord gaan tot € 250,00" in refusal
    assert "€ 275,00" in refusal
    assert "Joost Visser" in refusal
    send(theirs, "Kosten afwijzen", "Dan niet.")
    assert "Kosten afgewezen" in theirs.inner_text(".timeline")
    user = visit("bob_user", **PHONE).go(path)
    assert "€" not in user.inner_text("main")


@pytest.mark.long
def test_both_sides_set_right_what_was_told(visit: Open, site: Site) -> None:
    """Disputed, corrected, confirmed, agreed to; each fact with both its times."""
    path = f"/t/{site.numbers['late']}/"
    bob, agnes = visit("bob"), visit("agnes")
    theirs, page = bob.go(path), agnes.go(path)
    send(theirs, "Wachttijd betwisten", "Gebeld.", Wij_hadden="2027-03-01T14:05")
    assert "wacht op het woord" in bob.go(f"{path}feiten/").inner_text("main")
    page.reload()
    send(page, "Bevestigen")
    assert "Bevestigd" in page.inner_text(".timeline")
    send(bob.go(path), "Wachttijd betwisten", "Die vraag was niet nodig.")
    assert "Betwist de wachttijd" in theirs.inner_text(".timeline")
    page.reload()
    form = act(page, "Anders indelen")
    form.get_by_label("Prioriteit").select_option("P3")
    form.get_by_label("Oorzaak").select_option("new_facts")
    form.get_by_role("button").click()
    theirs.reload()
    send(theirs, "Akkoord met de wijziging")
    page.reload()
    form = act(page, "Verbeteren")
    form.get_by_label("Het gebeurde werkelijk om").fill("2027-03-02T09:10")
    form.locator("textarea").fill("Verkeerd genoteerd.")
    form.get_by_role("button").click()
    assert "Verbeterd" in page.inner_text(".timeline")
    page.get_by_role("link", name="Elk feit met zijn beide tijden").click()
    facts = page.inner_text("main")
    assert "gebeurd om 09:10" in facts
    assert axe_finds(page) == []


@pytest.mark.long
def test_time_templates_and_a_major_incident(visit: Open, site: Site) -> None:
    number = site.numbers["again"]
    page = visit("agnes").go("/sjablonen/")
    page.get_by_label("Naam").fill("Wij kijken")
    page.get_by_label("Nederlands").fill("Dag {name}, wij kijken naar {number}. Groet, {me}")
    page.get_by_role("button", name="Bewaren").click()
    page = visit("agnes").go(f"/t/{number}/")
    page.get_by_role("button", name="Invullen").click()
    reply = page.locator("#words-supplier_contact").input_value()
    assert reply == f"Dag {site.world.bakery.name}, wij kijken naar {number}. Groet, Agnes"
    send(page, "Tijd boeken", Minuten="0:20", Wat_er_gedaan="Intern gezocht")
    form = act(page, "Tijd boeken")
    form.get_by_label("Hoe het betaald wordt").select_option(index=1)
    form.get_by_label("Minuten").fill("90")
    form.get_by_label("Wat er gedaan").fill("Postvak verhuisd")
    form.get_by_role("button").click()
    assert "Tijd: 0:20" in page.inner_text(".timeline")
    theirs = visit("bob").go(f"/t/{number}/").inner_text(".timeline")
    assert "Tijd: 1:30" in theirs
    assert "Intern gezocht" not in theirs
    for name, body in (("fout.html", b"<script>"), ("fout.txt", b"0x80072746")):
        file = {"name": name, "mimeType": "text/plain", "buffer": body}
        page.set_input_files("#file", [file])
        page.get_by_role("button", name="Toevoegen", exact=True).click()
        assert ("nemen wij niet aan" in page.inner_text("main")) is (name == "fout.html")
    kept = visit("bob").go(f"/t/{number}/").locator(".attached a")
    assert kept.inner_text() == "fout.txt"
    answer = page.context.request.get(site.url + str(kept.get_attribute("href")))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.body() == b"0x80072746"
    send(page, "Grote storing", genaamd="Mailserver vol")
    page.get_by_text("Tussenoplossing").check()
    page.locator("#all-words").fill("Gebruik voorlopig de webmail.")
    assert axe_finds(page) == []
    page.get_by_role("button", name="Aan allemaal zeggen").click()
    assert "Gezegd bij 1 melding" in page.inner_text(".messages")
    page = visit("agnes").go(f"/t/{site.numbers['plan']}/")
    send(page, "Samenvoegen", "Zelfde oorzaak.", Nummer_van=number)
    assert "Samengevoegd met een melding" in page.inner_text(".timeline")
    assert "Vervallen" in visit("agnes").go(f"/t/{number}/").inner_text(".verdict")


def test_what_is_not_ones_own_is_not_there(visit: Open, site: Site) -> None:
    for name, number in (
        ("charlie", site.numbers["late"]),
        ("bob_user", site.numbers["late"]),
        ("bob", "N-9999"),
    ):
        answer = visit(name).page.goto(f"{site.url}/t/{number}/")
        assert answer is not None
        assert answer.status == 404


def test_a_customer_says_nothing_in_the_suppliers_name(visit: Open, site: Site) -> None:
    page = visit("bob").go(f"/t/{site.numbers['late']}/")
    page.evaluate("document.querySelector('details.act input[name=code]').value = 'solved'")
    page.locator("details.act textarea").first.fill("Ik los het zelf op.")
    page.locator("details.act button").first.click()
    assert "kan van deze melding niet gezegd worden" in page.inner_text(".refusal")


@pytest.mark.long
def test_what_somebody_wrote_never_runs(visit: Open, site: Site) -> None:
    visitor = visit("agnes")
    page = visitor.go(f"/t/{site.numbers['nasty']}/")
    for name in ("Reageren", "Diagnose", "Vragen"):
        form = act(page, name)
        form.locator("textarea").fill(NASTY)
        form.get_by_role("button").click()
        assert not was_hit(page)
    assert page.inner_text("h1") == NASTY
    for path in ("/queue/", "/desk/?q=onerror"):
        assert not was_hit(visitor.go(path))
    theirs = visit("bob")
    for path in ("/mijn/", f"/t/{site.numbers['nasty']}/"):
        assert not was_hit(theirs.go(path))


@pytest.mark.long
@pytest.mark.parametrize("name", ["agnes", "bob"])
def test_everybody_can_use_it(visit: Open, site: Site, name: str) -> None:
    visitor = visit(name)
    for number in ("late", "frozen", "nasty", "solved"):
        usable(visitor.go(f"/t/{site.numbers[number]}/"))
