"""One's dates in one's own agenda: a secret address, made and ended on the calendar's page, fetched
by programs that sign in with nothing else (`/keeping/feed/<secret>.ics`).
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.identity import who_asks
from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, State
from afspraak.engine.time import DAY, Rhythm, add, datetime_of, instant_of, local_date, zone_of
from afspraak.keeping.actions import end_feeds, make_feed
from afspraak.keeping.agenda import Event, agenda_of, uid_of
from afspraak.keeping.cancelled import Named, cancelled
from afspraak.keeping.ending import dates_of
from afspraak.keeping.models import Feed
from afspraak.notices.drafting import link_to
from afspraak.notices.models import Telling
from afspraak.parties.actions import note_in_audit
from afspraak.parties.actions_access import digest_of, person_of
from afspraak.parties.identity import Identity, seeing
from afspraak.parties.roles import Right
from afspraak.parties.stated import PUBLIC, SIGNED_IN, stated
from afspraak.rights.viewer import Viewer, viewing
from afspraak.web.keeping.lines import DateLine, Lines
from afspraak.web.once import show_next, shown_now
from afspraak.web.overseen import titles_in
from afspraak.web.own import own_zone
from afspraak.web.speaking import Speaking, language
from afspraak.web.viewing import is_loopback
from afspraak.web.visit import Visit, known

if TYPE_CHECKING:
    from uuid import UUID

SECRET = "feed"  # noqa: S105  (what the session calls it)
BEFORE = 92 * DAY
AHEAD = 400 * DAY
MOST = 3_000
WARN_DAYS = 14


def feed_told(request: Visit) -> dict[str, object]:
    """Whether one has an agenda's address, and that address just after it was made."""
    identity = known(request)
    rows = Feed.objects.seen_by(identity.viewer).filter(
        person_id=person_of(identity.actor), organisation_id=identity.organisation, ended_at=None
    )
    return {"secret": shown_now(request, SECRET), "row": rows.first()}


@require_POST
@stated(SIGNED_IN)
def make(request: Visit) -> HttpResponse:
    """A new address; one that they had ends."""
    identity = known(request)
    account = identity.viewer.account
    if account is None or identity.organisation not in identity.roles:
        raise Http404
    feed, secret = make_feed(
        actor=identity.actor,
        account=account,
        language=language(),
        only_own=request.POST.get("only_own") == "yes",
        at=request.at,
    )
    note_in_audit(
        actor=identity.actor, action="make_feed", subject="feed", subject_id=feed.pk, at=request.at
    )
    show_next(request, SECRET, link_to(reverse("keeping_feed", args=[secret])))
    return HttpResponseRedirect(reverse("keeping") + "#agenda")


@require_POST
@stated(SIGNED_IN)
def end(request: Visit) -> HttpResponse:
    """Their address opens nothing any more."""
    identity = known(request)
    if end_feeds(actor=identity.actor, at=request.at):
        note_in_audit(actor=identity.actor, action="end_feed", subject="feed", at=request.at)
    messages.success(request, _("The address opens nothing any more."))
    return HttpResponseRedirect(reverse("keeping") + "#agenda")


@require_safe
@stated(PUBLIC)
def feed(request: Visit, secret: str) -> HttpResponse:
    """The dates of whoever holds the secret, as far as that person may see them now."""
    presented = digest_of(secret)
    with viewing(Viewer(presented=presented)):
        row = Feed.objects.seen_by(Viewer(presented=presented)).filter(ended_at=None).first()
    identity = _identity(request, row) if row else None
    if row is None or identity is None:
        raise Http404
    with seeing(identity), override(row.language):
        speaking = Speaking(own_zone(identity, request.at), request.at)
        name = _("Afspraak: dated promises")
        data = agenda_of(name, row.language, events_of(identity, speaking, only_own=row.only_own))
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="afspraak.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _identity(request: Visit, row: Feed) -> Identity | None:
    """Who the feed is of, with what they may do today; None for who has lost it."""
    asking = who_asks(row.account, request.at)
    if asking is None or not asking.account.is_active:
        return None
    if asking.account.is_demonstration and not is_loopback(request):
        return None
    if row.organisation_id not in asking.roles:
        return None
    identity = asking.acting_for(row.organisation_id)
    return identity if identity and identity.may(Right.READ_AGREEMENTS) else None


