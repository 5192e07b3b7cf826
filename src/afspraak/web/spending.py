"""The error budget of each promised share as a line: allowed, used, left, gone when."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from afspraak.clocks.budget import Budget, Spending, spending_of
from afspraak.clocks.models import State
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.time import local_date, zone_of
from afspraak.reports.bars import LEAST, WIDTH, Bar, Rect
from afspraak.reports.speech import Speech, capital
from afspraak.reports.view_accounts import scope
from afspraak.web.agreed import contract_in
from afspraak.web.overseen import Named, Overseen, behind
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking

SHOWN: Final = 8
LISTED: Final = 300


@dataclass(frozen=True, slots=True)
class Spent:
    """A promise's budget as a line."""

    named: Named
    promise: str
    party: str
    scope: str
    period: str
    promised: str
    share: str
    cases: int
    allowed: int
    missed: int
    left: int
    badge: Badge
    bar: Bar
    url: str


@dataclass(frozen=True, slots=True)
class Budgets:
    """How many there are by how they stand, and those that press most."""

    gone: int
    going: int
    lasting: int
    lines: tuple[Spent, ...]

    @property
    def count(self) -> int:
        """All of them."""
        return self.gone + self.going + self.lasting


def budgets_of(over: Overseen, most: int = SHOWN) -> Budgets:
    """Those that are gone first, then by when they will be."""
    found = spending_of(over.held, over.viewer, over.speaking.at)
    gone = sum(each.budget.is_gone for each in found)
    going = sum(each.budget.gone_at is not None for each in found) - gone
    lines = tuple(_spent(each, over) for each in sorted(found, key=_order)[:most])
    return Budgets(gone, going, len(found) - gone - going, lines)


def _order(each: Spending) -> tuple[bool, bool, int, int]:
    """What is over comes first, the most over before the others."""
    budget = each.budget
    gone_at = budget.gone_at
    return not budget.is_gone, gone_at is None, gone_at or 0, budget.left


def _spent(each: Spending, over: Overseen) -> Spent:
    texts, budget, signed = over.speaking.texts, each.budget, each.held.signed
    assert signed is not None
    contract = contract_in(signed.data)
    is_theirs = each.promise.promisor == CUSTOMER
    return Spent(
        named=over.named[each.held.agreement],
        promise=capital(Speech(texts, contract).promise(each.promise)),
        party=_("the customer's") if is_theirs else "",
        scope=capital(scope(texts, contract, each.scope)) if each.scope else "",
        period=texts.period(each.period),
        promised=texts.share(budget.at_least, 3),
        share=_share(budget, over.speaking),
        cases=budget.cases,
        allowed=budget.allowed,
        missed=budget.missed,
        left=max(budget.left, 0),
        badge=_badge(budget, over.speaking),
        bar=_bar(budget),
        url=_behind(each),
    )


def _share(budget: Budget, speaking: Speaking) -> str:
    slots = {
        "met": speaking.texts.number(budget.met),
        "cases": speaking.texts.number(budget.cases),
    }
    return _("%(met)s of %(cases)s") % slots


def _badge(budget: Budget, speaking: Speaking) -> Badge:
    """When it is gone, as colour, shape and word."""
    if budget.left < 0:
        return Badge("late", "late", _("gone: %(n)s too many") % {"n": -budget.left})
    if budget.is_gone:
        return Badge("late", "late", _("used up: the next miss is one too many"))
    if budget.gone_at is not None:
        on = local_date(zone_of(speaking.zone), budget.gone_at)
        return Badge("soon", "running", _("gone by %(on)s") % {"on": speaking.texts.on_date(on)})
    if budget.is_early:
        return Badge("running", "running", _("too early to say"))
    return Badge("kept", "kept", _("lasts the period"))


def _bar(budget: Budget) -> Bar:
    """What is used of what is allowed; beyond it, late."""
    whole = max(budget.allowed, budget.missed)
    label = _("%(missed)s missed of %(allowed)s allowed") % {
        "missed": budget.missed,
        "allowed": budget.allowed,
    }
    if not budget.missed:
        return Bar((), label)
    inside = min(budget.missed, budget.allowed) * WIDTH // whole
    rects = (
        Rect(0, max(inside, LEAST if budget.allowed else 0), "ours"),
        Rect(inside, WIDTH - inside if budget.missed > budget.allowed else 0, "late"),
    )
    return Bar(tuple(each for each in rects if each.width), label)


def _behind(each: Spending) -> str:
    """The misses that used it."""
    share = each.promise.share
    equal = {
        "agreement": str(each.held.agreement),
        "clause": each.promise.clause,
        "state": State.MISSED,
        "relieved": "no",
    }
    if share is not None and each.scope:
        equal[share.by] = each.scope
    return behind(each.period, **equal)
