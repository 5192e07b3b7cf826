"""The dated promises of one agreement (`/agreements/<id>/dates/`): evidence, owners, what may still
be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.clocks.models import Duty
from afspraak.engine.time import Refusal, instant_of, local_date, parse_date, zone_of
from afspraak.flow.keeping import HandedIn, works_at
from afspraak.keeping.models import Entry, Subject
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.models import Fact, Ticket
from afspraak.web.entitled import entitled
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.keeping.calendar import Chosen, dates_of, month_in, wall_of
from afspraak.web.keeping.counted import counted
from afspraak.web.keeping.lines import DateLine, Lines
from afspraak.web.keeping.seen import Life, for_a_side, life_of, paper_in, words_in
from afspraak.web.kept import to_keep
from afspraak.web.once import fresh
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known

MOST_PROOFS: Final = 400


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence as it is read: by whom, when, in which words, with which paper; what the other side
    said of it.
    """

    id: UUID
    who: str
    at: str
    words: str
    paper: UUID | None
    name: str
    answer: str
    why: str


@require_safe
@stated(Right.READ_AGREEMENTS)
@kept_plans()
def dates(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, life_of(request, agreement))


def _page(request: Visit, life: Life, fault: str = "", at: str = "") -> HttpResponse:
    identity, speaking = life.identity, life.speaking
    today = local_date(zone_of(speaking.zone), speaking.at)
    chosen = Chosen(month_in(request.GET, today))
    lines = Lines([life.agreement], identity, speaking)
    rows = Duty.objects.seen_by(identity.viewer).filter(agreement=life.agreement)
    proofs = proofs_of(life) if life.sees_all else {}
    dated = dates_of(rows, lines, chosen, identity, speaking.at)
    told = wall_of(dated, chosen, speaking) | {
        "life": life,
        "late": [(each, _proofs(each, proofs)) for each in dated.late],
        "dates": [(each, _proofs(each, proofs)) for each in dated.dates if each not in dated.late],
        "counted": counted([life.agreement.pk], lines, identity.viewer, request.at),
        "entitled": list(entitled(life.agreement.relation, life.agreed, identity.viewer, speaking))
        if life.agreed and life.is_in_force
        else [],
        "people": works_at(identity.organisation, identity.viewer).order_by("name")
        if life.sees_all
        else (),
        "may_write": life.sees_all and identity.may(Right.WRITE_EVIDENCE),
        "may_name": life.sees_all and identity.may(Right.NEGOTIATE),
        "once": fresh(),
        "fault": fault,
        "fault_at": at,
        "given": request.POST,
        "now": speaking.now(),
    }
    return render(request, "keeping/dates.html", told, status=422 if fault else 200)


# What proves it -----------------------------------------------------------------------------------


def proofs_of(life: Life) -> dict[tuple[str, str], list[Proof]]:
    """What was handed in, by clause and the date that it is for (empty: none), newest first."""
    facts = list(
        Fact.objects.seen_by(life.identity.viewer)
        .filter(
            agreement=life.agreement,
            ticket=None,
            code__in=("evidence", "evidence_confirmed", "evidence_rejected"),
        )
        .select_related("words", "person")
        .order_by("-seq")[:MOST_PROOFS]
    )
    papers = papers_of(life)
    answers = {each.data.get("of"): each for each in facts if each.code != "evidence"}
    found: dict[tuple[str, str], list[Proof]] = {}
    for each in facts:
        if each.code == "evidence":
            more = each.data["more"]
            key = more["clause"], more.get("for_on") or ""
            found.setdefault(key, []).append(_proof(each, papers, answers, life))
    return found


def papers_of(life: Life) -> dict[str, Entry]:
    """The files beside facts, by the fact."""
    rows = Entry.objects.seen_by(life.identity.viewer).filter(
        agreement=life.agreement, subject=Subject.EVIDENCE
    )
    return {each.data["fact"]: each for each in rows.order_by("-recorded_at")[:MOST_PROOFS]}


