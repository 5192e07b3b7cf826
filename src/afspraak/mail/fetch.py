"""Mail fetched and taken by what runs all the time: a poll, a walk over what is stored."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from afspraak.engine.time import instant_of
from afspraak.intake.actions import Arrived
from afspraak.mail.imap import Fetched, Polled, poll
from afspraak.mail.reader import Reader
from afspraak.mail.settings import mailbox
from afspraak.mail.take import Desk, Now, Walked, desk_of, store, walk_waiting
from afspraak.notices.settings import desk_address

log = logging.getLogger(__name__)
NOTHING: Final = Polled(0, ())


def fetch_mail(environ: Mapping[str, str], now: Now) -> tuple[Polled, Walked]:
    """Fetch what waits, then settle all that is stored; nothing where no mail is set up. A server
    that is away holds up nothing that is stored already.
    """
    if desk_address(environ) is None:
        return NOTHING, Walked({}, 0)
    desk, box = desk_of(environ), mailbox(environ)
    polled = NOTHING if box is None else poll(box, _storing(desk, now))
    if polled.fault:
        log.warning("mail cannot be fetched: %s", polled.fault)
    for name, why in polled.failed:
        log.warning("mail %s waits: %s", name, why)
    return polled, _walked(desk, now)


def walk_mail(environ: Mapping[str, str], now: Now) -> Walked:
    """Settle what a door has stored."""
    if desk_address(environ) is None:
        return Walked({}, 0)
    return _walked(desk_of(environ), now)


def _walked(desk: Desk, now: Now) -> Walked:
    with Reader(desk.limits) as reader:
        return walk_waiting(desk, reader, now)


def _storing(desk: Desk, now: Now) -> Callable[[Fetched], None]:
    def take(fetched: Fetched) -> None:
        received_at = instant_of(fetched.received_at)
        store(Arrived(str(fetched.name), fetched.raw, fetched.size, received_at), desk, now())

    return take
