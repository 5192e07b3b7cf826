"""Checks of promises about tickets (SEMANTICS C3, C5, K3, K5, K6, K11): gaps, ties, exceptions,
pauses, open terms.
"""

from collections.abc import Iterator
from math import prod
from typing import Final

from afspraak.engine.terms import Fields, Rule, conflicts
from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.nodes import Path
from afspraak.language.schema_promises import OpenTermClause, TargetRow, TicketPromiseClause
from afspraak.language.terms_rules import fields_of, rules_of

MOST_TRIED: Final = 1_000_000
"""Combinations of the finite fields, times rows, that are tried for one promise."""

Located = tuple[Path, TicketPromiseClause]


def promises(draft: Draft) -> Iterator[Fault]:
    """Each promise by itself."""
    for path, clause in draft.clauses(TicketPromiseClause):
        yield from _form(draft, path, clause)
        yield from _pauses(draft, path, clause)
        yield from _exceptions(draft, path, clause)
        yield from _open(draft, path, clause)


def _form(draft: Draft, path: Path, clause: TicketPromiseClause) -> Iterator[Fault]:
    if clause.measure == "expectation":
        if clause.targets:
            remedy = "leave targets out; it is due when it says (K9)"
            yield draft.fault((*path, "targets"), "an expectation has no target", remedy)
    elif not clause.targets:
        yield draft.fault(path, "the promise has no target", "add targets, as [{value: PT4H}]")
    if clause.armed_by is not None and clause.measure != "next_response":
        yield draft.fault(
            (*path, "armed_by"), f"armed_by on {clause.measure}", "only next_response is armed (K3)"
        )
    if clause.measure != "resolution":
        for key in ("acceptance", "reopen"):
            if key in clause.model_fields_set:
                fact = f"{key} on {clause.measure}"
                yield draft.fault(
                    (*path, key), fact, "only a resolution is accepted or reopened (K5)"
                )


def _pauses(draft: Draft, path: Path, clause: TicketPromiseClause) -> Iterator[Fault]:
    document = draft.document
    if clause.measure == "expectation" and clause.pauses:
        fact = "no pause moves an expectation (K9)"
        yield draft.fault((*path, "pauses"), fact, "leave pauses out")
    for place, party in enumerate(clause.pauses):
        if document.role(party) == document.role(clause.promisor):
            fact = f"{party} would freeze its own clock"
            yield draft.fault(
                (*path, "pauses", place), fact, "name only parties that the promisor waits on (K6)"
            )


def _exceptions(draft: Draft, path: Path, clause: TicketPromiseClause) -> Iterator[Fault]:
    """`exception_to` names another row of the same clause; names are given once; two rows don't
    except each other.
    """
    names: dict[str, TargetRow] = {}
    for place, row in enumerate(clause.targets):
        at: Path = (*path, "targets", place)
        if row.name is not None and row.name in names:
            yield draft.fault(
                (*at, "name"), f"two rows are called {row.name}", "give each row a name of its own"
            )
        if row.name is not None:
            names.setdefault(row.name, row)
        if row.name is not None and row.name in row.exception_to:
            yield draft.fault(
                (*at, "exception_to"), f"{row.name} is an exception to itself", "name another row"
            )
    for place, row in enumerate(clause.targets):
        at = (*path, "targets", place, "exception_to")
        for name in row.exception_to:
            other = names.get(name)
            if other is None:
                remedy = f"rows with a name here: {', '.join(names) or 'none'}"
                yield draft.fault(at, f"there is no row called {name} in {clause.id}", remedy)
            elif other is not row and row.name is not None and row.name in other.exception_to:
                yield draft.fault(
                    at, f"{row.name} and {name} are exceptions to each other", "keep one of the two"
                )


def _open(draft: Draft, path: Path, clause: TicketPromiseClause) -> Iterator[Fault]:
    terms = {term.id: term for term in draft.document.of_type(OpenTermClause)}
    for place, row in enumerate(clause.targets):
        term = terms.get(row.open or "")
        if term is not None and term.of != clause.id:
            fact = f"{term.id} is an open term of {term.of}, not of {clause.id}"
            yield draft.fault(
                (*path, "targets", place, "open"), fact, f"write of: {clause.id} in {term.id}"
            )


# Gaps and ties (C3) ------------------------------------------------------------------------------


