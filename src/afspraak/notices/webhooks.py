"""Webhooks that go out: signed as Standard Webhooks has it, offered again on a fixed schedule."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from standardwebhooks import Webhook

from afspraak.notices.out import Answered, Outcome

SECRET_BYTES: Final = 32
_SECRET_RANGE: Final = range(24, 65)  # bytes, as the specification has it
_PREFIX: Final = "whsec_"
_GONE: Final = 410

# Seconds after each failed attempt; after the last one, a person is told. About three days in all.
RETRY_SECONDS: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)


class SecretRefused(ValueError):
    """A webhook's secret that is not `whsec_` and 24 to 64 bytes in base64."""


class Fate(StrEnum):
    """What an attempt came to."""

    DELIVERED = "delivered"
    AGAIN = "again"
    GIVEN_UP = "given up"  # the schedule is spent
    GONE = "gone"  # the receiver said 410: this address wants no more


def new_secret() -> str:
    """A fresh secret, to be shown to the receiver once."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def body_of(event: Mapping[str, object]) -> bytes:
    """An event as the bytes that are signed: made once, kept, and sent alike at each attempt."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signed_headers(
    body: bytes, *, keys: Sequence[str], webhook_id: str, at: datetime
) -> dict[str, str]:
    """The headers of one attempt at `at` (aware). With several keys a receiver may change over.

    `webhook_id` stays the same at every attempt: by it the receiver knows a repetition.
    """
    assert at.tzinfo is not None
    assert keys
    utc = at.astimezone(UTC)  # the library takes any wall time for UTC's
    signatures = [Webhook(_key(key)).sign(webhook_id, utc, body.decode("utf-8")) for key in keys]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Afspraak",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(utc.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def fate_of(outcome: Outcome, *, attempts: int) -> Fate:
    """What follows from an attempt, the `attempts`-th (from 1)."""
    if isinstance(outcome, Answered):
        if outcome.is_success:
            return Fate.DELIVERED
        if outcome.status == _GONE:
            return Fate.GONE
    return Fate.AGAIN if attempts <= len(RETRY_SECONDS) else Fate.GIVEN_UP


def next_attempt_at(*, attempts: int, at: datetime) -> datetime | None:
    """When to try again after the `attempts`-th attempt failed at `at`; None: no more."""
    if attempts > len(RETRY_SECONDS):
        return None
    return at + timedelta(seconds=RETRY_SECONDS[attempts - 1])


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _SECRET_RANGE:
        raise SecretRefused("the webhook's secret: give whsec_ and 24 to 64 bytes in base64")
    return key