def events_of(identity: Identity, speaking: Speaking, *, only_own: bool) -> Iterator[Event]:
    """The dates of their agreements: a quarter back, thirteen months on; those that an amendment
    called off as such; the last day of notice and the end of each.
    """
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    rows = Agreement.objects.seen_by(identity.viewer).filter(own)
    agreements = list(rows.select_related("relation", "supplier", "customer").order_by("id")[:MOST])
    lines = Lines(agreements, identity, speaking)
    warn = dict(
        Telling.objects.seen_by(identity.viewer)
        .filter(agreement_id__in=list(lines.rows))
        .values_list("agreement_id", "warn_days")
    )
    duties = Duty.objects.seen_by(identity.viewer).filter(
        agreement_id__in=list(lines.rows),
        due_at__gte=datetime_of(speaking.at - BEFORE),
        due_at__lt=datetime_of(speaking.at + AHEAD),
    )
    for row in duties.order_by("due_at", "agreement_id", "clause")[:MOST]:
        line = lines.line(row)
        is_mine = line.owner_id == identity.actor.person
        rings = line.is_own and (is_mine or line.owner_id is None)
        if only_own and not rings:
            continue
        days = warn.get(row.agreement_id, WARN_DAYS) if rings and line.is_open else None
        yield _event(row, line, lines, days)
    if not only_own:
        yield from _called_off(agreements, lines, identity, speaking)
        yield from _terms(agreements, lines, speaking)


def _event(row: Duty, line: DateLine, lines: Lines, warn_days: int | None) -> Event:
    agreement = lines.rows[row.agreement_id]
    stands = {State.MET: _("kept"), State.MISSED: _("too late")}.get(State(row.state), "")
    told = [f"{line.reference} · {line.other}", f"{line.clause} · {line.whose}", stands]
    told += [line.owner, line.moved]
    stamps = [agreement.created_at, *([row.satisfied_at] if row.satisfied_at else [])]
    stamps += [row.due_at] if row.state == State.MISSED else []
    return Event(
        uid=uid_of(row.agreement_id, row.clause, row.planned_on),
        on=row.due_on,
        title=f"{line.title} · {line.other}",
        told="\n".join(each for each in told if each.strip(" ·")),
        stamp_at=max(map(instant_of, stamps)),
        kind=lines.kind(row.agreement_id, row.what),
        warn_days=warn_days,
    )


def _called_off(
    agreements: list[Agreement], lines: Lines, identity: Identity, speaking: Speaking
) -> Iterator[Event]:
    """Of agreements that were amended."""
    signed = versions_of({each.relation_id for each in agreements}, identity.viewer)
    today = local_date(zone_of(speaking.zone), speaking.at)
    until_on = add(today, Rhythm(months=13))
    every = {row.pk: _versions_of(row, signed.get(row.relation_id, ())) for row in agreements}
    amended = {agreement: found for agreement, found in every.items() if len(found) > 1}
    held: dict[UUID, list[Named]] = {each: [] for each in amended}
    duties = Duty.objects.seen_by(identity.viewer).filter(agreement_id__in=list(amended))
    for of, clause, on in duties.values_list("agreement_id", "clause", "planned_on"):
        held[of].append((clause, on))
    for agreement, versions in amended.items():
        now = held[agreement]
        pairs = [(each.version, each.terms) for each in versions]
        changed_at = max(each.version.known_at for each in versions)
        for clause, on in cancelled(pairs, now, speaking.at):
            if on <= until_on:
                yield Event(
                    uid=uid_of(agreement, clause, on),
                    on=on,
                    title=f"{_old_title(versions, clause)} · {lines.rows[agreement].reference}",
                    told=_("Called off by an amendment of the agreement."),
                    stamp_at=changed_at,
                    kind=_("called off"),
                    is_cancelled=True,
                )


def _versions_of(agreement: Agreement, signed: Iterable[Signed]) -> list[Signed]:
    return [each for each in signed if each.is_signed and each.row.agreement_id == agreement.pk]


def _old_title(versions: list[Signed], clause: str) -> str:
    """What the newest version that had the clause called it."""
    for each in reversed(versions):
        titles = titles_in(each.data, language())
        if clause in titles:
            return titles[clause]
    return clause


def _terms(agreements: list[Agreement], lines: Lines, speaking: Speaking) -> Iterator[Event]:
    """The last day of notice, and the end."""
    today = local_date(zone_of(speaking.zone), speaking.at)
    named = {"notice": _("Last day to give notice"), "ends": _("The agreement ends")}
    for row in agreements:
        held = lines.held.get(row.pk)
        if held is None or held.signed is None:
            continue
        for kind, on in dates_of(held.signed.document, today):
            yield Event(
                uid=uid_of(row.pk, f"term-{kind}", on),
                on=on,
                title=f"{named[kind]} · {row.reference}",
                told=f"{row.supplier.name} · {row.customer.name}",
                stamp_at=held.signed.version.known_at,
                kind=named[kind],
                warn_days=90 if kind == "notice" else 30,
            )
