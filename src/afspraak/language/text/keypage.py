"""Page one: the key promises on which daily work depends, as a table of service x priority x
target, with the hours and the telephone number. Which rule wins is asked of the engine (SEMANTICS
C3), not worked out anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from afspraak.engine.terms import BestEffort, Fields, Open, Rule, winners
from afspraak.engine.time import ServiceTime
from afspraak.language.document import Clause, Document
from afspraak.language.schema_people import UserSupportClause
from afspraak.language.schema_promises import DutyClause, TicketPromiseClause
from afspraak.language.terms_rules import fields_of, rules_of
from afspraak.language.text.clauses import sentence_of
from afspraak.language.text.frame import page_words
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon, clause_titles
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.structure import parts_of, word_of
from afspraak.language.text.times import show_time
from afspraak.language.text.tree import Block, Heading, Items, Line, Lines, Span, Table, ours
from afspraak.language.text.words import both, fill


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the table: a promise on a service, its target for each priority, the windows."""

    clause: str
    service: str
    cells: tuple[str, ...]
    windows: tuple[str, ...]


def key_page(document: Document, lexicon: Lexicon) -> list[Block]:
    """What one looks up: how to report, what is promised, in which hours."""
    words = page_words(lexicon)
    blocks: list[Block] = [Heading(2, ours(words["at_a_glance"]), anchor="at-a-glance")]
    blocks += _calling(document, lexicon)
    keys = [clause for clause in document.clauses if clause.key]
    promises = [clause for clause in keys if isinstance(clause, TicketPromiseClause)]
    for head, theirs in (("key_table", False), ("key_customer", True)):
        chosen = [
            each for each in promises if (each.promisor == "customer") == theirs and each.targets
        ]
        if chosen:
            blocks.append(Heading(3, ours(words[head])))
            blocks += [block for each in chosen for block in _table(document, each, lexicon)]
    blocks += _hours(document, promises, lexicon)
    others = [clause for clause in keys if clause not in promises or not clause.targets]
    if others:
        lines = tuple(_other(document, clause, lexicon) for clause in others)
        blocks += [Heading(3, ours(words["key_other"])), Items(lines)]
    return blocks


# How to report ---------------------------------------------------------------------------------


def _calling(document: Document, lexicon: Lexicon) -> Iterator[Block]:
    """The ways to reach the supplier: where to report first, then what else there is."""
    words, supplier = page_words(lexicon), document.parties["supplier"]
    show = PHRASES["uri"].show
    duties = (duty.one_channel for duty in document.of_type(DutyClause) if duty.one_channel)
    helping = (uri for each in document.of_type(UserSupportClause) for uri in each.channels)
    ways = dict.fromkeys((*duties, *helping))
    own = [supplier.contact] if supplier.contact and supplier.contact not in ways else []
    shown = [show(uri, lexicon) for uri in (*ways, *own)]
    shown += [PHRASES["contacts"].show(supplier.contacts, lexicon)] if supplier.contacts else []
    if shown:
        text = fill(words["call_text"], name=supplier.name, ways=words["key_between"].join(shown))
        yield Heading(3, ours(words["call"]))
        yield Lines((ours(text),))


# What is promised ------------------------------------------------------------------------------


def _table(document: Document, clause: TicketPromiseClause, lexicon: Lexicon) -> Iterator[Block]:
    """One promise: a row for each service, a column for each priority, and the window."""
    words = page_words(lexicon)
    number, title = (
        clause_numbers(document)[clause.id],
        clause_titles(document, lexicon.lang)[clause.id],
    )
    priorities = [ours(lexicon.words.show(each)) for each in document.priorities]
    head = (
        ours(f"{title} ({number})"),
        *(priorities or [ours(words["no_priority"])]),
        ours(words["window"]),
    )
    rows = [
        (
            (Span(row.service, "user"),),
            *((Span(cell, "figure"),) for cell in row.cells),
            (Span(both(row.windows, lexicon.values), "user"),),
        )
        for row in _joined(list(_rows(document, clause, lexicon)), words["every_service"], lexicon)
    ]
    yield Table(head, tuple(rows), even=True)


