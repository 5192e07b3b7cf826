"""What somebody writes is text wherever it stands: in every field, on every page that shows it."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from eyes import was_hit
from served_pages import NASTY, Site, Visitor

Open = Callable[..., Visitor]
POLYGLOTS = (
    NASTY,
    (
        "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+"
        "/[*/[]/+window.hit=1//'>"
    ),
    "'\"--></noscript><details open ontoggle=window.hit=1>{{7*7}}{% include 'x' %}${window.hit=1}",
    "</li></ul><iframe srcdoc='<script>parent.hit=1</script>'></iframe>&lt;script&gt;window.hit=1",
    "\u202e<a href=javascript:window.hit=1 autofocus onfocus=window.hit=1>x</a>\u2028",
)


@pytest.mark.parametrize(
    "texts", [POLYGLOTS[:2], pytest.param(POLYGLOTS[2:], marks=pytest.mark.long)]
)
def test_it_never_runs(visit: Open, site: Site, texts: tuple[str, ...]) -> None:
    """Each is written in every field; what shows all of them is opened once, at the end."""
    agnes, bob = visit("agnes"), visit("bob")
    for wrote in texts:
        path = reported(bob, wrote)
        page = agnes.go(path)
        for code, field in (("question", "words"), ("note", "words"), ("diagnosis", "cost")):
            form = page.locator(f"form:has(input[name=code][value={code}])")
            form.evaluate("each => { each.closest('details').open = true; }")
            form.locator("[name=words]").fill(wrote)
            form.locator(f"[name={field}]").fill(wrote[:40] if field == "cost" else wrote)
            form.get_by_role("button").click()
            is_refused = field == "cost"  # what is no amount is no cost
            assert page.locator(".refusal").count() == is_refused, wrote
            assert not was_hit(page), wrote
        asked = quote(wrote)
        for each in (f"/desk/?q={asked}", f"/queue/?service={asked}"):
            assert not was_hit(agnes.go(each)), wrote
        assert not was_hit(bob.go(path)), wrote
    assert not was_hit(agnes.go("/desk/?q=onload"))
    for each in ("/mijn/", "/"):
        assert not was_hit(bob.go(each))


def reported(by: Visitor, wrote: str) -> str:
    """The path of a new report, in whose every field it stands."""
    page = by.go("/mijn/melden/?service=e-mail&impact=one_person")
    page.locator("#title").fill(wrote[:200])
    page.locator("#words").fill(wrote)
    page.get_by_role("button", name="Versturen").click()
    page.wait_for_url("**/t/N-*/")
    assert not was_hit(page), wrote
    return page.url.removeprefix(by.site.url)
