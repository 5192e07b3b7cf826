"""What monitors send, taken by the walk: each door reads one program's payload."""

from collections.abc import Callable, Sequence

from afspraak.api.monitors import Answer, Read, Refused, Signal
from afspraak.engine.time import instant_of
from afspraak.flow.signals import Heard, Listened, take_signals
from afspraak.parties.identity import Identity

KUMA = "uptime-kuma"
"""Names what it watches, and no occurrence."""


def heard_of(signal: Signal) -> Heard:
    """A signal as the walk hears it."""
    return Heard(
        source=signal.source,
        key=signal.key,
        occurrence="" if signal.source == KUMA else signal.source_id,
        watched=signal.source_id,
        label=signal.service,
        is_down=signal.state == "down",
        at=instant_of(signal.at),
        text=signal.text,
    )


def listen(
    body: bytes, read: Callable[[bytes], Answer], identity: Identity, at: int
) -> Listened | Sequence[Refused]:
    """A payload taken in the name of who sent it: what came of it, or its faults."""
    answer = read(body)
    if not isinstance(answer, Read):
        return answer
    heard = [heard_of(each) for each in answer.signals]
    return take_signals(
        heard=heard, organisation=identity.organisation, viewer=identity.viewer, at=at
    )
