"""What another level of the supplier's catalogue would have given and cost, on what one service's
reports were in the last year. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from afspraak.amending.effects import Came, effects_of
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.terms import Promise, Rule, Terms
from afspraak.language.catalogue import Catalogue, OfferedLevel, service_at
from afspraak.language.schema_base import LEVELS, Level
from afspraak.language.terms_money import monthly_fee
from afspraak.language.terms_of import calendar_of
from afspraak.reports.contracts import Contract, Cover
from afspraak.reports.governing import cover_of
from afspraak.reports.replay import Logged
from afspraak.reports.uptimes import ServiceLog

MONTHS: Final = 12
MARK: Final = "catalogue/"
"""Before the names of the catalogue's calendars: a contract may have others by the same name."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a service has now: its level, its units, its fee in a month."""

    service: str
    level: Level
    units: int | None
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Other:
    """A level: its fee in a year, and what the last year came to under it."""

    level: Level
    is_held: bool
    fee: Decimal
    came: Came


def levels_of(
    logs: Sequence[Logged],
    contract: Contract,
    catalogue: Catalogue,
    held: Held,
    *,
    span: tuple[int, int],
    as_of: int,
) -> list[Other]:
    """The level that is held, and every other at which the catalogue offers the service, the lowest
    first. `logs` are of this service alone.
    """
    offered = catalogue.services.get(held.service)
    found = []
    cover = cover_of(contract, (span[0], max(span[1], as_of)))
    for level in LEVELS:
        if level == held.level:
            came = _came(logs, contract, contract, span, as_of)
            found.append(Other(level, is_held=True, fee=held.fee * MONTHS, came=came))
        elif offered is not None and level in offered.offers:
            fee = monthly_fee(service_at(catalogue, held.service, level, held.units))
            tried = at_level(contract, catalogue, level, held.service, fee, cover)
            came = _came(logs, contract, tried, span, as_of)
            found.append(Other(level, is_held=False, fee=fee * MONTHS, came=came))
    return found


def _came(
    logs: Sequence[Logged], contract: Contract, tried: Contract, span: tuple[int, int], as_of: int
) -> Came:
    nothing = ServiceLog()
    return effects_of(logs, contract, tried, span=span, as_of=as_of, services=nothing).then


def at_level(  # noqa: PLR0917  (what one level is taken from)
    contract: Contract,
    catalogue: Catalogue,
    level: Level,
    service: str,
    fee: Decimal,
    cover: Cover,
) -> Contract:
    """The contract as if the service stood at another level: the catalogue's targets, hours and
    share, for each measure that both know; what follows from a miss stays as it was signed.
    """
    offered, terms = catalogue.levels[level], contract.terms
    calendars = {
        MARK + name: calendar_of(MARK + name, part, catalogue.language, cover)
        for name, part in catalogue.calendars.items()
    }
    promises = tuple(_promise(each, offered) for each in terms.promises)
    fees = {**terms.monthly_fees, service: fee}
    made: Terms = replace(
        terms,
        promises=promises,
        calendars={**terms.calendars, **calendars},
        monthly_fees=fees,
    )

    def wider(_terms: Terms, _cover: Cover) -> dict[str, object]:
        return {**contract.wider(terms, _cover), **calendars}

    return replace(contract, terms=made, wider=wider)  # type: ignore[arg-type]  # calendars by name


def _promise(promise: Promise, offered: OfferedLevel) -> Promise:
    targets = [each for each in offered.targets if each.measure == promise.measure]
    if promise.promisor != SUPPLIER or not targets:
        return promise
    rules = tuple(
        Rule(
            promise.clause, each.value, {} if each.priority is None else {"priority": each.priority}
        )
        for each in targets
    )
    share = promise.share
    if share is not None and offered.share is not None:
        share = replace(share, at_least=offered.share)
    return replace(promise, rules=rules, calendar=MARK + offered.calendar, share=share)
