"""The pages as they are really served: over HTTP, under the application's own role, with commits,
at a moment that stands still.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import embedded
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak import flow
from afspraak.notices.actions_address import address_owed
from afspraak.project.wsgi import application
from afspraak.web import viewing as viewing_of_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "a long word of one's own"
"""Of the one who signs in by himself."""
NASTY = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal, and waits for nobody: a browser opens connections ahead of what
    it will ask, and one that it says nothing on would keep all others waiting.
    """

    timeout = 2

    def handle(self) -> None:
        """One request, unless none comes."""
        with suppress(TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The address at which the pages are served until the end of the block."""
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:

        def run() -> None:
            try:
                server.serve_forever(poll_interval=0.05)
            finally:
                connections["default"].close()

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass
class Site:
    """What is served, and who may sign in there: name -> session."""

    url: str
    world: World
    sessions: dict[str, str]
    numbers: dict[str, str]
    database: str


def session_of(world: World, name: str) -> str:
    """Somebody who has signed in."""
    account = world.people[name].account
    assert account is not None
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    assert store.session_key is not None
    return store.session_key


def make_day(world: World) -> dict[str, str]:
    """A Tuesday morning at the desk: what runs, what waits, what is late, what is void."""
    numbers: dict[str, str] = {}

    def report(name: str, at: int, **more: Any) -> Any:
        ticket = world.report(at, **more).ticket
        assert ticket is not None
        numbers[name] = ticket.number
        return ticket.id

    late = report(
        "late",
        TUESDAY - 22 * HOUR,
        title="VPN weigert na update",
        fields={"service": "werkplek", "impact": "everybody", "kind": "incident"},
        reporter=world.people["bob"].id,
    )
    agnes = {"person": world.people["agnes"].id}
    world.tell("supplier_contact", late, TUESDAY - 21 * HOUR, words="Ik kijk mee.", **agnes)
    world.tell(
        "question", late, TUESDAY - 20 * HOUR, to="customer", words="Welke foutcode?", id="q1"
    )
    world.tell("answer", late, TUESDAY - 19 * HOUR, of="q1", by="customer", words="0x80072746")
    world.tell(
        "expectation",
        late,
        TUESDAY - HOUR // 2,
        until=TUESDAY + 2 * HOUR,
        words="Certificaat.",
        **agnes,
    )
    frozen = report(
        "frozen",
        TUESDAY - HOUR,
        title="Account nieuwe collega",
        fields={"service": "e-mail", "impact": "one_person", "kind": "request"},
        reporter=world.people["bob_user"].id,
    )
    world.tell(
        "question", frozen, TUESDAY - 40 * MINUTE, to="customer", words="Hoe heet zij?", **agnes
    )
    report(
        "near",
        TUESDAY - 100 * MINUTE,
        title="Geen e-mail in filiaal",
        fields={"service": "e-mail", "impact": "team", "kind": "incident"},
    )
    report(
        "plan",
        TUESDAY - 10 * MINUTE,
        title="Printer weigert dienst",
        fields={"service": "printers", "impact": "one_person", "kind": "incident"},
    )
    solved = report(
        "solved",
        TUESDAY - 3 * HOUR // 2,
        title="Kassa 2 start traag",
        reporter=world.people["bob"].id,
    )
    world.tell("solved", solved, TUESDAY - HOUR, words="Herstart, geheugen vrijgemaakt.", **agnes)
    report("nasty", TUESDAY - 5 * MINUTE, title=NASTY, words=NASTY)
    report("double", TUESDAY - 20 * MINUTE, title="Mailbox vol", reporter=world.people["bob"].id)
    report("again", TUESDAY - 15 * MINUTE, title="Mailbox nog steeds vol")
    return numbers


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A world of its own, served."""
    with served(_made, django_db_blocker) as there:
        yield there


@contextmanager
def served(
    made: Callable[[], tuple[World, dict[str, str]]], blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """The world that `made` makes, in a database of its own, served until the end of the block."""
    name = embedded.copied_database(f"afspraak_own_{secrets.token_hex(6)}").name
    patch = pytest.MonkeyPatch()
    patch.setattr(viewing_of_pages, "now", lambda: TUESDAY)
    patch.setenv("AFSPRAAK_SECOND_FACTOR", "none")
    patch.setattr("django.conf.settings.SECOND_FACTOR", "none", raising=False)
    with blocker.unblock():
        with as_database(name, "system"):
            world, numbers = in_thread(made)
        with as_database(name, "app"):
            sessions = in_thread(lambda: {each: session_of(world, each) for each in world.people})
            with serving() as url:
                yield Site(url, world, sessions, numbers, name)
    patch.undo()


def _made() -> tuple[World, dict[str, str]]:
    world = make_world()
    for name, phone in (("bob", "+31 224 555 801"), ("bob_user", "0224-555 802")):
        person = world.people[name]
        person.phone = phone
        person.save(update_fields=["phone"])
    account = world.people["bob_user"].account
    account.password = make_password(PASSWORD)
    account.save(update_fields=["password"])
    numbers = make_day(world)
    flow.look(at=TUESDAY)
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    address_owed(at=TUESDAY)
    return world, numbers


class Visitor:
    """Somebody's browser; a script error or a refused script or style fails the test."""

    def __init__(self, browser: "Browser", site: Site, name: str, **options: Any) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "locale": "nl-NL", **options}
        )
        self.context.add_cookies(
            [{"name": "session", "value": site.sessions[name], "url": site.url}]
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def go(self, path: str) -> "Page":
        """To a page of the site."""
        self.page.goto(self.site.url + path)
        return self.page


@pytest.fixture
def visit(chromium: "Browser", site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a browser as somebody: `visit("agnes")`."""
    made: list[Visitor] = []

    def open_as(name: str, **options: Any) -> Visitor:
        visitor = Visitor(chromium, site, name, **options)
        made.append(visitor)
        return visitor

    yield open_as
    for each in made:
        each.context.close()
    faults = [fault for each in made for fault in each.faults]
    assert faults == [], faults


def sign_for_both(page: "Page", name: str) -> None:
    """From a version's own page: that both have signed on paper, and where the original lies."""
    page.get_by_role("link", name="Naar het papier, en om te tekenen").click()
    for left in (1, 0):
        page.get_by_label("Getekend door").fill(name)
        page.locator("#pen_at").fill("2027-03-01T10:00")  # before it came in here
        page.get_by_label("Wat u zag, en waar het origineel ligt").fill("gezien aan tafel")
        page.get_by_role("button", name="Vastleggen", exact=True).click()
        page.wait_for_function(
            "left => document.querySelectorAll('#pen_party option').length === left", arg=left
        )
