"""The people who do the work (`/agreements/<id>/team/`): who was promised and who is there, swaps
with their hand-over, and who can show that they know what was promised.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.time import Refusal, instant_of, zone_of
from afspraak.keeping.actions import Said
from afspraak.keeping.load import entries_of, of_person
from afspraak.keeping.models import Entry, Subject
from afspraak.keeping.team import (
    SENIORITIES,
    Member,
    Rules,
    Swap,
    mix_of,
    swaps_of,
    team_of,
)
from afspraak.language.schema_people import PeopleClause
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.agreed import Agreed
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.keeping.knowledge import knowing_shown, knows_in, proof_shown
from afspraak.web.keeping.seen import (
    Life,
    date_in,
    for_a_side,
    life_of,
    paper_in,
    said_within,
    today_of,
    words_in,
)
from afspraak.web.once import FIELD, fresh, once
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of
from afspraak.web.visit import Visit

NAME: Final = 120
SAID: Final = "offers_said"
"""The page of promises that were made along the way, where that room is served."""


@dataclass(frozen=True, slots=True)
class SwapShown:
    """A swap as it is read, and what may still be done about it by who looks."""

    id: str
    title: str
    on: str
    told: str
    due: str
    badge: Badge
    reasons: tuple[str, ...]
    lines: tuple[tuple[str, str, UUID | None, str], ...]
    may_hand_over: bool
    may_answer: bool
    may_withdraw: bool


@require_safe
@stated(Right.READ_AGREEMENTS)
def team(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, life_of(request, agreement))


def rules_in(life: Life, agreed: Agreed) -> tuple[PeopleClause, Rules] | None:
    """The clause about the people, and how a swap is counted; None where there is none."""
    clause = next(iter(agreed.document.of_type(PeopleClause)), None)
    if clause is None:
        return None
    return clause, Rules(
        agreed.document.role(clause.promisor),
        clause.swap_notice,
        clause.hand_over,
        clause.same_seniority,
        zone_of(agreed.document.zone),
        life.hours,
    )


def members_in(clause: PeopleClause) -> list[Member]:
    """Whom the clause names."""
    return [
        Member(each.name, each.function, each.seniority, each.substitute or "")
        for each in clause.people
    ]


def _page(request: Visit, life: Life, fault: str = "", form: str = "") -> HttpResponse:
    told: dict[str, object] = {
        "life": life, "fault": fault, "form": form, "now": life.speaking.now(),
        "given": request.POST, "once": fresh(), "field": FIELD,
        "may_write": life.sees_all and life.identity.may(Right.NEGOTIATE),
    }  # fmt: skip
    if life.agreed is not None:
        told |= _told(life, life.agreed)
    return render(request, "keeping/team.html", told, status=422 if fault else 200)


def _told(life: Life, agreed: Agreed) -> dict[str, object]:
    rows = entries_of(life.agreement.pk, life.identity.viewer, Subject.PERSON)
    told, today = [of_person(each) for each in rows], today_of(life)
    found: dict[str, object] = {
        "knowing": knowing_shown(life, agreed, told),
        "knows": knows_in(agreed),
        "seniorities": [(each, _senior(agreed, each)) for each in SENIORITIES],
        "proofs": [proof_shown(each, life) for each in reversed(rows) if each.what == "proof"],
    }
    held = rules_in(life, agreed)
    if held is None:
        return found
    clause, rules = held
    signed = members_in(clause)
    known = {each.name: each.seniority for each in signed}
    known |= {each.comes: each.seniority for each in told if each.what == "announced"}
    swaps = swaps_of(told, rules, lambda name: known.get(name, ""), life.speaking.at)
    members = team_of(signed, swaps, today)
    papers = {str(each.pk): each for each in rows}
    return found | {
        "clause": clause_of(agreed.contract, clause.id, life.speaking),
        "notice": said_within(clause.swap_notice, agreed),
        "hand_over": said_within(clause.hand_over, agreed),
        "paid_by": life.name_of(agreed.document.role(clause.hand_over_paid_by)),
        "is_ours": life.is_own(rules.promisor),
        "members": [(each, _senior(agreed, each.seniority)) for each in members],
        "mix": _mix(agreed, signed, members),
        "swaps": [_swap(each, life, papers, rules) for each in swaps],
        "said_url": _said_url(life),
        "had_first": any(each.told.is_first and each.state != "withdrawn" for each in swaps),
    }


def _said_url(life: Life) -> str:
    """Where what was promised along the way stands, which the first hand-over carries."""
    try:
        return reverse(SAID, args=[life.agreement.pk])
    except NoReverseMatch:
        return ""


def _senior(agreed: Agreed, seniority: str) -> str:
    return agreed.words.enums["seniority"].show(seniority) if seniority else ""


def _mix(agreed: Agreed, signed: list[Member], now: list[Member]) -> list[tuple[str, int, int]]:
    """(seniority, how many were promised, how many there are now)."""
    promised, there = mix_of(signed), mix_of(now)
    return [
        (_senior(agreed, each), promised.get(each, 0), there.get(each, 0))
        for each in reversed(SENIORITIES)
        if promised.get(each) or there.get(each)
    ]


# Swaps --------------------------------------------------------------------------------------------


def _swap(each: Swap, life: Life, papers: dict[str, Entry], rules: Rules) -> SwapShown:
    told, speaking = each.told, life.speaking
    assert told.on is not None, "a swap has its date"
    slots = {"leaves": told.leaves, "comes": told.comes}
    title = _("%(comes)s takes over from %(leaves)s") % slots
    is_ours, is_open = life.is_own(rules.promisor), each.state != "withdrawn"
    is_answered = each.answer is not None and each.answer.what == "accepted"
    return SwapShown(
        id=told.id,
        title=_("First hand-over: %(leaves)s to %(comes)s") % slots if told.is_first else title,
        on=speaking.texts.on_date(told.on),
        told=speaking.texts.full(told.at),
        due=speaking.texts.full(each.due_at),
        badge=_badge(each),
        reasons=tuple(_reason(reason) for reason in each.reasons),
        lines=tuple(_lines(each, life, papers)),
        may_hand_over=is_ours and is_open and not is_answered,
        may_answer=bool(life.side)
        and not is_ours
        and is_open
        and each.handed_over is not None
        and not is_answered,
        may_withdraw=is_ours and each.state == "running" and told.on > today_of(life),
    )


def _badge(each: Swap) -> Badge:
    known = {
        "running": Badge("running", "running", _("runs")),
        "kept": Badge("kept", "kept", _("kept")),
        "missed": Badge("late", "late", _("missed")),
        "withdrawn": Badge("none", "none", _("withdrawn")),
    }
    return known[each.state]


def _reason(reason: str) -> str:
    known = {
        "notice": _("announced later than the clause asks"),
        "seniority": _("less senior than who leaves"),
        "hand_over": _("the hand-over was not accepted in time"),
    }
    return known[reason]


def _lines(
    each: Swap, life: Life, papers: dict[str, Entry]
) -> Iterator[tuple[str, str, UUID | None, str]]:
    """What was said of it: (when and what, words, paper, its name)."""
    named = {
        "announced": _("announced"), "handed_over": _("handed over"), "accepted": _("accepted"),
        "rejected": _("rejected"), "withdrawn": _("withdrawn"),
    }  # fmt: skip
    for row in papers.values():
        if str(row.pk) == each.told.id or row.key == each.told.id:
            who = row.person.name if row.person else life.name_of(row.side)
            at = life.speaking.texts.full(instant_of(row.recorded_at))
            paper = row.pk if row.sha256 else None
            yield f"{at} · {named.get(row.what, row.what)} · {who}", row.words, paper, row.file_name


@require_POST
@stated(Right.NEGOTIATE)
def swap(request: Visit, agreement: UUID) -> HttpResponse:
    """Somebody else will do the work from a date on."""
    life = for_a_side(life_of(request, agreement))
    held = rules_in(life, life.agreed) if life.agreed else None
    if held is None or not life.is_own(held[1].promisor):
        raise Http404
    told = request.POST
    leaves, comes = text_of(told, "leaves", NAME), text_of(told, "comes", NAME)
    seniority, on = one_of(told, "seniority", SENIORITIES), date_in(told, "on")
    if not (leaves and comes and seniority and on):
        return _page(request, life, _("Say who leaves, who comes, how senior, from when."), "swap")
    data = {"leaves": leaves, "comes": comes, "seniority": seniority}
    first = {"first": True} if told.get("first") == "yes" else {}
    said = Said(Subject.PERSON, "", "announced", on, data | first, words_in(request))
    return _say(request, life, said, _("Announced. The other side sees it, too."))


@require_POST
@stated(Right.NEGOTIATE)
def about_swap(request: Visit, agreement: UUID) -> HttpResponse:
    """What was done with a swap: handed over, accepted, rejected, withdrawn; each by its side."""
    life = for_a_side(life_of(request, agreement))
    held = rules_in(life, life.agreed) if life.agreed else None
    shown = _told(life, life.agreed)["swaps"] if held and life.agreed else []
    of, what = str(uuid_of(request.POST, "of")), request.POST.get("do", "")
    found = next((each for each in shown if each.id == of), None)  # type: ignore[attr-defined]  # a list of SwapShown
    allowed = found and {
        "handed_over": found.may_hand_over,
        "accepted": found.may_answer,
        "rejected": found.may_answer,
        "withdrawn": found.may_withdraw,
    }.get(what, False)
    if not allowed:
        raise Http404
    words = words_in(request)
    try:
        paper = paper_in(request)
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), of)
    if what == "handed_over" and not (words or paper):
        return _page(request, life, _("What was handed over? Write it, or add the document."), of)
    if what == "rejected" and not words:
        return _page(
            request, life, _("Why is it not accepted? Say it: the other side reads it."), of
        )
    return _say(
        request, life, Said(Subject.PERSON, of, what, words=words, paper=paper), _("Saved.")
    )


def _say(request: Visit, life: Life, said: Said, done: str) -> HttpResponse:
    """Once, whatever is sent twice."""
    made = once(
        request,
        lambda: flow.say(
            agreement=life.agreement, said=[said], actor=life.identity.actor, at=request.at
        ),
    )
    if made is not None:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("keeping_team", args=[life.agreement.pk]))


# Knowledge ----------------------------------------------------------------------------------------


@require_POST
@stated(Right.WRITE_EVIDENCE)
def proof(request: Visit, agreement: UUID) -> HttpResponse:
    """Somebody can show that they know it: a certificate, a training, dated, with its end."""
    life = for_a_side(life_of(request, agreement))
    known = dict(knows_in(life.agreed)) if life.agreed else {}
    told = request.POST
    who, knows, on = text_of(told, "who", NAME), one_of(told, "knows", known), date_in(told, "on")
    until = date_in(told, "until")
    if not (who and knows and on):
        return _page(request, life, _("Say who, what they know, and since when."), "proof")
    if told.get("until") and (until is None or until <= on):
        return _page(request, life, _("It ends after it begins: give a later date."), "proof")
    try:
        paper = paper_in(request)
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), "proof")
    data = {"knows": knows} | ({"until_on": until.isoformat()} if until else {})
    said = Said(Subject.PERSON, who, "proof", on, data, words_in(request), paper)
    return _say(request, life, said, _("Saved."))


@require_POST
@stated(Right.WRITE_EVIDENCE)
def withdraw_proof(request: Visit, agreement: UUID) -> HttpResponse:
    """A proof holds no more: by the side that gave it."""
    life = for_a_side(life_of(request, agreement))
    rows = Entry.objects.seen_by(life.identity.viewer).filter(
        agreement=life.agreement, subject=Subject.PERSON, what="proof", side=life.side
    )
    of = uuid_of(request.POST, "of")
    if of is None or not rows.filter(pk=of).exists():
        raise Http404
    said = Said(Subject.PERSON, str(of), "proof_withdrawn")
    return _say(request, life, said, _("Saved."))
