"""A notice on its way: approved, edited or withheld by a person; claimed, handed over, and kept as
it was sent.

A claim is a conditional update whose row count decides; it lasts longer than a mail server can
take. Message-ID, date and bytes are fixed before the first attempt, so that a second copy (after a
crash between the server's acceptance and our commit) is the same message.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from afspraak.engine.time import DAY, HOUR, MINUTE, Refusal, datetime_of, instant_of
from afspraak.ledger.ids import new_id
from afspraak.notices.actions import SEND, defer
from afspraak.notices.actions_address import placed_for
from afspraak.notices.drafting import draft_of_digest
from afspraak.notices.models import Kind, Notice, NoticeState, Obligation
from afspraak.notices.smtp import TOTAL_SECONDS
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import SYSTEM, Viewer

LEASE: Final = timedelta(seconds=3 * TOTAL_SECONDS)
"""How long a claim is left to who made it: longer than a mail server may take."""
RETRIES: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
"""Pauses after each attempt that came to nothing for now; the last one again and again."""
PATIENCE: Final = 10 * DAY
"""Then it has failed, and waits for a person. Nothing is thrown away."""
BODY_CHARS: Final = 20_000


class NoSuchNotice(LookupError):
    """A notice that does not exist, or that the viewer does not see."""


# What people decide -------------------------------------------------------------------------------


def approve(
    *, notice: UUID, actor: Actor, viewer: Viewer, at: int, without_expectation: bool = False
) -> Notice:
    """Let a draft leave. Raises Refusal for one that still asks for a new expectation (unless the
    person says that there is none), or that is no draft any more.
    """
    with transaction.atomic():
        row = _draft(notice, viewer)
        if row.asks and not without_expectation:
            raise Refusal(
                "the notice names no new time: state an expectation on the ticket first,"
                " or say that there is none yet"
            )
        assert row.recipient is not None, "a draft is for somebody we know"
        placed = placed_for(row.recipient, at)
        row.state, row.send_after = placed.state, datetime_of(placed.send_after)
        row.dated_at, row.decided_by_id, row.asks = datetime_of(at), actor.person, ""
        row.save(update_fields=["state", "send_after", "dated_at", "decided_by", "asks"])
        _audit("approve_notice", row, actor, at)
        defer(SEND)
    return row


def edit_draft(
    *, notice: UUID, title: str, body: str, actor: Actor, viewer: Viewer, at: int
) -> Notice:
    """Put a draft in a person's own words: from then on they are never made anew."""
    if not title.strip() or not body.strip():
        raise Refusal("a notice has a title and a text")
    with transaction.atomic():
        row = _draft(notice, viewer)
        row.title, row.body, row.is_edited = title[:300], body[:BODY_CHARS], True
        row.asks = ""  # whoever writes it says it in these words, or leaves it out knowingly
        row.save(update_fields=["title", "body", "is_edited", "asks"])
        _audit("edit_notice", row, actor, at)
    return row


def take_up(*, notice: UUID, actor: Actor, viewer: Viewer, at: int) -> Notice:
    """Somebody sees to it that a draft is decided on: everybody else knows who has it."""
    with transaction.atomic():
        row = _draft(notice, viewer)
        row.taken_by_id = actor.person
        row.save(update_fields=["taken_by"])
        _audit("take_up_notice", row, actor, at)
    return row


def say_anew(*, notice: Notice, title: str, body: str, asks: str) -> None:
    """A draft that nobody edited follows what has happened since."""
    notice.title, notice.body, notice.asks = title, body, asks
    notice.save(update_fields=["title", "body", "asks"])


def withhold(*, notice: UUID, why: str, actor: Actor, viewer: Viewer, at: int) -> Notice:
    """Decide that a draft does not leave, and why. It stays, and so does what it is about."""
    if not why.strip():
        raise Refusal("why is it withheld? say it: the decision is kept")
    with transaction.atomic():
        row = _draft(notice, viewer)
        row.state, row.decided_by_id = NoticeState.WITHHELD, actor.person
        row.failure = why[:400]
        row.save(update_fields=["state", "decided_by", "failure"])
        _audit("withhold_notice", row, actor, at)
    return row


def send_again(*, notice: UUID, actor: Actor, viewer: Viewer, at: int) -> Notice:
    """Try one that failed once more: the same message, with the same id."""
    with transaction.atomic():
        row = _locked(notice, viewer)
        if row.state != NoticeState.FAILED:
            raise Refusal("only a notice that failed is sent again")
        row.state, row.send_after, row.attempts = NoticeState.OWED, datetime_of(at), 0
        row.save(update_fields=["state", "send_after", "attempts"])
        _audit("send_notice_again", row, actor, at)
        defer(SEND)
    return row


def _draft(notice: UUID, viewer: Viewer) -> Notice:
    row = _locked(notice, viewer)
    if row.state != NoticeState.DRAFT:
        raise Refusal(f"this notice is no draft any more: it is {row.state}")
    return row


def _locked(notice: UUID, viewer: Viewer) -> Notice:
    rows = Notice.objects.seen_by(viewer).select_for_update(of=("self",))
    row = rows.select_related("recipient").filter(id=notice).first()
    ours = row is not None and (viewer.is_system or row.sender_id in viewer.organisations)
    if row is None or not ours:
        raise NoSuchNotice(f"there is no notice {notice}")
    return row


def _audit(action: str, row: Notice, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject="notice", subject_id=row.id, at=at)


# Digests ------------------------------------------------------------------------------------------


