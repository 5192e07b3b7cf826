"""The walk of dates: an agreement's reports, tests, deliveries and fill-in dates are laid out, and
what became of them is found out (K10).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.db import DatabaseError, OperationalError, connection, transaction

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.actions_duties import (
    Kept,
    last_look,
    push_outlook_forward,
    store_duties,
)
from afspraak.clocks.judge_duties import Duties, Duty, judge_duties, warn_at
from afspraak.clocks.models import Outlook
from afspraak.engine.time import MINUTE, SECOND, Refusal, datetime_of
from afspraak.flow.terms import owings_of, term_near
from afspraak.keeping.ending import end_by, standing_notice
from afspraak.keeping.load import entries_of, of_end
from afspraak.keeping.models import Subject
from afspraak.ledger.actions import open_logs
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind
from afspraak.notices.telling import telling_of
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.evidence import EVIDENCE_CODES, evidence_of
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

log = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=60)
AGAIN: Final = 5 * MINUTE
SOON: Final = 5 * SECOND
BATCH: Final = 20
FAULTS: Final = (DatabaseError, ArithmeticError, LookupError, ValueError, AssertionError)


def look_at_duties(
    *, agreement: Agreement, viewer: Viewer = SYSTEM, at: int, is_quiet: bool = False
) -> int:
    """Judge an agreement's dated promises and keep what differs; how many rows did."""
    relation = agreement.relation_id
    with transaction.atomic():
        logged_at = open_logs(relations=[relation], viewer=viewer, at=at)[relation].logged_at
        return keep_duties(agreement=agreement, viewer=viewer, at=logged_at, is_quiet=is_quiet)


def keep_duties(*, agreement: Agreement, viewer: Viewer, at: int, is_quiet: bool = False) -> int:
    """The same within a transaction that holds the relation's log, as of the moment that it stands
    at.
    """
    warn_days = telling_of(agreement.id, viewer).warn_days
    judged = duties_of(agreement, viewer, at, warn_days)
    since_at = last_look(agreement=agreement.id, viewer=viewer)
    kept = store_duties(agreement=agreement, judged=judged, viewer=viewer)
    if not is_quiet:
        owe(owings=_owings(agreement, judged, kept, since_at or 0, warn_days), at=at)
        near = term_near(_versions(agreement, viewer), at, warn_days)
        if near is not None:
            owe(owings=owings_of(agreement, near, since_at or 0, at), at=at)
    return kept.changed


def duties_of(agreement: Agreement, viewer: Viewer, as_of: int, warn_days: int) -> Duties:
    """An agreement's dated promises as of a moment. Nothing is stored."""
    signed = _versions(agreement, viewer)
    mine = [(each.version, each.terms) for each in signed]
    evidence = evidence_of(agreement.id, viewer)
    ends_on = _noticed_end(agreement, signed, viewer, as_of)
    judged = judge_duties(mine, evidence, as_of, warn_days, ends_on)
    near = term_near(signed, as_of, warn_days)
    if near is None or near.near_at <= as_of:
        return judged
    return replace(judged, next_look_at=min(judged.next_look_at, near.near_at))


def _noticed_end(
    agreement: Agreement, signed: Sequence[Signed], viewer: Viewer, as_of: int
) -> date | None:
    """The end that a notice has reached, by what was said until then; None where none stands."""
    rows = entries_of(agreement.id, viewer, Subject.NOTICE)
    told = [each for row in rows if (each := of_end(row)).at <= as_of]
    given = standing_notice(told)
    done = [each for each in signed if each.is_signed and each.version.known_at <= as_of]
    if given is None or not done:
        return None
    held = max(done, key=lambda each: (each.version.in_force_at <= as_of, each.version.age))
    found = end_by(held.document, given)
    return found.ends_on if found else None


def _versions(agreement: Agreement, viewer: Viewer) -> list[Signed]:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    return [each for each in signed if each.row.agreement_id == agreement.id]


def _owings(
    agreement: Agreement, judged: Duties, kept: Kept, since_at: int, warn_days: int
) -> Iterable[Owing]:
    """Dates that come near since the last look, and those that have newly passed without evidence.
    What had passed before the agreement was known here is nobody's news.
    """
    for each in judged.duties:
        near_at = warn_at(each, warn_days)
        if each.dated.state == "running" and since_at < max(near_at, each.known_at) <= judged.as_of:
            yield _owing(agreement, each, Kind.DUTY_DUE, near_at)
    for each in kept.missed:
        if each.dated.due_at > each.known_at:
            yield _owing(agreement, each, Kind.DUTY_MISSED, each.dated.due_at)


