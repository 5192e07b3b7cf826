"""What every page must stand up to, whoever looks at it."""

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DARK: dict[str, Any] = {"color_scheme": "dark"}
MOST_BYTES = 150_000
EVERY_LOOK = "AFSPRAAK_EVERY_LOOK" in os.environ


def axe_finds(page: "Page") -> list[str]:
    """What axe-core has to say (WCAG 2.2 AA and its good practices)."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:150]}" for each in found for node in each["nodes"]]


def sideways(page: "Page") -> int:
    """By how many pixels the page is wider than its window."""
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert isinstance(wider, int)
    return wider


def usable(page: "Page", *more: dict[str, Any]) -> None:
    """Everybody can use it: as it stands, dark on a phone, and as you name; loaded once.

    The short tests ask axe of every third page about the dark and the phone: all pages have their
    colours and sizes from one sheet. The long ones ask it about each.
    """
    before = page.viewport_size
    assert before is not None
    is_asked = EVERY_LOOK or crc32(urlsplit(page.url).path.encode()) % 3 == 0
    for look in ({}, {**DARK, **PHONE}, *more):
        page.emulate_media(color_scheme=look.get("color_scheme", "light"))
        page.set_viewport_size(look.get("viewport", before))
        if not look or look in more or is_asked:
            assert axe_finds(page) == [], look
        assert sideways(page) <= 0, look


def was_hit(page: "Page") -> bool:
    """Whether a text that somebody wrote ran as a script."""
    return bool(page.evaluate("Boolean(window.hit)"))
