"""Deliveries (`/agreements/<id>/deliveries/`): the plan of both sides with what waits for what,
accepted or rejected with the reason, and what a delay costs whom.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.promises import Dated, assess_deliveries
from afspraak.engine.terms import Amount, Consequence, Delivery
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.flow.accepting import window_of
from afspraak.keeping.plan import Costs, Later, Moved, costs_of, pictured
from afspraak.language.schema_promises import DeliveryClause
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.evidence import evidence_of
from afspraak.tickets.models import Fact
from afspraak.web.agreed import Agreed
from afspraak.web.filled import one_of, uuid_of
from afspraak.web.keeping.dates import Proof, proofs_of
from afspraak.web.keeping.drawn import Named, PlanDrawn, drawn
from afspraak.web.keeping.seen import (
    Life,
    for_a_side,
    life_of,
    said_within,
    today_of,
    words_in,
)
from afspraak.web.once import fresh
from afspraak.web.overseen import titles_in
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of
from afspraak.web.speaking import language
from afspraak.web.visit import Visit

TIMES: Final = "\N{MULTIPLICATION SIGN}"
DAYS: Final = (1, 5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as it stands. `answerable`: what the other side may still accept or reject."""

    anchor: str
    key: str
    title: str
    what: str
    clause: str
    whose: str
    side: str
    due: str
    planned: str
    planned_on: date
    moved: str
    after: tuple[str, ...]
    badge: Badge
    is_own: bool
    is_open: bool
    proofs: tuple[Proof, ...]
    answerable: UUID | None
    until: str


@require_safe
@stated(Right.READ_AGREEMENTS)
def deliveries(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, life_of(request, agreement))


def _page(request: Visit, life: Life, fault: str = "") -> HttpResponse:
    told: dict[str, object] = {"life": life, "fault": fault, "now": life.speaking.now()}
    if life.agreed is not None and life.agreed.clockwork.terms.deliveries:
        told |= _plan(request, life, life.agreed)
    return render(request, "keeping/deliveries.html", told, status=422 if fault else 200)


def _plan(request: Visit, life: Life, agreed: Agreed) -> dict[str, object]:
    terms, viewer = agreed.clockwork.terms, life.identity.viewer
    zone = zone_of(terms.zone)
    evidence = evidence_of(life.agreement.pk, viewer)
    now = assess_deliveries(terms.deliveries, evidence, zone, life.speaking.at)
    shown = _Shown(life, agreed, now)
    steps = [shown.step(each) for each in terms.deliveries]
    asked = one_of(request.GET, "step", [each.clause for each in terms.deliveries])
    days = int(one_of(request.GET, "days", [str(each) for each in DAYS]) or DAYS[1])
    clause = asked or terms.deliveries[0].clause
    costs = costs_of(terms.deliveries, terms.consequences, agreed.document, clause, days)
    return {
        "steps": steps,
        "drawing": _drawing(life, agreed, now, steps),
        "costs": _costs(costs, shown),
        "asked": clause,
        "days": days,
        "choices": DAYS,
        "may_write": life.sees_all and life.identity.may(Right.WRITE_EVIDENCE),
        "once": fresh(),
        "given": request.POST,
    }


