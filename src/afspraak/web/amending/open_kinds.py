"""What went wrong by kind of report, and what of it hurt the customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from afspraak.amending.experience import Experience, Kind, Wrong
from afspraak.amending.models import Hurt
from afspraak.amending.proposal import quantile_of
from afspraak.engine.time import instant_of
from afspraak.language.text.lexicon import lexicon_of
from afspraak.web.amending.drawn import HALF, took
from afspraak.web.amending.seen import Seen
from afspraak.web.speaking import language

MOST: Final = 24


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind of report: how often, what went wrong, and the customer's mark."""

    service: str
    kind: str
    name: str
    tickets: int
    missed: int
    rejected: int
    broken: int
    took: str
    hurts: bool
    words: str
    since: str


def kinds_shown(there: Seen, found: Experience, hurts: Mapping[Kind, Hurt]) -> list[KindShown]:
    """What hurts first, then what went wrong most often."""
    ordered = sorted(
        found.wrong.items(), key=lambda each: (each[0] not in hurts, -each[1].any, each[0])
    )
    return [_kind(there, kind, wrong, hurts.get(kind)) for kind, wrong in ordered[:MOST]]


def name_of(there: Seen, kind: Kind) -> str:
    """A service and a kind as people say them."""
    words = lexicon_of(there.history.document, language())
    service = words.services.show(kind[0]) if kind[0] else ""
    return " · ".join(filter(None, (service, words.words.show(kind[1]) if kind[1] else "")))


def _kind(there: Seen, kind: Kind, wrong: Wrong, mark: Hurt | None) -> KindShown:
    texts = there.speaking.texts
    middle = quantile_of([each for each in wrong.took if type(each) is type(wrong.took[-1])], HALF)
    return KindShown(
        service=kind[0],
        kind=kind[1],
        name=name_of(there, kind) or "–",  # noqa: RUF001  (nothing was stated)
        tickets=wrong.tickets,
        missed=wrong.missed,
        rejected=wrong.rejected,
        broken=wrong.broken,
        took="" if middle is None else took(middle, texts),
        hurts=mark is not None,
        words=mark.words if mark else "",
        since=texts.on_date(texts.on(instant_of(mark.said_at))) if mark else "",
    )
