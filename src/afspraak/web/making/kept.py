"""Can we keep it (`/drafts/<id>/kept/`): each promise of the supplier about tickets beside what
history achieved, confirmed or doubted by those who must do it. The supplier's own page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.terms import Promise
from afspraak.engine.time import Refusal, ServiceTime, WorkingDays, instant_of
from afspraak.language.schema_base import When
from afspraak.language.terms_of import terms_of
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon, lexicon_of
from afspraak.language.text.times import show_duration
from afspraak.making.actions import Judged
from afspraak.making.load import confirmed
from afspraak.making.models import Confirmation
from afspraak.making.worth import Achieved, Case, achieved, judged
from afspraak.making.worth import Judged as History
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of, text_of
from afspraak.web.making.seen import Seen, framed, seen
from afspraak.web.making.weighed import history_of, titles_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class TargetShown:
    """One target, and what history says of it; `percent` for the bar, None: it says nothing."""

    when: str
    value: str
    told: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise that somebody has to keep, and what those said of it."""

    clause: str
    number: str
    title: str
    targets: tuple[TargetShown, ...]
    beside: str
    said: Confirmation | None
    at: str


@require_safe
@stated(Right.READ_AGREEMENTS)
def kept(request: Visit, draft: UUID) -> HttpResponse:
    """The page."""
    return _page(request, _ours(request, draft))


@require_POST
@stated(Right.WORK_TICKETS)
def confirm(request: Visit, draft: UUID) -> HttpResponse:
    """It can be kept, or somebody doubts it and says why."""
    there = _ours(request, draft)
    clause = text_of(request.POST, "clause", 80)
    promises = _promises(there, _history(there)[0])
    found = next((each for each in promises if each.clause == clause), None)
    what = one_of(request.POST, "do", ("confirm", "doubt"))
    if found is None or not what:
        raise Http404
    told = Judged(
        clause,
        _fingerprint(there, clause),
        what == "confirm",
        text_of(request.POST, "why", 1000),
        found.beside,
    )
    try:
        flow.confirm_promise(draft=there.draft.pk, judged=told, **there.ours)
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("draft_kept", args=[there.draft.pk]))


def _ours(request: Visit, draft: UUID) -> Seen:
    there = seen(request, draft, request.POST if request.method == "POST" else request.GET)
    if not there.is_supplier:
        raise Http404
    return there


def _history(there: Seen) -> tuple[list[Case], bool]:
    """Last year's cases, and whether they are this customer's own; none for a text with faults."""
    document = there.opened.document
    return ([], True) if document is None else history_of(there, document)


def _page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    cases, is_own = _history(there)
    told = framed(there, "draft_kept") | {
        "promises": _promises(there, cases),
        "is_sound": there.opened.is_sound,
        "is_own": is_own,
        "cases": there.speaking.texts.number(len(cases)),
        "may_say": there.is_open and there.identity.may(Right.WORK_TICKETS),
        "fault": fault,
    }
    return render(request, "making/kept.html", told, status=422 if fault else 200)


def _promises(there: Seen, cases: list[Case]) -> list[PromiseShown]:
    """Each promise of the supplier about tickets, in the order of the text."""
    document = there.opened.document
    if document is None:
        return []
    terms, titles = terms_of(document), titles_of(document, there.lang)
    lexicon = lexicon_of(document, there.lang)
    said = confirmed(there.draft, there.identity.viewer)
    found = []
    for promise in terms.promises:
        if promise.promisor != SUPPLIER or promise.measure == "expectation":
            continue
        word = said.get(_fingerprint(there, promise.clause))
        at = there.speaking.moment(instant_of(word.said_at)) if word else ""
        known = list(judged(terms, promise, cases))
        shown = tuple(_targets(promise, {each.rule: each for each in achieved(known)}, lexicon))
        number, title = titles[promise.clause]
        beside = _beside(known)
        found.append(PromiseShown(promise.clause, number, title, shown, beside, word, at))
    return found


def _targets(
    promise: Promise, results: dict[int, Achieved], lexicon: Lexicon
) -> Iterator[TargetShown]:
    for place, rule in enumerate(promise.rules):
        if isinstance(rule.target, ServiceTime | WorkingDays):
            when = PHRASES["when"].show(When.model_validate(dict(rule.when)), lexicon)
            value = show_duration(rule.target, lexicon.values)
            yield _target(when or _("in all other cases"), value, results.get(place))


def _target(when: str, value: str, found: Achieved | None) -> TargetShown:
    if found is None or not found.cases:
        return TargetShown(when, value, _("no history"), None)
    told = _("%(met)s of %(cases)s") % {"met": found.kept, "cases": found.cases}
    if found.share is None:
        return TargetShown(when, value, told, None)
    percent = int(found.share * 100)
    return TargetShown(when, value, f"{percent} % · {told}", percent)


def _beside(known: list[History]) -> str:
    """What history shows of the whole promise, as it is kept beside a confirmation."""
    told = [each.is_kept for each in known if each.is_kept is not None]
    return f"{sum(told)}/{len(told)}" if told else ""


def _fingerprint(there: Seen, clause: str) -> str:
    """Of the clause as it stands: one that is changed has another."""
    place = there.opened.place_of(clause)
    assert place is not None
    return sha256(there.opened.source_of(place).encode()).hexdigest()
