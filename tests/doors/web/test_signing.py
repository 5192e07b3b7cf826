"""Moment 6, the signing: offered by the supplier, signed by passkey, signed in the PDF by the
customer, in force; and what both take home holds without us.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from authority import made, signed
from django.contrib.auth.hashers import make_password
from eyes import DARK, PHONE, usable
from ready import make_ready
from served import as_database, in_thread
from served_pages import PASSWORD, Site, Visitor, session_of
from test_passkey import MOST, with_authenticator
from world import START, TUESDAY, bakery_contract, frozen, renamed

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Draft, Signature
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM
from afspraak.signing.passkey import fault_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Visitor]
BOB = made("Bob van de Bakkerij")


def as_system(site: Site, work: Callable[[], object]) -> object:
    with as_database(site.database, "system"):
        return in_thread(work)


def drafted(site: Site) -> Draft:
    """Coen has written it, and nothing of it is open; he has a password, for a passkey."""
    coen = site.world.people["coen"]
    coen.account.password = make_password(PASSWORD)
    coen.account.save(update_fields=["password"])
    text = renamed(bakery_contract(), "nl-2027-0042", "nl-2027-0100")
    draft = flow.begin_draft(
        relation=site.world.to_bakery.id,
        beginning=Beginning("De bakkerij, nieuw", Draft.Origin.FILE, text),
        actor=Actor(coen.organisation_id, coen.id),
        viewer=SYSTEM,
        at=TUESDAY,
    )
    world = site.world
    make_ready(draft, supplier=world.supplier.id, customer=world.bakery.id, at=TUESDAY)
    return draft


def make_passkey(visitor: Visitor, who: str) -> None:
    page = visitor.page
    visitor.context.set_default_timeout(MOST)
    with_authenticator(page)
    visitor.context.clear_cookies()
    visitor.go("/account/login/")
    page.fill("input[name=login]", f"{who}@supplier.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    visitor.go("/account/second-factor/keys/new/")
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/keys/new/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/keys/new/" not in url)


def downloaded(page: "Page", name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return Path(waiting.value.path()).read_bytes()


def handed_in(page: "Page", pdf: bytes) -> None:
    file = {"name": "getekend.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.get_by_label("De getekende PDF").set_input_files(file)
    page.get_by_role("button", name="Nakijken en vastleggen").click()


@pytest.mark.long
def test_both_sign_and_take_home_what_holds_without_us(  # noqa: PLR0915  (one day, told in full)
    visit: Open, site: Site, tmp_path: Path
) -> None:
    draft = as_system(site, lambda: drafted(site))
    coen = visit("coen")
    make_passkey(coen, "coen")
    page = coen.go(f"/drafts/{draft.id}/sign/")
    assert "Joost Visser, eigenaar" in page.inner_text("main")
    page.get_by_role("button", name="Aan beide kanten aanbieden").click()
    address = page.url.removeprefix(site.url)
    assert "Nog" not in page.inner_text(".messages")
    assert "noemt Marit de Boer, directeur" not in page.inner_text("main")
    assert "noemt Marit de Boer als wie voor u tekent" in page.inner_text(".doubt")
    paper = downloaded(page, "Het papier lezen")
    page.get_by_label("Ik heb het papier gelezen").check()
    page.get_by_role("button", name="Tekenen met mijn passkey").click()
    page.get_by_text("gewone elektronische handtekening").wait_for()
    evidence = downloaded(page, "Het bewijs, om zonder ons")
    assert fault_of(evidence) == ""
    assert json.loads(json.loads(evidence)["statement"])["name"] == "Coen"

    bob = visit("bob")
    page = bob.go(address)
    assert "wacht op de handtekening van de klant" in page.inner_text("main")
    usable(page, DARK | PHONE)
    pdf = downloaded(page, "Het bestand om te tekenen")
    assert pdf == paper
    by_bob = in_thread(lambda: signed(pdf, BOB))  # pyHanko wants a loop of its own
    handed_in(page, by_bob)
    assert f"is niet bevestigd (SHA-256 {BOB.fingerprint})" in page.inner_text(".refusal")
    handed_in(page, b"%PDF-1.7 nothing")
    assert "Niet getekend" in page.inner_text(".refusal")
    page.get_by_role("link", name="Onze certificaten").click()
    certificate = {"name": "bob.pem", "mimeType": "application/x-pem", "buffer": BOB.pem.encode()}
    page.get_by_label("Certificaat (.cer").set_input_files(certificate)
    page.get_by_role("button", name="Dit is er een van ons").click()
    assert BOB.fingerprint in page.inner_text("main")
    usable(page)
    page = bob.go("/signing/")
    page.get_by_role("listitem").filter(has_text="u bent aan zet").get_by_role("link").click()
    handed_in(page, by_bob)
    assert "geldt nu" in page.inner_text(".messages")
    assert page.get_by_text("geavanceerde elektronische handtekening").is_visible()

    page = coen.go(address)
    whole = downloaded(page, "De PDF met de handtekeningen")
    assert whole == downloaded(bob.go(address), "De PDF met de handtekeningen")
    assert whole.startswith(paper)
    kept = tmp_path / "signed.pdf"
    kept.write_bytes(whole)
    if which("pdfsig"):
        told = subprocess.run(["pdfsig", str(kept)], capture_output=True, text=True, check=False)
        assert "Signature is Valid" in told.stdout
    rows = as_system(
        site,
        lambda: list(
            Signature.objects.seen_by(SYSTEM)
            .filter(agreement__reference="nl-2027-0100")
            .values_list("party", "proof")
        ),
    )
    assert sorted(rows) == [("customer", "pdf"), ("supplier", "passkey")]
    for name, status in (("charlie", 404), ("bob_user", 404), ("agnes", 200)):
        answer = visit(name).page.goto(site.url + address)
        assert answer is not None
        assert answer.status == status, name
    assert page.get_by_text("Drie manieren").count() == 0


def third_party(site: Site) -> str:
    """An agreement that names a carrier with a signer, ready to be signed; and its director."""
    world = site.world
    told: dict[str, Any] = {"at": TUESDAY}
    glasnet = add_organisation(
        name="Glasnet", register="kbo:0756789050", made_by=world.supplier.id, **told
    )
    open_relation(supplier=glasnet, customer=world.supplier, **told)
    email = "lies@glasnet.example"
    account = add_account(email=email, password="", **told)
    lies = add_person(organisation=glasnet, name="Lies Maes", email=email, account=account, **told)
    give_role(person=lies, organisation=glasnet, role=Role.ADMIN, at=START)
    world.people["lies"] = lies
    site.sessions["lies"] = session_of(world, "lies")
    under = "    under: be-2025-0007\n"
    signer = "    signers: [{name: Lies Maes, function: directeur, mandate: statutory}]\n"
    data = renamed(frozen("met-derde-partij"), under, under + signer)
    ours = {"actor": Actor(world.supplier.id), "viewer": SYSTEM, **told}
    version = flow.bring_in_version(relation=world.to_bakery.id, data=data, name="x", **ours)
    make_ready(version, supplier=world.supplier.id, customer=world.bakery.id, **told)
    return f"/agreements/{version.agreement_id}/sign/{version.pk}/"


@pytest.mark.long
def test_a_third_party_that_is_named_signs_for_itself(visit: Open, site: Site) -> None:
    address = as_system(site, lambda: third_party(site))
    page = visit("lies").go("/signing/")
    page.get_by_role("listitem").filter(has_text="u bent aan zet").get_by_role("link").click()
    assert page.url == f"{site.url}{address}"
    assert page.locator("#pdf_party option").all_inner_texts() == ["Glasnet"]
    usable(page, DARK | PHONE)
    page.get_by_label("Getekend door").fill("Lies Maes")
    page.get_by_label("Wat u zag").fill("Aan tafel getekend, het origineel ligt bij ons.")
    page.get_by_role("button", name="Vastleggen", exact=True).click()
    assert "Getekend." in page.inner_text(".messages")
    assert page.get_by_text("Nakijken en vastleggen").count() == 0
    assert "Glasnet" in page.inner_text(".is-done")
    for elsewhere in ("/drafts/", f"/relations/{site.world.to_bakery.id}/"):
        page.goto(site.url + elsewhere)
        assert "Korenaar" not in page.inner_text("body")
    page = visit("bob").go(address)
    assert "handed in by" not in page.inner_text("main")
    assert "Lies Maes" in page.inner_text(".is-done")
    assert page.locator("#pen_party option").count() == 2
