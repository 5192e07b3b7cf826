"""Whether a penalty may be asked for a miss (SEMANTICS A9): attributable or always, after notice of
default or without, claimed by the other party, in time.
"""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from afspraak.engine.terms import Consequence
from afspraak.engine.time import add, due_on, local_date

Claimed = Literal["owed", "not_attributable", "no_notice", "not_claimed", "lapsed"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What was done about a miss: whether it is attributable to who promised, when notice of
    default was given, and when the penalty was claimed, by whom. None: it was not.
    """

    attributable: bool = True
    notified_at: int | None = None
    claimed_at: int | None = None
    claimed_by: str = ""


def claimed(
    penalty: Consequence, missed_at: int, claim: Claim, zone: ZoneInfo, as_of: int
) -> Claimed:
    """What became of the penalty for a miss as of a moment (A9).

    The time to claim counts from the local date of the miss and ends with its last date (T9). A
    claim of the party that bears the penalty is none.
    """
    if not penalty.always and not claim.attributable:
        return "not_attributable"
    if penalty.notice_of_default and not _was(claim.notified_at, as_of):
        return "no_notice"
    if penalty.claim_within is None:
        return "owed"
    last = due_on(zone, add(local_date(zone, missed_at), penalty.claim_within))
    at = claim.claimed_at if claim.claimed_by != penalty.bearer else None
    if at is not None and at <= min(last, as_of):
        return "owed"
    return "lapsed" if as_of > last else "not_claimed"


def _was(at: int | None, as_of: int) -> bool:
    return at is not None and at <= as_of
