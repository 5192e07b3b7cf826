"""Whether a printed text says what a document says: every value is read from it and compared."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from afspraak.language.document import Clause, Document
from afspraak.language.schema_frame import (
    Frozen,
    Jurisdiction,
    Party,
    PriorityRow,
    Service,
    ServiceCalendar,
    Signer,
    Term,
    Version,
)
from afspraak.language.text.fields import fields_of
from afspraak.language.text.frame import holiday_table, page_words
from afspraak.language.text.lexicon import Lexicon, clause_titles, lexicon_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.reading import Found, read_part, read_table, read_whole
from afspraak.language.text.sections import Boxed, Grid, Section, sections_of
from afspraak.language.text.tree import text_of
from afspraak.language.text.words import Lang, UnreadableError

_NOT_SAID = frozenset(("id", "type", "title", "key", "name", "holiday_dates"))
"""Keys of clauses, services and calendars that the text shows as a heading, a label or a mark."""


def differences(document: Document, text: str, lang: Lang) -> list[str]:
    """What a printed text (Markdown) says otherwise than the document; nothing if the same."""
    lexicon = lexicon_of(document, lang)
    words = page_words(lexicon)
    sections = sections_of(text)
    named = {section.title: section for section in sections if section.level == 2}  # noqa: PLR2004
    try:
        return [
            *_parties(document, named[words["parties"]], lexicon),
            *_compare(
                "term", document.term, read_whole(Term, named[words["term"]].contents, lexicon)
            ),
            *_general(document, named[words["general"]], lexicon),
            *_tables(document, named, lexicon),
            *_calendars(document, sections, lexicon),
            *_clauses(document, sections, lexicon),
            *_signers(document, named, lexicon),
        ]
    except (UnreadableError, KeyError, ValueError) as error:
        return [f"unreadable: {error}"]


def read_clause(clause: Clause, section: Section, lexicon: Lexicon) -> Found:
    """What the text under a clause's heading says of it, its note included."""
    found = read_whole(type(clause), section.contents, lexicon)
    notes = [each.text for each in section.contents if isinstance(each, Boxed)]
    return {**found, **({"note": notes[0]} if notes else {})}


def _clauses(document: Document, sections: Sequence[Section], lexicon: Lexicon) -> Iterator[str]:
    by_number = {section.number: section for section in sections if section.level == 3}  # noqa: PLR2004
    for clause_id, number in clause_numbers(document).items():
        clause = document.clause(clause_id)
        if number not in by_number:
            yield f"{clause_id}: clause {number} is not in the text"
            continue
        section = by_number[number]
        if section.title != clause_titles(document, lexicon.lang)[clause_id]:
            yield f"{clause_id}: the text calls it {section.title!r}"
        yield from _compare(clause_id, clause, read_clause(clause, section, lexicon))


def _parties(document: Document, section: Section, lexicon: Lexicon) -> Iterator[str]:
    (grid,) = (each for each in section.contents if isinstance(each, Grid))
    head, *columns = zip(grid.head, *grid.rows, strict=True)
    turned = Grid(tuple(head), tuple(tuple(column) for column in columns))
    for (key, party), found in zip(
        document.parties.items(), read_table(Party, turned, lexicon, 1), strict=True
    ):
        found.pop("role", None)
        yield from _compare(f"parties.{key}", party, found, {"role", "signers"}, said=("name",))


def _general(document: Document, section: Section, lexicon: Lexicon) -> Iterator[str]:
    found, left = read_part(Document, section.contents, lexicon)
    skipped = {key for key in fields_of(Document) if key not in _OF_DOCUMENT}
    yield from _compare("document", document, found, skipped, said=("id",))
    for name, model in (("jurisdiction", Jurisdiction), ("version", Version), ("frozen", Frozen)):
        part = getattr(document, name)
        if part is not None:
            found, left = read_part(model, left, lexicon)
            yield from _compare(name, part, found)
    if left:
        yield f"document: {left[0]!r} is not said of it"


_OF_DOCUMENT = frozenset(
    [
        "id",
        "language",
        "afspraak",
        "law",
        "currency",
        "zone",
        "priorities",
        "ticket_kinds",
        "sites",
        "calendar",
    ]
)


def _tables(document: Document, named: Mapping[str, Section], lexicon: Lexicon) -> Iterator[str]:
    words = page_words(lexicon)
    if document.services:
        (grid,) = (each for each in named[words["services"]].contents if isinstance(each, Grid))
        keys = [lexicon.services.key(row[0]) for row in grid.rows]
        if keys != list(document.services):
            yield f"services: the text has {keys}"
        rows = read_table(Service, grid, lexicon, 1)
        for (key, service), found in zip(document.services.items(), rows, strict=True):
            yield from _compare(f"services.{key}", service, found)
    if document.priority_from:
        (grid,) = (
            each for each in named[words["priority_from"]].contents if isinstance(each, Grid)
        )
        rows = read_table(PriorityRow, grid, lexicon)
        for row, found in zip(document.priority_from, rows, strict=True):
            yield from _compare("priority_from", row, found)


def _calendars(document: Document, sections: Sequence[Section], lexicon: Lexicon) -> Iterator[str]:
    below: dict[str, Section] = {}
    above = ""
    for section in sections:
        above = section.title if section.level == 2 else above  # noqa: PLR2004
        if section.level == 3 and above == page_words(lexicon)["calendars"]:  # noqa: PLR2004
            below[lexicon.calendars.key(section.name)] = section
    for key, calendar in document.calendars.items():
        lines = [each for each in below[key].contents if not isinstance(each, Grid)]
        grids = [each for each in below[key].contents if isinstance(each, Grid)]
        yield from _compare(
            f"calendars.{key}", calendar, read_whole(ServiceCalendar, lines, lexicon)
        )
        yield from _holidays(key, calendar, grids, lexicon)


def _holidays(
    key: str, calendar: ServiceCalendar, grids: Sequence[Grid], lexicon: Lexicon
) -> Iterator[str]:
    wanted = holiday_table(calendar.holiday_dates, lexicon) if calendar.holiday_dates else None
    shown = [tuple(tuple(map(text_of, row)) for row in wanted.rows)] if wanted else []
    if [grid.rows for grid in grids] != shown:
        yield f"calendars.{key}: the text has other holidays"


def _signers(document: Document, named: Mapping[str, Section], lexicon: Lexicon) -> Iterator[str]:
    signers = [signer for party in document.parties.values() for signer in party.signers]
    if not signers:
        return
    grid = next(
        each for each in named[page_words(lexicon)["signatures"]].contents if isinstance(each, Grid)
    )
    for signer, found in zip(signers, read_table(Signer, grid, lexicon, 1), strict=True):
        yield from _compare("signers", signer, found, said=("name",))


def _compare(
    where: str,
    part: BaseModel,
    found: Found,
    skipped: set[str] | None = None,
    said: Sequence[str] = (),
) -> Iterator[str]:
    """Reads what was found as the part's own model and compares field by field."""
    skip = (skipped or set()) | (_NOT_SAID - set(said))
    own: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_unset=True)
    known = {key: value for key, value in own.items() if key in skip}
    told = {key: value for key, value in found.items() if key not in skip}
    try:
        read = type(part).model_validate(known | told)
    except ValidationError as error:
        yield f"{where}: {error}"
        return
    for key, field in fields_of(type(part)).items():
        mine, theirs = getattr(part, field.name), getattr(read, field.name)
        if mine != theirs:
            yield f"{where}.{key}: the document says {mine}, the text {theirs}"
