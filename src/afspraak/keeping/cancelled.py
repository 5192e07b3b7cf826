"""Dates that an earlier version named and that no version in force names any more: an agenda that
holds them must hear that they are off. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from afspraak.clocks.judge_duties import judge_duties, stretches_of
from afspraak.engine.in_force import Version
from afspraak.engine.terms import Terms

Named = tuple[str, date]
"""A clause, and the date that the contract names."""


def cancelled(
    versions: Sequence[tuple[Version, Terms]], now: Iterable[Named], as_of: int
) -> dict[Named, str]:
    """Each with whose promise it was: what a replaced version, had it gone on, would have asked for
    after it was replaced, and is not among the dates of `now`.
    """
    stretches = stretches_of(versions, as_of)
    held = set(now)
    found: dict[Named, str] = {}
    for stretch in stretches[:-1]:
        alone = judge_duties([(stretch.version, stretch.terms)], (), as_of, 0)
        for each in alone.duties:
            named = (each.dated.clause, each.planned_on)
            if each.dated.due_at > stretch.until_at and named not in held:
                found[named] = each.dated.promisor
    return found
