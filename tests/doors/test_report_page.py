"""The page of a replay: one file that needs nothing else, readable by everyone, on any screen."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from afspraak.reports.compare import compare
from afspraak.reports.page_of import page
from afspraak.reports.replay import Logged, Replay, replay
from afspraak.reports.texts import LANGUAGES, Language
from afspraak.reports.uptimes import ServiceLog
from afspraak.reports.view_unjudged import Provenance
from tests.rooms.small_log import CONTRACT, SPAN, TERMS, UP, ticket

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STYLE = Path(__file__).resolve().parents[2] / "src/afspraak/reports/page/style.css"
NASTY = "<script>alert('x')</script>"
PROVENANCE = Provenance("log.csv", "cd" * 32, zone="UTC", zone_stated=False)


def tickets() -> list[Logged]:
    """A month with a bit of everything, for two customers."""
    found = [
        ticket(
            f"t{day}-{hour}",
            f"03-{day:02} {hour:02}:00 reported",
            f"03-{day:02} {min(hour + day % 7, 18):02}:30 solved",
            priority="P1" if day % 5 == 0 else "P2",
            service="mail" if day % 2 else "print",
            customer=NASTY if day % 3 else "Sol",
        )
        for day in range(2, 28)
        for hour in (9, 10, 13)
    ]
    waits = (
        "03-05 10:00 question to=customer id=q why=code?",
        "03-09 10:00 answer of=q by=customer",
    )
    found.append(
        ticket("waited", "03-05 09:00 reported", *waits, "03-11 16:00 solved", customer="Sol")
    )
    found.append(ticket("p9", "03-02 09:00 reported", priority="P9", customer="Sol"))
    return found


def shown(language: Language = "nl", *, strict: bool = False) -> str:
    contract = replace(CONTRACT, name=f"{NASTY} 2027", terms=replace(TERMS, availabilities=(UP,)))
    other = replace(CONTRACT, name="other", terms=replace(TERMS, id="be-2"))
    log = ServiceLog(is_there=True)
    first, second = replay(
        [contract], tickets(), span=SPAN, strict=strict, against=[other], log=log
    )
    assert second is not None
    return page(first, PROVENANCE, language=language, comparison=compare(first, second))


@pytest.fixture(scope="module")
def html() -> str:
    return shown()


@pytest.fixture(scope="module")
def file(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


# The file ----------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every tag with its attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_asks_nothing_of_any_other_place(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag not in {"link", "iframe", "object", "img", "base"}
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    without_names = re.sub(r'xmlns(:xlink)?="[^"]*"', "", html)
    assert "://" not in without_names
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_what_others_wrote_is_text_and_never_a_part_of_the_page(html: str) -> None:
    assert NASTY not in html
    assert "&lt;script&gt;alert" in html
    assert sum(tag == "script" for tag, _ in Tags(html).found) == 1
    assert "Noord &lt;ICT&gt; B.V." in html


def test_every_page_says_that_it_is_a_what_if(html: str) -> None:
    assert "Doorrekening, geen verantwoording" in html
    assert re.search(r'@bottom-left \{ content: "Doorrekening', html), "on paper on every sheet"
    assert "Niemand heeft dit zo afgesproken" in html
    strict = shown(strict=True)
    assert "Doorrekening" not in strict
    assert "Zoals getekend" in strict


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_readers_language(language: Language) -> None:
    told = shown(language)
    assert f'<html lang="{language}">' in told
    headline = {"nl": "op tijd opgelost", "fr": "résolus à temps", "en": "solved in time"}
    assert headline[language] in told
    assert not re.search(
        r"\{[a-z_]+\}", re.sub(r"<(style|script)>.*?</\1>", "", told, flags=re.DOTALL)
    )


def test_what_was_not_judged_is_listed(html: str) -> None:
    assert "De overeenkomst kent deze prioriteit niet." in html
    assert re.search(r'class="ids">\s*p9', html)


def test_it_says_what_it_rests_on(html: str) -> None:
    for told in ("ab" * 32, "cd" * 32, "Tijdzones", "Het log noemt zijn tijdzone niet"):
        assert told in html


def test_an_empty_log_is_a_page_too() -> None:
    found: Replay = replay([CONTRACT], [], span=SPAN)[0]
    assert "Nog niets om over te oordelen." in page(found, PROVENANCE)


# For everyone (WCAG 2.2 AA) ----------------------------------------------------------------------


def test_every_picture_is_told_in_words_and_figures(html: str) -> None:
    tags = Tags(html).found
    for tag, attributes in tags:
        if attributes.get("role") in ("img", "region"):
            assert attributes.get("aria-label"), tag
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("role") == "img"
    figures = re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL)
    assert len(figures) == 6
    for figure in figures:
        assert "<figcaption>" in figure
        assert "<table>" in figure


def test_tables_and_headings_are_in_order(html: str) -> None:
    tags = [tag for tag, _ in Tags(html).found]
    assert tags.count("table") == tags.count("caption")
    assert tags.count("h1") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for tag, attributes in Tags(html).found:
        assert tag != "th" or attributes.get("scope") in ("col", "row")
    named = {attributes["id"] for _, attributes in Tags(html).found if attributes.get("id")}
    for _, attributes in Tags(html).found:
        assert attributes.get("aria-labelledby") in {None, *named}


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(
        r"\{\s*color-scheme: (\w+);(.*?)\}", STYLE.read_text("utf-8"), flags=re.DOTALL
    )
    return {
        f"{scheme}-{place}": dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        for place, (scheme, block) in enumerate(blocks)
    }


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) > 4 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_letters_and_shapes_stand_out_in_light_dark_and_print() -> None:
    assert len(palettes()) == 4
    for name, colours in palettes().items():
        for letters in ("ink", "muted", "blue", "late", "kept"):
            for ground in ("paper", "sheet"):
                assert contrast(colours[letters], colours[ground]) >= 4.5, (name, letters, ground)
        assert contrast(colours["ink"], colours["note"]) >= 4.5, name
        for shape in ("ours", "late"):
            assert contrast(colours[shape], colours["sheet"]) >= 3, (name, shape)
        for one, other in (
            ("theirs", "theirs-soft"),
            ("third", "third-soft"),
            ("wait", "wait-soft"),
        ):
            assert contrast(colours[one], colours[other]) >= 1.6, (name, one)


# In a browser ------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
def test_nothing_hangs_over_the_edge(browser_page: "Page", file: str, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(file)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width


def test_dark_is_drawn(chromium: "Browser", file: str) -> None:
    context = chromium.new_context(offline=True, color_scheme="dark")
    dark = context.new_page()
    dark.goto(file)
    ground = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('figure [stroke^=\"var(--ours)\"]')).stroke"
    assert dark.evaluate(ground) == "rgb(20, 23, 28)"
    assert dark.evaluate(line) == "rgb(111, 163, 227)", "the plots follow the page's own colours"
    dark.get_by_role("button").click()
    assert dark.evaluate(ground) == "rgb(251, 250, 246)"
    context.close()


def test_the_page_reads_without_its_script(chromium: "Browser", file: str) -> None:
    context = chromium.new_context(offline=True, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(file)
    assert plain.get_by_role("heading", level=1).is_visible()
    assert not plain.get_by_role("button").is_visible()
    context.close()


def test_figures_open_by_the_keyboard(browser_page: "Page", file: str) -> None:
    browser_page.goto(file)
    summary = browser_page.locator("figure summary").first
    summary.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.locator("figure table").first.is_visible()
    box = summary.bounding_box()
    assert box is not None
    assert box["height"] >= 24


def test_it_prints_in_light_on_sheets_that_say_what_they_are(
    browser_page: "Page", file: str
) -> None:
    browser_page.emulate_media(media="print", color_scheme="dark")
    browser_page.goto(file)
    assert browser_page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert not browser_page.get_by_role("button").is_visible()
    assert browser_page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