def gather(*, at: int) -> int:
    """Put what waits for people's digests together, one digest each; how many digests. A single
    notice leaves as it is.
    """
    made = 0
    with transaction.atomic():
        waiting = (
            Notice.objects.seen_by(SYSTEM)
            .select_for_update(skip_locked=True)
            .filter(state=NoticeState.GATHERED, within=None, send_after__lte=datetime_of(at))
            .order_by("sender_id", "recipient_id", "made_at", "id")
        )
        groups: dict[tuple[UUID, UUID | None], list[Notice]] = {}
        for row in waiting:
            groups.setdefault((row.sender_id, row.recipient_id), []).append(row)
        for group in groups.values():
            made += _gathered(group, at)
    return made


def _gathered(group: list[Notice], at: int) -> bool:
    first, ids = group[0], [each.id for each in group]
    mine = Notice.objects.seen_by(SYSTEM).filter(id__in=ids)
    if len(group) == 1:
        mine.update(state=NoticeState.OWED)
        return False
    now = datetime_of(at)
    reason = Obligation(
        id=new_id(at),
        supplier_id=first.supplier_id,
        kind=Kind.DIGEST,
        subject_key=f"digest/{first.recipient_id}/{first.id}",
        for_at=now,
        owed_at=now,
        addressed_at=now,
    )
    draft = draft_of_digest([(each.title, each.body) for each in group], first.language)
    digest = Notice(
        id=new_id(at),
        supplier_id=first.supplier_id,
        obligation=reason,
        sender_id=first.sender_id,
        recipient_organisation_id=first.recipient_organisation_id,
        recipient_id=first.recipient_id,
        address=first.address,
        language=first.language,
        title=draft.title,
        body=draft.body,
        state=NoticeState.OWED,
        made_at=now,
        dated_at=now,
        send_after=now,
    )
    Obligation.objects.bulk_create([reason])
    Notice.objects.bulk_create([digest])
    mine.update(within=digest)
    return True


# Handing over -------------------------------------------------------------------------------------


def claim(*, at: int, most: int = 20) -> list[Notice]:
    """Take notices that may leave, the oldest first; others' claims are passed over until their
    lease ends.
    """
    now = datetime_of(at)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notices_notice SET state = 'claimed', claimed_until = %s, attempts = attempts + 1
            WHERE id IN (
                SELECT id FROM notices_notice
                WHERE send_after <= %s AND state IN ('owed', 'claimed')
                    AND (state = 'owed' OR claimed_until < %s)
                ORDER BY send_after LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            [now + LEASE, now, now, most],
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = Notice.objects.seen_by(SYSTEM).filter(id__in=ids)
    return list(rows.select_related("sender", "obligation").order_by("send_after", "id"))


def fix(*, notice: Notice, message_id: str, raw: bytes) -> bytes:
    """Fix a notice's bytes before they are handed over for the first time; the bytes that hold:
    those of the first attempt, whoever made it.
    """
    mine = Notice.objects.seen_by(SYSTEM).filter(id=notice.id)
    mine.filter(raw=b"").update(raw=raw, message_id=message_id)
    return bytes(mine.values_list("raw", flat=True)[0])


def mark_sent(*, notice: Notice, at: int) -> bool:
    """The server has it: it and what it carries are sent. False if that was known already."""
    now = datetime_of(at)
    carried = Q(id=notice.id) | Q(within_id=notice.id)
    with transaction.atomic():
        rows = Notice.objects.seen_by(SYSTEM).filter(carried)
        pending = rows.filter(state__in=(NoticeState.CLAIMED, NoticeState.GATHERED))
        return (
            pending.update(state=NoticeState.SENT, sent_at=now, claimed_until=None, failure="") > 0
        )


def mark_failed(*, notice: Notice, why: str, is_for_good: bool, at: int) -> None:
    """The server does not have it, or may not: the same message is offered again later. Refused for
    good, or after ten days, it waits for a person.
    """
    too_long = at - instant_of(notice.dated_at or notice.made_at) > PATIENCE
    rows = Notice.objects.seen_by(SYSTEM).filter(id=notice.id, state=NoticeState.CLAIMED)
    told: dict[str, object] = {"claimed_until": None, "failure": why[:400]}
    if is_for_good or too_long:
        rows.update(state=NoticeState.FAILED, **told)
        return
    pause = RETRIES[min(notice.attempts, len(RETRIES)) - 1]
    rows.update(state=NoticeState.OWED, send_after=datetime_of(at + pause), **told)


def mark_returned(*, message_ids: Sequence[str], why: str, supplier: UUID) -> Notice | None:
    """A notice that had been taken came back: it was not delivered, and waits for a person. None
    where none of these is a message of this supplier's.
    """
    rows = Notice.objects.seen_by(SYSTEM).filter(sender_id=supplier, message_id__in=message_ids)
    notice = rows.exclude(message_id="").order_by("made_at").first()
    if notice is not None:
        taken = Notice.objects.seen_by(SYSTEM).filter(id=notice.id, state=NoticeState.SENT)
        taken.update(state=NoticeState.FAILED, failure=why[:400])
    return notice


def release(*, notices: Iterable[Notice]) -> None:
    """Give claims back untried: nothing can leave now."""
    ids = [each.id for each in notices]
    claimed = Notice.objects.seen_by(SYSTEM).filter(id__in=ids, state=NoticeState.CLAIMED)
    claimed.update(state=NoticeState.OWED, claimed_until=None)
