"""Every word on a page is there in each language of the screens."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "afspraak"
WEB = SRC / "web"
IN_TEMPLATE = re.compile(r"{% translate [\"'](.+?)[\"'] %}")
IN_BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.+?){% endblocktranslate %}")
IN_CODE = re.compile(r"\b_\(\s*\"(.+?)\"\s*\)")


def asked() -> set[str]:
    """The msgids of templates, pages and roles."""
    pages = "".join(path.read_text("utf-8") for path in WEB.rglob("*.html"))
    code = [*WEB.rglob("*.py"), SRC / "parties" / "roles.py"]
    blocks = (re.sub(r"{{ (\w+) }}", r"%(\1)s", each) for each in IN_BLOCK.findall(pages))
    found = {*IN_TEMPLATE.findall(pages), *blocks}
    for path in code:
        found |= set(IN_CODE.findall(path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_word_is_translated(language: str) -> None:
    page = (WEB / "locale" / language / "LC_MESSAGES" / "django.po").read_text("utf-8")
    known = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', page, re.MULTILINE))
    assert asked() - known.keys() == set()
    assert known.keys() - asked() == set(), "no page asks for this any more"
