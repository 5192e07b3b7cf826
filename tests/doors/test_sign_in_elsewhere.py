"""Signing in with the help of others: OpenID Connect by configuration, mail by our own door, and
only over HTTPS where the address is one.
"""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.cache import cache
from django.test import Client
from openid_provider import CLIENT, SECRET, Provider, providing
from test_sign_in import world

from afspraak.project import settings_sign_in
from afspraak.web import posting

__all__ = ["world"]
LOGIN = "/account/provider/oidc/login/"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[Provider]:
    """A provider that runs, and is named by the settings of the environment alone."""
    with providing() as found:
        monkeypatch.setenv("AFSPRAAK_OIDC_SERVER", found.url)
        monkeypatch.setenv("AFSPRAAK_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("AFSPRAAK_OIDC_SECRET", SECRET)
        settings.SOCIALACCOUNT_PROVIDERS = settings_sign_in.providers()
        cache.clear()
        yield found


def there_and_back(client: Client) -> Any:
    """To the provider, as a browser goes, and back with what it said."""
    to = client.post(LOGIN)
    assert to.status_code == 302, to.content
    parts = urlsplit(to["Location"])
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().getheader("Location"))
    connection.close()
    assert back.path == "/account/provider/oidc/login/callback/"
    return client.get(f"{back.path}?{back.query}")


def test_a_provider_signs_in_whom_we_know(world: Any, provider: Provider, client: Client) -> None:
    provider.email = "Bob@bakery.example"
    assert there_and_back(client)["Location"] == "/"
    assert world.bakery.name in client.get("/").content.decode()
    again = Client()
    assert there_and_back(again)["Location"] == "/"
    assert again.get("/").status_code == 200
    provider.email = "alice@supplier.example"  # the same person there, and somebody else's address
    other = Client()
    assert there_and_back(other).status_code == 403
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    "claimed", [("bob@bakery.example", False), ("nobody@bakery.example", True)]
)
def test_it_makes_nobody_known(
    world: Any, provider: Provider, client: Client, claimed: tuple[str, bool]
) -> None:
    """An address that the provider has not verified, or that has no account, opens nothing."""
    provider.email, provider.is_verified = claimed
    there_and_back(client)
    assert client.get("/").status_code == 302


def test_what_did_not_begin_here_is_refused(world: Any, provider: Provider, client: Client) -> None:
    """Another browser's code, a code twice, a state that was never given out."""
    provider.email = "bob@bakery.example"
    to = client.post(LOGIN)
    query = dict(pair.split("=") for pair in urlsplit(to["Location"]).query.split("&"))
    callback = "/account/provider/oidc/login/callback/"
    for who, state in ((Client(), query["state"]), (client, "made-up")):
        who.get(f"{callback}?code=x&state={state}")
        assert who.get("/").status_code == 302


# Mail -----------------------------------------------------------------------------------------


class Box:
    """What a mail server took, and when who brought it has gone again."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.has_gone = threading.Event()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (its name)
        self.mails.append(envelope)
        return "250 taken"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  (its name)
        self.has_gone.set()
        return "221 bye"


def test_a_code_leaves_by_the_door_of_notices(
    world: Any, client: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over real SMTP, from the desk's address; the code in it signs in."""
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("AFSPRAAK_MAIL_ADDRESS", "desk@supplier.example")
        settings.EMAIL_BACKEND = settings_sign_in.EMAIL_BACKEND
        client.post("/account/login/code/", {"email": "bob@bakery.example"})
        assert box.has_gone.wait(20)
    finally:
        server.stop()
    envelope = box.mails[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "desk@supplier.example",
        ["bob@bakery.example"],
    )
    text = envelope.content.decode()
    assert "Auto-Submitted: auto-generated" in text
    code = re.search(r"^[A-Z0-9-]{6,}\r?$", text.partition("\r\n\r\n")[2], re.MULTILINE)
    assert code, text
    client.post("/account/login/code/confirm/", {"code": code[0].strip()})
    assert client.get("/").status_code == 200


def test_without_a_mail_server_pages_answer_alike(
    world: Any, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sees whether an address is known, not even where no mail can leave."""
    settings.EMAIL_BACKEND = settings_sign_in.EMAIL_BACKEND
    told = []
    for smtp in ("", "smtp://127.0.0.1:9", "smtp://elsewhere.example:25"):
        monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", smtp)
        monkeypatch.setenv("AFSPRAAK_MAIL_ADDRESS", "desk@supplier.example")
        for email in ("bob@bakery.example", "nobody@bakery.example"):
            cache.clear()
            told.append(Client().post("/account/login/code/", {"email": email}).status_code)
    assert set(told) == {302}
    posting._hands().shutdown(wait=True)
    posting._hands.cache_clear()
    assert mail.outbox == []


# HTTPS ----------------------------------------------------------------------------------------

SERVED = (
    *("SECURE_HSTS", "SECURE_PROXY", "SECURE_SSL"),
    *("SESSION_COOKIE", "CSRF_COOKIE", "CSRF_TRUSTED"),
)
ASKED = """
import json
from afspraak.project import settings_sign_in as told
names = [name for name in dir(told) if name.isupper()]
print(json.dumps({name: getattr(told, name) for name in names}, default=str))
"""


def told_by(address: str) -> dict[str, Any]:
    """The settings of signing in of a process that is reached by an address."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**os.environ, "AFSPRAAK_BASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    return json.loads(done.stdout)


def test_an_address_with_https_is_served_by_https_alone() -> None:
    """Cookies that no other address may set or read, two years of HSTS, no way around."""
    told, plain = told_by("https://afspraak.example"), told_by("http://localhost:8000")
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        assert told[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert told[f"{name}_COOKIE_SECURE"] is True
        assert plain[f"{name}_COOKIE_SECURE"] is False
        assert told.get(f"{name}_COOKIE_DOMAIN") is None
    assert (told["SECURE_SSL_REDIRECT"], told["SECURE_HSTS_SECONDS"]) == (True, 63_072_000)
    assert told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://afspraak.example"]
    assert told["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert (plain["SECURE_SSL_REDIRECT"], plain["SECURE_HSTS_SECONDS"]) == (False, 0)


def test_what_is_answered_over_https(world: Any, settings: object) -> None:
    """HSTS and secure cookies on the answer itself; plain HTTP is sent on."""
    for name, value in told_by("https://testserver").items():
        if name.startswith(SERVED):
            setattr(settings, name, tuple(value) if isinstance(value, list) else value)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    answer = client.get("/account/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/account/login/")
    behind = {"X-Forwarded-Proto": "https"}
    page = client.get("/account/login/", headers=behind)
    assert page["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    client.post(
        "/account/login/",
        {"login": "bob@bakery.example", "password": "a long word of one's own"},
        headers=behind | {"Referer": "https://testserver/account/login/"},
    )
    cookie = client.cookies["__Host-session"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
