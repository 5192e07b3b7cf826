"""What a supplier's manager oversees: every agreement that it serves under, as it stands now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from afspraak.agreements.models import Agreement
from afspraak.agreements.read import document_of
from afspraak.archive.models import Care
from afspraak.clocks.in_force import Held, held_at
from afspraak.engine.periods import Period
from afspraak.language.text.lexicon import clause_titles
from afspraak.parties.identity import Identity
from afspraak.reports.texts import Language
from afspraak.rights.viewer import Viewer
from afspraak.web.speaking import Speaking

MOST: Final = 2_000
"""So many agreements are looked at, the oldest first."""
READ_AT_ONCE: Final = 60
"""So many texts that this process has not read yet are read for one page: it takes time, once."""

_read: set[str] = set()
"""What was read here, by its hash."""


@dataclass(frozen=True, slots=True)
class Named:
    """An agreement by what people call it, and by whom it is kept."""

    id: UUID
    relation: UUID
    reference: str
    customer_id: UUID
    customer: str
    has_owner: bool

    @property
    def url(self) -> str:
        """Where its text stands."""
        return reverse("agreement", args=[self.id])


@dataclass(frozen=True, slots=True)
class Overseen:
    """Who looks, how to speak to them, and what there is; agreements by their ids."""

    organisation: UUID
    viewer: Viewer
    speaking: Speaking
    held: tuple[Held, ...]
    named: Mapping[UUID, Named]
    unread: int
    """So many agreements have a text that this process has not read yet."""


def overseen_by(identity: Identity, speaking: Speaking) -> Overseen:
    """Everything that the acting supplier serves under."""
    named = named_by(identity)
    relations = {each.relation: identity.organisation for each in named.values()}
    held = held_at(relations, identity.viewer, speaking.at)
    ready, unread = _readable(each for each in held if each.agreement in named)
    return Overseen(identity.organisation, identity.viewer, speaking, ready, named, unread)


def named_by(identity: Identity) -> dict[UUID, Named]:
    """Every agreement of the acting supplier by its id; no text of it is read."""
    rows = Agreement.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    told = rows.order_by("id").values_list(
        "id", "relation_id", "reference", "customer_id", "customer__name", "owner_id"
    )[:MOST]
    cares = Care.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    cared = set(cares.values_list("agreement_id", flat=True))
    return {
        each[0]: Named(*each[:5], has_owner=each[5] is not None or each[0] in cared)
        for each in told
    }


def _readable(held: Iterable[Held]) -> tuple[tuple[Held, ...], int]:
    """Those whose text has been read before, and a few more; how many are left."""
    ready, left, fresh = [], 0, READ_AT_ONCE
    for each in held:
        sha256 = each.signed.row.sha256 if each.signed else ""
        if sha256 and sha256 not in _read:
            if not fresh:
                left += 1
                continue
            fresh -= 1
            _read.add(sha256)
        ready.append(each)
    return tuple(ready), left


@lru_cache(maxsize=4096)
def titles_in(data: bytes, language: Language) -> Mapping[str, str]:
    """What a signed document calls its clauses; read once a process."""
    return clause_titles(document_of(data), language)


def behind(period: Period, **equal: str) -> str:
    """Where the tickets are that a figure counts."""
    told = {"from": period.from_on.isoformat(), "until": period.until_on.isoformat(), **equal}
    return f"{reverse('today_tickets')}?{urlencode(told)}"
