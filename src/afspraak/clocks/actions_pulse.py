"""The only place where it is kept how relations stand against their own first months."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from afspraak.clocks.models import Pulse
from afspraak.clocks.pulse import Sign
from afspraak.engine.time import datetime_of
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


def store_pulse(
    *, relation: Relation, signs: Iterable[Sign], quiet: list[str], month: date, at: int
) -> Pulse:
    """Keep it; since when it has been quiet stays as it was found first."""
    old = Pulse.objects.seen_by(SYSTEM).filter(relation=relation).first()
    since = old.quiet_since if old else None
    row = Pulse(
        **parties_of(relation),
        looked_at=datetime_of(at),
        signs=[asdict(each) for each in signs],
        quiet=quiet,
        quiet_since=(since or month) if quiet else None,
    )
    row.save(force_insert=old is None, force_update=old is not None)
    return row
