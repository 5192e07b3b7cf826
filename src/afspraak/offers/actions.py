"""The only place where the catalogue's own rows are written: its open page, what levels cost to
keep, wishes that fit no level and what was decided about them. Offers, assents and promises made on
the way have files of their own.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction

from afspraak.agreements.models import Catalogue, Draft
from afspraak.engine.time import Refusal, datetime_of, parse_duration
from afspraak.language.calendars import intervals_of
from afspraak.language.catalogue import check_catalogue
from afspraak.ledger.ids import new_id
from afspraak.offers.models import Grant, LevelCost, OpenCatalogue, Upkeep, Wish
from afspraak.offers.upkeep import Figures, Line, total_of
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM

ADDRESS: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")
"""What somebody may choose for the page's address."""


def hash_of(address: str) -> bytes:
    """What a visitor presents, and what the database looks for."""
    return sha256(address.encode()).digest()


def open_catalogue(
    *, catalogue: Catalogue, address: str, shows_prices: bool, actor: Actor, at: int
) -> OpenCatalogue:
    """From now on anybody with the address sees this catalogue; the page that was open is closed.
    An empty address is drawn, so that nobody guesses it. Raises Refusal.
    """
    if address and not ADDRESS.fullmatch(address):
        raise Refusal("an address has 3 to 40 small letters, figures and dashes: choose another")
    chosen = address or secrets.token_urlsafe(18)
    if catalogue.organisation_id != actor.organisation:
        raise Refusal("only who offers it opens a catalogue")
    try:
        with transaction.atomic():
            _close(actor, at)
            row = OpenCatalogue.objects.create(
                id=new_id(at),
                organisation_id=actor.organisation,
                catalogue=catalogue,
                address=chosen,
                address_hash=hash_of(chosen),
                shows_prices=shows_prices,
                opened_by_id=actor.person,
                opened_at=datetime_of(at),
            )
            _note("open_catalogue", "catalogue", catalogue, actor, at)
    except IntegrityError as taken:
        raise Refusal("this address is in use: choose another") from taken
    return row


def close_catalogue(*, actor: Actor, at: int) -> None:
    """From now on the page's address leads nowhere."""
    with transaction.atomic():
        _close(actor, at)


def _close(actor: Actor, at: int) -> None:
    rows = OpenCatalogue.objects.seen_by(SYSTEM).filter(
        organisation_id=actor.organisation, closed_at=None
    )
    for row in rows:
        row.closed_at = datetime_of(at)
        row.save(update_fields=["closed_at"])
        note_in_audit(
            actor=actor, action="close_catalogue", subject="catalogue",
            subject_id=row.catalogue_id, at=at,
        )  # fmt: skip


def _note(action: str, subject: str, row: Catalogue | Wish, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject=subject, subject_id=row.pk, at=at)


# What a level costs to keep -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Costing:
    """What a service at a level costs to keep, per unit and month: hours of work, what an hour
    costs, and what else there is.
    """

    service: str
    level: str
    hours: Decimal
    per_hour: Decimal
    other: Decimal
    currency: str
    note: str = ""


def enter_cost(*, costing: Costing, actor: Actor, at: int) -> LevelCost:
    """From now on this is reckoned with; what was entered before stays."""
    return LevelCost.objects.create(
        **asdict(costing),
        id=new_id(at),
        organisation_id=actor.organisation,
        entered_by_id=actor.person,
        entered_at=datetime_of(at),
    )


# Wishes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deviation:
    """What is wished for a service, as it differs from the level that comes nearest: another target
    of a measure, other hours (`week`), or both.
    """

    service: str
    level: str
    words: str
    measure: str = ""
    priority: str = ""
    target: str = ""
    week: Mapping[str, list[str]] = field(default_factory=dict)


