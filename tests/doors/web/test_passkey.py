"""A passkey in a real browser: made on a page of ours, and then enough to sign in with."""

from collections.abc import Callable

from playwright.sync_api import Page
from served_pages import PASSWORD, Site, Visitor

Open = Callable[..., Visitor]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> Callable[[], list[dict[str, object]]]:
    """Chromium's own authenticator that exists in software; what it holds."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    there = {"authenticatorId": made["authenticatorId"]}
    return lambda: devtools.send("WebAuthn.getCredentials", there)["credentials"]


def test_a_passkey_is_made_and_signs_in(visit: Open, site: Site) -> None:
    """The whole ceremony: challenge, signature, and a count that goes up; nobody types a word."""
    visitor = visit("bob_user")
    page = visitor.page
    held = with_authenticator(page)
    visitor.context.clear_cookies()
    visitor.go("/account/login/")
    page.fill("input[name=login]", "bob_user@bakery.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    visitor.go("/account/second-factor/keys/new/")
    assert "/reauthenticate/" in page.url  # what opens the door later asks for the password again
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/keys/new/")
    page.locator("input[name=passwordless]").check()
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/keys/new/" not in url)
    made = held()
    assert [each["rpId"] for each in made] == ["localhost"]
    assert made[0]["isResidentCredential"]

    visitor.context.clear_cookies()
    visitor.go("/")
    assert "/account/login/" in page.url
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/account/" not in url)
    assert site.world.bakery.name in page.content()
    assert held()[0]["signCount"] > made[0]["signCount"]