def _rows(document: Document, clause: TicketPromiseClause, lexicon: Lexicon) -> Iterator[_Row]:
    """A row for each service; without services one for every report."""
    fields, rules = fields_of(document), rules_of(document, clause)
    between = page_words(lexicon)["key_between"]
    for service in document.services or [""]:
        found = [
            _found(fields, rules, {"service": service, "priority": priority}, clause, lexicon)
            for priority in document.priorities or [""]
        ]
        cells = tuple(between.join(texts) for texts, _ in found)
        windows = dict.fromkeys(window for _, each in found for window in each)
        name = (
            _service(document, service, lexicon) if service else page_words(lexicon)["every_report"]
        )
        yield _Row(clause.id, name, cells, tuple(windows))


def _service(document: Document, key: str, lexicon: Lexicon) -> str:
    level = lexicon.enums["level"].show(document.services[key].level)
    return f"{lexicon.services.show(key)} ({level})"


def _found(
    fields: Fields,
    rules: Sequence[Rule],
    case: dict[str, str],
    clause: TicketPromiseClause,
    lexicon: Lexicon,
) -> tuple[list[str], list[str]]:
    """The targets of a service and a priority with the kinds and sites that tell them apart, and
    their windows.
    """
    words = page_words(lexicon)
    known = {name: value for name, value in case.items() if value}
    free = [name for name in ("kind", "site") if fields.values.get(name)]
    targets: dict[str, list[str]] = {}
    windows: dict[str, None] = {}
    for chosen in product(*(fields.values[name] for name in free)):
        best = winners(fields, rules, {**known, **dict(zip(free, chosen, strict=True))})
        target = _target(best[0], lexicon) if best else words["nothing"]
        targets.setdefault(target, []).append(
            both([lexicon.words.show(each) for each in chosen], lexicon.values)
        )
        if best and not isinstance(best[0].target, BestEffort):
            windows[lexicon.calendars.show(best[0].calendar or clause.calendar)] = None
    if len(targets) == 1:
        return list(targets), list(windows)
    told = [f"{target} ({both(cases, lexicon.values)})" for target, cases in targets.items()]
    return told, list(windows)


def _target(rule: Rule, lexicon: Lexicon) -> str:
    words = page_words(lexicon)
    if isinstance(rule.target, BestEffort):
        return words["best_effort"]
    if isinstance(rule.target, Open):
        return words["open"]
    if isinstance(rule.target, ServiceTime):
        return show_time(rule.target.microseconds, lexicon.values)
    return PHRASES["duration"].show(rule.target, lexicon)


def _joined(rows: Sequence[_Row], every: str, lexicon: Lexicon) -> list[_Row]:
    """Services with the same promises on one row."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for row in rows:
        alike.setdefault((row.cells, row.windows), []).append(row.service)
    return [
        _Row(
            rows[0].clause,
            every if len(names) == len(rows) > 1 else both(names, lexicon.values),
            *same,
        )
        for same, names in alike.items()
    ]


# In which hours --------------------------------------------------------------------------------


def _hours(
    document: Document, promises: Sequence[TicketPromiseClause], lexicon: Lexicon
) -> Iterator[Block]:
    """The windows of the key promises, in words."""
    words = page_words(lexicon)
    used = dict.fromkeys(
        calendar
        for clause in promises
        for calendar in (*(row.calendar or clause.calendar for row in clause.targets),)
    )
    if used:
        yield Heading(3, ours(words["hours"]))
        yield Lines((ours(words["hours_text"]),))
        yield Items(tuple(_hours_line(document, key, lexicon) for key in used))


def _hours_line(document: Document, key: str, lexicon: Lexicon) -> Line:
    words, calendar = page_words(lexicon), document.calendars[key]
    line = fill(
        words["hours_line"],
        name=lexicon.calendars.show(key),
        week=PHRASES["week"].show(calendar.week, lexicon),
        holidays=words["hours_holidays"] if calendar.holidays else "",
    )
    return ours(line)


def _other(document: Document, clause: Clause, lexicon: Lexicon) -> Line:
    """Any other key clause: its title, its number, its sentences."""
    title, number = (
        clause_titles(document, lexicon.lang)[clause.id],
        clause_numbers(document)[clause.id],
    )
    said = [
        sentence_of(part, clause, lexicon)
        for part in parts_of(word_of(type(clause)))
        if not part.is_table
    ]
    told = [span for line in said if line for span in (*line, Span(" "))]
    line = fill(page_words(lexicon)["key_line"], title=title, number=number)
    return (Span(f"{line} "), *told[:-1])