def _owing(agreement: Agreement, duty: Duty, kind: Kind, for_at: int) -> Owing:
    return Owing(
        kind=kind,
        parties=parties_of(agreement),
        key=f"{agreement.id}/{duty.dated.clause}/{duty.planned_on}",
        for_at=for_at,
        agreement=agreement.id,
        clause=duty.dated.clause,
    )


# The watch's turn ---------------------------------------------------------------------------------


def look_at_what_is_dated(*, at: int, most: int = BATCH) -> int:
    """Look at agreements whose dates have come, at most so many; how many were."""
    claimed = _claim(at, most)
    for agreement in claimed:
        try:
            look_at_duties(agreement=agreement, at=at)
        except OperationalError as fault:
            log.warning("agreement %s is busy, looked at again soon: %s", agreement.id, fault)
            push_outlook_forward(agreement=agreement.id, fault="", until_at=at + SOON)
        except FAULTS as fault:
            log.exception("the dates of agreement %s cannot be looked at", agreement.id)
            push_outlook_forward(agreement=agreement.id, fault=str(fault), until_at=at + AGAIN)
    return len(claimed)


def _claim(at: int, most: int) -> list[Agreement]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE clocks_outlook SET next_look_at = %s WHERE agreement_id IN (
                SELECT agreement_id FROM clocks_outlook WHERE next_look_at <= %s
                ORDER BY next_look_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING agreement_id
            """,
            [datetime_of(at) + LEASE, datetime_of(at), most],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Agreement.objects.seen_by(SYSTEM).filter(id__in=ids).order_by("relation_id", "id"))


def lay_out_the_rest(*, at: int) -> int:
    """Lay out the dates of agreements that nobody has looked at yet (brought in by an import, or
    whose job was lost); how many.
    """
    unseen = Agreement.objects.seen_by(SYSTEM).filter(outlook=None)
    agreements = list(unseen.order_by("relation_id", "id"))
    for agreement in agreements:
        look_at_duties(agreement=agreement, at=at)
    return len(agreements)


# Rebuilding ---------------------------------------------------------------------------------------


def rebuild_duties(*, viewer: Viewer) -> int:
    """Replay every agreement's dated promises as of the moment they were last looked at; how many
    rows differed.
    """
    differences = 0
    seen = Outlook.objects.seen_by(viewer).select_related("agreement")
    for outlook in list(seen.order_by("agreement_id")):
        agreement = outlook.agreement
        with transaction.atomic():
            open_logs(relations=[agreement.relation_id], viewer=viewer, at=0)
            as_of = last_look(agreement=agreement.id, viewer=viewer)
            if as_of is None:
                continue
            warn_days = telling_of(agreement.id, viewer).warn_days
            judged = duties_of(agreement, viewer, as_of, warn_days)
            kept = store_duties(agreement=agreement, judged=judged, viewer=viewer)
        differences += kept.changed
    return differences


# Evidence -----------------------------------------------------------------------------------------


def refuse_unknown_evidence(told: Happened, viewer: Viewer) -> None:
    """Refuses evidence of a promise that no version of its agreement has, naming those that it
    has.
    """
    if told.code != "evidence" or told.agreement is None:
        return
    signed = versions_of([told.relation], viewer).get(told.relation, ())
    mine = [each.terms for each in signed if each.row.agreement_id == told.agreement]
    known = {each.clause for terms in mine for each in terms.recurring}
    known |= {each.clause for terms in mine for each in terms.deliveries}
    if told.more.get("clause") not in known:
        raise Refusal(
            f"evidence: the agreement has no dated promise {told.more.get('clause')!r}:"
            f" it has {', '.join(sorted(known)) or 'none'}"
        )


def follow_evidence(facts: Iterable[Fact], viewer: Viewer, at: int, *, is_quiet: bool) -> None:
    """What was handed in is judged in the transaction that took it."""
    named = (each.agreement_id for each in facts if each.code in EVIDENCE_CODES)
    touched = {agreement for agreement in named if agreement is not None}
    agreements = Agreement.objects.seen_by(viewer).filter(id__in=touched) if touched else ()
    for agreement in agreements:
        keep_duties(agreement=agreement, viewer=viewer, at=at, is_quiet=is_quiet)
