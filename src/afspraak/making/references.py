"""What can be chosen where a clause points to something of its document."""

from typing import Final

from afspraak.language.document import Document
from afspraak.language.schema_people import OwnershipClause
from afspraak.language.text.fields import Field
from afspraak.language.text.lexicon import Lexicon
from afspraak.making.balance import MEASURED

Choices = tuple[tuple[str, str], ...]
PRICED: Final = ("hourly", "prepaid_hours", "project_price", "standing_fee", "start_up")
_TYPES: Final = {
    "open": ("open_term",),
    "by_clause": ("hourly",),
    **dict.fromkeys(("delivery", "after", "steps", "deliveries"), ("delivery",)),
}
_WORDS: Final = {"priority": "priorities", "kind": "ticket_kinds", "site": "sites"}


def choices_of(field: Field, part: str, document: Document, lexicon: Lexicon) -> Choices:
    """(key, name) of each thing that the field may point to; empty for a field of another kind."""
    match field.kind:
        case "service":
            found = (list(document.services), lexicon.services)
        case "calendar":
            found = (list(document.calendars), lexicon.calendars)
        case "party":
            found = (_parties(document), lexicon.parties)
        case "asset":
            held = [each.id for own in document.of_type(OwnershipClause) for each in own.assets]
            found = (held, lexicon.assets)
        case "price":
            priced = [each.id for each in document.clauses if each.type in PRICED]
            found = ([*document.services, *priced], lexicon.prices)
        case "clause":
            found = (_clauses(field.key, part, document), lexicon.clauses)
        case "word" if field.key in _WORDS:
            found = (list(getattr(document, _WORDS[field.key])), lexicon.words)
        case _:
            found = ([], lexicon.words)
    return tuple((key, found[1].show(key)) for key in found[0])


def _clauses(key: str, part: str, document: Document) -> list[str]:
    types = ("ticket_promise",) if part == "open_term" else _TYPES.get(key, MEASURED)
    return [each.id for each in document.clauses if each.type in types]


def _parties(document: Document) -> list[str]:
    third = document.third_party
    return [*document.parties, *(["third_party"] if third and third != "third_party" else [])]
