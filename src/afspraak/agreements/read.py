"""A document's bytes as what runs, each read once: parsing is what costs."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from afspraak.engine.clockwork import Clockwork, LaidOut
from afspraak.engine.hours import Calendar
from afspraak.engine.terms import Terms
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.freeze import freeze
from afspraak.language.terms_of import terms_of

LAID_OUT: Final = LaidOut()
"""Hours of calendars, shared by all agreements of this process."""


@lru_cache(maxsize=2048)
def _checked(data: bytes, name: str) -> tuple[Document | None, tuple[Fault, ...]]:
    document, faults = check(data, name)
    return document, tuple(faults)


def checked(data: bytes, name: str) -> tuple[Document | None, list[Fault]]:
    """What `check` says of a document's bytes, each read once."""
    document, faults = _checked(data, name)
    return document, list(faults)


@lru_cache(maxsize=256)
def frozen(data: bytes, name: str) -> tuple[bytes | None, tuple[Fault, ...]]:
    """What `freeze` makes of a text, made once: an offer is looked at again and again."""
    found, faults = freeze(data, name)
    return found, tuple(faults)


def document_of(data: bytes) -> Document:
    """The document in signed bytes. They were checked before they were stored: a fault is ours."""
    document, faults = checked(data, "contract")
    assert document is not None, faults
    return document


@lru_cache(maxsize=2048)
def terms_in(data: bytes) -> Terms:
    """What the engine runs on."""
    return terms_of(document_of(data))


def clockwork_of(terms: Terms, calendars: Mapping[str, Calendar]) -> Clockwork:
    """The clocks of terms over these calendars (the terms' own, or extended ones)."""
    return Clockwork(terms, LAID_OUT.hours(calendars))
