"""A device or system of an agreement, as the desk says it: whose it is, of which service, and what
a third party promises us about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from afspraak.engine.facts import CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.engine.time import Refusal, ServiceTime, WorkingDays
from afspraak.language.schema_people import Asset, OwnershipClause
from afspraak.reports.speech import capital, measure
from afspraak.web.agreed import Agreed
from afspraak.web.saying import clause_of
from afspraak.web.speaking import Speaking


@dataclass(frozen=True, slots=True)
class ThingTold:
    """What the caller's card says of it."""

    label: str
    name: str
    whose: str
    service: str
    promises: tuple[str, ...]


def owner_of(agreed: Agreed, owner: str) -> str:
    """`of the supplier: rented`, `of the customer`, `of Glasnet B.V.`."""
    known = {SUPPLIER: _("of the supplier: rented"), CUSTOMER: _("of the customer")}
    if owner in known:
        return known[owner]
    try:
        return _("of %(name)s") % {"name": agreed.document.party(owner).name}
    except KeyError:
        return _("of a third party")


def thing_told(agreed: Agreed | None, key: str, speaking: Speaking) -> ThingTold | None:
    """A thing of the version in force by its label; None where it has no such one."""
    if agreed is None or not key:
        return None
    each = next((one for one in things_of(agreed) if one.id == key), None)
    if each is None:
        return None
    service = ""
    if each.service:
        level = agreed.document.services[each.service].level
        name = agreed.words.services.show(each.service)
        service = f"{name} · {agreed.words.enums['level'].show(level)}"
    return ThingTold(
        _("Device or system"),
        f"{each.name} ({each.id})",
        owner_of(agreed, each.owner),
        service,
        tuple(_of_third_party(agreed, each.service or "", speaking)),
    )


def things_of(agreed: Agreed) -> Iterator[Asset]:
    """Everything of which its clauses say who owns it."""
    for clause in agreed.document.of_type(OwnershipClause):
        yield from clause.assets


def _of_third_party(agreed: Agreed, service: str, speaking: Speaking) -> Iterator[str]:
    """`Answer of a third party: within 4 hours (clause 3.2)`, where one is promised for the
    service.
    """
    terms = agreed.clockwork.terms
    case = terms.fields.complete({"service": service} if service else {})
    for clock in agreed.clockwork.clocks:
        if clock.promise.promisor != THIRD_PARTY:
            continue
        try:
            target = clock.choice.rule(case).target
        except Refusal:
            continue
        if isinstance(target, ServiceTime | WorkingDays):
            slots = {
                "promise": capital(measure(speaking.texts, THIRD_PARTY, clock.promise.measure)),
                "target": speaking.long(target),
            }
            clause = clause_of(agreed.contract, clock.promise.clause, speaking).lower()
            told = _("%(promise)s: within %(target)s") % slots
            yield f"{told} ({clause})"
