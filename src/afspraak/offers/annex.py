"""Whether the text that will be signed says what was offered: every difference, line by line. Pure.

An offer becomes an annex of the contract; the contract's own terms are what runs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.terms import Terms, winners
from afspraak.language.catalogue import LevelTarget, OfferedLevel
from afspraak.language.document import Document
from afspraak.language.terms_of import terms_of

What = Literal["service", "level", "units", "fee", "target", "not_offered"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A line of an offer, as far as a contract repeats it."""

    service: str
    level: str
    units: int
    fee: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What was offered and what is written, as both texts have it; empty for what is not there.
    `measure` and `priority` of a target.
    """

    service: str
    what: What
    offered: str
    written: str
    measure: str = ""
    priority: str = ""


def differences(
    lines: Sequence[Offered], levels: Mapping[str, OfferedLevel], document: Document
) -> list[Difference]:
    """Everything in which the document is another than the lines that were chosen, one a service.
    `levels` are what the offer's catalogue promises at each level.
    """
    terms = terms_of(document)
    found: list[Difference] = []
    for each in lines:
        found += _of_line(each, document)
        if each.service in document.services and each.level in levels:
            found += _of_targets(each, levels[each.level].targets, terms)
    offered = {each.service for each in lines}
    for key, service in document.services.items():
        if key not in offered:
            found.append(Difference(key, "not_offered", "", service.level))
    return found


def _of_line(each: Offered, document: Document) -> Iterator[Difference]:
    written = document.services.get(each.service)
    if written is None:
        yield Difference(each.service, "service", each.level, "")
        return
    if written.level != each.level:
        yield Difference(each.service, "level", each.level, written.level)
    if (written.units or 1) != each.units:
        yield Difference(each.service, "units", str(each.units), str(written.units or 1))
    fee = "" if written.fee is None else str(written.fee)
    if fee != each.fee:
        yield Difference(each.service, "fee", each.fee, fee)


def _of_targets(
    each: Offered, targets: Iterable[LevelTarget], terms: Terms
) -> Iterator[Difference]:
    """Targets of the level against what the terms promise for the service: for every case of a
    priority that can occur.
    """
    for target in targets:
        wanted = str(target.value)
        for priority in _priorities(target, targets, terms):
            for written in _written(each.service, priority, target.measure, terms):
                if written != wanted:
                    yield Difference(
                        each.service, "target", wanted, written, target.measure, priority
                    )


def _priorities(target: LevelTarget, targets: Iterable[LevelTarget], terms: Terms) -> Sequence[str]:
    """The priorities that a target is for: its own, else all without one of their own."""
    if target.priority is not None:
        return (target.priority,)
    same = {other.priority for other in targets if other.measure == target.measure}
    every = terms.fields.values.get("priority", ())
    return tuple(each for each in every if each not in same) or (() if every else ("",))


def _written(service: str, priority: str, measure: str, terms: Terms) -> list[str]:
    """What is promised, each answer once; empty text where nothing is."""
    asked = {"service": service} | ({"priority": priority} if priority else {})
    cases = [
        case
        for case in terms.fields.cases()
        if all(case.get(name) == value for name, value in asked.items())
    ]
    found: dict[str, None] = {}
    promises = [
        promise
        for promise in terms.promises
        if promise.measure == measure and promise.promisor == SUPPLIER
    ]
    for case in cases:
        best = [rule for promise in promises for rule in winners(terms.fields, promise.rules, case)]
        found |= dict.fromkeys(str(rule.target) for rule in best) if best else {"": None}
    return list(found) or [""]
