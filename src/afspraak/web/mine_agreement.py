"""The agreement as a customer reads it: the signed text, each promise with how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment, State
from afspraak.language.text.html import body_of
from afspraak.language.text.tree import Heading, text_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.web.agreed import agreed_at, page_in
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

CHAPTER: Final = 2
"""The level of a chapter's heading."""
STATES: Final = (
    (State.MET, "kept", "kept"),
    (State.MISSED, "late", "late"),
    (State.RUNNING, "running", "running"),
    (State.PAUSED, "frozen", "frozen"),
)
"""State -> tone and shape, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading to go to; of a promise also how it stands, as markup."""

    anchor: str
    number: str
    name: str
    stands: SafeString


@require_safe
@stated(Right.READ_AGREEMENTS)
@kept_plans()
def agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """The agreement as people read it, each promise with how it stands beside its clause."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer).select_related("relation", "supplier")
    row = rows.filter(pk=agreement).first()
    if row is None:
        raise Http404
    agreed = agreed_at(row.relation, identity.viewer, language(), request.at)
    if agreed is None or agreed.signed.row.agreement_id != row.pk:
        return render(request, "desk/agreement.html", {"agreement": row, "text": ""})
    speaking = Speaking(agreed.document.zone, request.at)
    counted = ((clause, _standing(found, speaking)) for clause, found in _counts(row, identity))
    stands = {clause: line for clause, line in counted if line}
    page = page_in(agreed.signed.data, language())
    text = body_of(page, {clause: _beside(line) for clause, line in stands.items()})
    headings = [each for each in page.blocks if isinstance(each, Heading) and each.anchor]
    told = {
        "agreement": row,
        "text": mark_safe(text),  # noqa: S308  (every span is escaped where it is written)
        "parts": [_part(each) for each in headings if each.level == CHAPTER],
        "standing": [
            _part(each, stands[each.anchor]) for each in headings if each.anchor in stands
        ],
        "now": speaking.now(),
    }
    return render(request, "desk/agreement.html", told)


def _counts(row: Agreement, identity: Identity) -> Iterator[tuple[str, dict[str, int]]]:
    """How often each clause's promise was kept, missed, runs and stands still."""
    rows = (
        Assessment.objects.seen_by(identity.viewer)
        .filter(agreement=row)
        .values("clause", "state")
        .annotate(number=Count("ticket_id"))
        .order_by("clause", "state")
    )
    found: dict[str, dict[str, int]] = {}
    for each in rows:
        found.setdefault(each["clause"], {})[each["state"]] = each["number"]
    yield from found.items()


def _standing(found: dict[str, int], speaking: Speaking) -> str:
    """As a line of markup: words and figures of our own only."""
    return " · ".join(
        f'<span class="is-{tone}">{escape(speaking.texts.word("state", state))}'
        f" {speaking.texts.number(found[state])}</span>"
        for state, tone, _sign in STATES
        if found.get(state)
    )


def _beside(line: str) -> str:
    """What stands beside a clause."""
    return f'<p class="stands">{escape(_("How it stands"))}: {line}</p>'


def _part(heading: Heading, line: str = "") -> Part:
    return Part(
        heading.anchor,
        heading.number,
        text_of(heading.line),
        mark_safe(line),  # noqa: S308  (words and figures of our own, escaped)
    )
