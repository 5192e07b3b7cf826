"""What monitors tell: the payloads of Alertmanager, Zabbix and Uptime Kuma as signals.

Pure: bytes in, signals or faults out. Whose services these are, and that an outage opens or
closes, is the walk's. Payloads are read strictly: what is used must be there with its own type;
what is not used may be whatever it is, since these programs add fields with every version.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MOST_BYTES: Final = 1024 * 1024
MOST_ALERTS: Final = 1_000
TEXT_CHARS: Final = 2_000
LABEL_CHARS: Final = 300
SERVICE_LABELS: Final = ("service", "instance", "job")


class State(StrEnum):
    """What a monitor says of a service."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Signal:
    """One service went down or came up, as a monitor saw it.

    `source_id` names the occurrence: its `down` and its `up` carry the same one, except at Uptime
    Kuma, which names only what is watched. `at` is the monitor's clock, UTC.
    """

    source: str
    source_id: str
    service: str
    state: State
    at: datetime
    text: str

    @property
    def key(self) -> str:
        """The same for a repetition of the same signal, and for nothing else."""
        return f"{self.source_id};{self.state};{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A payload that was not understood: where, what, what to do about it."""

    place: str
    fact: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a payload says; `ignored` tells in words what is no signal (a test, a reminder)."""

    signals: tuple[Signal, ...]
    ignored: tuple[str, ...] = ()


Answer: TypeAlias = Read | tuple[Refused, ...]

_NUL = r"^[^\x00]*$"
Label: TypeAlias = Annotated[str, StringConstraints(max_length=LABEL_CHARS, pattern=_NUL)]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=20_000, pattern=_NUL)]


class _Payload(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


# ---------------------------------------------------------------- Prometheus Alertmanager


class _Alert(_Payload):
    status: Literal["firing", "resolved"]
    labels: Mapping[Label, Text]
    annotations: Mapping[Label, Text]
    starts_at: Annotated[str, Field(alias="startsAt", max_length=40)]
    ends_at: Annotated[str, Field(alias="endsAt", max_length=40)]
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")]


class _Alerts(_Payload):
    version: Literal["4"]
    truncated: Annotated[int, Field(alias="truncatedAlerts", ge=0)] = 0
    alerts: Annotated[Sequence[_Alert], Field(max_length=MOST_ALERTS)]


def alertmanager(body: bytes, *, labels: Sequence[str] = SERVICE_LABELS) -> Answer:
    """Alertmanager's webhook, version 4: each alert is a signal.

    The service is named by the first of `labels` that an alert has.
    """
    return _read(_Alerts, body, lambda payload: _of_alerts(payload, labels))


def _of_alerts(payload: _Alerts, labels: Sequence[str]) -> Answer:
    read = [_of_alert(f"alerts[{at}]", alert, labels) for at, alert in enumerate(payload.alerts)]
    refused = tuple(one for one in read if isinstance(one, Refused))
    signals = tuple(one for one in read if isinstance(one, Signal))
    cut = f"{payload.truncated} alerts were left out by Alertmanager: raise max_alerts"
    ignored = (cut,) if payload.truncated else ()
    return refused or Read(signals, ignored)


def _of_alert(place: str, alert: _Alert, labels: Sequence[str]) -> Signal | Refused:
    service = next((alert.labels[label] for label in labels if alert.labels.get(label)), "")
    if not service:
        return Refused(place, f"none of the labels {', '.join(labels)}", "label the alert")
    is_firing = alert.status == "firing"
    began, moment = _instant(alert.starts_at), alert.starts_at if is_firing else alert.ends_at
    at = _instant(moment)
    if began is None or at is None or at.year <= 1:  # Go's zero time: not over yet
        return Refused(place, f"{moment!r} is no moment", "send RFC 3339, as Alertmanager does")
    text = alert.annotations.get("summary") or alert.annotations.get("description")
    return Signal(
        source="alertmanager",
        source_id=f"{alert.fingerprint}@{began.isoformat()}",
        service=_line(service, LABEL_CHARS),
        state=State.DOWN if is_firing else State.UP,
        at=at,
        text=_line(text or alert.labels.get("alertname", ""), TEXT_CHARS),
    )


# ---------------------------------------------------------------- Zabbix


class _Event(_Payload):
    event_source: Annotated[str, StringConstraints(pattern=r"^[0-4]$")]
    event_value: Literal["0", "1"]
    event_update_status: Literal["0", "1"]
    event_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    event_timestamp: Annotated[str, Field(max_length=40)]
    event_recovery_timestamp: Annotated[str, Field(max_length=40)] = ""
    event_name: Text
    host_name: Label
    service: Label = ""


def zabbix(body: bytes) -> Answer:
    """The payload of our media type for Zabbix, as docs/mail.md has it: macros, all text."""
    return _read(_Event, body, _of_event)


def _of_event(event: _Event) -> Answer:
    if event.event_source not in {"0", "4"}:
        return Read((), ("no trigger and no service: discovery, registration or internal",))
    if event.event_update_status == "1":
        return Read((), ("an update of a problem that is known",))
    is_down = event.event_value == "1"
    name = "event_timestamp" if is_down else "event_recovery_timestamp"
    at = _seconds(event.event_timestamp if is_down else event.event_recovery_timestamp)
    if at is None:
        return (Refused(name, "is no Unix time", f"set {name} as docs/mail.md has it"),)
    service = event.service if event.service and "{" not in event.service else event.host_name
    if not service or "{" in service:  # a macro that Zabbix did not know stays as it is
        return (Refused("service", "names no service", "set service or host_name"),)
    signal = Signal(
        source="zabbix",
        source_id=event.event_id,
        service=_line(service, LABEL_CHARS),
        state=State.DOWN if is_down else State.UP,
        at=at,
        text=_line(event.event_name, TEXT_CHARS),
    )
    return Read((signal,))


# ---------------------------------------------------------------- Uptime Kuma


class _Tag(_Payload):
    name: Label
    value: Text | None = None


class _Monitor(_Payload):
    id: Annotated[int, Field(ge=1)]
    name: Label
    tags: Annotated[Sequence[_Tag], Field(max_length=200)] = ()


class _Heartbeat(_Payload):
    status: Annotated[int, Field(ge=0, le=3)]
    time: Annotated[str, Field(max_length=40)]
    msg: Text = ""


class _Kuma(_Payload):
    heartbeat: _Heartbeat | None
    monitor: _Monitor | None
    msg: Text


_KUMA_STATES: Final = {0: State.DOWN, 1: State.UP}


def uptime_kuma(body: bytes, *, tag: str = "service") -> Answer:
    """Uptime Kuma's webhook. The service is the value of the monitor's `tag`, else its name."""
    return _read(_Kuma, body, lambda payload: _of_kuma(payload, tag))


def _of_kuma(payload: _Kuma, tag: str) -> Answer:
    beat, monitor = payload.heartbeat, payload.monitor
    if beat is None or monitor is None:
        return Read((), (f"no heartbeat: {_line(payload.msg, LABEL_CHARS)}",))
    state = _KUMA_STATES.get(beat.status)
    if state is None:
        return Read((), ("pending or in maintenance: neither up nor down",))
    at = _instant(beat.time, assume_utc=True)
    if at is None:
        return (Refused("heartbeat.time", f"{beat.time!r} is no moment", "send it as Kuma does"),)
    tagged = next((one.value for one in monitor.tags if one.name == tag and one.value), None)
    signal = Signal(
        source="uptime-kuma",
        source_id=f"monitor {monitor.id}",
        service=_line(tagged or monitor.name, LABEL_CHARS),
        state=state,
        at=at,
        text=_line(beat.msg or payload.msg, TEXT_CHARS),
    )
    return Read((signal,)) if signal.service else (Refused("monitor.name", "is empty", "name it"),)


# ---------------------------------------------------------------- what they share

_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+"
)


_Model = TypeVar("_Model", bound=_Payload)


def _read(model: type[_Model], body: bytes, signals: Callable[[_Model], Answer]) -> Answer:
    if len(body) > MOST_BYTES:
        return (Refused("payload", f"{len(body)} bytes", f"send at most {MOST_BYTES}"),)
    try:
        return signals(model.model_validate_json(body))
    except ValidationError as error:
        return tuple(
            Refused(
                ".".join(map(str, fault["loc"])) or "payload",
                fault["msg"],
                "send what the monitor's own documentation describes",
            )
            for fault in error.errors(include_url=False, include_input=False)[:20]
        )


def _instant(text: str, *, assume_utc: bool = False) -> datetime | None:
    """RFC 3339 with up to nine digits (cut to microseconds); without a zone only where said."""
    found = _MOMENT.fullmatch(text)
    if found is None or not (found[4] or assume_utc):
        return None
    zone = "+00:00" if found[4] in {None, "Z"} else found[4]
    try:
        return datetime.fromisoformat(
            f"{found[1]}T{found[2]}{(found[3] or '')[:7]}{zone}"
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _seconds(text: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{1,11}", text):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _line(text: str, chars: int) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())[:chars]