def rules(draft: Draft) -> Iterator[Fault]:
    """Every combination of the finite fields has exactly one target; every row can hold."""
    fields = fields_of(draft.document)
    for path, clause in draft.clauses(TicketPromiseClause):
        if clause.measure == "expectation" or not clause.targets:
            continue
        yield from _never(draft, fields, path, clause)
        written = rules_of(draft.document, clause)
        asked = asked_fields(fields, written)
        if prod(map(len, (*asked.values.values(), written))) > MOST_TRIED:
            remedy = f"keep combinations times rows below {MOST_TRIED}"
            yield draft.fault(path, "its conditions have too many combinations to try", remedy)
            continue
        for conflict in conflicts(asked, written):
            told = (
                ", ".join(f"{name} {value}" for name, value in conflict.case.items())
                or "any report"
            )
            if not conflict.rules:
                fact = f"no target for {told}"
                yield draft.fault(
                    (*path, "targets"), fact, "add a row that holds for it, or a row without `when`"
                )
                continue
            places = [_place(written, rule) for rule in conflict.rules]
            lines = [draft.line((*path, "targets", place)) for place in places]
            number, names = _count(conflict.rules), _named(clause, conflict.rules, lines)
            fact = f"{number} targets hold for {told} ({names})"
            yield draft.fault(
                (*path, "targets", places[-1]),
                fact,
                "mark one as exception_to the other, by its name",
            )
    yield from _rivals(draft)


def asked_fields(fields: Fields, rules: tuple[Rule, ...]) -> Fields:
    """The fields that these rules ask for; without a service in them, levels stand alone."""
    names = {name for rule in rules for name in rule.when}
    values = {name: found for name, found in fields.values.items() if name in names}
    return Fields(values, fields.level_of if "service" in names else {})


def _place(rules: tuple[Rule, ...], rule: Rule) -> int:
    return next(place for place, each in enumerate(rules) if each is rule)


def _count(rules: tuple[Rule, ...]) -> str:
    return "two" if len(rules) == 2 else str(len(rules))  # noqa: PLR2004 - in words


def _named(clause: TicketPromiseClause, rules: tuple[Rule, ...], lines: list[int]) -> str:
    told = [
        f"{clause.id}{f' ({rule.name})' if rule.name else ''} in line {line}"
        for rule, line in zip(rules, lines, strict=True)
    ]
    return " and ".join(told)


def _never(
    draft: Draft, fields: Fields, path: Path, clause: TicketPromiseClause
) -> Iterator[Fault]:
    """Rows whose condition no report can meet: a service at another level than its own, a level
    nobody has.
    """
    for place, row in enumerate(clause.targets):
        at: Path = (*path, "targets", place)
        service, level = row.when.service, row.when.level
        own = fields.level_of.get(service or "")
        if level is not None and own is not None and own != level:
            yield draft.fault(
                at,
                f"{service} is {own}, never {level}",
                "leave the level out, or name another service",
            )
        elif (
            level is not None
            and service is None
            and fields.level_of
            and level not in fields.values["level"]
        ):
            yield draft.fault(
                at, f"no service is {level}", "the row never holds; is it meant so?", note=True
            )


def _rivals(draft: Draft) -> Iterator[Fault]:
    """Two clauses that promise the same of the same party: one clock cannot follow both (C3)."""
    first: dict[tuple[str, str], Located] = {}
    for path, clause in draft.clauses(TicketPromiseClause):
        key = (draft.document.role(clause.promisor), clause.measure)
        if key in first:
            at, other = first[key]
            fact = (
                f"{other.id} in line {draft.line(at)} promises {clause.measure}"
                f" of {clause.promisor} as well"
            )
            remedy = "put all targets in one clause; a row may have a calendar of its own"
            yield draft.fault(path, fact, remedy)
        first.setdefault(key, (path, clause))


# Open terms (K11) --------------------------------------------------------------------------------


def open_terms(draft: Draft) -> Iterator[Fault]:
    """Each open term fills in a target, in an order of dates that can happen."""
    document = draft.document
    used = {
        row.open for promise in document.of_type(TicketPromiseClause) for row in promise.targets
    }
    for path, clause in draft.clauses(OpenTermClause):
        if clause.id not in used:
            yield draft.fault(
                path,
                f"no target is left open for {clause.id}",
                f"write open: {clause.id} in {clause.of}",
            )
        trial, bounds = clause.trial, clause.propose.bounds if clause.propose else None
        if trial is not None and not trial.from_on < trial.until_on <= clause.fill_on:
            remedy = "let the trial start, then end, then be filled in"
            yield draft.fault(
                (*path, "trial"), "the trial's dates and fill_on are out of order", remedy
            )
        if not document.term.from_on <= clause.fill_on < document.term.until_on:
            yield draft.fault(
                (*path, "fill_on"),
                f"{clause.fill_on} lies outside the term",
                "fill it in within the term",
            )
        if bounds is not None and (
            type(bounds[0]) is not type(bounds[1]) or _size(bounds[0]) > _size(bounds[1])
        ):
            fact = f"{bounds[0]} and {bounds[1]} are no bounds"
            yield draft.fault(
                (*path, "propose", "bounds"), fact, "write the shorter first, both of one kind"
            )


def _size(duration: object) -> int:
    return int(getattr(duration, "microseconds", 0) or getattr(duration, "days", 0))
