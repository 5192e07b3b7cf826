"""Back to back (`/agreements/<id>/back-to-back/`, `/drafts/<id>/back-to-back/`): what we promise
against what those behind us promise us, by the worst moment of the year.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.drafts import NoSuchDraft, draft_of, newest_text
from afspraak.agreements.load import Signed, as_signed
from afspraak.agreements.models import Agreement, AgreementVersion
from afspraak.agreements.read import LAID_OUT, checked, terms_in
from afspraak.engine.time import HOUR, MINUTE, local_date, zone_of
from afspraak.language.text.lexicon import Lexicon
from afspraak.offers.back_to_back import Compared, Kept, Laid, compare
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.agreed import words_in
from afspraak.web.own import own_zone
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

WIDTH: Final = 1000
MOST: Final = 20
MEASURES: Final = ("first_response", "next_response", "diagnosis", "resolution", "expectation")


@dataclass(frozen=True, slots=True)
class Behind:
    """An agreement behind ours: whose it is, the clause that it stands behind, its bytes."""

    supplier: str
    reference: str
    clause: str
    data: bytes
    is_signed: bool


@dataclass(frozen=True, slots=True)
class PairShown:
    """A rule of ours and what stands behind it. Bars in thousandths of the longer of the two, from
    the report to what is due.
    """

    measure: str
    when: str
    ours: str
    theirs: str
    is_covered: bool
    head: str
    example: str
    often: str
    ours_width: int
    theirs_width: int
    closed: str


@dataclass(frozen=True, slots=True)
class BehindShown:
    """One agreement behind ours, and every pair."""

    behind: Behind
    pairs: tuple[PairShown, ...]
    open_count: int


@require_safe
@stated(Right.READ_AGREEMENTS)
def of_agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """Of an agreement that one's organisation is the supplier of."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer).select_related("customer")
    row = rows.filter(pk=agreement, supplier_id=identity.organisation).first()
    if row is None:
        raise Http404
    below = Agreement.objects.seen_by(identity.viewer).filter(under=row)
    named = list(below.select_related("supplier")[:MOST])
    newest = _newest([row, *named], identity)
    data = newest[row.pk][0] if row.pk in newest else None
    return _page(request, row.reference, row.customer.name, data, _behind(named, newest))


@require_safe
@stated(Right.READ_AGREEMENTS)
def of_draft(request: Visit, draft: UUID) -> HttpResponse:
    """Of a contract in the making: those behind the agreement that it amends; else everything that
    one's own suppliers promise.
    """
    identity = known(request)
    try:
        row = draft_of(draft, identity.viewer)
        text = newest_text(draft, identity.viewer)
    except NoSuchDraft as gone:
        raise Http404 from gone
    if row.supplier_id != identity.organisation:
        raise Http404
    rows = Agreement.objects.seen_by(identity.viewer).select_related("supplier")
    below = rows.filter(under=row.agreement) if row.agreement_id else rows.none()
    named = list(below[:MOST]) or list(rows.filter(customer_id=identity.organisation)[:MOST])
    data = bytes(text.document)
    document, _faults = checked(data, "draft")
    found = _behind(named, _newest(named, identity))
    return _page(request, row.name, row.customer.name, data if document else None, found)


def _newest(rows: Sequence[Agreement], identity: Identity) -> dict[UUID, tuple[bytes, bool]]:
    """Of each agreement the newest version that all signed, else the newest; and which it is."""
    versions = AgreementVersion.objects.seen_by(identity.viewer)
    of_these = versions.filter(agreement__in=rows).defer("document").order_by("-number")
    chosen: dict[UUID, Signed] = {}
    for each in as_signed(list(of_these), identity.viewer):
        known = chosen.setdefault(each.row.agreement_id, each)
        if each.is_signed and not known.is_signed:
            chosen[each.row.agreement_id] = each
    read = versions.filter(pk__in=[each.row.pk for each in chosen.values()])
    documents = dict(read.values_list("pk", "document"))
    return {
        agreement: (bytes(documents[each.row.pk]), each.is_signed)
        for agreement, each in chosen.items()
    }


def _behind(rows: Iterable[Agreement], newest: Mapping[UUID, tuple[bytes, bool]]) -> list[Behind]:
    return [
        Behind(row.supplier.name, row.reference, row.under_clause, *newest[row.pk])
        for row in rows
        if row.pk in newest
    ]


@lru_cache(maxsize=256)
def _compared(ours: bytes, theirs: bytes, clause: str, on: date) -> tuple[Compared, ...]:
    """What was compared once in a month stays the same."""
    return tuple(compare(_side(ours), _side(theirs), clause, on))


@lru_cache(maxsize=256)
def _side(data: bytes) -> Laid:
    terms = terms_in(data)
    return Laid(terms, LAID_OUT.hours(terms.calendars))


# The page -----------------------------------------------------------------------------------------


