"""Channels, and events on their way to them: claimed, offered on the schedule of webhooks, kept."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.notices.chat import FIXED, is_fixed
from afspraak.notices.models import Channel, ChannelKind, Delivery, Kind
from afspraak.notices.sealed import seal
from afspraak.notices.webhooks import Fate, new_secret, next_attempt_at
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import SYSTEM, Viewer

LEASE: Final = timedelta(seconds=60)
"""Longer than the one HTTP function may take."""


def add_channel(
    *, kind: ChannelKind, name: str, url: str, events: list[str], actor: Actor, at: int
) -> tuple[Channel, str]:
    """A channel of the actor's organisation, and a webhook's secret, which is shown this once.

    Raises Refusal for an address that cannot be used, or an event that there is not.
    """
    if unknown := [each for each in events if each not in Kind.values]:
        raise Refusal(
            "there is no event %(event)s: it may be %(known)s",
            event=unknown[0],
            known=", ".join(Kind.values),
        )
    if kind == ChannelKind.CHAT and not is_fixed(url):
        raise Refusal(
            "a chat's address begins with one of %(known)s",
            known=", ".join(f"{each}://" for each in FIXED),
        )
    if kind == ChannelKind.WEBHOOK and not url.startswith("https://"):
        raise Refusal("a webhook's address begins with https://")
    channel_id = new_id(at)
    secret = new_secret() if kind == ChannelKind.WEBHOOK else ""
    channel = Channel(
        id=channel_id,
        organisation_id=actor.organisation,
        kind=kind,
        name=name[:100],
        url=seal(url, channel_id),
        secret=seal(secret, channel_id) if secret else b"",
        events=events,
        made_at=datetime_of(at),
    )
    with transaction.atomic():
        Channel.objects.bulk_create([channel])
        note_in_audit(
            actor=actor, action="add_channel", subject="channel", subject_id=channel.id, at=at
        )
    return channel, secret


def end_channel(*, channel: UUID, actor: Actor, viewer: Viewer, at: int) -> bool:
    """From now on nothing goes there; whether there was one to end."""
    mine = Channel.objects.seen_by(viewer).filter(
        id=channel, organisation_id=actor.organisation, ended_at=None
    )
    with transaction.atomic():
        ended = mine.update(ended_at=datetime_of(at)) > 0
        if ended:
            note_in_audit(
                actor=actor, action="end_channel", subject="channel", subject_id=channel, at=at
            )
    return ended


def claim_deliveries(*, at: int, most: int = 20) -> list[Delivery]:
    """Take events that may leave, the oldest first; others' claims are passed over."""
    now = datetime_of(at)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notices_delivery SET claimed_until = %s, attempts = attempts + 1
            WHERE id IN (
                SELECT id FROM notices_delivery
                WHERE send_after <= %s AND delivered_at IS NULL AND given_up_at IS NULL
                    AND (claimed_until IS NULL OR claimed_until < %s)
                ORDER BY send_after LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            [now + LEASE, now, now, most],
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = Delivery.objects.seen_by(SYSTEM).filter(id__in=ids)
    return list(rows.select_related("channel").order_by("send_after", "id"))


def mark_delivery(*, delivery: Delivery, fate: Fate, why: str, at: int) -> None:
    """Write down what an attempt came to; a channel that is gone is ended."""
    now = datetime_of(at)
    mine = Delivery.objects.seen_by(SYSTEM).filter(id=delivery.id, delivered_at=None)
    if fate is Fate.DELIVERED:
        mine.update(delivered_at=now, claimed_until=None, failure="")
        return
    again_at = next_attempt_at(attempts=delivery.attempts, at=now)
    if fate is Fate.AGAIN and again_at is not None:
        mine.update(send_after=again_at, claimed_until=None, failure=why[:400])
        return
    theirs = Channel.objects.seen_by(SYSTEM).filter(id=delivery.channel_id)
    with transaction.atomic():
        mine.update(given_up_at=now, claimed_until=None, failure=why[:400])
        theirs.update(failure=f"given up: {why}"[:400])
        if fate is Fate.GONE:
            theirs.update(ended_at=now)
