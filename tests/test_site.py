"""The documentation as a site: made strictly; its links lead somewhere; it asks no other host."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import pytest
from conftest import Once

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASKS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "srcset"}
"""Element -> the attribute whose address a browser asks for by itself."""
MOST_BYTES = 100_000
NATIVE = ("nl", "fr", "en")
RULES = 1
"""Pages that are there in Dutch and English only: the rules."""
SAME = (
    ("nl/kwartier.md", "fr/quart-d-heure.md", "en/quarter.md"),
    ("nl/servicedesk.md", "fr/guichet.md", "en/desk.md"),
    ("nl/contractbeheerder.md", "fr/gestionnaire.md", "en/contract-manager.md"),
    ("nl/levensloop.md", "fr/vie-du-contrat.md", "en/life.md"),
    ("nl/klant.md", "fr/client.md", "en/customer.md"),
)


class Seen(HTMLParser):
    """What a page leads to, what it asks for by itself, and the places within it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.asked: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.places.add(told.get("id", ""))
        if tag == "a" and "href" in told:
            self.links.add(told["href"])
        if told.get(ASKS.get(tag, "")):
            self.asked.add(told[ASKS[tag]])


def is_elsewhere(address: str) -> bool:
    return bool(re.match(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", address))


@pytest.fixture(scope="session")
def site(once: Once, root: Path) -> Path:
    """The site, made once a session by the command that `x.py docs` runs."""

    def make(folder: Path) -> None:
        words = ("build", "--strict", "--quiet", "--site-dir", str(folder))
        done = subprocess.run(
            [sys.executable, "-m", "mkdocs", *words],
            cwd=root,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return once("site", make)


@cache
def seen(path: Path) -> Seen:
    return Seen(path.read_text("utf-8"))


def pages(site: Path) -> Iterator[Path]:
    # The page for what is not there is served at any depth, so its links begin at the root.
    yield from (path for path in sorted(site.rglob("*.html")) if path.name != "404.html")


def nowhere(site: Path, page: Path) -> Iterator[str]:
    """What a page leads to or asks for, and does not find in the site."""
    for address in seen(page).links | seen(page).asked:
        path, place = urldefrag(address)
        if is_elsewhere(address) or address.startswith(("mailto:", "tel:")):
            continue
        there = (page.parent / unquote(path)).resolve() if path else page
        known = there.is_file() and there.is_relative_to(site.resolve())
        if not known or (
            place and there.suffix == ".html" and unquote(place) not in seen(there).places
        ):
            yield f"{page.relative_to(site)}: {address}"


def test_each_link_leads_somewhere(site: Path) -> None:
    found = [fault for page in pages(site) for fault in nowhere(site, page)]
    assert found == []


def test_no_page_asks_anything_of_another_host(site: Path) -> None:
    asked = {address for page in pages(site) for address in seen(page).asked}
    assert asked
    assert [address for address in asked if is_elsewhere(address)] == []
    for path in site.rglob("*.css"):
        addresses = re.findall(r"(?:url\(|@import )['\"]?([^'\")]+)", path.read_text("utf-8"))
        assert [each for each in addresses if re.match(r"(?:https?:)?//", each)] == [], path.name


def test_what_is_for_everybody_is_there_in_each_language(root: Path) -> None:
    many = {language: len(list((root / "docs" / language).glob("*.md"))) for language in NATIVE}
    assert many["nl"] == many["en"] == many["fr"] + RULES > RULES


def test_a_handbook_has_the_same_parts_in_each_language(root: Path) -> None:
    """Headings, pictures and tables stand in the same order, whatever they are called."""
    shape = re.compile(r"^#+(?= )|!\[.*?\]\((.+?)\)|^\|---.*", re.MULTILINE)
    for names in SAME:
        texts = [(root / "docs" / name).read_text("utf-8") for name in names]
        shapes = [[found[1] or found[0] for found in shape.finditer(text)] for text in texts]
        assert shapes[0] == shapes[1] == shapes[2], names


def test_each_picture_is_there_and_small_and_used(root: Path) -> None:
    folder = root / "docs" / "pictures"
    texts = [root / "README.md", *(root / "docs").rglob("*.md")]
    used = {
        name
        for path in texts
        for name in re.findall(r"pictures/([\w.-]+)", path.read_text("utf-8"))
    }
    assert used == {path.name for path in folder.iterdir()}
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


def test_it_is_searched_from_a_folder_without_a_network(site: Path, browser_page: "Page") -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto((site / "nl" / "regels.html").as_uri())
    assert browser_page.get_attribute("html", "lang") == "nl"
    browser_page.get_by_role("textbox", name="Zoeken").fill("werkdag")
    browser_page.wait_for_selector(".md-search-result__link")
    assert "regels.html" in browser_page.locator(".md-search-result__link").first.get_attribute(
        "href"
    )
    assert [
        each for each in asked if not each.startswith(("file:", "data:", "blob:", "about:"))
    ] == []


def test_a_list_is_told_as_one(root: Path) -> None:
    """Python's Markdown wants an empty line above a list and a table, where others do not."""
    begins = re.compile(r"^(?![-|#\s]|\d+\. )\S.*\n(?:- |\d+\. |\|)", re.MULTILINE)
    for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        assert begins.findall(prose) == [], page.name
