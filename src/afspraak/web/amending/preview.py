"""What an amendment would change before it is signed (`/drafts/<id>/preview/`): in words, on
tickets that are open now, and on the past. Nothing is stored.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import DraftText
from afspraak.agreements.read import checked
from afspraak.amending.effects import Effects, effects_of
from afspraak.amending.load import contract_in
from afspraak.amending.moved import Looked, moved_by
from afspraak.clocks.models import Standing
from afspraak.engine.periods import Period, period_of
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.language.document import Document
from afspraak.language.freeze import frozen_of
from afspraak.language.text.diff import diff_page
from afspraak.language.text.lexicon import clause_titles
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.contracts import Contract
from afspraak.web.amending.seen import Seen, draft_in, once_in_a_while, seen
from afspraak.web.amending.shown import EffectsShown, effects_shown
from afspraak.web.amending.tight import tight
from afspraak.web.drafting import shown
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known

MOST_MOVED: Final = 60


@dataclass(frozen=True, slots=True)
class MovedShown:
    """A promise on an open ticket: due until now, and due then."""

    number: str
    url: str
    promise: str
    before: str
    after: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft's text tried on what is there."""

    contract: Contract
    looked: Looked
    effects: Effects


@require_safe
@stated(Right.READ_FIGURES)
def preview(request: Visit, draft: UUID) -> HttpResponse:
    """The page; a text that has faults is not tried, and says so."""
    identity = known(request)
    row = draft_in(draft, identity)
    assert row.agreement is not None
    there, text = seen(request, row.agreement.pk), newest_text(row.pk, identity.viewer)
    data = bytes(text.document)
    document, faults = checked(data, "contract")
    told = {
        "draft": row,
        "agreement": there.agreement,
        "number": text.number,
        "faults": _faults(sum(not each.note for each in faults)),
    }
    if document is not None:
        told |= _told(there, text, data, frozen_of(document))
    return render(request, "amending/preview.html", told)


def _told(there: Seen, text: DraftText, data: bytes, document: Document) -> dict[str, object]:
    texts, version = there.speaking.texts, document.version
    if version is None:
        raise Http404
    told: dict[str, object] = {
        "from_on": texts.on_date(version.from_on),
        "open_tickets": version.open_tickets,
        "changes": shown(diff_page(there.history.document, document, language())),
        "lang": language(),
        "tight": tight(document, there.history.document),
    }
    try:
        tried = once_in_a_while(
            ("preview", *there.key, text.sha256), lambda: _tried(there, data, there.speaking.at)
        )
    except Refusal as refusal:
        return told | {"refused": refused(refusal)}
    quarter = last_quarter(there)
    return told | {
        "quarter": texts.period(quarter),
        "lately": _shown(tried.effects.within(quarter), there),
        "whole": _shown(tried.effects, there),
        "looked": tried.looked,
        "moved": _moved(there, tried),
        "unmoved": _unmoved(tried.looked.tickets),
    }


def _faults(number: int) -> str:
    return ngettext(
        "The text has %(n)s fault: mend it first.",
        "The text has %(n)s faults: mend them first.",
        number,
    ) % {"n": number}


def _unmoved(tickets: int) -> str:
    return ngettext(
        "%(n)s ticket is open; none of its promises would be due at another time.",
        "%(n)s tickets are open; none of their promises would be due at another time.",
        tickets,
    ) % {"n": tickets}


def _tried(there: Seen, data: bytes, at: int) -> Tried:
    history, contract = there.history, contract_in(data, at)
    rows = Standing.objects.seen_by(there.identity.viewer)
    is_open = rows.filter(agreement=there.agreement, is_open=True)
    numbers = set(is_open.values_list("ticket__number", flat=True))
    logs = [each for each in history.logs if each.id in numbers]
    looked = moved_by(logs, history.contracts, contract, span=history.span, at=at)
    effects = effects_of(
        history.logs,
        history.contract,
        contract,
        span=history.span,
        as_of=history.as_of,
        services=history.services,
    )
    return Tried(contract, looked, effects)


def last_quarter(there: Seen) -> Period:
    """The last whole quarter of the calendar."""
    on = local_date(zone_of(there.speaking.zone), there.speaking.at)
    this = period_of(on, "quarter", Period(on, on))
    before = this.from_on.replace(
        year=this.from_on.year - (this.from_on.month == 1), month=(this.from_on.month - 4) % 12 + 1
    )
    return Period(before, this.from_on)


def _shown(effects: Effects, there: Seen) -> EffectsShown:
    return effects_shown(effects, there.speaking.texts, _("Month by month"))


def _moved(there: Seen, tried: Tried) -> list[MovedShown]:
    titles: dict[str, str] = {}
    for document in (there.history.document,):
        titles |= clause_titles(document, language())
    found = []
    for each in tried.looked.moved[:MOST_MOVED]:
        before, after = (_moment(there, due) for due in (each.before_at, each.after_at))
        is_later = each.after_at is None or (
            each.before_at is not None and each.after_at > each.before_at
        )
        found.append(
            MovedShown(
                each.ticket,
                reverse("ticket", args=[each.ticket]),
                titles.get(each.clause, each.clause),
                before,
                after,
                is_later,
            )
        )
    return found


def _moment(there: Seen, at: int | None) -> str:
    return _("no due time") if at is None else there.speaking.texts.full(at)
