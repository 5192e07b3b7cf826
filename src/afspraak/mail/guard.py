"""Whether a mail may be answered by the program itself: machines never, strangers once a day.

An automatic answer to whoever claims to have written is how a desk is made to bomb others, and
how two machines talk to each other all night (RFC 3834).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from afspraak.mail.identity import Identity
from afspraak.mail.message import Message
from afspraak.notices.address import folded

DAY: Final = timedelta(days=1)
UNVERIFIED_A_DAY: Final = 1
VERIFIED_A_DAY: Final = 10  # a machine of a customer's may forget to say what it is

_NO_PERSON: Final = {
    *("mailer-daemon", "postmaster", "abuse", "hostmaster", "root", "daemon", "bounce", "bounces"),
    *("noreply", "no-reply", "donotreply", "do-not-reply", "nepasrepondre", "ne-pas-repondre"),
    *("nietbeantwoorden", "niet-beantwoorden", "owner", "listserv", "majordomo"),
}
_NO_PERSON_ENDS: Final = ("-request", "-bounces", "-owner")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to answer, and why (not)."""

    may_answer: bool
    because: str


def decide(
    message: Message,
    identity: Identity,
    *,
    ours: Sequence[str],
    answered_at: Sequence[datetime],
    at: datetime,
) -> Decision:
    """Whether to send an automatic answer at `at`.

    `ours`: the addresses under which we receive; `answered_at`: when automatic answers went to
    this sender's address before, in any order.
    """
    refusal = _refusal(message, identity, ours)
    if refusal:
        return Decision(may_answer=False, because=refusal)
    most = VERIFIED_A_DAY if identity.is_verified else UNVERIFIED_A_DAY
    # What lies ahead of `at` counts too: a clock that was put back must not open the door again.
    lately = sum(before > at - DAY for before in answered_at)
    if lately >= most:
        return Decision(may_answer=False, because=f"{lately} automatic answers in the last day")
    return Decision(may_answer=True, because=f"fewer than {most} in the last day")


def _refusal(message: Message, identity: Identity, ours: Sequence[str]) -> str:
    if identity.address is None:
        return identity.because
    if message.marks:
        return ", ".join(sorted(message.marks))
    address = folded(identity.address)
    if _base(address) in {_base(folded(one)) for one in ours}:
        return "it comes from ourselves"
    local = address.partition("@")[0].partition("+")[0]
    if local in _NO_PERSON or local.endswith(_NO_PERSON_ENDS):
        return f"{local} is nobody who reads"
    return ""


def _base(address: str) -> str:
    """An address without what stands behind its plus."""
    local, _, host = address.rpartition("@")
    return f"{local.partition('+')[0]}@{host}"
