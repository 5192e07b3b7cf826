"""SLA 2.0 (`/agreements/<id>/open/`): what was signed open, what it has measured, which number that
proposes, what the past would have come to under it, what hurt; and each side's word on it.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.amending.actions import Word
from afspraak.amending.experience import Experience, experience_of
from afspraak.amending.said import hurts_of, words_of
from afspraak.engine.time import (
    HOUR,
    Duration,
    Refusal,
    ServiceTime,
    WorkingDays,
    local_date,
    zone_of,
)
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.amending.open_kinds import kinds_shown
from afspraak.web.amending.open_shown import Ground, terms_shown
from afspraak.web.amending.seen import Seen, date_of, once_in_a_while, seen
from afspraak.web.filled import one_of, text_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known

UNITS: Final = ("hours", "days")
MOST_HOURS: Final = 2_000
MOST_DAYS: Final = 250


@require_safe
@stated(Right.READ_FIGURES)
def open_terms(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, seen(request, agreement))


@require_POST
@stated(Right.NEGOTIATE)
def hurt(request: Visit, agreement: UUID) -> HttpResponse:
    """The customer marks a kind of report, or takes the mark away."""
    identity, there = known(request), seen(request, agreement)
    told = request.POST
    try:
        flow.mark_hurt(
            agreement=agreement,
            service=text_of(told, "service", 80),
            kind=text_of(told, "kind", 80),
            hurts=told.get("hurts") == "yes",
            words=text_of(told, "words", 400),
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except NoSuchAgreement as fault:
        raise Http404 from fault
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    messages.success(request, _("Saved. Both of you see it."))
    return HttpResponseRedirect(reverse("amending_open", args=[agreement]) + "#kinds")


@require_POST
@stated(Right.NEGOTIATE)
def say(request: Visit, agreement: UUID) -> HttpResponse:
    """One side's word on an open term; where both have said the same, the amendment is there."""
    identity, there = known(request), seen(request, agreement)
    word = _word(request.POST)
    if isinstance(word, str):
        return _page(request, there, word)
    try:
        kept = flow.say_of_term(
            agreement=agreement,
            word=word,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except NoSuchAgreement as fault:
        raise Http404 from fault
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    if kept.draft_id is not None:
        messages.success(request, _("You agree. The amendment is written: look at it, then sign."))
        return HttpResponseRedirect(reverse("amending_preview", args=[kept.draft_id]))
    messages.success(request, _("Your word is kept. The other side sees it now."))
    return HttpResponseRedirect(reverse("amending_open", args=[agreement]) + f"#t-{word.term}")


def _word(told: QueryDict) -> Word | str:
    """What was filled in, or what is wrong with it."""
    value, from_on = value_in(told), date_of(told, "from")
    if value is None:
        return _("Within which time? Give a number of hours (halves too) or of working days.")
    if from_on is None:
        return _("From when does it hold? Give a date.")
    is_open = told.get("open_tickets") == "yes"
    return Word(text_of(told, "term", 80), str(value), from_on, is_open)


def value_in(told: QueryDict) -> Duration | None:
    """`4`, `4.5` or `4,5` hours, or `2` working days."""
    text, unit = text_of(told, "value", 10).replace(",", "."), one_of(told, "unit", UNITS)
    whole, _point, half = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or half not in ("", "0", "5") or not unit:
        return None
    number = int(whole)
    if unit == "days":
        return WorkingDays(number) if not half and 1 <= number <= MOST_DAYS else None
    spent = number * HOUR + (HOUR // 2 if half == "5" else 0)
    return ServiceTime(spent) if 0 < spent <= MOST_HOURS * HOUR else None


# The page -----------------------------------------------------------------------------------------


def _page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    experience = experience_in(there)
    hurts = hurts_of(there.agreement, there.identity.viewer)
    words = words_of(there.agreement, there.identity.viewer)
    tomorrow = local_date(zone_of(there.speaking.zone), there.speaking.at) + timedelta(days=1)
    told = {
        "agreement": there.agreement,
        "fault": fault,
        "terms": terms_shown(Ground(there, experience, hurts, words)),
        "kinds": kinds_shown(there, experience, hurts),
        "is_customer": there.is_customer,
        "may_say": there.may_say,
        "from": tomorrow.isoformat(),
        "posted": request.POST,
    }
    return render(request, "amending/open.html", told, status=422 if fault else 200)


def experience_in(there: Seen) -> Experience:
    """What both sides have seen; reckoned once in some minutes."""
    history = there.history

    def made() -> Experience:
        return experience_of(
            history.logs, history.contracts, span=history.span, as_of=history.as_of
        )

    return once_in_a_while(("experience", *there.key), made)
