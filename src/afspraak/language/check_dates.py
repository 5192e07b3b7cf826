"""Checks of dated duties and of people and things (SEMANTICS K10, T9)."""

from collections.abc import Iterator
from itertools import pairwise

from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.schema_base import ClauseBase
from afspraak.language.schema_people import (
    KnowledgeClause,
    MaintenanceClause,
    OwnershipClause,
    PeopleClause,
    RollOutClause,
    UserSupportClause,
)
from afspraak.language.schema_promises import (
    DeliveryClause,
    RecurringPromiseClause,
    ReportingClause,
    ReviewClause,
)


def deliveries(draft: Draft) -> Iterator[Fault]:
    """Steps that depend on each other form no circle, and none is due before what it waits for."""
    steps = {clause.id: clause for clause in draft.document.of_type(DeliveryClause)}
    paths = {clause.id: path for path, clause in draft.clauses(DeliveryClause)}
    for name, step in steps.items():
        circle = _circle(steps, name)
        if circle and name == min(circle):
            fact = f"{' waits for '.join((*circle, circle[0]))}"
            yield draft.fault((*paths[name], "after"), fact, "break the circle")
        for earlier in step.after:
            if earlier in steps and steps[earlier].due_on > step.due_on and earlier not in circle:
                on = steps[earlier].due_on
                fact = f"due on {step.due_on}, before {earlier} on which it waits ({on})"
                yield draft.fault((*paths[name], "due_on"), fact, "move one of the two dates")
        if step.due_on > draft.document.term.until_on:
            fact = f"{step.due_on} lies after the term"
            yield draft.fault((*paths[name], "due_on"), fact, "deliver within the term")


def _circle(steps: dict[str, DeliveryClause], start: str) -> tuple[str, ...]:
    """The shortest way from a step back to itself, empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for earlier in steps[way[-1]].after:
            if earlier == start:
                return way
            if earlier in steps and earlier not in seen:
                seen.add(earlier)
                ways.append((*way, earlier))
    return ()


def recurring(draft: Draft) -> Iterator[Fault]:
    """What comes back begins within the term."""
    term = draft.document.term
    for path, clause in draft.clauses(ClauseBase):
        if not isinstance(clause, RecurringPromiseClause | ReportingClause | ReviewClause):
            continue
        if not term.from_on <= clause.first_on <= term.until_on:
            fact = f"{clause.first_on} lies outside the term"
            yield draft.fault((*path, "first_on"), fact, "let it begin within the term")


def people(draft: Draft) -> Iterator[Fault]:
    """Substitutes are other people; knowledge is of something; key users are counted when they are
    asked for.
    """
    for path, clause in draft.clauses(PeopleClause):
        for place, person in enumerate(clause.people):
            if person.substitute == person.name:
                at = (*path, "people", place, "substitute")
                yield draft.fault(
                    at, f"{person.name} cannot stand in for themselves", "name somebody else"
                )
    for path, knowledge in draft.clauses(KnowledgeClause):
        if not knowledge.services and not knowledge.software:
            yield draft.fault(path, "knowledge of nothing", "name services or software")
    for path, support in draft.clauses(UserSupportClause):
        if (support.who == "key_users") != (support.key_users is not None):
            remedy = "state key_users: (how many) when, and only when, who is key_users"
            yield draft.fault(path, f"support for {support.who}", remedy)


def things(draft: Draft) -> Iterator[Fault]:
    """What is bought has a price; planned maintenance ends after it starts."""
    for path, clause in draft.clauses(OwnershipClause):
        for place, asset in enumerate(clause.assets):
            if (asset.at_exit == "bought") != (asset.price is not None):
                remedy = "state price: when, and only when, at_exit is bought"
                yield draft.fault(
                    (*path, "assets", place), f"{asset.id} is {asset.at_exit}", remedy
                )
    for path, maintenance in draft.clauses(MaintenanceClause):
        for place, planned in enumerate(maintenance.planned):
            if planned.until_at <= planned.from_at:
                at = (*path, "planned", place)
                yield draft.fault(
                    at, "maintenance ends before it starts", "write it as [from, until)"
                )


def roll_outs(draft: Draft) -> Iterator[Fault]:
    """The steps of a roll-out are due in their order."""
    steps = {clause.id: clause for clause in draft.document.of_type(DeliveryClause)}
    for path, clause in draft.clauses(RollOutClause):
        known = [step for step in clause.steps if step in steps]
        for before, after in pairwise(known):
            if steps[after].due_on < steps[before].due_on:
                fact = f"{after} is due before {before}"
                yield draft.fault(
                    (*path, "steps"), fact, "list the steps in the order of their dates"
                )
