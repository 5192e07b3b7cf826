"""Every word on a screen is there in every language, and nothing is translated that is not said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from afspraak.web.catalogue import TRANSLATED, messages, mo, po_of

WEB = Path(__file__).resolve().parents[2] / "src" / "afspraak"
SAYS = {"_", "gettext", "gettext_noop", "gettext_lazy"}
OTHERS = ("parties/roles.py", "parties/models.py")
REFUSING = (
    "agreements/actions.py",
    "agreements/actions_drafts.py",
    "amending/load.py",
    "amending/text.py",
    "archive/actions.py",
    "engine/hours.py",
    "engine/limits.py",
    "engine/terms.py",
    "flow/accepting.py",
    "flow/agreements.py",
    "flow/amending.py",
    "flow/archive.py",
    "flow/costs.py",
    "flow/facts.py",
    "flow/impacts.py",
    "flow/incidents.py",
    "flow/keeping.py",
    "flow/labels.py",
    "flow/making.py",
    "flow/offering.py",
    "flow/readiness.py",
    "flow/set.py",
    "flow/signing.py",
    "flow/wishes.py",
    "intake/actions.py",
    "intake/kinds.py",
    "intake/papers.py",
    "keeping/things.py",
    "keeping/within.py",
    "making/actions.py",
    "making/custom.py",
    "making/edit.py",
    "notices/actions_channels.py",
    "offers/actions.py",
    "offers/actions_offers.py",
    "offers/actions_pledges.py",
    "offers/strangers.py",
    "parties/actions_access.py",
    "parties/actions_file.py",
    "readiness/actions.py",
    "signing/actions.py",
    "signing/pades.py",
    "signing/passkey.py",
    "signing/settings.py",
    "tickets/actions_desk.py",
    "tickets/happened.py",
    "web/setup_warnings.py",
)
"""Whose refusals reach a page."""
SLOT = re.compile(r"%\(\w+\)s")


def in_python(path: Path) -> Iterator[str]:
    """The msgids of a module: plain texts that are handed to gettext."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        texts = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
        if node.func.id in SAYS and texts:
            yield texts[0]
        elif node.func.id == "ngettext":
            yield f"{texts[0]}\0{texts[1]}"


def in_refusals(path: Path) -> Iterator[str]:
    """The messages of refusals, and of their own kinds."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        told = node.args[0]
        refuses = ast.unparse(node.func) in ("Refusal", "super().__init__")
        if refuses and isinstance(told, ast.Constant):
            yield str(told.value)


def in_template(path: Path) -> Iterator[str]:
    """The msgids of a template."""
    text = ""
    inside = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        words = token.contents.split()
        if token.token_type == TokenType.BLOCK and words[0] == "translate":
            quoted = re.match(r"translate ([\"'])(.*?)\1", token.contents)
            assert quoted, token.contents
            yield quoted[2]
        elif token.token_type == TokenType.BLOCK and words[0] == "blocktranslate":
            inside, text = True, ""
        elif token.token_type == TokenType.BLOCK and words[0] == "endblocktranslate":
            inside = False
            yield text
        elif inside:
            is_slot = token.token_type == TokenType.VAR
            text += f"%({token.contents})s" if is_slot else token.contents


def said() -> set[str]:
    found: set[str] = set()
    for path in [*WEB.glob("web/**/*.py"), *(WEB / each for each in OTHERS)]:
        found |= set(in_python(path))
    for each in REFUSING:
        found |= set(in_refusals(WEB / each))
    for path in WEB.glob("web/templates/**/*.html"):
        found |= set(in_template(path))
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated(language: str) -> None:
    assert sorted(said() - messages(po_of(language)).keys()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_translated_that_is_not_said(language: str) -> None:
    assert sorted(messages(po_of(language)).keys() - said() - {""}) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_slots_of_what_it_translates(language: str) -> None:
    for msgid, told in messages(po_of(language)).items():
        wanted = set(SLOT.findall(msgid))
        assert all(set(SLOT.findall(form)) == wanted for form in told.split("\0")), msgid


def test_a_compiled_catalogue_is_read_by_gettext(tmp_path: Path) -> None:
    import gettext  # noqa: PLC0415  (its name is what is searched for above)

    path = tmp_path / "some.mo"
    known = {"": "Content-Type: text/plain; charset=UTF-8\n", "day": "dag", "1 a\0%s a": "één\0%s"}
    path.write_bytes(mo(known))
    with path.open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("day") == "dag"
    assert read.ngettext("1 a", "%s a", 1) == "één"
    assert read.gettext("night") == "night"
