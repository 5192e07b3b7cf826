"""A contract on its way: what somebody typed, read strictly and bounded, with each fault beside its
line, the text that it would be, and what it changes. Nothing is stored here and nothing is run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.agreements.read import checked, document_of
from afspraak.language.catalogue import check_catalogue
from afspraak.language.document import Document
from afspraak.language.faults import Fault, in_order
from afspraak.language.freeze import freeze, frozen_of
from afspraak.language.nodes import Path, line_of
from afspraak.language.reader import read
from afspraak.language.text.catalogue import catalogue_page
from afspraak.language.text.diff import diff_page
from afspraak.language.text.faults import said
from afspraak.language.text.html import body_of
from afspraak.language.text.render import page_of
from afspraak.language.text.tree import Page
from afspraak.parties.models import Relation
from afspraak.reports.texts import LANGUAGES, Language
from afspraak.rights.viewer import Viewer
from afspraak.web.filled import one_of
from afspraak.web.speaking import language

LONGEST: Final = 60_000
"""Bytes of a draft: three times the fullest template with its holidays. Longer ones come in by the
API, which has its own bound.
"""
MOST_FAULTS: Final = 100
NAME: Final = "contract"
DOOR: Final = "page"
"""Where a fault comes from that only this door can know; it speaks the reader's own language."""
NOTHING: Final = SafeString("")


@dataclass(frozen=True, slots=True)
class FaultShown:
    """A fault as it is read: `there` is what stands on its line. What the reader's language has no
    words for stays in English, and is marked so.
    """

    line: int
    place: str
    fact: str
    fact_lang: str
    remedy: str
    remedy_lang: str
    is_note: bool
    there: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has to say. `text` and `changes` are there as soon as nothing is wrong;
    `is_new`: there is nothing yet that it could change.
    """

    faults: tuple[FaultShown, ...]
    count: int
    language: Language
    text: SafeString = NOTHING
    changes: SafeString = NOTHING
    is_new: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether it could be brought in."""
        return self.count == 0

    @property
    def told(self) -> str:
        """How many faults there are."""
        if self.is_sound:
            return _("No faults")
        return ngettext("%(n)s fault", "%(n)s faults", self.count) % {"n": self.count}

    @property
    def more(self) -> int:
        """Faults that are not listed."""
        return self.count - sum(not each.is_note for each in self.faults)


def draft_of(told: QueryDict) -> str:
    """The text as it was typed, with the ends of lines that a browser does not send."""
    return told.get("text", "").replace("\r\n", "\n")


def spoken(told: QueryDict) -> Language:
    """The language in which the text is to be read."""
    chosen = one_of(told, "lang", LANGUAGES)
    return next((each for each in LANGUAGES if each == chosen), language())


def checked_contract(
    text: str, relation: Relation, viewer: Viewer, lang: Language, found: list[Fault] | None = None
) -> Checked:
    """A contract with this customer, checked as it would be when it is brought in. `found`: what
    bringing it in has said of it already.
    """
    data = text.encode()
    if found is None and (too_long := _too_long(data)):
        return _told([too_long], text, lang)
    document, faults = checked(data, NAME) if found is None else (None, found)
    if document is None:
        return _told(faults, text, lang)
    stands = standing(relation, document.id, viewer)
    faults = in_order([*faults, *_beside(data, document, relation, stands)])
    if any(not fault.note for fault in faults):
        return _told(faults, text, lang)
    signed = newest_signed(stands)
    changes = None if signed is None else _changes(signed.data, data, lang)
    return _told(faults, text, lang, _page(data, lang), changes)


@lru_cache(maxsize=64)
def _page(data: bytes, lang: Language) -> Page:
    """A sound text as people read it, rendered once."""
    document = checked(data, NAME)[0]
    assert document is not None
    return page_of(frozen_of(document), lang)


@lru_cache(maxsize=64)
def _changes(signed: bytes, data: bytes, lang: Language) -> Page:
    """The same against what was signed."""
    document = checked(data, NAME)[0]
    assert document is not None
    return diff_page(document_of(signed), frozen_of(document), lang)


