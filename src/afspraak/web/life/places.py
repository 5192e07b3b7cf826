"""The parts of an agreement's life: each has pages of its own, and says here how it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.identity import Identity
from afspraak.web.amending import entry as amending
from afspraak.web.archive import entry as archive
from afspraak.web.keeping import entry as keeping
from afspraak.web.making import entry as making
from afspraak.web.offers import entry as offers
from afspraak.web.readiness import entry as readiness
from afspraak.web.signing import entry as signing


@dataclass(frozen=True, slots=True)
class Part:
    """A page about an agreement or a draft: what it is, where, and how it stands in a line."""

    name: str
    url: str
    told: str


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement with what its page has read of it: its versions, how many drafts of it are open.
    Before one of its versions has come into force (`has_begun`) nothing is amended or measured.
    """

    agreement: Agreement
    signed: Sequence[Signed]
    drafts: int
    has_begun: bool


def parts_of(held: Held, identity: Identity, at: int) -> list[Part]:
    """All pages about an agreement that open for somebody, in the order of its life."""
    return [Part(*each) for each in _of_agreement(held, identity, at)]


def draft_parts_of(draft: Draft, text: bytes, identity: Identity) -> list[Part]:
    """All pages about a draft that open for somebody, in the order in which they are needed; `text`
    is its newest.
    """
    return [Part(*each) for each in _of_draft(draft, text, identity)]


def _of_draft(draft: Draft, text: bytes, identity: Identity) -> Iterator[tuple[str, str, str]]:
    yield from making.draft_entries(draft, identity)
    yield from readiness.draft_entries(draft, text, identity)
    yield from offers.draft_entries(draft, identity)
    yield from amending.draft_entries(draft, identity)
    yield from signing.draft_entries(draft, identity)


def _of_agreement(held: Held, identity: Identity, at: int) -> Iterator[tuple[str, str, str]]:
    agreement = held.agreement
    yield from signing.entries(agreement, held.signed, identity)
    yield from keeping.entries(agreement, identity)
    if held.has_begun:
        yield from amending.entries(agreement, held.drafts, identity)
    yield from readiness.entries(agreement, held.signed, identity, at)
    yield from offers.entries(agreement, identity)
    yield from making.entries(held.drafts, identity)
    yield from archive.entries(agreement, identity)