def _page(
    request: Visit, name: str, customer: str, data: bytes | None, behind: list[Behind]
) -> HttpResponse:
    identity = known(request)
    zone = own_zone(identity, request.at)
    on = local_date(zone_of(zone), request.at).replace(day=1)
    shown = [] if data is None else [
        _shown(each, data, on, Speaking(zone, request.at)) for each in behind
    ]  # fmt: skip
    told = {
        "name": name,
        "customer": customer,
        "is_read": data is not None,
        "behind": shown,
        "open": sum(each.open_count for each in shown),
    }
    return render(request, "offers/back_to_back.html", told)


def _shown(each: Behind, data: bytes, on: date, speaking: Speaking) -> BehindShown:
    found = _compared(data, each.data, each.clause, on)
    ours, theirs = words_in(data, language()), words_in(each.data, language())
    kept = sorted(found, key=lambda pair: (pair.is_covered, -_by(pair)))
    pairs = tuple(
        _pair(pair, each.supplier, ours, theirs, speaking)
        for pair in kept
        if pair.ours.measure in MEASURES
    )
    return BehindShown(each, pairs, sum(not pair.is_covered for pair in pairs))


def _by(pair: Compared) -> int:
    return 0 if pair.gap is None else pair.gap.by


def _pair(
    pair: Compared, who: str, ours: Lexicon, theirs: Lexicon, speaking: Speaking
) -> PairShown:
    gap, total = pair.gap, 1
    if gap is not None:
        total = max(gap.ours_at, gap.theirs_at) - gap.reported_at or 1
    return PairShown(
        measure=speaking.texts.word("measure", pair.ours.measure),
        when=_when(pair.ours, ours),
        ours=_promise(pair.ours, ours, speaking),
        theirs="" if pair.theirs is None else _promise(pair.theirs, theirs, speaking),
        is_covered=pair.is_covered,
        head=_head(pair, who, speaking),
        example=_example(pair, who, speaking),
        often=_often(pair),
        ours_width=0 if gap is None else (gap.ours_at - gap.reported_at) * WIDTH // total,
        theirs_width=0 if gap is None else (gap.theirs_at - gap.reported_at) * WIDTH // total,
        closed=_closed(pair, who),
    )


def _when(kept: Kept, words: Lexicon) -> str:
    return ", ".join(_named(kept, words)) or _("every ticket")


def _named(kept: Kept, words: Lexicon) -> Iterator[str]:
    for name, value in kept.when:
        if name == "service":
            yield words.services.show(value)
        elif name == "level":
            yield words.enums["level"].show(value)
        else:
            yield words.words.show(value) if name != "priority" else value


def _promise(kept: Kept, words: Lexicon, speaking: Speaking) -> str:
    """`4 hours, Office hours`."""
    return f"{speaking.long(kept.target)}, {words.calendars.show(kept.hours.calendar.name)}"


def _head(pair: Compared, who: str, speaking: Speaking) -> str:
    """The gap in one sentence."""
    slots = {"ours": speaking.long(pair.ours.target), "who": who}
    if pair.theirs is None:
        return _("We promise %(ours)s; %(who)s promises nothing of the kind.") % slots
    slots["theirs"] = speaking.long(pair.theirs.target)
    if pair.gap is None:
        return _("We promise %(ours)s, %(who)s %(theirs)s; their calendars never meet.") % slots
    if pair.is_covered:
        return _("Covered: %(who)s always owes it to us in time.") % slots
    slots["by"] = _length(pair.gap.by)
    return _("We promise %(ours)s, %(who)s %(theirs)s: at worst %(by)s too late.") % slots


def _length(microseconds: int) -> str:
    """Time on the wall: `3:30`, `2 d 13:30`."""
    minutes = microseconds // MINUTE
    days, rest = divmod(minutes, 24 * 60)
    clock = f"{rest // 60}:{rest % 60:02}"
    return _("%(days)s d %(clock)s h") % {"days": days, "clock": clock} if days else (
        _("%(clock)s h") % {"clock": clock}
    )  # fmt: skip


def _example(pair: Compared, who: str, speaking: Speaking) -> str:
    gap = pair.gap
    if gap is None or pair.is_covered:
        return ""
    zone = pair.ours.hours.calendar.zone
    moment = Speaking(zone, speaking.at).texts.moment
    slots = {
        "at": moment(gap.reported_at),
        "ours": moment(gap.ours_at),
        "theirs": moment(gap.theirs_at),
        "who": who,
    }
    return _("Reported %(at)s: we owe it %(ours)s, %(who)s %(theirs)s.") % slots


def _often(pair: Compared) -> str:
    gap = pair.gap
    if gap is None or pair.is_covered or not gap.times_asked:
        return ""
    part = gap.times_later * 100 // gap.times_asked
    return _("That is so at %(n)s %% of the moments of the year.") % {"n": part}


def _closed(pair: Compared, who: str) -> str:
    gap = pair.gap
    if gap is None or not gap.closed:
        return ""
    slots = {"n": gap.closed // HOUR, "who": who}
    return _("%(n)s hours a year we are open and %(who)s is not.") % slots
