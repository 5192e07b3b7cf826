"""The frame of the document: parties, term, calendars, priorities, services; what the clauses speak
about.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from afspraak.engine.time import Rhythm
from afspraak.language.scalars import (
    AmountValue,
    Country,
    DateValue,
    Days,
    Flag,
    Id,
    IntervalValue,
    MoneyValue,
    Name,
    PartyRef,
    Positive,
    PriorityRef,
    RateValue,
    Register,
    Release,
    RhythmValue,
    ServiceRef,
    Uri,
    Word,
    Zone,
)
from afspraak.language.schema_base import Level, Pair, Part, Text
from afspraak.language.values import WEEKDAYS, Wrong, weekdays

# Parties -----------------------------------------------------------------------------------------


class Signer(Part):
    """Who signs for a party, by which mandate, up to which sum."""

    name: Name
    function: Name
    mandate: Literal["statutory", "proxy", "board_decision"]
    jointly_with: Name | None = None
    up_to: MoneyValue | None = None


class Party(Part):
    """An organisation in the agreement. `under` is a third party's own agreement; without it, it is
    declared only (C5).
    """

    role: Literal["supplier", "customer", "third_party"] | None = None
    name: Name
    register_number: Register | None = Field(default=None, alias="register")
    vat: Name | None = None
    address: Name | None = None
    contact: Uri | None = None
    contacts: dict[Word, Uri] = Field(default_factory=dict)
    under: Id | None = None
    signers: tuple[Signer, ...] = ()


class Jurisdiction(Part):
    """Whose law governs the contract, and which court is asked."""

    country: Literal["NL", "BE", "FR", "LU", "DE"]
    court: Name | None = None


# Term --------------------------------------------------------------------------------------------


class Renewal(Part):
    """Tacit renewal by `tacit` unless notice is given `notice` before the end (T9)."""

    tacit: RhythmValue
    notice: RhythmValue
    form: Literal["registered_letter", "written", "signed"] = "written"
    at_most: Positive | None = None


class EarlyEnd(Part):
    """How a party may end the agreement before its end."""

    by: PartyRef
    notice: RhythmValue
    earliest_on: DateValue | None = None
    fee: MoneyValue | None = None


class Term(Part):
    """From [from, until); periods are the calendar's unless counted from the start (T9)."""

    from_on: DateValue = Field(alias="from")
    until_on: DateValue = Field(alias="until")
    renewal: Renewal | None = None
    early_end: tuple[EarlyEnd, ...] = ()
    periods: Literal["calendar", "from_start"] = "calendar"

    @property
    def notice(self) -> Rhythm:
        """The longest notice that the agreement knows; none is a rhythm of nothing."""
        notices = [end.notice for end in self.early_end] + (
            [self.renewal.notice] if self.renewal else []
        )
        return max(notices, key=lambda rhythm: rhythm.months * 31 + rhythm.days, default=Rhythm())


class Version(Part):
    """Which version this is, from when it holds, and whether it governs what was open or already
    reported (C1).
    """

    number: Positive
    from_on: DateValue = Field(alias="from")
    open_tickets: Flag = False
    signed_late: Flag = False


# Calendars (T4) ----------------------------------------------------------------------------------

Hours = tuple[IntervalValue, ...]


class ServiceCalendar(Part):
    """Hours in which service time runs (T4), for the dates of its cover (T8).

    `holiday_dates` are what `freeze` wrote for `holidays`: date -> name.
    """

    name: Text | None = None
    zone: Zone
    week: dict[Days, Hours]
    holidays: Country | None = None
    holiday_dates: dict[DateValue, Name] | None = None
    closed: tuple[DateValue, ...] = ()
    exceptions: dict[DateValue, Hours] = Field(default_factory=dict)
    cover: Annotated[tuple[DateValue, DateValue], Pair]

    @model_validator(mode="after")
    def _each_day_once(self) -> "ServiceCalendar":
        seen: set[int] = set()
        for days in self.week:
            if twice := seen.intersection(weekdays(days)):
                raise Wrong(
                    f"the week gives {WEEKDAYS[min(twice)]} twice",
                    "name each weekday in one key only",
                )
            seen.update(weekdays(days))
        return self


class Frozen(Part):
    """No library is asked any more: with which versions the holidays were written out."""

    holidays: Release
    tzdata: Release


# What is reported --------------------------------------------------------------------------------


class PriorityRow(Part):
    """An impact, on a service or on any, gives a priority."""

    impact: Word
    service: ServiceRef | None = None
    priority: PriorityRef


class Service(Part):
    """A service at one level, copied from the catalogue. Without `fee` (or a standing fee): best
    effort, no clock.

    `bands` are the numbers of units [from, to] that the fee is meant for; `surcharge` is what
    `custom` costs more.
    """

    name: Text
    level: Level
    fee: RateValue | None = None
    units: Positive | None = None
    bands: tuple[Annotated[tuple[Positive, Positive], Pair], ...] = ()
    surcharge: AmountValue | None = None