class _Shown:
    """What is asked once for all steps: titles, evidence."""

    def __init__(self, life: Life, agreed: Agreed, now: Mapping[str, Dated]) -> None:
        self.life, self.agreed, self._now = life, agreed, now
        self.titles = titles_in(agreed.signed.data, language())
        self._clauses = {each.id: each for each in agreed.document.of_type(DeliveryClause)}
        self._proofs = proofs_of(life) if life.sees_all else {}

    def title(self, clause: str) -> str:
        """What the signed text calls it."""
        return self.titles.get(clause, clause)

    def step(self, each: Delivery) -> StepShown:
        """One step as it stands now."""
        life, dated = self.life, self._now[each.clause]
        texts = life.speaking.texts
        proofs = [
            one
            for (clause, _on), found in self._proofs.items()
            if clause == each.clause
            for one in found
        ]
        waits = None if life.is_own(each.promisor) else self._waits(proofs)
        return StepShown(
            anchor=f"s-{each.clause}",
            key=each.clause,
            title=self.title(each.clause),
            what=self._clauses[each.clause].what or "",
            clause=clause_of(self.agreed.contract, each.clause, life.speaking),
            whose=self.life.name_of(each.promisor),
            side=each.promisor,
            due=texts.on_date(dated.on),
            planned=texts.on_date(each.due_on) if dated.on != each.due_on else "",
            planned_on=each.due_on,
            moved=_moved(dated, self.titles),
            after=tuple(self.title(one) for one in each.after),
            badge=_badge(dated, proofs),
            is_own=life.is_own(each.promisor),
            is_open=dated.satisfied_at is None,
            proofs=tuple(proofs),
            answerable=waits[0] if waits else None,
            until=waits[1] if waits else "",
        )

    def _waits(self, proofs: list[Proof]) -> tuple[UUID, str] | None:
        """What was delivered and not answered yet, while its window is open; until when."""
        newest = next((each for each in proofs if not each.answer), None)
        if newest is None:
            return None
        fact = Fact.objects.seen_by(self.life.identity.viewer).filter(pk=newest.id).first()
        window = fact and window_of(
            fact, self.life.identity.viewer, self.life.agreement.relation_id
        )
        speaking = self.life.speaking
        if not window or not window.is_open(speaking.at):
            return None
        return newest.id, speaking.moment(window.until_at) if window.is_bounded else ""


def _moved(dated: Dated, titles: Mapping[str, str]) -> str:
    told = []
    for each in dated.delays:
        days = ngettext("%(n)s day", "%(n)s days", each.days) % {"n": each.days}
        slots = {"days": days, "because": titles.get(each.because, each.because)}
        told.append(_("moved %(days)s by %(because)s") % slots)
    return ", ".join(told)


def _badge(dated: Dated, proofs: list[Proof]) -> Badge:
    is_accepted = any(each.answer == _("accepted") for each in proofs)
    if dated.state == "met":
        return Badge("kept", "kept", _("accepted") if is_accepted else _("delivered"))
    if dated.state == "missed":
        return Badge(
            "late", "late", _("delivered too late") if dated.satisfied_at else _("too late")
        )
    return Badge("running", "running", _("to come"))


def _drawing(
    life: Life, agreed: Agreed, now: Mapping[str, Dated], steps: list[StepShown]
) -> PlanDrawn:
    terms = agreed.clockwork.terms
    zone = zone_of(terms.zone)
    done = {
        clause: local_date(zone, each.satisfied_at - 1)
        for clause, each in now.items()
        if each.satisfied_at is not None
    }
    named = {
        each.key: Named(
            name=each.title,
            told=f"{each.title}: {each.due}, {each.whose}, {each.badge.word}",
            who=each.whose,
            side=each.side,
            is_late=each.badge.tone == "late",
        )
        for each in steps
    }
    picture = pictured(terms.deliveries, now, terms.from_on, done)
    return drawn(picture, named, today_of(life), life.speaking)


# What a delay costs -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A consequence: whom it touches, what it is, and the sum behind it."""

    who: str
    told: str
    sum: str


def _costs(costs: Costs, shown: _Shown) -> list[Line]:
    return [
        *(_line_moved(each, shown) for each in costs.moved),
        *(_line_held(each, costs, shown) for each in costs.held),
        *_lines_of_penalties(costs, shown),
        *(_line_later(each, shown) for each in costs.later),
    ]


def _line_moved(each: Moved, shown: _Shown) -> Line:
    texts = shown.life.speaking.texts
    days = ngettext("%(n)s day", "%(n)s days", each.days) % {"n": each.days}
    told = _("%(step)s may be done so much later: the delay is not its own") % {
        "step": shown.title(each.clause)
    }
    sums = f"{texts.on_date(each.from_on)} + {days} = {texts.on_date(each.until_on)}"
    return Line(shown.life.name_of(each.promisor), told, sums)


