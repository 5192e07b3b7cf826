"""Checks of what refers to what: every id that points somewhere finds it, and of the right kind."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from afspraak.language.draft import Draft, walk
from afspraak.language.faults import Fault
from afspraak.language.nodes import Path
from afspraak.language.scalars import Points
from afspraak.language.schema_base import Text
from afspraak.language.schema_people import OwnershipClause
from afspraak.language.values import Money, Rate, quoted


def references(draft: Draft) -> Iterator[Fault]:
    """Every id that points to nothing, or to a clause of another type."""
    listed = _listed(draft)
    types = {clause.id: clause.type for clause in draft.document.clauses}
    for path, part in walk(draft.document):
        if not isinstance(part, BaseModel):
            continue
        for name, points in pointing(type(part)).items():
            for at, reference in walk(getattr(part, name), (*path, name)):
                if isinstance(reference, str):
                    yield from _resolved(draft, at, reference, points, listed, types)


def _resolved(  # noqa: PLR0917 - one reference and all that is known
    draft: Draft,
    path: Path,
    reference: str,
    points: Points,
    listed: dict[str, tuple[str, ...]],
    types: Mapping[str, str],
) -> Iterator[Fault]:
    known = listed[points.section]
    if reference not in known:
        what = {
            "parties": "party",
            "clauses": "clause",
            "ticket_kinds": "kind of ticket",
            "priorities": "priority",
            "prices": "service or price",
        }
        noun = what.get(points.section, points.section.removesuffix("s"))
        there = f"there are {', '.join(known)}" if known else "none is listed"
        yield draft.fault(
            path, f"there is no {noun} {quoted(reference)}", f"name one that is listed ({there})"
        )
    elif points.types and reference in types and types[reference] not in points.types:
        fact = f"{reference} is a {types[reference]}"
        yield draft.fault(path, fact, f"name a clause of type {' or '.join(points.types)}")


def _listed(draft: Draft) -> dict[str, tuple[str, ...]]:
    """What may be referred to, by the part that lists it; entries that are wrong themselves are
    there too.
    """
    names = ("clauses", "calendars", "services", "parties", "priorities", "ticket_kinds", "sites")
    listed = {name: draft.keys(name) for name in names}
    listed["prices"] = (*listed["services"], *listed["clauses"])
    listed["assets"] = tuple(
        asset.id for _, each in draft.clauses(OwnershipClause) for asset in each.assets
    )
    if draft.document.third_party is not None or "parties" in draft.broken:
        listed["parties"] = (*listed["parties"], "third_party")
    return listed


@cache
def pointing(model: type[BaseModel]) -> dict[str, Points]:
    """The fields of a class that hold references, each with what it points to."""
    found = {}
    for name, field in model.model_fields.items():
        points = next((each for each in field.metadata if isinstance(each, Points)), None)
        points = points or _inside(field.annotation)
        if points is not None:
            found[name] = points
    return found


def _inside(annotation: Any) -> Points | None:
    for part in (*getattr(annotation, "__metadata__", ()), *get_args(annotation)):
        found = part if isinstance(part, Points) else _inside(part)
        if found is not None:
            return found
    return None


# Ids, texts and money ----------------------------------------------------------------------------


def ids(draft: Draft) -> Iterator[Fault]:
    """Ids and words that are listed twice."""
    document = draft.document
    clauses: list[tuple[Path, str]] = [
        (("clauses", place, "id"), clause.id) for place, clause in enumerate(document.clauses)
    ]
    assets: list[tuple[Path, str]] = [
        ((*path, "assets", place, "id"), asset.id)
        for path, clause in draft.clauses(OwnershipClause)
        for place, asset in enumerate(clause.assets)
    ]
    lists: Iterator[list[tuple[Path, str]]] = (
        [((name, place), word) for place, word in enumerate(getattr(document, name))]
        for name in ("priorities", "ticket_kinds", "sites")
    )
    for entries in (clauses, assets, *lists):
        first: dict[str, Path] = {}
        for path, word in entries:
            if word in first:
                line = draft.line(first[word])
                yield draft.fault(
                    path,
                    f"{word} is listed twice (first in line {line})",
                    "give it a name of its own",
                )
            first.setdefault(word, path)


def texts(draft: Draft) -> Iterator[Fault]:
    """Names that lack the binding language."""
    language = draft.document.language
    for path, part in walk(draft.document):
        if isinstance(part, Text) and getattr(part, language) is None:
            yield draft.fault(
                path, f"the name has no {language}, the binding language", f"add {language}: to it"
            )


def names(draft: Draft) -> Iterator[Fault]:
    """Names of words that the contract doesn't use."""
    document = draft.document
    used = {
        each for _, each in walk(document.model_copy(update={"names": {}})) if isinstance(each, str)
    }
    for name in document.names:
        if name not in used and not draft.broken:
            fact = f"nothing in this contract is called {name}"
            yield draft.fault(
                ("names", name), fact, "is it misspelt? remove it otherwise", note=True
            )


def currencies(draft: Draft) -> Iterator[Fault]:
    """Sums in another currency than the agreement's."""
    currency = draft.document.currency
    for path, value in walk(draft.document):
        money = value.money if isinstance(value, Rate) else value
        if isinstance(money, Money) and money.currency != currency:
            yield draft.fault(
                path, f"{money} is not in {currency}", f"state every sum in {currency}"
            )
