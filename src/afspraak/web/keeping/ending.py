"""The end of an agreement (`/agreements/<id>/ending/`): notice, the exit plan of both sides, what
is handed over, what goes on; and what is still open, which is still kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.clocks.models import Duty, Standing, State
from afspraak.engine.periods import end_of_term
from afspraak.engine.time import Refusal, datetime_of, end_of_date, zone_of
from afspraak.keeping.actions import Said
from afspraak.keeping.ending import (
    FORMS,
    Outlives,
    Reached,
    Step,
    Told,
    end_by,
    outliving,
    plan_of,
    standing_notice,
    steps_in,
    term_of,
)
from afspraak.keeping.load import entries_of, of_end
from afspraak.keeping.models import Entry, Subject
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.agreed import Agreed
from afspraak.web.filled import one_of, text_of
from afspraak.web.keeping.seen import (
    Life,
    date_in,
    for_a_side,
    life_of,
    paper_in,
    today_of,
    words_in,
)
from afspraak.web.once import FIELD, fresh, once
from afspraak.web.overseen import titles_in
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of
from afspraak.web.speaking import language
from afspraak.web.visit import Visit

SIDES: Final = ("supplier", "customer")
DOES: Final = ("done", "opened", "moved", "struck")


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the exit plan as it is read."""

    key: str
    title: str
    clause: str
    side: str
    who: str
    due: str
    due_on: date | None
    badge: Badge
    done: str
    words: str
    paper: UUID | None
    name: str
    is_own: bool
    is_added: bool
    is_done: bool
    is_handed: bool


@require_safe
@stated(Right.READ_AGREEMENTS)
def ending(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, life_of(request, agreement))


def _entries(life: Life, *subjects: Subject) -> list[Entry]:
    if not life.sees_all:
        return []
    return entries_of(life.agreement.pk, life.identity.viewer, *subjects)


def end_on(life: Life, agreed: Agreed, given: Told | None) -> tuple[date, Reached | None]:
    """The end as it stands: by the notice that was given, else by the term itself."""
    document = agreed.document
    found = end_by(document, given)
    if found is None:
        return end_of_term(term_of(document), None, today_of(life)), None
    return found.ends_on, found


def _page(request: Visit, life: Life, fault: str = "", form: str = "") -> HttpResponse:
    told: dict[str, object] = {
        "life": life,
        "fault": fault,
        "form": form,
        "now": life.speaking.now(),
        "given": request.POST,
        "once": fresh(),
        "field": FIELD,
        "may_write": life.sees_all and life.identity.may(Right.NEGOTIATE),
        "may_sign": life.sees_all and life.identity.may(Right.SIGN),
        "forms": [(each, form_named(each)) for each in FORMS],
        "sides": [(each, life.name_of(each)) for each in SIDES],
        "today": today_of(life),
    }
    if life.agreed is not None:
        told |= _told(life, life.agreed)
    return render(request, "keeping/ending.html", told, status=422 if fault else 200)


def _told(life: Life, agreed: Agreed) -> dict[str, object]:
    rows = _entries(life, Subject.NOTICE, Subject.STEP)
    notices = [of_end(each) for each in rows if each.subject == Subject.NOTICE]
    given = standing_notice(notices)
    ends_on, found = end_on(life, agreed, given)
    texts = life.speaking.texts
    steps = _steps(life, agreed, ends_on, [each for each in rows if each.subject == Subject.STEP])
    outlives = outliving(agreed.document, ends_on, life.hours)
    return {
        "notice": _notice(life, agreed, given, rows),
        "lines": _lines_of(found, life, agreed) if found and given else [],
        "may_withdraw": given is not None and given.side == life.side,
        "ends": texts.on_date(ends_on),
        "is_noticed": given is not None,
        "steps": [each for each in steps if not each.is_handed],
        "handed": [each for each in steps if each.is_handed],
        "outlives": [_outlives(each, life, agreed) for each in outlives],
        **_open(life, ends_on),
    }


# The notice ---------------------------------------------------------------------------------------


def form_named(form: str) -> str:
    """How a notice came."""
    known = {
        "written": _("in writing"),
        "registered_letter": _("by registered letter"),
        "signed": _("in writing and signed"),
        "said": _("by word of mouth"),
    }
    return known[form]


