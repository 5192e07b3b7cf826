"""The documentation's pictures of the pages, each of a page that says what its handbook says of it.

`x.py pictures` keeps them in docs/pictures; any other run looks, and keeps nothing.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from eyes import DARK, PHONE
from picture_day import make_pictured
from pytest_django import DjangoDbBlocker
from served_pages import Site, Visitor, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.pictures
HIGHEST = 1100
"""Pixels of the page: what is longer is cut there."""
MOST_BYTES = 100_000
QUALITIES = (80, 65, 50, 35)
Open = Callable[..., Visitor]
Walk = Callable[["Page", Site], None]


@dataclass(frozen=True)
class Picture:
    """A picture: whose browser, where, what is done there, and what must be seen."""

    name: str
    who: str
    path: str
    words: str
    walk: Walk | None = None
    highest: int = HIGHEST
    options: dict[str, Any] = field(default_factory=dict)


def chosen(page: "Page", _site: Site) -> None:
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Een team kan niet werken").check()
    page.locator("#verdict .head").wait_for()


def faulty(page: "Page", _site: Site) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("levl: gold\n")
    page.wait_for_selector(".cm-lint-marker-error")


PICTURES = [
    Picture("today", "coen", "/today/", "Overeenkomsten die aandacht vragen", highest=1400),
    Picture("desk", "agnes", "/desk/?customer={bakery}&person={bob}", "vóór", chosen),
    Picture("queue", "agnes", "/queue/", "VPN weigert na de update", highest=950),
    Picture("queue-dark", "agnes", "/queue/", "Bevroren", highest=950, options=DARK),
    Picture("ticket", "agnes", "/t/{late}/", "te laat"),
    Picture("frozen", "agnes", "/t/{frozen}/", "bevroren", highest=800),
    Picture("at-risk", "coen", "/at-risk/", "Goedkeuren en versturen"),
    Picture("portal", "bob", "/mijn/", "U bent aan de beurt", highest=900),
    Picture("portal-phone", "bob", "/mijn/", "U bent aan de beurt", highest=850, options=PHONE),
    Picture("new", "bob", "/mijn/melden/", "opgelost", chosen),
    Picture("my-services", "bob", "/mijn/diensten/", "Samen, zonder btw"),
    Picture("my-service", "bob", "/mijn/diensten/{agreement}/kassa/", "Wat u mag verwachten"),
    Picture("my-promises", "bob", "/mijn/beloften/", "Contactlijst"),
    Picture("life", "coen", "/agreements/{agreement}/", "Datums", highest=1000),
    Picture("agreement", "bob", "/mijn/overeenkomst/{agreement}/", "Wat de leverancier belooft"),
    Picture("report", "coen", "/reports/{agreement}/2027-04-15/", "Wat er gemeld werd"),
    Picture("setup", "alice", "/setup/", "Uw eigen organisatie", highest=1000),
    Picture("editor", "coen", "/setup/agreements/edit/?version={version}", "1 fout", faulty, 900),
    Picture("calendars", "coen", "/setup/calendars/", "Kantooruren"),
]


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The world of the pictures, served."""
    with served(make_pictured, django_db_blocker) as there:
        yield there


@pytest.fixture(scope="module")
def folder(
    request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Where pictures are written: with the documentation if that was asked for."""
    kept = root / "docs" / "pictures"
    return kept if request.config.getoption("--pictures") else tmp_path_factory.mktemp("pictures")


def path_of(picture: Picture, site: Site) -> str:
    world = site.world
    return picture.path.format(
        bakery=world.bakery.id,
        bob=world.people["bob"].id,
        agreement=world.versions["bakery"].agreement_id,
        version=world.versions["bakery"].id,
        **site.numbers,
    )


def taken(page: "Page", highest: int) -> bytes:
    """The page from its top, as WebP (Chromium writes it, Playwright alone would not): as good as
    it may be and small enough for a page of documentation.
    """
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, highest), "scale": 1.5}
    session = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        told = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
        data = base64.b64decode(session.send("Page.captureScreenshot", told)["data"])
        if len(data) <= MOST_BYTES:
            return data
    pytest.fail(f"larger than {MOST_BYTES} bytes at every quality")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture(picture: Picture, visit: Open, site: Site, folder: Path) -> None:
    page = visit(picture.who, **picture.options).go(path_of(picture, site))
    if picture.walk:
        picture.walk(page, site)
    assert picture.words in page.inner_text("main")
    (folder / f"{picture.name}.webp").write_bytes(taken(page, picture.highest))
