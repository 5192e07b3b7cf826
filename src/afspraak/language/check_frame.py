"""Checks of the frame: parties, term, priorities, services (SEMANTICS C1, C2, C5, T9)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from afspraak.engine.time import Refusal, Rhythm, add
from afspraak.language.document import Document
from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.nodes import Path
from afspraak.language.schema_frame import Service
from afspraak.language.terms_rules import best_effort_services

_MOST_PARTIES: Final = 3


# Parties (C2, C5) --------------------------------------------------------------------------------


def parties(draft: Draft) -> Iterator[Fault]:
    """A supplier, a customer, at most one party between them; register numbers without typing
    errors.
    """
    found = draft.document.parties
    for role in ("supplier", "customer"):
        if role not in found:
            yield draft.fault(
                ("parties",), f"there is no {role}", f"add a party under the key {role}"
            )
    if len(found) > _MOST_PARTIES:
        yield draft.fault(
            ("parties",), f"{len(found)} parties", "make agreements between two, at most three"
        )
    for key, party in found.items():
        expected = key if key in ("supplier", "customer") else "third_party"
        if (party.role or expected) != expected or (
            expected == "third_party" and party.role is None
        ):
            fact = f"the party {key} has {f'the role {party.role}' if party.role else 'no role'}"
            yield draft.fault(("parties", key), fact, f"write role: {expected}")
        if party.register_number and (fact := misread(party.register_number)):
            yield draft.fault(("parties", key, "register"), fact, "compare it with the register")
        if party.role == "third_party" and party.under is None:
            fact = f"{key} has no agreement of its own here"
            remedy = (
                "its promises are shown as declared, without consequence (C5); name it in `under`"
            )
            yield draft.fault(("parties", key), fact, remedy, note=True)


def misread(register: str) -> str:
    """What is wrong with a Dutch or Belgian number; nothing for registers that we don't know."""
    name, _, number = register.partition(":")
    if name == "kvk" and not re.fullmatch(r"[0-9]{8}", number):
        return f"{number} is not a KvK number, which has 8 digits"
    if name in ("kbo", "bce"):
        digits = number.replace(".", "")
        if not re.fullmatch(r"[01][0-9]{9}", digits):
            return f"{number} is not a KBO/BCE number, which has 10 digits"
        if 97 - int(digits[:8]) % 97 != int(digits[8:]):
            return f"{number} is not a KBO/BCE number: its last two digits don't check the others"
    return ""


# Term (T9, C1) -----------------------------------------------------------------------------------


def term(draft: Draft) -> Iterator[Fault]:
    """The order of the term's dates, and whether they exist."""
    found, version = draft.document.term, draft.document.version
    if found.until_on <= found.from_on:
        yield draft.fault(
            ("term",),
            f"the term ends ({found.until_on}) before it starts",
            "let it end after its start",
        )
        return
    if found.renewal is not None and _back(found.until_on, found.renewal.notice) < found.from_on:
        fact = f"notice of {found.renewal.notice} would have to be given before the term starts"
        yield draft.fault(("term", "renewal"), fact, "shorten the notice or lengthen the term")
    for place, end in enumerate(found.early_end):
        if end.earliest_on is not None and not found.from_on <= end.earliest_on <= found.until_on:
            path: Path = ("term", "early_end", place, "earliest_on")
            yield draft.fault(
                path, f"{end.earliest_on} lies outside the term", "name a date within the term"
            )
    if version is not None and not found.from_on <= version.from_on < found.until_on:
        fact = f"version {version.number} holds from {version.from_on}, outside the term"
        yield draft.fault(("version", "from"), fact, "let it begin within the term")


def _back(on: date, notice: Rhythm) -> date:
    try:
        return add(on, notice, -1)
    except Refusal:
        return on


# Priorities --------------------------------------------------------------------------------------


def priorities(draft: Draft) -> Iterator[Fault]:
    """Every impact, on every service, leads to one priority; each priority can be reached."""
    document = draft.document
    seen: dict[tuple[str, str | None], int] = {}
    for place, row in enumerate(document.priority_from):
        if (row.impact, row.service) in seen:
            first = draft.line(("priority_from", seen[row.impact, row.service]))
            fact = f"{_said(row.impact, row.service)} has a priority in line {first} already"
            yield draft.fault(("priority_from", place), fact, "keep one of the two rows")
        seen.setdefault((row.impact, row.service), place)
    for impact in document.impacts:
        without = [key for key in document.services if (impact, key) not in seen]
        if (impact, None) not in seen and (without or not document.services):
            fact = f"{_said(impact, without[0] if without else None)} has no priority"
            yield draft.fault(("priority_from",), fact, f"add a row for {impact} without service")
    if document.priority_from:
        reached = {row.priority for row in document.priority_from}
        for place, priority in enumerate(document.priorities):
            if priority not in reached:
                fact = f"no impact leads to {priority}"
                yield draft.fault(
                    ("priorities", place), fact, "add a row to priority_from", note=True
                )


def _said(impact: str, service: str | None) -> str:
    return f"the impact {impact} on {service}" if service else f"the impact {impact}"


# Services ----------------------------------------------------------------------------------------


def services(draft: Draft) -> Iterator[Fault]:
    """Fees, units and bands that fit each other; what costs nothing is best effort, and that is
    said.
    """
    for key, service in draft.document.services.items():
        path: Path = ("services", key)
        for fact, remedy in _service_facts(service):
            yield draft.fault(path, fact, remedy)
        yield from _bands(draft, path, service)
    if "clauses" not in draft.broken:
        yield from _best_effort(draft, draft.document)


def _best_effort(draft: Draft, document: Document) -> Iterator[Fault]:
    for key in best_effort_services(document):
        fact = f"{key} has no fee and no standing fee: best effort, no clock runs for it"
        yield draft.fault(
            ("services", key),
            fact,
            "add a fee or a standing_fee clause if time is promised",
            note=True,
        )


def _service_facts(service: Service) -> Iterator[tuple[str, str]]:
    fee = service.fee
    if service.level == "custom" and service.surcharge is None:
        yield (
            "the level custom has no surcharge",
            "add surcharge: (a share or a sum; 0 % if there is none)",
        )
    if service.level != "custom" and service.surcharge is not None:
        yield f"a surcharge on the level {service.level}", "surcharges belong to the level custom"
    if fee is not None and not fee.per:
        yield (
            f"the fee {fee} names no period",
            "write it per month, quarter or year; work by the hour is a clause",
        )
    if fee is not None and fee.unit and service.units is None:
        yield f"the fee is per {fee.unit}, and the number of units is missing", "add units:"
    if service.units is not None and fee is not None and not fee.unit:
        yield (
            f"{service.units} units, and the fee is not per unit",
            "name the unit in the fee, or leave units out",
        )


def _bands(draft: Draft, path: Path, service: Service) -> Iterator[Fault]:
    last = 0
    for place, (low, high) in enumerate(service.bands):
        if high < low or low <= last:
            fact = f"the band from {low} to {high} does not rise"
            yield draft.fault(
                (*path, "bands", place), fact, "list bands from few to many, without overlap"
            )
        last = high
    units, bands = service.units, service.bands
    if units is not None and bands and not any(low <= units <= high for low, high in bands):
        fact = f"{units} units lie outside the bands"
        remedy = "agree on bands that hold the number of today"
        yield draft.fault((*path, "units"), fact, remedy, note=True)