def _notice(
    life: Life, agreed: Agreed, given: Told | None, rows: list[Entry]
) -> dict[str, object] | None:
    if given is None or given.on is None:
        return None
    texts = life.speaking.texts
    row = next(each for each in rows if str(each.pk) == given.id)
    return {
        "id": given.id,
        "by": life.name_of(given.side),
        "on": texts.on_date(given.on),
        "form": form_named(given.form),
        "words": given.words,
        "paper": row.pk if row.sha256 else None,
        "name": row.file_name,
        "recorded": texts.full(given.at),
        "currency": agreed.document.currency,
    }


def _lines_of(found: Reached, life: Life, agreed: Agreed) -> list[tuple[str, str]]:
    """What the notice does: (tone, words)."""
    texts = life.speaking.texts
    ends = texts.on_date(found.ends_on)
    lines = []
    if found.too_late_for is not None:
        slots = {"wanted": texts.on_date(found.too_late_for), "ends": ends}
        told = _("Too late for %(wanted)s: by the contract it ends on %(ends)s.") % slots
        lines.append(("late", told))
    else:
        lines.append(("kept", _("In time: by the contract it ends on %(on)s.") % {"on": ends}))
    if found.by == "early":
        fee = texts.money(found.fee, agreed.document.currency) if found.fee else ""
        early = _("It ends early, as the contract lets this side; the fee for it is %(fee)s.")
        lines.append(("soon", early % {"fee": fee or _("none")}))
    elif found.last_on is not None:
        told = _("The last day of notice for this end: %(on)s.")
        lines.append(("none", told % {"on": texts.on_date(found.last_on)}))
    if not found.is_in_form:
        lines.append(
            ("late", _("Not in the form that the contract asks for: it may be contested."))
        )
    return lines


@require_POST
@stated(Right.SIGN)
def give_notice(request: Visit, agreement: UUID) -> HttpResponse:
    """One's own side gives notice, or writes down that the other did; or takes its own back."""
    life = for_a_side(life_of(request, agreement))
    told = request.POST
    rows = _entries(life, Subject.NOTICE)
    given = standing_notice([of_end(each) for each in rows])
    if told.get("do") == "withdraw":
        if given is None or given.side != life.side:
            raise Http404
        said = Said(Subject.NOTICE, given.id, "withdrawn", words=words_in(request))
        return _say(request, life, said)
    on, form = date_in(told, "on"), one_of(told, "form", FORMS)
    wanted = date_in(told, "wanted_on")
    if given is not None:
        return _page(request, life, _("Notice was given already: it stands above."), "notice")
    if on is None or not form:
        return _page(request, life, _("When was it received, and in which form?"), "notice")
    if on > today_of(life):
        return _page(request, life, _("It is not received yet on a day to come."), "notice")
    try:
        paper = paper_in(request)
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), "notice")
    data = {"form": form} | ({"wanted_on": wanted.isoformat()} if wanted else {})
    said = Said(Subject.NOTICE, "", "given", on, data, words_in(request), paper)
    return _say(request, life, said)


def _say(request: Visit, life: Life, said: Said) -> HttpResponse:
    made = once(
        request,
        lambda: flow.say(
            agreement=life.agreement, said=[said], actor=life.identity.actor, at=request.at
        ),
    )
    if made is not None:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("keeping_ending", args=[life.agreement.pk]))


# The plan -----------------------------------------------------------------------------------------


def _plan(life: Life, agreed: Agreed, ends_on: date, rows: list[Entry]) -> list[Step]:
    begun = steps_in(agreed.document, ends_on, life.hours)
    return plan_of(begun, [of_end(each) for each in rows], today_of(life))


def _steps(life: Life, agreed: Agreed, ends_on: date, rows: list[Entry]) -> list[StepShown]:
    papers = {str(each.pk): each for each in rows}
    return [_step(each, life, agreed, papers) for each in _plan(life, agreed, ends_on, rows)]


def _step(each: Step, life: Life, agreed: Agreed, papers: dict[str, Entry]) -> StepShown:
    texts = life.speaking.texts
    row = papers.get(each.done.id) if each.done else None
    if each.done is not None:
        badge = Badge("kept", "kept", _("done"))
    elif each.is_late:
        badge = Badge("late", "late", _("too late"))
    else:
        badge = Badge("running", "running", _("to do"))
    return StepShown(
        key=each.key,
        title=step_named(each),
        clause=clause_of(agreed.contract, each.clause, life.speaking) if each.clause else "",
        side=life.name_of(each.side),
        who=each.who,
        due=texts.on_date(each.due_on) if each.due_on else "",
        due_on=each.due_on,
        badge=badge,
        done=texts.full(each.done.at) if each.done else "",
        words=each.done.words if each.done else "",
        paper=row.pk if row and row.sha256 else None,
        name=row.file_name if row else "",
        is_own=each.side == life.side,
        is_added=each.kind == "own",
        is_done=each.done is not None,
        is_handed=each.kind in ("data", "thing", "erased"),
    )


