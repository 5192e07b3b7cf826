"""Whose agreement or draft a page is about: one of one's own side, or it is not there. What takes
long to reckon is kept for some minutes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.http import Http404, QueryDict

from afspraak.agreements.drafts import NoSuchDraft, draft_of
from afspraak.agreements.models import Agreement, Draft
from afspraak.amending.load import History, history_of
from afspraak.engine.time import MINUTE, parse_date
from afspraak.ledger.models import Head
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.rights.parties import party_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

FRESH: Final = 5 * MINUTE
MOST_KNOWN: Final = 32
Value = TypeVar("Value")
_known: "OrderedDict[Hashable, Any]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Seen:
    """An agreement as one of its two sides sees it; its pages speak on its own wall clock."""

    agreement: Agreement
    identity: Identity
    history: History
    speaking: Speaking
    stands_at: tuple[int, int]
    """The size of the relation's log, and the number of its ground."""

    @property
    def is_customer(self) -> bool:
        """Whether one looks as the customer."""
        return self.identity.organisation == self.agreement.customer_id

    @property
    def may_say(self) -> bool:
        """Whether one speaks for one's side here."""
        return self.identity.may(Right.NEGOTIATE)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What was reckoned for it holds so long: until something is logged, or some minutes."""
        at = self.speaking.at // FRESH
        return self.agreement.pk, self.identity.viewer, self.stands_at, at


def agreement_in(agreement: UUID, identity: Identity) -> Agreement:
    """An agreement of the organisation that one acts for. Raises Http404."""
    rows = Agreement.objects.seen_by(identity.viewer).select_related("supplier", "customer")
    row = rows.filter(pk=agreement).first()
    own = identity.viewer.organisations & {identity.organisation}
    if row is None or not own & {row.supplier_id, row.customer_id}:
        raise Http404
    return row


def seen(request: Visit, agreement: UUID) -> Seen:
    """An agreement with its history. Raises Http404, also where nobody has signed it yet."""
    identity = known(request)
    row = agreement_in(agreement, identity)
    viewer, at = identity.viewer, request.at
    heads = Head.objects.seen_by(viewer).filter(relation_id=row.relation_id)
    stands_at = heads.values_list("size", "ground").first() or (0, 0)
    history = once_in_a_while(
        ("history", row.pk, viewer, stands_at, at // FRESH), lambda: history_of(row, viewer, at)
    )
    if history is None:
        raise Http404
    return Seen(row, identity, history, Speaking(history.document.zone, at), stands_at)


def draft_in(draft: UUID, identity: Identity) -> Draft:
    """An amendment that one's side sees. Raises Http404."""
    try:
        row = draft_of(draft, identity.viewer)
    except NoSuchDraft as fault:
        raise Http404 from fault
    if row.agreement is None or party_of(row, identity.organisation) is None:
        raise Http404
    return row


def once_in_a_while(key: Hashable, make: Callable[[], Value]) -> Value:
    """A value that takes long to reckon: made once by this key, as long as it is remembered."""
    if key in _known:
        found: Value = _known[key]
        return found
    made = _known[key] = make()
    while len(_known) > MOST_KNOWN:
        _known.popitem(last=False)
    return made


def date_of(told: QueryDict, name: str) -> date | None:
    """A date as a browser sends it; None for what is none."""
    try:
        return parse_date(told.get(name, ""))
    except ValueError:
        return None
