"""Checks of fields that say nothing without another: what is written means something."""

from collections.abc import Iterator
from typing import Final

from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.schema_base import ClauseBase
from afspraak.language.schema_people import (
    ExitClause,
    MaintenanceClause,
    RollOutClause,
)
from afspraak.language.schema_prices import ExtraCostClause, HourlyClause
from afspraak.language.schema_promises import QualityGuaranteeClause

_NEEDS: Final[tuple[tuple[type[ClauseBase], str, str], ...]] = (
    (HourlyClause, "per", "ceiling"),
    (HourlyClause, "warn_at", "ceiling"),
    (HourlyClause, "calendar", "outside_hours"),
    (ExtraCostClause, "calendar", "answer_within"),
    (QualityGuaranteeClause, "calendar", "mended_within"),
    (MaintenanceClause, "per", "at_most"),
    (RollOutClause, "pilot_lasts", "pilot_users"),
    (ExitClause, "help_rate", "help_hours"),
)
"""A clause's class, a field, and the field without which it says nothing."""


def pairs(draft: Draft) -> Iterator[Fault]:
    """Fields that were written without the one that gives them a meaning."""
    for path, clause in draft.clauses(ClauseBase):
        for kind, name, needed in _NEEDS:
            written = isinstance(clause, kind) and name in clause.model_fields_set
            if written and getattr(clause, needed) is None:
                fact = f"`{name}` says nothing without `{needed}`"
                yield draft.fault((*path, name), fact, f"add {needed}:, or leave {name} out")
