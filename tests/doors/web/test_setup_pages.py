"""A new supplier's first quarter of an hour, and the set-up as everybody can use it."""

import json
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from eyes import usable, was_hit
from served import as_database, in_thread
from served_pages import NASTY, PASSWORD, Site, Visitor, session_of, sign_for_both
from world import START, TUESDAY

from afspraak.api import admission
from afspraak.parties.actions import add_account, add_organisation, add_person, give_role
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact

Open = Callable[..., Visitor]
DOWN = {
    "heartbeat": {"status": 0, "time": "2027-03-02 08:30:00", "msg": "timeout"},
    "monitor": {"id": 7, "name": "kassa Sol", "tags": []},
    "msg": "kassa Sol is down",
}


def newcomer(site: Site) -> None:
    """Nina, administrator of a supplier that has nothing yet."""
    zuid = add_organisation(name="Zuid ICT", at=START)
    account = add_account(email="nina@zuid.example", password="", at=START)
    nina = add_person(
        organisation=zuid, name="Nina", email="nina@zuid.example", account=account, at=START
    )
    give_role(person=nina, organisation=zuid, role=Role.ADMIN, at=START)
    site.world.people["nina"] = nina


def heard(site: Site) -> list[tuple[str, str]]:
    nina = site.world.people["nina"]
    rows = Fact.objects.seen_by(SYSTEM).filter(supplier_id=nina.organisation_id, ticket=None)
    return [(each.code, each.data["more"]["service"]) for each in rows.order_by("seq")]


def next_of(visitor: Visitor) -> str:
    """What the page of first steps says comes next."""
    return visitor.go("/setup/").inner_text(".verdict .head")


@pytest.mark.long
def test_a_new_supplier_is_ready_after_its_first_steps(
    visit: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "now", lambda: TUESDAY)
    with as_database(site.database, "system"):
        in_thread(lambda: newcomer(site))
    with as_database(site.database, "app"):
        site.sessions["nina"] = in_thread(lambda: session_of(site.world, "nina"))
    nina, guest = visit("nina"), visit("nina")
    guest.context.clear_cookies()
    fill_in_oneself(nina)
    ask_a_colleague(nina, guest)
    add_a_customer(nina)
    agree(nina)
    assert "nl-2027-0001 geldt" in nina.go("/setup/").inner_text(".steps")
    token = connect_a_monitor(nina)
    assert tell(site, token) == {"facts": 1, "repeated": 0, "unknown": []}
    with as_database(site.database, "system"):
        assert in_thread(lambda: heard(site)) == [("outage_began", "kassa")]
    told = nina.go("/setup/monitors/").inner_text("section[aria-labelledby=heard]")
    assert "plat sinds" in told
    end_the_token(nina)
    with pytest.raises(OSError, match="401"):
        tell(site, token)


def fill_in_oneself(nina: Visitor) -> None:
    page = nina.page
    assert next_of(nina) == "Nu: Uw eigen organisatie"
    usable(page)
    page.get_by_role("link", name="Invullen").click()
    page.get_by_label("Registernummer").fill("kvk:33334444")
    page.get_by_label("Telefoon").first.fill("+31 72 555 0100")
    page.locator("section[aria-labelledby=about] button.do").click()
    page.get_by_label("Meldingsnummers beginnen met").fill("Z-")
    page.get_by_role("button", name="Beginnen").click()
    assert next_of(nina) == "Nu: Een collega"


def ask_a_colleague(nina: Visitor, guest: Visitor) -> None:
    """She accepts in a browser of her own."""
    page = nina.page
    page.get_by_role("link", name="Collega uitnodigen").click()
    page.get_by_label("E-mailadres").first.fill("eva@zuid.example")
    page.get_by_label("Naam").first.fill(NASTY)
    page.get_by_label("Rol", exact=True).select_option("agent")
    page.get_by_role("button", name="Uitnodigen").first.click()
    link = page.inner_text(".once code")
    assert "eva@zuid.example is uitgenodigd" in nina.go("/setup/").inner_text(".steps")
    guest.go(link[link.index("/join/") :])
    guest.page.get_by_label("Uw naam").fill("Eva")
    guest.page.get_by_label("Wachtwoord").fill(PASSWORD)
    guest.page.get_by_role("button", name="Aanvaarden").click()
    assert "1 collega" in nina.go("/setup/").inner_text(".steps")
    assert "Eva" in nina.go("/setup/people/").inner_text("main")
    assert not was_hit(page)


def add_a_customer(nina: Visitor) -> None:
    """And who is called there."""
    page = nina.go("/setup/organisations/")
    page.get_by_label("Naam", exact=True).fill("Drukkerij Sol")
    page.get_by_label("Registernummer").fill("kbo:0403170701")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_label("Naam", exact=True).last.fill("Marie Sol")
    page.get_by_role("button", name="Toevoegen").click()
    assert "Marie Sol" in page.inner_text("section[aria-labelledby=people]")


def agree(nina: Visitor) -> None:
    """From a template to an agreement that both have signed."""
    page = nina.go("/setup/")
    page.get_by_role("link", name="Overeenkomst maken").click()
    page.get_by_label("Met wie").select_option("Drukkerij Sol")
    page.get_by_label("Vier niveaus en maatwerk").check()
    page.get_by_role("button", name="Naar de editor").click()
    page.get_by_role("button", name="Inbrengen, nog niet getekend").click()
    sign_for_both(page, "M. de Boer")


def connect_a_monitor(nina: Visitor) -> str:
    """Its token, made by keyboard, and what its word stands for."""
    page = nina.go("/setup/monitors/")
    page.get_by_role("link", name="Maak een token voor de monitor").press("Enter")
    page.get_by_role("button", name="Maken").press("Enter")
    token = page.inner_text(".once code")
    nina.go("/setup/monitors/")
    page.get_by_label("Het woord van de monitor").fill("kassa Sol")
    page.get_by_label("Is deze dienst").select_option(label="Drukkerij Sol: Kassa (nl-2027-0001)")
    page.get_by_role("button", name="Bewaren").click()
    return token


def end_the_token(nina: Visitor) -> None:
    """There by the palette."""
    page = nina.go("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("tok")
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/tokens/")
    page.get_by_role("link", name="Beëindigen").click()
    usable(page)
    page.get_by_role("button", name="Token beëindigen").click()
    assert "opent niets meer" in page.inner_text(".messages")


def tell(site: Site, token: str) -> object:
    """What a monitor sends, and what it is answered."""
    asked = Request(
        f"{site.url}/api/v1/monitors/uptime-kuma",
        json.dumps(DOWN).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urlopen(asked, timeout=60) as answer:
        return json.load(answer)


@pytest.mark.long
def test_everybody_can_use_it(visit: Open, site: Site) -> None:
    alice = visit("alice")
    agreement = site.world.versions["bakery"].agreement_id
    for path in (
        "",
        "organisations/",
        f"organisations/{site.world.bakery.pk}/",
        f"person/{site.world.people['bob'].pk}/",
        "people/",
        "warnings/",
        f"warnings/{agreement}/",
        "mail/",
        "monitors/?x=1",
        "webhooks/",
        "tokens/?for=monitor",
    ):
        usable(alice.go(f"/setup/{path}"))


def test_it_speaks_the_readers_language(visit: Open, site: Site) -> None:
    for locale, words in (("fr-BE", "Premiers pas"), ("en-GB", "First steps")):
        assert visit("alice", locale=locale).go("/setup/").inner_text("h1") == words
