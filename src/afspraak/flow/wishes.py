"""The walk of a wish that fits no level: granted, it stands as clauses in a text that both see; it
binds nobody before that text is signed.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_drafts import show_draft as let_see
from afspraak.agreements.actions_drafts import write_draft
from afspraak.agreements.drafts import draft_of, newest_text
from afspraak.agreements.models import Draft
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.flow.amending import begin_amendment
from afspraak.language.catalogue import Catalogue, check_catalogue
from afspraak.making.custom import Custom, customised
from afspraak.offers.actions import Decision, compute_upkeep, decide_wish
from afspraak.offers.models import Grant, Upkeep, Wish
from afspraak.offers.upkeep import Figures, upkeep
from afspraak.offers.wished import extra_of
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Into:
    """Where a granted wish is written: a draft, or the amendment that is begun of an agreement."""

    draft: UUID | None = None
    agreement: UUID | None = None


def reckon_upkeep(*, wish: Wish, figures: Figures, actor: Actor, at: int) -> Upkeep:
    """What an exception costs its supplier a year, from what it enters. Raises Refusal."""
    catalogue = catalogue_of(wish)
    extra, _since = extra_of(wish, catalogue, at)
    return compute_upkeep(
        wish=wish, figures=figures, lines=upkeep(extra, figures),
        currency=catalogue.currency, actor=actor, at=at,
    )  # fmt: skip


def grant_wish(
    *, wish: Wish, into: Into, decision: Decision, actor: Actor, viewer: Viewer, at: int
) -> Grant:
    """The service becomes *custom* in the text, with its target, its hours and what is paid for it
    a year; the other side sees that text from now on.

    Raises NoSuchDraft, NoSuchAgreement; Refusal as `decide_wish`, and for a text that it cannot be
    written into.
    """
    with transaction.atomic():
        draft = _draft(wish, into, actor, viewer, at)
        grant = decide_wish(wish=wish, decision=decision, draft=draft, actor=actor, at=at)
        text = newest_text(draft.id, viewer)
        custom = _custom(wish, decision, grant.currency)
        data = customised(bytes(text.document), custom)
        write_draft(
            draft=draft, data=data, after=text.number, actor=actor, at=at, why=custom.clause
        )
        let_see(draft=draft, at=at)
    return grant


def catalogue_of(wish: Wish) -> Catalogue:
    """What the wish deviates from. It was checked when it came in."""
    catalogue, faults = check_catalogue(bytes(wish.catalogue.document), "catalogue")
    assert catalogue is not None, faults
    return catalogue


def _draft(wish: Wish, into: Into, actor: Actor, viewer: Viewer, at: int) -> Draft:
    """The draft between the same two, or the amendment that is begun now, from tomorrow on."""
    if into.draft is None and into.agreement is None:
        raise Refusal("choose the text that it is written into: a draft, or an amendment")
    if into.draft is not None:
        draft = draft_of(into.draft, viewer)
    else:
        assert into.agreement is not None
        tomorrow = local_date(zone_of(catalogue_of(wish).zone), at) + timedelta(days=1)
        draft = begin_amendment(
            agreement=into.agreement, from_on=tomorrow, open_tickets=False,
            actor=actor, viewer=viewer, at=at,
        )  # fmt: skip
    if draft.relation_id != wish.relation_id:
        raise Refusal("this text is not between the two whom the wish is about")
    return draft


def _custom(wish: Wish, decision: Decision, currency: str) -> Custom:
    assert decision.yearly is not None, "decide_wish asked for it"
    return Custom(
        wish.service, wish.words, decision.yearly, currency,
        wish.measure, wish.priority, wish.target, wish.week,
    )  # fmt: skip
