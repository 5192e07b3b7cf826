"""The catalogue: services x levels x prices, and what each level promises. Contracts copy from it,
never refer to it.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from afspraak.engine.terms import Measure
from afspraak.language.document import One
from afspraak.language.faults import Fault, in_order
from afspraak.language.nodes import Mapping, line_of, plain
from afspraak.language.reader import read
from afspraak.language.scalars import (
    AmountValue,
    Currency,
    DateValue,
    DurationValue,
    Id,
    MoneyValue,
    Positive,
    Priority,
    RateValue,
    ShareValue,
    Zone,
)
from afspraak.language.schema_base import Language, Level, Pair, Part, Text
from afspraak.language.schema_faults import faults_of
from afspraak.language.schema_frame import Party, Service, ServiceCalendar
from afspraak.language.values import Money, Rate

Found = tuple[tuple[str, ...], str, str]
"""Path, fact and remedy."""


class Offer(Part):
    """What a service costs at a level; `bands` are the numbers of units that the fee is for."""

    fee: RateValue
    start_up: MoneyValue | None = None
    surcharge: AmountValue | None = None
    bands: tuple[Annotated[tuple[Positive, Positive], Pair], ...] = ()


class OfferedService(Part):
    """A service and its offers, by level."""

    name: Text
    offers: Annotated[dict[Level, Offer], Field(min_length=1)]


class LevelTarget(Part):
    """A target of a level: for one priority, or for all that have none of their own."""

    measure: Measure
    value: DurationValue
    priority: Priority | None = None


class OfferedLevel(Part):
    """What a level promises, in which hours."""

    calendar: Id
    targets: Annotated[tuple[LevelTarget, ...], Field(min_length=1)]
    share: ShareValue | None = None


class Catalogue(Part):
    """A supplier's offer, valid for a time."""

    afspraak: One
    document: Literal["catalogue"]
    id: Id
    language: Language
    currency: Currency
    zone: Zone
    supplier: Party
    from_on: DateValue = Field(alias="from")
    until_on: DateValue = Field(alias="until")
    calendars: dict[Id, ServiceCalendar]
    priorities: tuple[Priority, ...] = ()
    levels: Annotated[dict[Level, OfferedLevel], Field(min_length=1)]
    services: Annotated[dict[Id, OfferedService], Field(min_length=1)]


def check_catalogue(data: bytes, name: str) -> tuple[Catalogue | None, list[Fault]]:
    """The catalogue if nothing is wrong with it, and every fault by line. `name` is the file's."""
    root, faults = read(data, name)
    if not isinstance(root, Mapping):
        return None, faults
    try:
        catalogue = Catalogue.model_validate(plain(root))
    except ValidationError as error:
        return None, in_order([*faults, *(fault for _, fault in faults_of(error, root, name))])
    for path, fact, remedy in _faults(catalogue):
        faults.append(Fault(name, line_of(root, path), ".".join(path), fact, remedy))
    return (None if faults else catalogue), in_order(faults)


def service_at(catalogue: Catalogue, key: str, level: Level, units: int | None = None) -> Service:
    """A service as a contract copies it. Raises KeyError where it is not offered at that level."""
    offered = catalogue.services[key]
    offer = offered.offers[level]
    given = {
        "name": offered.name,
        "level": level,
        "fee": offer.fee,
        "units": units,
        "bands": offer.bands,
        "surcharge": offer.surcharge,
    }
    return Service.model_construct(**given)  # type: ignore[arg-type]


def _faults(catalogue: Catalogue) -> Iterator[Found]:
    """All that is wrong between the parts."""
    if catalogue.until_on <= catalogue.from_on:
        yield (
            ("until",),
            f"{catalogue.until_on} does not lie after {catalogue.from_on}",
            "let it end later",
        )
    yield from _level_faults(catalogue)
    yield from _service_faults(catalogue)


def _level_faults(catalogue: Catalogue) -> Iterator[Found]:
    for level, offered in catalogue.levels.items():
        place = ("levels", level)
        if offered.calendar not in catalogue.calendars:
            yield place, f"there is no calendar {offered.calendar}", "name a key of `calendars`"
        for target in offered.targets:
            if target.priority is not None and target.priority not in catalogue.priorities:
                yield place, f"there is no priority {target.priority}", "name one of `priorities`"
        rows = [(target.measure, target.priority) for target in offered.targets]
        for measure, priority in dict.fromkeys(row for row in rows if rows.count(row) > 1):
            told = f"{measure} {priority or ''}".strip()
            yield place, f"{told} has two targets", "keep one of them"


def _service_faults(catalogue: Catalogue) -> Iterator[Found]:
    for key, service in catalogue.services.items():
        place = ("services", key)
        for level, offer in service.offers.items():
            if level not in catalogue.levels:
                yield place, f"{level} is offered and promises nothing", "describe it in `levels`"
            if any(currency != catalogue.currency for currency in _currencies(offer)):
                yield (
                    place,
                    f"{level} has a price in another currency",
                    f"write it in {catalogue.currency}",
                )


def _currencies(offer: Offer) -> Iterator[str]:
    for price in (offer.fee, offer.start_up, offer.surcharge):
        if isinstance(price, Rate):
            yield price.money.currency
        elif isinstance(price, Money):
            yield price.currency
