"""Monitors' payloads, as their documentation and their users show them, become signals."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.api.monitors import (
    Answer,
    Read,
    Refused,
    Signal,
    State,
    alertmanager,
    uptime_kuma,
    zabbix,
)

Reader = Callable[[bytes], Answer]
DOORS: list[Reader] = [alertmanager, zabbix, uptime_kuma]
FOLDER = Path(__file__).parent / "monitors"


def payload(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def changed(name: str, **values: Any) -> bytes:
    """A payload with values replaced; `a__b` goes into `a`, a value of `...` is taken out."""
    whole = json.loads(payload(name))
    for path, value in values.items():
        *way, last = path.split("__")
        inner = whole
        for step in way:
            inner = inner[int(step) if step.isdigit() else step]
        if value is ...:
            del inner[last]
        else:
            inner[last] = value
    return json.dumps(whole).encode()


def signals(answer: Answer) -> tuple[Signal, ...]:
    assert isinstance(answer, Read)
    return answer.signals


def refusal(answer: Answer) -> Refused:
    assert isinstance(answer, tuple)
    return answer[0]


def test_alertmanager() -> None:
    down, up = signals(alertmanager(payload("alertmanager_firing")))
    assert down == Signal(
        source="alertmanager",
        source_id="1a30ba71cca2921f@2023-02-06T13:08:45.828000+00:00",
        service="e-mail",
        state=State.DOWN,
        at=dt.datetime(2023, 2, 6, 13, 8, 45, 828_000, tzinfo=dt.UTC),
        text="BlackBox Probe Failure: https://server.example.org",
    )
    assert (up.service, up.state, up.text) == ("localhost:9090", State.UP, "some description")
    assert up.at == dt.datetime(2018, 8, 3, 8, 22, 26, 739_266, tzinfo=dt.UTC)


def test_down_and_up_of_an_alert_are_one_occurrence() -> None:
    (down, *_) = signals(alertmanager(payload("alertmanager_firing")))
    later = changed(
        "alertmanager_firing",
        alerts__0__status="resolved",
        alerts__0__endsAt="2023-02-06T14:00:00Z",
    )
    (up, *_) = signals(alertmanager(later))
    assert up.source_id == down.source_id
    assert up.key != down.key
    assert signals(alertmanager(payload("alertmanager_firing")))[0].key == down.key


def test_the_labels_that_name_a_service_can_be_chosen() -> None:
    down, up = signals(alertmanager(payload("alertmanager_firing"), labels=["job"]))
    assert (down.service, up.service) == ("http_checks", "prometheus24")
    fault = refusal(alertmanager(payload("alertmanager_firing"), labels=["team"]))
    assert (fault.place, "team" in fault.fact) == ("alerts[0]", True)


def test_alerts_left_out_are_said() -> None:
    answer = alertmanager(changed("alertmanager_firing", truncatedAlerts=7))
    assert isinstance(answer, Read)
    assert answer.ignored[0].startswith("7 alerts were left out")


def test_zabbix() -> None:
    (down,) = signals(zabbix(payload("zabbix_problem")))
    (up,) = signals(zabbix(payload("zabbix_recovery")))
    assert (down.service, down.state, down.source_id) == ("mail01", State.DOWN, "1234")
    assert down.at == dt.datetime(2026, 1, 12, 10, 0, tzinfo=dt.UTC)
    assert (up.service, up.state, up.source_id) == ("e-mail", State.UP, "1234")
    assert up.at - down.at == dt.timedelta(minutes=30)


@pytest.mark.parametrize("change", [{"event_update_status": "1"}, {"event_source": "1"}])
def test_what_is_no_change_at_zabbix_is_ignored(change: dict[str, str]) -> None:
    answer = zabbix(changed("zabbix_problem", **change))
    assert isinstance(answer, Read)
    assert (answer.signals, len(answer.ignored)) == ((), 1)


def test_uptime_kuma() -> None:
    (down,) = signals(uptime_kuma(payload("uptime_kuma_down")))
    (up,) = signals(uptime_kuma(payload("uptime_kuma_up")))
    assert (down.service, down.state) == ("Test", State.DOWN)
    assert down.at == dt.datetime(2024, 9, 24, 23, 51, 35, 527_000, tzinfo=dt.UTC)
    assert down.text == "getaddrinfo ENOTFOUND test.com"
    assert (up.service, up.state, up.source_id) == ("website", State.UP, down.source_id)


@pytest.mark.parametrize("status", [2, 3])
def test_pending_and_maintenance_are_neither(status: int) -> None:
    answer = uptime_kuma(changed("uptime_kuma_down", heartbeat__status=status))
    assert isinstance(answer, Read)
    assert (answer.signals, len(answer.ignored)) == ((), 1)


def test_a_test_of_the_connection_is_no_signal() -> None:
    assert uptime_kuma(payload("uptime_kuma_test")) == Read((), ("no heartbeat: Afspraak Testing",))


@pytest.mark.parametrize(
    ("read", "name", "change"),
    [
        (alertmanager, "alertmanager_firing", {"version": "3"}),
        (alertmanager, "alertmanager_firing", {"version": 4}),
        (alertmanager, "alertmanager_firing", {"alerts": ...}),
        (alertmanager, "alertmanager_firing", {"alerts__0__status": "suppressed"}),
        (alertmanager, "alertmanager_firing", {"alerts__0__startsAt": 0}),
        (alertmanager, "alertmanager_firing", {"alerts__0__startsAt": "0"}),
        (alertmanager, "alertmanager_firing", {"alerts__0__startsAt": "2023-02-06T13:08:45"}),
        (alertmanager, "alertmanager_firing", {"alerts__1__endsAt": "0001-01-01T00:00:00Z"}),
        (alertmanager, "alertmanager_firing", {"alerts__0__fingerprint": "../x"}),
        (alertmanager, "alertmanager_firing", {"alerts__0__labels__service": 7}),
        (alertmanager, "alertmanager_firing", {"alerts__0__labels__service": "a\0b"}),
        (zabbix, "zabbix_problem", {"event_value": 1}),
        (zabbix, "zabbix_problem", {"event_value": "2"}),
        (zabbix, "zabbix_problem", {"event_id": "{EVENT.ID}"}),
        (zabbix, "zabbix_problem", {"event_timestamp": "{EVENT.TIMESTAMP}"}),
        (zabbix, "zabbix_problem", {"event_timestamp": "1" * 30}),
        (zabbix, "zabbix_recovery", {"event_recovery_timestamp": ...}),
        (zabbix, "zabbix_problem", {"host_name": "{HOST.NAME}"}),
        (uptime_kuma, "uptime_kuma_down", {"heartbeat__status": "0"}),
        (uptime_kuma, "uptime_kuma_down", {"heartbeat__status": False}),
        (uptime_kuma, "uptime_kuma_down", {"heartbeat__status": 4}),
        (uptime_kuma, "uptime_kuma_down", {"heartbeat__time": "yesterday"}),
        (uptime_kuma, "uptime_kuma_down", {"monitor__name": ""}),
        (uptime_kuma, "uptime_kuma_down", {"monitor__id": -1}),
        (uptime_kuma, "uptime_kuma_down", {"msg": ...}),
    ],
)
def test_what_is_not_as_documented_is_refused_with_its_place(
    read: Reader, name: str, change: dict[str, Any]
) -> None:
    fault = refusal(read(changed(name, **change)))
    assert fault.place
    assert fault.fact
    assert fault.remedy


@pytest.mark.parametrize("read", DOORS)
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'"' * 9, b"[" * 100_000])
def test_what_is_no_payload_is_refused(read: Reader, body: bytes) -> None:
    assert refusal(read(body)).place == "payload"


@pytest.mark.parametrize("read", DOORS)
def test_a_payload_over_the_limit_is_refused(read: Reader) -> None:
    assert "bytes" in refusal(read(b" " * 2_000_000)).fact


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.sampled_from(sorted(FOLDER.glob("*.json"))), st.data(), VALUES)
def test_any_value_anywhere_is_read_or_refused(path: Path, data: st.DataObject, value: Any) -> None:
    whole = json.loads(path.read_bytes())
    inner: Any = whole
    while True:
        keys = sorted(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(inner[key], dict | list) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        inner[key] = value
        break
    for read in DOORS:
        answer = read(json.dumps(whole).encode())
        for signal in answer.signals if isinstance(answer, Read) else ():
            assert signal.at.tzinfo is dt.UTC
            assert signal.service == " ".join(signal.service.split()) != ""
            signal.text.encode("utf-8")