def _line_held(clause: str, costs: Costs, shown: _Shown) -> Line:
    told = _("%(step)s keeps its date: its own delay moves nothing") % {"step": shown.title(clause)}
    return Line(shown.life.name_of(costs.step.promisor), told, "")


def _lines_of_penalties(costs: Costs, shown: _Shown) -> Iterator[Line]:
    for each in costs.penalties:
        clause = clause_of(shown.agreed.contract, each.clause, shown.life.speaking)
        told = _("a penalty (%(clause)s): %(when)s") % {
            "clause": clause.lower(),
            "when": ", ".join(_conditions(each, shown)),
        }
        yield Line(shown.life.name_of(each.bearer), told, _per_miss(each.per_miss, shown))
    if not costs.penalties:
        told = _("no penalty stands on this step; damages as the law has them")
        yield Line(shown.life.name_of(costs.step.promisor), told, "")


def _conditions(each: Consequence, shown: _Shown) -> Iterator[str]:
    yield _("always") if each.always else _("if the delay is its own fault")
    if each.notice_of_default:
        yield _("after notice of default")
    if each.claim_within is not None:
        yield _("claimed within %(time)s") % {"time": said_within(each.claim_within, shown.agreed)}
    yield _("beside damages") if each.beside_damages else _("instead of damages")


def _per_miss(amount: Amount | None, shown: _Shown) -> str:
    """Once per miss, however many days; by the period's share where it stands in bands."""
    if amount is None:
        return _("by the share of the period")
    texts = shown.life.speaking.texts
    if amount.money is not None:
        return f"1 {TIMES} {texts.money(amount.money, shown.agreed.document.currency)}"
    assert amount.part is not None, "one of the two"
    told = _("%(part)s of the fee") % {"part": texts.share(amount.part)}
    return f"1 {TIMES} {told}"


def _line_later(each: Later, shown: _Shown) -> Line:
    texts, currency = shown.life.speaking.texts, shown.agreed.document.currency
    days = ngettext("%(n)s day", "%(n)s days", each.days) % {"n": each.days}
    told = _("is paid %(days)s later, with %(step)s") % {
        "days": days,
        "step": shown.title(each.step),
    }
    parts = (texts.share(each.part), texts.money(each.price, currency))
    sums = f"{f' {TIMES} '.join(parts)} = {texts.money(each.amount, currency)}"
    return Line(shown.life.name_of("supplier"), told, sums)


# What is done there -------------------------------------------------------------------------------


@require_POST
@stated(Right.WRITE_EVIDENCE)
def answer(request: Visit, agreement: UUID) -> HttpResponse:
    """The other side accepts what was delivered, or rejects it and says why."""
    life = for_a_side(life_of(request, agreement))
    of, is_accepted = uuid_of(request.POST, "of"), request.POST.get("do") == "accept"
    facts = Fact.objects.seen_by(life.identity.viewer).filter(
        agreement=life.agreement, ticket=None, code="evidence"
    )
    row = facts.filter(pk=of).first() if of else None
    if row is None or row.recorded_by == life.side:
        raise Http404
    words = words_in(request)
    if not is_accepted and not words:
        return _page(request, life, _("Why is it not accepted? Say it: the other side reads it."))
    try:
        flow.answer_delivery(
            agreement=life.agreement,
            of=row.pk,
            words=words,
            actor=life.identity.actor,
            viewer=life.identity.viewer,
            at=request.at,
            is_accepted=is_accepted,
        )
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking))
    messages.success(request, _("Accepted.") if is_accepted else _("Rejected, with your reason."))
    return HttpResponseRedirect(reverse("keeping_deliveries", args=[life.agreement.pk]))