def _proof(
    fact: Fact, papers: Mapping[str, Entry], answers: Mapping[str, Fact], life: Life
) -> Proof:
    paper = papers.get(str(fact.id))
    answer = answers.get(str(fact.id)) or answers.get(fact.data.get("id", ""))
    told = ""
    if answer is not None:
        is_accepted = answer.code == "evidence_confirmed"
        told = _("accepted") if is_accepted else _("rejected")
    ticket = fact.data["more"].get("ticket", "")
    words = [fact.words.body if fact.words else ""]
    words += [_("ticket %(n)s") % {"n": ticket}] if ticket else []
    return Proof(
        fact.id,
        fact.person.name if fact.person else life.name_of(fact.recorded_by),
        life.speaking.texts.full(instant_of(fact.happened_at)),
        " · ".join(filter(None, words)),
        paper.pk if paper else None,
        paper.file_name if paper else "",
        told,
        answer.words.body if answer is not None and answer.words else "",
    )


def _proofs(line: DateLine, proofs: Mapping[tuple[str, str], list[Proof]]) -> list[Proof]:
    """Those that name this date; where there is one date only (a delivery), those without."""
    named = proofs.get((line.key, line.planned_on.isoformat()), [])
    return named + proofs.get((line.key, ""), []) if line.what == "delivery" else named


# What is done there -------------------------------------------------------------------------------


@require_POST
@stated(Right.WRITE_EVIDENCE)
def hand_in(request: Visit, agreement: UUID) -> HttpResponse:
    """Evidence of a promise of one's own side: words, a file, a ticket that shows it."""
    life = for_a_side(life_of(request, agreement))
    clause, on = text_of(request.POST, "clause", 80), text_of(request.POST, "for_on", 10)
    rows = Duty.objects.seen_by(life.identity.viewer).filter(agreement=life.agreement)
    row = next((each for each in rows.filter(clause=clause) if str(each.planned_on) == on), None)
    if row is None or not life.is_own(row.promisor):
        raise Http404
    once = uuid_of(request.POST, "once")
    try:
        words, paper = words_in(request), paper_in(request)
        ticket = _ticket(request, life)
        if not (words or paper or ticket):
            return _page(request, life, _("What shows it? Write a line, or add a file."), clause)
        flow.hand_in(
            agreement=life.agreement,
            handed_in=HandedIn(
                clause,
                parse_date(on),
                words,
                paper,
                f"{once}/{clause}/{on}" if once else "",
                ticket,
            ),
            actor=life.identity.actor,
            viewer=life.identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), clause)
    messages.success(request, _("Handed in. The other side sees it, too."))
    return _back(request, life, "keeping_dates")


def _ticket(request: Visit, life: Life) -> str:
    """The number of a ticket of this relation that shows it; empty where none is named."""
    number = text_of(request.POST, "ticket", 24)
    rows = Ticket.objects.seen_by(life.identity.viewer).filter(relation=life.agreement.relation)
    if number and not rows.filter(number=number).exists():
        raise Refusal(_("There is no ticket %(n)s between the two of you.") % {"n": number})
    return number


@require_POST
@stated(Right.NEGOTIATE)
def own(request: Visit, agreement: UUID) -> HttpResponse:
    """Who of one's own side sees to a promise from now on."""
    life = for_a_side(life_of(request, agreement))
    clause = text_of(request.POST, "clause", 80)
    try:
        flow.name_owner(
            agreement=life.agreement,
            clause=clause,
            person=uuid_of(request.POST, "person"),
            actor=life.identity.actor,
            viewer=life.identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), clause)
    messages.success(request, _("Saved. Warnings go to who sees to it."))
    return _back(request, life, "keeping_dates")


def _back(request: Visit, life: Life, name: str) -> HttpResponse:
    """To the page of ours that it was sent from."""
    place = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        place = reverse(name, args=[life.agreement.pk])
    return HttpResponseRedirect(place)


@require_safe
@stated(Right.READ_AGREEMENTS)
def paper(request: Visit, agreement: UUID, paper: UUID) -> HttpResponse:
    """The bytes of a file, as something to keep: no browser shows or runs them here."""
    rows = Entry.objects.seen_by(known(request).viewer).filter(agreement_id=agreement)
    row = rows.filter(pk=paper).first()
    if row is None or not row.sha256:
        raise Http404
    return to_keep(row.sha256, row.file_name)