def checked_offer(text: str, lang: Language, found: list[Fault] | None = None) -> Checked:
    """A catalogue, checked in the same way."""
    data = text.encode()
    if found is None and (too_long := _too_long(data)):
        return _told([too_long], text, lang)
    catalogue, faults = check_catalogue(data, NAME) if found is None else (None, found)
    told = _told(faults, text, lang, None if catalogue is None else catalogue_page(catalogue, lang))
    return replace(told, is_new=False)


def standing(relation: Relation, reference: str, viewer: Viewer) -> tuple[Signed, ...]:
    """The versions of one agreement, signed or not."""
    rows = Agreement.objects.seen_by(viewer).filter(relation=relation, reference=reference)
    agreement = rows.values_list("id", flat=True).first()
    known = versions_of([relation.id], viewer).get(relation.id, ()) if agreement else ()
    return tuple(each for each in known if each.row.agreement_id == agreement)


def newest_signed(stands: tuple[Signed, ...], below: int | None = None) -> Signed | None:
    """The newest version that every party signed; with `below`, of those with a lower number."""
    signed = [
        each for each in stands if each.is_signed and (below is None or each.row.number < below)
    ]
    return max(signed, key=lambda each: each.row.number, default=None)


def shown(page: Page) -> SafeString:
    """A text as markup."""
    return mark_safe(body_of(page, {}))  # noqa: S308  (every span is escaped where it is written)


def _told(
    faults: list[Fault],
    text: str,
    lang: Language,
    page: Page | None = None,
    changes: Page | None = None,
) -> Checked:
    lines = text.split("\n")
    told = tuple(_fault(fault, lines) for fault in faults[:MOST_FAULTS])
    count = sum(not fault.note for fault in faults)
    if page is None:
        return Checked(told, count, lang)
    changed = shown(changes) if changes else NOTHING
    return Checked(told, count, lang, shown(page), changed, changes is None)


def _fault(fault: Fault, lines: list[str]) -> FaultShown:
    line = min(fault.line, len(lines))
    there = lines[line - 1].strip()
    told = (*_in_words(fault, fault.fact), *_in_words(fault, fault.remedy))
    return FaultShown(line, fault.clause, *told, fault.note, there[:120])


def _in_words(fault: Fault, text: str) -> tuple[str, str]:
    """A text in the reader's language, and which one that became."""
    lang = language()
    found = text if fault.file == DOOR else said(text, lang)
    return (text, "en") if found is None else (found, lang)


def _too_long(data: bytes) -> Fault | None:
    if len(data) <= LONGEST:
        return None
    fact = _("the text has %(n)s bytes, more than %(most)s") % {"n": len(data), "most": LONGEST}
    return Fault(DOOR, 1, "document", fact, _("shorten it, or bring it in by the API"))


# What the document alone cannot know -------------------------------------------------------------


def _beside(
    data: bytes, document: Document, relation: Relation, stands: tuple[Signed, ...]
) -> Iterator[Fault]:
    """Its number may be taken; it may name others than those between whom it is brought in."""
    number = document.version.number if document.version else 1
    taken = next((each for each in stands if each.row.number == number), None)
    if taken is not None and taken.row.sha256 != _digest(data):
        free = max(each.row.number for each in stands) + 1
        fact = _("version %(n)s is there with other words") % {"n": number}
        remedy = _("what was brought in is never changed: give the new text number %(n)s")
        yield _at(data, ("version", "number"), fact, remedy % {"n": free})
    for party in ("supplier", "customer"):
        known, named = getattr(relation, party), document.parties[party]
        register = str(named.register_number or "")
        is_same = register == known.register if register and known.register else True
        if not is_same or (not register and named.name != known.name):
            slots = {"named": named.name, "known": known.name}
            fact = _("%(named)s is named here, and you bring it in with %(known)s") % slots
            yield _at(data, ("parties", party, "name"), fact, _("is that right?"), note=True)


def _digest(data: bytes) -> str:
    frozen, _faults = freeze(data, NAME)
    return sha256(frozen or data).hexdigest()


def _at(data: bytes, path: Path, fact: str, remedy: str, *, note: bool = False) -> Fault:
    root, _faults = read(data, NAME)
    assert root is not None
    return Fault(DOOR, line_of(root, path), str(path[0]), fact, remedy, note)