def step_named(each: Step) -> str:
    """What is to be done."""
    known = {
        "plan": _("Make the exit plan"),
        "data": _("Hand back all data, as %(what)s"),
        "thing": _("Hand over: %(what)s"),
        "help": _("Help until the successor runs"),
        "erased": _("Erase what is left of the data, and say so"),
    }
    return known[each.kind] % {"what": each.title} if each.kind in known else each.title


@require_POST
@stated(Right.NEGOTIATE)
def plan(request: Visit, agreement: UUID) -> HttpResponse:
    """A step that is added."""
    life = for_a_side(life_of(request, agreement))
    told = request.POST
    title, owner = text_of(told, "title", 200), one_of(told, "owner", SIDES)
    on = date_in(told, "on")
    if not (title and owner and on):
        return _page(request, life, _("Say what, which side, and until when."), "step")
    data = {"title": title, "owner": owner, "who": text_of(told, "who", 120)}
    return _say(request, life, Said(Subject.STEP, "", "planned", on, data))


@require_POST
@stated(Right.NEGOTIATE)
def about_step(request: Visit, agreement: UUID) -> HttpResponse:
    """A step was done (by its side), is open again, has another date, or is struck out."""
    life = for_a_side(life_of(request, agreement))
    if life.agreed is None:
        raise Http404
    rows = _entries(life, Subject.NOTICE, Subject.STEP)
    given = standing_notice([of_end(each) for each in rows if each.subject == Subject.NOTICE])
    ends_on, _found = end_on(life, life.agreed, given)
    steps = _plan(life, life.agreed, ends_on, [e for e in rows if e.subject == Subject.STEP])
    key, what = text_of(request.POST, "key", 200), one_of(request.POST, "do", DOES)
    step = next((each for each in steps if each.key == key), None)
    if step is None or not what or (what == "done" and step.side != life.side):
        raise Http404
    try:
        words, paper = words_in(request), paper_in(request)
    except Refusal as refusal:
        return _page(request, life, refused(refusal, life.speaking), key)
    if what == "done" and not (words or paper):
        return _page(request, life, _("What shows it? Write a line, or add a file."), key)
    on = date_in(request.POST, "on") if what == "moved" else None
    if what == "moved" and on is None:
        return _page(request, life, _("Until when? Give a date."), key)
    data = {"who": text_of(request.POST, "who", 120)} if what == "moved" else {}
    return _say(request, life, Said(Subject.STEP, key, what, on, data, words, paper))


# What goes on -------------------------------------------------------------------------------------


def _outlives(each: Outlives, life: Life, agreed: Agreed) -> dict[str, str]:
    known = {
        "data": _("data back"),
        "erased": _("data erased"),
        "continued": _("service goes on, with help"),
        "guarantee": _("guarantee on delivered work"),
        "penalty": _("penalties can still be claimed"),
        "payment": _("last invoices are paid"),
    }
    titles = titles_in(agreed.signed.data, language())
    until = life.speaking.texts.on_date(each.until_on) if each.until_on else ""
    return {
        "what": known[each.kind],
        "title": titles.get(each.clause, each.clause),
        "clause": clause_of(agreed.contract, each.clause, life.speaking),
        "side": life.name_of(each.side),
        "until": until,
    }


def _open(life: Life, ends_on: date) -> dict[str, object]:
    """What is open now, and the dates that are due before the end: all of it is still kept."""
    viewer, agreement = life.identity.viewer, life.agreement
    tickets = Standing.objects.seen_by(viewer).filter(agreement=agreement, is_open=True)
    before = datetime_of(end_of_date(zone_of(life.speaking.zone), ends_on))
    dates = Duty.objects.seen_by(viewer).filter(agreement=agreement)
    late = dates.filter(state=State.MISSED, satisfied_at=None)
    return {
        "open_tickets": tickets.count(),
        "open_dates": dates.filter(state=State.RUNNING, due_at__lte=before).count(),
        "late_dates": late.count(),
    }
