"""Whom an obligation is owed to: people by their role, the supplier's by the escalation ladder."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.load import DEFAULT_LADDER, ladders_of
from afspraak.agreements.owners import owners_of
from afspraak.clocks.judge import MISSED
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import datetime_of
from afspraak.notices.models import Kind, Obligation
from afspraak.parties.models import Person
from afspraak.parties.roles import RIGHTS, Right, Role
from afspraak.rights.viewer import SYSTEM


def people_of(owed: Obligation, promisor: str, at: int) -> list[Person]:
    """Who is told, each once, in the order of their names; only who has an address can be. Where
    nobody has the role that the ladder names, the supplier's administrators are told instead: a
    warning that reaches nobody is none.
    """
    now = datetime_of(at)
    if owed.kind == Kind.ALARM:
        return _with_roles(owed.supplier_id, (Role.ADMIN,), now)
    whole = {
        Kind.AHEAD: _customers,
        Kind.BREACH: _customers,
        Kind.REPORT: _managers,
        Kind.APPROVAL: _approvers,
        Kind.COMPLAINT: _owners,
        Kind.QUIET: _both,
        Kind.UNSIGNED: _both,
        Kind.TERM: _both,
        Kind.MONTH: _named,
    }
    if found := whole.get(Kind(owed.kind)):
        return found(owed, now)
    if owed.kind in (Kind.WARNING, Kind.MISSED):
        return _asked(owed, now) if promisor == CUSTOMER else _by_ladder(owed, now)
    if owed.kind in (Kind.DUTY_DUE, Kind.DUTY_MISSED):
        return _of_duty(owed, promisor, now)
    return []


def _by_ladder(owed: Obligation, now: datetime) -> list[Person]:
    percent = MISSED if owed.kind == Kind.MISSED else owed.percent
    roles = [role for step, role in _ladder(owed) if step == percent]
    return _with_roles(owed.supplier_id, roles, now) or _admins(owed, now)


def _owners(owed: Obligation, now: datetime) -> list[Person]:
    """Who answers for a customer: the agreement's owner, else the account managers, else who
    manages its contract.
    """
    owner = owed.agreement.owner if owed.agreement else None
    if owner is not None and owner.email:
        return [owner]
    ours = owed.supplier_id
    found = _with_roles(ours, (Role.ACCOUNT_MANAGER,), now)
    return found or _with_roles(ours, (Role.CONTRACT_MANAGER,), now) or _admins(owed, now)


def _both(owed: Obligation, now: datetime) -> list[Person]:
    """Who answers for the customer, and who manages for the customer."""
    return _once([*_owners(owed, now), *_managers(owed, now)])


def _named(owed: Obligation, now: datetime) -> list[Person]:
    """Whom the obligation itself names, as long as they have a role there."""
    named = {each for part in owed.told or () for each in part["to"]}
    here = _with_roles(owed.supplier_id, list(Role), now)
    return [each for each in here if str(each.id) in named]


def carers_at(organisation: UUID, now: datetime) -> list[Person]:
    """Who hears of an agreement of which nobody takes care: who manages contracts there."""
    roles = (Role.CONTRACT_MANAGER, Role.CUSTOMER_MANAGER)
    return _with_roles(organisation, roles, now) or _with_roles(organisation, (Role.ADMIN,), now)


def _approvers(owed: Obligation, now: datetime) -> list[Person]:
    """Who hears of a miss, as far as they may approve what the customer is told of it. What they
    were told of the miss itself names the draft already: then it is not said twice.
    """
    is_missed = not owed.subject_key.startswith(f"{Kind.AHEAD}/")
    roles = [role for step, role in _ladder(owed) if step == MISSED]
    may = [role for role in roles if Right.WRITE_NOTICES in RIGHTS[role]]
    if found := _with_roles(owed.supplier_id, may, now):
        return [] if is_missed else found
    are_admins_told = is_missed and not _with_roles(owed.supplier_id, roles, now)
    return [] if are_admins_told else _admins(owed, now)


def _ladder(owed: Obligation) -> Iterable[tuple[int, str]]:
    if owed.agreement_id is None or owed.relation_id is None:
        return DEFAULT_LADDER
    return ladders_of([owed.relation_id], SYSTEM).get(owed.agreement_id, DEFAULT_LADDER)


def _admins(owed: Obligation, now: datetime) -> list[Person]:
    return _with_roles(owed.supplier_id, (Role.ADMIN,), now)


def _customers(owed: Obligation, now: datetime) -> list[Person]:
    """Who reported it, and who manages the agreement for the customer."""
    return _once([*reporter_of(owed), *_managers(owed, now)])


def _asked(owed: Obligation, now: datetime) -> list[Person]:
    """Who was asked: the reporter; the customer's managers where he has no address. Of a ladder's
    warnings only the first: a reminder, not a drumbeat.
    """
    first = min((percent for percent, _ in _ladder(owed)), default=MISSED)
    if owed.kind == Kind.WARNING and owed.percent != first:
        return []
    return reporter_of(owed) or _managers(owed, now)


def reporter_of(owed: Obligation) -> list[Person]:
    """A person of the customer's who told it; an agent who wrote down a call is none."""
    reporter = owed.ticket.reporter if owed.ticket else None
    if reporter is None or reporter.organisation_id != owed.customer_id:
        return []
    return [reporter] if reporter.email else []


def _managers(owed: Obligation, now: datetime) -> list[Person]:
    if owed.customer_id is None:
        return []
    return _with_roles(owed.customer_id, (Role.CUSTOMER_MANAGER, Role.ADMIN), now)


def _of_duty(owed: Obligation, promisor: str, now: datetime) -> list[Person]:
    """Whose duty it is: who owns it on that side, else who manages there; and once it is missed,
    the other side too.
    """
    ours = _with_roles(owed.supplier_id, (Role.CONTRACT_MANAGER,), now) or _admins(owed, now)
    theirs = _managers(owed, now)
    owners = _owners_of_duty(owed, now)
    ours = owners.get(owed.supplier_id) or ours
    if owed.customer_id is not None:
        theirs = owners.get(owed.customer_id) or theirs
    if owed.kind == Kind.DUTY_MISSED or promisor == "both":
        return _once([*ours, *theirs])
    return ours if promisor == SUPPLIER else theirs or ours


def _owners_of_duty(owed: Obligation, now: datetime) -> dict[UUID, list[Person]]:
    """By their side; only who has an address, and still has a role there."""
    if owed.agreement_id is None:
        return {}
    found = owners_of([owed.agreement_id], SYSTEM)
    named = {side: one for (_, clause, side), one in found.items() if clause == owed.clause}
    here = {
        side: one
        for side, one in named.items()
        if one.email and one in _with_roles(side, list(Role), now)
    }
    return {side: [one] for side, one in here.items()}


def _with_roles(organisation: UUID, roles: Iterable[str], now: datetime) -> list[Person]:
    current = Q(memberships__from_at__lte=now) & (
        Q(memberships__until_at=None) | Q(memberships__until_at__gt=now)
    )
    found = Person.objects.seen_by(SYSTEM).filter(
        current,
        memberships__organisation_id=organisation,
        memberships__role__in=list(roles),
    )
    return _once(found.exclude(email="").order_by("name", "id"))


def _once(people: Iterable[Person]) -> list[Person]:
    return list({each.id: each for each in people}.values())
