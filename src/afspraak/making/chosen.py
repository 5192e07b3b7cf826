"""A first text from a supplier's catalogue: services at the levels that were chosen, with what
those levels promise; and single clauses to begin with, from the language's templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from afspraak.engine.time import Rhythm, add
from afspraak.language.document import Document
from afspraak.language.nodes import Items, Plain, child, plain
from afspraak.language.reader import read
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.write import write

_IMPACTS: Final = ("everybody", "team", "one_person")
_CLAUSES: Final = {"first_response": "reageren", "resolution": "oplossen"}
YEAR: Final = Rhythm(12, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A service at a level, for so many units (0: not said)."""

    service: str
    level: str
    units: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """Who the two are, and from when it would hold."""

    reference: str
    customer: Mapping[str, str]
    from_on: date


def from_catalogue(data: bytes, choices: tuple[Choice, ...], between: Between) -> bytes:
    """The text of an agreement for a year. `data` is a catalogue without faults; what it does not
    say (how impacts make a priority) is written in the plainest way, to be looked at.
    """
    root, _ = read(data, "catalogue")
    assert root is not None
    offer: Any = plain(root)
    levels = {each.level: offer["levels"][each.level] for each in choices}
    until = add(between.from_on, YEAR)
    made: dict[str, Any] = {
        "afspraak": "1",
        "law": "1",
        "id": between.reference,
        **{key: offer[key] for key in ("language", "currency", "zone")},
        "version": {"number": "1", "from": str(between.from_on)},
        "parties": {"supplier": offer["supplier"], "customer": dict(between.customer)},
        "term": {"from": str(between.from_on), "until": str(until)},
        "calendars": _calendars(offer, levels, between.from_on),
        "services": {each.service: _service(offer, each) for each in choices},
        "clauses": _clauses(offer, levels, choices),
    }
    if offer.get("priorities"):
        made["priorities"] = offer["priorities"]
        made["priority_from"] = _priorities(offer["priorities"])
    return write(Document.model_validate(made))


def _calendars(offer: Any, levels: Mapping[str, Any], from_on: date) -> dict[str, Any]:
    """The calendars that the levels use, open for as long as clocks may run."""
    cover = [str(from_on), str(add(from_on, Rhythm(36, 0)))]
    used = dict.fromkeys(each["calendar"] for each in levels.values())
    return {key: {**offer["calendars"][key], "cover": cover} for key in used}


def _service(offer: Any, choice: Choice) -> dict[str, Any]:
    offered = offer["services"][choice.service]
    told = offered["offers"][choice.level]
    held = {key: told[key] for key in ("fee", "surcharge", "bands") if key in told}
    units = {"units": str(choice.units)} if choice.units else {}
    return {"name": offered["name"], "level": choice.level, **held, **units}


def _clauses(
    offer: Any, levels: Mapping[str, Any], choices: tuple[Choice, ...]
) -> list[dict[str, Any]]:
    """One promise for each measure, its targets by level; what is paid once, as a clause."""
    rows: dict[str, list[dict[str, Any]]] = {}
    usual = next(iter(levels.values()))["calendar"]
    for level, held in levels.items():
        for target in held["targets"]:
            when = {"level": level} | {k: target[k] for k in ("priority",) if k in target}
            row = {"when": when, "value": target["value"]}
            own = held["calendar"]
            rows.setdefault(target["measure"], []).append(
                row | ({} if own == usual else {"calendar": own})
            )
    shares = {held.get("share") for held in levels.values()}
    share = shares.pop() if len(shares) == 1 else None
    found = [promise(measure, each, usual, share) for measure, each in rows.items()]
    for each in choices:
        once = offer["services"][each.service]["offers"][each.level].get("start_up")
        if once:
            start = {"id": f"opstart-{each.service}"[:60], "type": "start_up", "price": once}
            found.append(start | {"services": [each.service]})
    return found


def promise(measure: str, rows: list[dict[str, Any]], calendar: str, share: Any) -> dict[str, Any]:
    """A promise of the supplier about tickets, as it is written."""
    name = _CLAUSES.get(measure, measure.replace("_", "-"))
    made: dict[str, Any] = {"id": name, "type": "ticket_promise", "promisor": "supplier"}
    made |= {"key": "true", "measure": measure, "calendar": calendar}
    made |= {"pauses": ["customer"]} if measure == "resolution" else {}
    made |= {"targets": rows}
    return made | ({"share": {"at_least": share, "per": "quarter"}} if share else {})


def _priorities(priorities: list[str]) -> list[dict[str, str]]:
    """The more people stand still, the higher; the last priority for all the rest."""
    last = len(priorities) - 1
    return [
        {"impact": impact, "priority": priorities[min(n, last)]}
        for n, impact in enumerate(_IMPACTS)
    ]


# A clause to begin with ---------------------------------------------------------------------------


@cache
def _examples() -> dict[str, dict[str, Plain]]:
    """A clause of each type, from the templates."""
    found: dict[str, dict[str, Plain]] = {}
    for name in template_names():
        root, _ = read(template_bytes(name), name)
        clauses = None if root is None else child(root, "clauses")
        for node in clauses.items if isinstance(clauses, Items) else ():
            each = plain(node)
            if isinstance(each, dict):
                found.setdefault(str(each["type"]), each)
    return found


def beginning(kind: str, taken: tuple[str, ...]) -> dict[str, Plain]:
    """A clause of a type to change, with an id that none has; `taken` are those that some have.
    What it points to may not be here: the form then asks.
    """
    example = _examples()[kind]
    name, number = str(example["id"]), 2
    while name in taken:
        name, number = f"{str(example['id'])[:50]}-{number}", number + 1
    kept = {key: each for key, each in example.items() if key not in ("note", "title", "key")}
    return kept | {"id": name}
