"""Which version governs a ticket, and whether any does (SEMANTICS C1, C2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from afspraak.engine.clock import Assessment
from afspraak.engine.time import Refusal, show_instant

NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an agreement: when it holds, and who signed it when (C1, C2).

    `parties` are all that it names; `signed_at` when each of them signed; `from_at` and `until_at`
    bound the term (half-open). `open_tickets`: it also governs tickets already open. `signed_late`:
    also those reported between its start and a late last signature. `recorded_at`: when the last
    signature became known here, where that was later (F5).
    """

    id: str
    agreement: str
    parties: tuple[str, ...]
    from_at: int
    until_at: int
    signed_at: Mapping[str, int]
    open_tickets: bool = False
    signed_late: bool = False
    recorded_at: int | None = None
    last_signed_at: int = field(init=False, repr=False, compare=False)
    """When the last party signed; never, while one has not (C2)."""
    in_force_at: int = field(init=False, repr=False, compare=False)
    """From when it is in force: its start, or the last signature if that is later (C2)."""
    known_at: int = field(init=False, repr=False, compare=False)
    """From when an answer may rest on it: once both its times have passed (F5)."""

    def __post_init__(self) -> None:
        """Refuses a term that ends before it starts (T2)."""
        if self.until_at < self.from_at:
            raise Refusal(f"version {self.id}: its term ends before it starts")
        last = max((self.signed_at.get(party, NEVER) for party in self.parties), default=NEVER)
        object.__setattr__(self, "last_signed_at", last)
        object.__setattr__(self, "in_force_at", max(self.from_at, last))
        object.__setattr__(self, "known_at", max(last, self.recorded_at or last))

    @property
    def age(self) -> tuple[int, int]:
        """The greater, the newer: by start, then by last signature (C1)."""
        return self.from_at, self.last_signed_at


@dataclass(frozen=True, slots=True)
class Governing:
    """The version that governs a ticket as of a moment, since when, and the one that governed it
    before, if any.
    """

    version: Version
    since_at: int
    before: "Governing | None" = None


@dataclass(frozen=True, slots=True)
class OutsideRate:
    """What an hour costs outside every contract, for reports in [from_at, until_at) (C2, T8)."""

    per_hour: Decimal
    currency: str
    from_at: int
    until_at: int

    def __str__(self) -> str:
        return f"{self.currency} {self.per_hour} / hour"


class NotCovered(Refusal):
    """No version that all its parties signed governs a report at this instant (C2); `rate` then
    applies.
    """

    def __init__(self, reported_at: int, rate: OutsideRate | None = None) -> None:
        then = f"{rate} applies" if rate else "no rate outside a contract is known for that moment"
        super().__init__(
            "not covered: no agreement that every party signed was in force at"
            f" {show_instant(reported_at)}; {then}"
        )
        self.reported_at = reported_at
        self.rate = rate


def governing_version(
    versions: Iterable[Version],
    reported_at: int,
    as_of: int,
    closed_at: int | None = None,
    rates: Iterable[OutsideRate] = (),
) -> Governing:
    """The version that governs a ticket (C1). Refuses where none does: not covered (C2).

    The newest that was in force at the report; then, in the order in which they came into force,
    newer ones that reach back to it: signed late, or for open tickets. `closed_at` is when the
    ticket ceased to be open, None while it is.
    """
    known = [version for version in versions if version.known_at <= as_of]
    governing = _at_report(known, reported_at)
    for version in sorted(known, key=lambda each: each.in_force_at):
        newer = governing is None or version.age > governing.version.age
        if (
            newer
            and version.in_force_at <= as_of
            and _reaches_back(version, reported_at, closed_at)
        ):
            governing = Governing(version, version.in_force_at, governing)
    if governing is None:
        raise NotCovered(reported_at, _rate_at(rates, reported_at))
    return governing


def _at_report(known: Sequence[Version], reported_at: int) -> Governing | None:
    """The newest version of each agreement replaces its older ones, also where its own term is the
    shorter; of those whose term holds the report, the newest governs.
    """
    newest = newest_in_force(known, reported_at)
    within = [each for each in newest.values() if reported_at < each.until_at]
    return Governing(max(within, key=lambda each: each.age), reported_at) if within else None


def newest_in_force(versions: Iterable[Version], at: int) -> dict[str, Version]:
    """Of each agreement the version that replaces its older ones at a moment (C1); its term may be
    over.
    """
    newest: dict[str, Version] = {}
    for version in sorted(versions, key=lambda each: each.age):
        if version.in_force_at <= at:
            newest[version.agreement] = version
    return newest


def _reaches_back(version: Version, reported_at: int, closed_at: int | None) -> bool:
    """By its own words only (C1): the default is neither."""
    if version.signed_late and version.from_at <= reported_at < version.last_signed_at:
        return reported_at < version.until_at
    still_open = closed_at is None or closed_at > version.in_force_at
    return (
        version.open_tickets and reported_at < version.in_force_at < version.until_at and still_open
    )


def _rate_at(rates: Iterable[OutsideRate], at: int) -> OutsideRate | None:
    return next((rate for rate in rates if rate.from_at <= at < rate.until_at), None)


def keep_misses(
    before: Sequence[Assessment], now: Sequence[Assessment], since_at: int
) -> tuple[Assessment, ...]:
    """Under an amendment that governs open tickets nothing already missed is undone (C1): the
    assessments by the new version, with every miss that lies before `since_at` kept, matched by
    promise and cycle.
    """
    missed = {
        (each.promise.clause, each.cycle): each
        for each in before
        if each.missed_at is not None and each.missed_at < since_at
    }
    kept = []
    for each in now:
        old = missed.pop((each.promise.clause, each.cycle), None)
        if old is not None:
            each = replace(each, state="missed", due_at=old.due_at, missed_at=old.missed_at)  # noqa: PLW2901
        kept.append(each)
    return (*kept, *missed.values())