def write_wish(
    *, relation: Relation, catalogue: Catalogue, deviation: Deviation, actor: Actor, at: int
) -> Wish:
    """A wish that fits no level, by either side. Raises Refusal where nothing deviates, and for
    words that the catalogue does not have.
    """
    _refuse_unoffered(deviation, catalogue)
    if not deviation.target and not deviation.week:
        raise Refusal("nothing deviates from the level: give another target or other hours")
    if not deviation.words:
        raise Refusal("say in a few words what is wished, and why")
    with transaction.atomic():
        wish = Wish.objects.create(
            **parties_of(relation),
            **asdict(deviation),
            id=new_id(at),
            catalogue=catalogue,
            organisation_id=actor.organisation,
            asked_by_id=actor.person,
            asked_at=datetime_of(at),
        )
        _note("write_wish", "wish", wish, actor, at)
    return wish


def _refuse_unoffered(deviation: Deviation, catalogue: Catalogue) -> None:
    offer, _faults = check_catalogue(bytes(catalogue.document), "catalogue")
    assert offer is not None, "it was checked when it came in"
    if deviation.service not in offer.services or deviation.level not in offer.levels:
        raise Refusal("the catalogue has no such service or level")
    if deviation.priority and deviation.priority not in offer.priorities:
        raise Refusal("the catalogue has no such priority")
    if deviation.target:
        parse_duration(deviation.target)
        if not deviation.measure:
            raise Refusal("say of which measure this is the target")
    for days, spans in deviation.week.items():
        intervals_of(days, spans)


def compute_upkeep(
    *, wish: Wish, figures: Figures, lines: Iterable[Line], currency: str, actor: Actor, at: int
) -> Upkeep:
    """Keep what the exception costs a year, for the supplier's own eyes. Raises Refusal."""
    _refuse_others(wish, actor)
    kept = tuple(lines)
    return Upkeep.objects.create(
        id=new_id(at),
        organisation_id=actor.organisation,
        wish=wish,
        figures={name: str(each) for name, each in asdict(figures).items()},
        lines=[
            {"what": each.what, "factors": [*map(str, each.factors)], "total": str(each.total)}
            for each in kept
        ],
        total=total_of(kept),
        currency=currency,
        computed_by_id=actor.person,
        computed_at=datetime_of(at),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about a wish: granted for so much a year more, or not, and why."""

    is_granted: bool
    words: str
    yearly: Decimal | None = None


def decide_wish(
    *, wish: Wish, decision: Decision, draft: Draft | None, actor: Actor, at: int
) -> Grant:
    """Grant a wish as *custom*, in the draft that then says so, or decline it. Raises Refusal:
    nobody grants what was not computed, and nothing is decided twice.
    """
    _refuse_others(wish, actor)
    computed = Upkeep.objects.seen_by(SYSTEM).filter(wish=wish).order_by("-computed_at", "-id")
    newest = computed.first()
    if decision.is_granted and newest is None:
        raise Refusal("compute first what the exception costs in a year: it is granted on that")
    if decision.is_granted and decision.yearly is None:
        raise Refusal("what does the customer pay for it in a year? Nothing is 0")
    if not decision.is_granted and not decision.words:
        raise Refusal("say why it is not granted: the customer reads it")
    if Grant.objects.seen_by(SYSTEM).filter(wish=wish).exists():
        raise Refusal("this wish was decided already")
    with transaction.atomic():
        grant = Grant.objects.create(
            **parties_of(wish),
            id=new_id(at),
            wish=wish,
            draft=draft,
            is_granted=decision.is_granted,
            yearly=decision.yearly if decision.is_granted else None,
            currency=newest.currency if newest else "EUR",
            words=decision.words,
            decided_by_id=actor.person,
            decided_at=datetime_of(at),
        )
        _note("grant_wish" if decision.is_granted else "decline_wish", "wish", wish, actor, at)
    return grant


def _refuse_others(wish: Wish, actor: Actor) -> None:
    if wish.supplier_id != actor.organisation:
        raise Refusal("only the supplier decides what an exception costs, and whether it is kept")
