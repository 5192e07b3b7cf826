"""The walk of terms: both sides hear in time that the last date of notice comes near, once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement
from afspraak.amending.renewal import Round, course_of
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.time import DAY, due_on, local_date, zone_of
from afspraak.notices.actions import Owing
from afspraak.notices.models import Kind
from afspraak.rights.parties import parties_of


@dataclass(frozen=True, slots=True)
class Near:
    """The next date of a term: from when it is told, until when it is worth telling, and since when
    the version that it stands in has been known here. Instants in microseconds.
    """

    round: Round
    near_at: int
    due_at: int
    known_at: int


def term_near(signed: Sequence[Signed], as_of: int, warn_days: int) -> Near | None:
    """The next end of an agreement's term; None where nothing was signed."""
    done = {each.version.id: each for each in signed if each.is_signed}
    newest = newest_in_force((each.version for each in done.values()), as_of)
    found = next((done[each.id] for each in newest.values()), None)
    if found is None:
        return None
    zone = zone_of(found.document.zone)
    ahead = course_of(found.document, None, local_date(zone, as_of)).next
    due_at = due_on(zone, ahead.notice_on or ahead.ends_on)
    return Near(ahead, due_at - warn_days * DAY, due_at, found.version.known_at)


def owings_of(agreement: Agreement, near: Near, since_at: int, as_of: int) -> Iterator[Owing]:
    """What both are told, where it has come near since the last look and has not passed."""
    if not since_at < max(near.near_at, near.known_at) <= as_of < near.due_at:
        return
    dates = (near.round.notice_on, near.round.ends_on, near.round.renews_until)
    key = "/".join(["term", str(agreement.id), *map(_written, dates)])
    yield Owing(
        kind=Kind.TERM,
        parties=parties_of(agreement),
        key=key,
        for_at=near.near_at,
        agreement=agreement.id,
    )


def _written(on: date | None) -> str:
    return "-" if on is None else on.isoformat()
