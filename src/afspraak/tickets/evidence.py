"""Facts of promises and services -> the law's values, and what they must say at the door (F1)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from afspraak.engine.promises import Evidence
from afspraak.engine.time import Refusal, instant_of, parse_date, parse_instant
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact
from afspraak.tickets.stored import facts_of_agreements

EVIDENCE_CODES: Final = ("evidence", "evidence_confirmed", "evidence_rejected")
NAMES_A_FACT: Final = frozenset(
    {"evidence_confirmed", "evidence_rejected", "maintenance_withdrawn"}
)


def check_more(told: Happened) -> None:
    """Refuses a fact of a promise or a service that lacks what its code asks for in `more`."""
    if told.code in _WANTED and told.agreement is None:
        raise Refusal(f"{told.code}: of which agreement? name it in `agreement`")
    for name in _WANTED.get(told.code, ()):
        value = told.more.get(name)
        if not isinstance(value, str) or not value:
            raise Refusal(f"{told.code}: it has no {name}: name it in `more`")
    if told.code in NAMES_A_FACT and not told.of:
        raise Refusal(f"{told.code}: of which fact? name it in `of`")
    if told.code == "evidence_rejected" and not told.words.strip():
        raise Refusal("evidence_rejected: why is it not accepted? say it in `words`")
    if told.code == "evidence" and told.more.get("for_on") is not None:
        parse_date(told.more["for_on"])
    if told.code == "maintenance_announced":
        start, end = parse_instant(told.more["from_at"]), parse_instant(told.more["until_at"])
        if end <= start:
            raise Refusal("maintenance_announced: it ends before it starts")


_WANTED: Final[dict[str, tuple[str, ...]]] = {
    "evidence": ("clause",),
    "evidence_confirmed": (),
    "evidence_rejected": (),
    "outage_began": ("service",),
    "outage_ended": ("service",),
    "maintenance_announced": ("service", "from_at", "until_at"),
    "maintenance_withdrawn": (),
}


def evidence_of(agreement: UUID, viewer: Viewer) -> list[Evidence]:
    """What was handed in for an agreement's promises, and when the other party confirmed it or
    refused to accept it.
    """
    facts = facts_of_agreements([agreement], EVIDENCE_CODES, viewer)
    confirmed = _answers(facts, "evidence_confirmed")
    rejected = _answers(facts, "evidence_rejected")
    return [
        Evidence(
            clause=fact.data["more"]["clause"],
            happened_at=instant_of(fact.happened_at),
            recorded_at=instant_of(fact.recorded_at),
            for_on=_date(fact.data["more"].get("for_on")),
            recorded_by=fact.recorded_by,
            confirmed_at=_answered_at(fact, confirmed),
            rejected_at=_answered_at(fact, rejected),
        )
        for fact in facts
        if fact.code == "evidence"
    ]


def _answers(facts: Iterable[Fact], code: str) -> dict[tuple[str, str], int]:
    """(what was confirmed or rejected, by whom) -> when: once both its times have passed (F5)."""
    found: dict[tuple[str, str], int] = {}
    for fact in facts:
        if fact.code == code:
            at = max(instant_of(fact.happened_at), instant_of(fact.recorded_at))
            key = fact.data["of"], fact.recorded_by
            found[key] = min(at, found.get(key, at))
    return found


def _answered_at(fact: Fact, answers: dict[tuple[str, str], int]) -> int | None:
    """By anybody but who recorded it."""
    names = {str(fact.id), fact.data.get("id")}
    found = [at for (of, by), at in answers.items() if of in names and by != fact.recorded_by]
    return min(found, default=None)


def _date(value: Any) -> date | None:
    return None if value is None else parse_date(value)
