"""What stands around the clauses: the parties, the term, the services, the calendars, the
signatures.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from afspraak.language.document import Document
from afspraak.language.schema_frame import ServiceCalendar
from afspraak.language.text.clauses import blocks_of, table_of
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.times import show_date
from afspraak.language.text.tree import Block, Heading, Line, Span, Table, ours
from afspraak.language.text.words import Values, both, texts_of


def page_words(lexicon: Lexicon) -> Mapping[str, str]:
    """The headings and fixed lines of the language."""
    return cast("Mapping[str, str]", texts_of(lexicon.lang, "page"))


def frame(document: Document, lexicon: Lexicon) -> list[Block]:
    """Everything that holds for all clauses, in the order in which it is read."""
    words = page_words(lexicon)
    blocks: list[Block] = [
        Heading(2, ours(words["parties"]), anchor="parties"),
        _parties(document, lexicon),
    ]
    blocks += [Heading(2, ours(words["term"]), anchor="term"), *blocks_of(document.term, lexicon)]
    blocks += [Heading(2, ours(words["general"]), anchor="general"), *_general(document, lexicon)]
    if document.services:
        blocks += [
            Heading(2, ours(words["services"]), anchor="services"),
            _services(document, lexicon),
        ]
    if document.priority_from:
        heading = Heading(2, ours(words["priority_from"]), anchor="priority-from")
        blocks += [heading, table_of(document.priority_from, lexicon)]
    blocks.append(Heading(2, ours(words["calendars"]), anchor="calendars"))
    for key, calendar in document.calendars.items():
        blocks += calendar_blocks(key, calendar, lexicon)
    return blocks


def _parties(document: Document, lexicon: Lexicon) -> Table:
    """A column for each party, so that addresses have room."""
    head = ours(page_words(lexicon)["party"])
    labels = [_role(key, lexicon) for key in document.parties]
    table = table_of(list(document.parties.values()), lexicon, [(head, labels)])
    first, *columns = zip(table.head, *table.rows, strict=True)
    return Table(first, tuple(columns), even=True)


def _role(key: str, lexicon: Lexicon) -> Line:
    roles = cast("Mapping[str, str]", texts_of(lexicon.lang, "words")["roles"])
    return ours(roles.get(key, roles["third_party"]))


def _general(document: Document, lexicon: Lexicon) -> Iterator[Block]:
    yield from blocks_of(document, lexicon)
    for part in (document.jurisdiction, document.version, document.frozen):
        if part is not None:
            yield from blocks_of(part, lexicon)


def _services(document: Document, lexicon: Lexicon) -> Table:
    head = ours(page_words(lexicon)["service"])
    labels: list[Line] = [(Span(lexicon.services.show(key), "user"),) for key in document.services]
    return table_of(list(document.services.values()), lexicon, [(head, labels)])


# Calendars -------------------------------------------------------------------------------------


def calendar_blocks(key: str, calendar: ServiceCalendar, lexicon: Lexicon) -> Iterator[Block]:
    """A service window: its sentences, and its holidays if they are written out."""
    yield Heading(3, (Span(lexicon.calendars.show(key), "user"),), anchor=f"calendar-{key}")
    yield from blocks_of(calendar, lexicon)
    if calendar.holiday_dates:
        yield holiday_table(calendar.holiday_dates, lexicon)


def holiday_table(dates: Mapping[date, str], lexicon: Lexicon) -> Table:
    """The written-out holidays: a row for each name, a column for each year, the dates as `29
    maart`.
    """
    years = sorted({on.year for on in dates})
    names = dict.fromkeys(name for _, name in sorted(dates.items()))
    head = [ours(page_words(lexicon)["holiday"]), *(ours(str(year)) for year in years)]
    rows = [
        ((Span(name, "user"),), *(_dates_in(year, name, dates, lexicon) for year in years))
        for name in names
    ]
    return Table(tuple(head), tuple(rows))


def _dates_in(year: int, name: str, dates: Mapping[date, str], lexicon: Lexicon) -> Line:
    found = [on for on, each in sorted(dates.items()) if on.year == year and each == name]
    shown = both([day_of(on, lexicon.values) for on in found], lexicon.values)
    return (Span(shown, "value"),) if shown else ours(page_words(lexicon)["absent"])


def day_of(on: date, values: Values) -> str:
    """A date without its year, which stands above it: `29 maart`."""
    return show_date(on, values).removesuffix(f"{on.year:04}").rstrip()


# Signatures ------------------------------------------------------------------------------------


def signatures(document: Document, lexicon: Lexicon) -> list[Block]:
    """Who signs for whom, and the lines on which they do."""
    words = page_words(lexicon)
    signing = [(key, signer) for key, party in document.parties.items() for signer in party.signers]
    if not signing:
        return []
    labels = [_role(key, lexicon) for key, _ in signing]
    lines = [ours(words["signature_line"])] * len(signing)
    who = table_of([signer for _, signer in signing], lexicon, [(ours(words["party"]), labels)])
    names: list[Line] = [(Span(signer.name, "user"),) for _, signer in signing]
    sign = Table(
        (ours(words["signature"]), ours(words["place_and_date"]), ours("")),
        tuple(zip(names, lines, lines, strict=True)),
    )
    return [Heading(2, ours(words["signatures"]), anchor="signatures"), who, sign]
