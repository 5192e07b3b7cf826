"""Webhooks out: a receiver with the reference library believes them; retries end."""

import base64
import datetime as dt

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from afspraak.notices.out import Answered, Failed, Why
from afspraak.notices.webhooks import (
    RETRY_SECONDS,
    Fate,
    SecretRefused,
    body_of,
    fate_of,
    new_secret,
    next_attempt_at,
    signed_headers,
)

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = body_of({"type": "clock.missed", "data": {"é": 1, "a": None}})
AT = dt.datetime(2026, 1, 12, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=5)))


def test_a_body_is_the_same_bytes_each_time() -> None:
    assert '{"data":{"a":null,"é":1},"type":"clock.missed"}'.encode() == BODY


def test_the_reference_library_believes_it_now_and_not_with_another_key() -> None:
    at = dt.datetime.now(dt.timezone(dt.timedelta(hours=5)))  # noqa: TID251  (its verify reads the clock)
    headers = signed_headers(BODY, keys=[KEY], webhook_id="msg_1", at=at)
    assert Webhook(KEY).verify(BODY, headers) == {
        "type": "clock.missed",
        "data": {"a": None, "é": 1},
    }
    for key, body in ((new_secret(), BODY), (KEY, BODY + b" ")):
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, headers)


def test_an_attempt_is_stamped_in_utc_whatever_the_zone() -> None:
    here = signed_headers(BODY, keys=[KEY], webhook_id="msg_1", at=AT)
    there = signed_headers(BODY, keys=[KEY], webhook_id="msg_1", at=AT.astimezone(dt.UTC))
    assert here == there
    assert here["webhook-timestamp"] == "1768194000"


def test_two_keys_give_two_signatures_while_the_receiver_changes_over() -> None:
    other = new_secret()
    both = signed_headers(BODY, keys=[KEY, other], webhook_id="msg_1", at=AT)["webhook-signature"]
    one = signed_headers(BODY, keys=[other], webhook_id="msg_1", at=AT)["webhook-signature"]
    assert len(both.split()) == 2
    assert both.split()[1] == one


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_abc", "whsec_!!!!", base64.b64encode(b"k" * 32).decode()]
)
def test_a_weak_or_odd_secret_is_refused(secret: str) -> None:
    with pytest.raises(SecretRefused, match="whsec_"):
        signed_headers(BODY, keys=[secret], webhook_id="msg_1", at=AT)


def test_what_follows_from_an_attempt() -> None:
    assert fate_of(Answered(204, {}, b"", cut=False), attempts=1) is Fate.DELIVERED
    assert fate_of(Answered(410, {}, b"", cut=False), attempts=1) is Fate.GONE
    for outcome in (Answered(302, {}, b"", cut=False), Failed(Why.TIMEOUT, "")):
        assert fate_of(outcome, attempts=1) is Fate.AGAIN
        assert fate_of(outcome, attempts=len(RETRY_SECONDS)) is Fate.AGAIN
        assert fate_of(outcome, attempts=len(RETRY_SECONDS) + 1) is Fate.GIVEN_UP


def test_the_schedule_waits_longer_each_time_and_ends() -> None:
    waits = [next_attempt_at(attempts=n, at=AT) for n in range(1, len(RETRY_SECONDS) + 2)]
    assert waits[-1] is None
    seconds = [(wait - AT).total_seconds() for wait in waits if wait]
    assert seconds == sorted(RETRY_SECONDS)
    assert sum(seconds) > 72 * 3600
