"""What was confirmed of a paper as the beginning of a contract: a template with these values where
they fit, and above it what fits nowhere by itself, with the place where it was read. Pure.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from afspraak.language.begin import with_values
from afspraak.language.nodes import Path
from afspraak.language.text.templates import template_bytes

TEMPLATE: Final = "kleine-reseller"
PLACES: Final[Mapping[str, tuple[Path, ...]]] = {
    "customer": (("parties", "customer", "name"),),
    "customer_register": (("parties", "customer", "register"),),
    "supplier_register": (("parties", "supplier", "register"),),
    "from_on": (("term", "from"), ("calendars", "kantoor", "cover", 0)),
    "until_on": (("term", "until"),),
    "tacit": (("term", "renewal", "tacit"),),
    "notice": (("term", "renewal", "notice"),),
}
"""A field -> where it stands in the template, whose hours begin with its term; the other fields are
placed by a person.
"""


def begun_from(
    values: Mapping[str, str], names: Mapping[Path, str], quotes: Mapping[str, str]
) -> bytes:
    """The text to begin with. `names`: who the two are, and the reference; `quotes`: the words in
    which each value was read.
    """
    placed = {path: value for field, value in values.items() for path in PLACES.get(field, ())}
    text = with_values(template_bytes(TEMPLATE), {**names, **placed})
    told = [
        _line(field, value, quotes.get(field, ""))
        for field, value in values.items()
        if field not in PLACES
    ]
    return "".join(f"# {line}\n" for line in told).encode() + text


def _line(field: str, value: str, quote: str) -> str:
    """One line, whatever was typed: what follows a line's end would be read as the contract."""
    told = f"{field}: {value} ({quote})" if quote else f"{field}: {value}"
    return " ".join(told.split())


def reference_of(paper: UUID) -> str:
    """The id of what is begun from a paper: its own, so that no two that are begun side by side
    ever become one agreement. A person may give it a better one before it is signed.
    """
    return f"arch-{paper.hex[-8:]}"
