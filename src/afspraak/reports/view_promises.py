"""What a page says of the promises: its headline, the key figures, and tables by all that a promise
can be cut by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Final

from afspraak.engine.figures import Tally
from afspraak.reports.accounts import KINDS, Kind
from afspraak.reports.cube import Key
from afspraak.reports.groups import Group, main_group
from afspraak.reports.replay import Replay
from afspraak.reports.speech import Speech, capital
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.reports.texts import Texts

MOST: Final = 12
"""Rows of a table by customer, service or site; what is left stands together in one more."""

CUTS: Final = ("level", "service", "priority", "kind", "site")
_TELLING: Final = frozenset(("level", "service", "priority"))


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure on the first line: what it is, the figure, what stands under it."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class Cut:
    """All promises cut by one field; `telling`: what a reader looks for first."""

    field: str
    telling: bool
    tables: tuple[Table, ...]


def headline(texts: Texts, replay: Replay, groups: Sequence[Group]) -> str:
    """The page in one sentence: the promise that matters most."""
    group = main_group(groups, replay.cube)
    if group is None:
        return texts.say("page", "headline_none")
    counted = group.total(replay.cube).tally
    found = counted.shown
    slots = {
        "measure": texts.say("page", f"measure_{group.measure}"),
        "met": texts.number(counted.met),
        "cases": texts.number(counted.cases),
    }
    if found is None or counted.is_few:
        return texts.say("page", "headline_few", **slots)
    return texts.say("page", "headline", share=texts.share(found), **slots)


def key_figures(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[KeyFigure]:
    """Tickets, each promise that was judged, money, and what was not judged."""
    days = (replay.dates.until_on - replay.dates.from_on).days
    customers = {key.customer for key, _ in replay.cube.cells()}
    note = texts.say("page", "days_of", n=texts.number(days))
    if len(customers) > 1:
        note = texts.say("page", "customers_of", n=texts.number(len(customers)))
    yield KeyFigure(texts.say("page", "tickets"), texts.number(replay.tickets), note)
    for group in groups:
        counted = group.total(replay.cube).tally
        if counted.cases:
            slots = {"met": texts.number(counted.met), "cases": texts.number(counted.cases)}
            told = texts.say("page", "kept_of", **slots)
            yield KeyFigure(group.title(texts), share(texts, counted).text, told)
    for kind, word in zip(KINDS, ("credits", "bonuses", "penalties"), strict=True):
        yield from _money(texts, replay, kind, word)
    tickets = texts.say("page", "unjudged_of", n=texts.number(replay.tickets))
    yield KeyFigure(texts.say("page", "unjudged"), texts.number(replay.unjudged_tickets), tickets)


def _money(texts: Texts, replay: Replay, kind: Kind, word: str) -> Iterator[KeyFigure]:
    bills = [each for each in replay.accounts.bills if each.kind == kind and each.is_over]
    if bills:
        currency = replay.contracts[0].terms.currency
        owed = replay.accounts.owed(kind=kind)
        periods = len({each.period for each in bills})
        note = texts.say("page", "periods", n=texts.number(periods))
        yield KeyFigure(texts.say("page", word), texts.money(owed, currency), note)


def promises(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Table:
    """What came of every promise, one row each."""
    say = texts.words("promises")
    names = ["promise", "share", "missed", "met", "agreed", "kept_periods", "running", "void"]
    sums = [(group, group.total(replay.cube).tally) for group in groups]
    relieved = any(counted.relieved for _, counted in sums)
    if relieved:
        names[3:3] = ["relieved", "judged"]
    head = [str(say[name]) for name in names]
    rows = [_promise(texts, replay, group, counted, relieved) for group, counted in sums]
    return table(texts.say("promises", "title"), head, rows)


def _promise(
    texts: Texts,
    replay: Replay,
    group: Group,
    counted: Tally,
    relieved: bool,  # noqa: FBT001 - a column
) -> list[Cell]:
    party = texts.word("party", group.promisor)
    cells = [
        Cell(group.title(texts), "head", party),
        share(texts, counted),
        missed(texts, counted.missed),
        number(texts, counted.met),
        Cell(_agreed(texts, group)),
        Cell(_kept(texts, replay, group), "num"),
        number(texts, counted.running + counted.paused + counted.measuring),
        number(texts, counted.void),
    ]
    if relieved:
        cells[3:3] = [number(texts, counted.relieved), share(texts, counted, judged=True)]
    return cells


def _agreed(texts: Texts, group: Group) -> str:
    """The promised shares: `95 % per kwartaal`; of several contracts the lowest and the highest."""
    if not group.shares:
        return texts.say("promises", "no_share")
    told = []
    for per in dict.fromkeys(each.per for each in group.shares):
        parts = sorted({each.at_least for each in group.shares if each.per == per})
        ends = dict.fromkeys((parts[0], parts[-1]))
        span = " – ".join(texts.share(part, 3) for part in ends)  # noqa: RUF001
        told.append(texts.say("promises", "at_least", share=span, per=texts.say("promises", per)))
    return ", ".join(told)


def _kept(texts: Texts, replay: Replay, group: Group) -> str:
    judged = [
        each
        for each in replay.accounts.judgements
        if (each.contract, each.clause) in group.clauses and each.kept is not None and each.is_over
    ]
    if not judged:
        return "–"  # noqa: RUF001 - the typographer's dash for nothing
    kept = sum(each.kept is True for each in judged)
    return texts.say("form", "few", met=texts.number(kept), cases=texts.number(len(judged)))


# Cuts --------------------------------------------------------------------------------------------


def cuts(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[Cut]:
    """The promises by level, service, priority, kind and site, where there is more than one."""
    for field in CUTS:
        tables = tuple(_cut(texts, replay, groups, field))
        if tables:
            name = texts.word("field", field)
            yield Cut(capital(name), field in _TELLING, tables)


def _cut(texts: Texts, replay: Replay, groups: Sequence[Group], field: str) -> Iterator[Table]:
    for group in groups:
        sums = replay.cube.by(group.clauses, partial(_field, field))
        if len(sums) > 1:
            names = {value: _value(texts, replay, field, value) for value in sums}
            yield cut_table(texts, group.title(texts), texts.word("field", field), sums, names)


def _field(name: str, key: Key) -> str:
    return key.field(name)


def _value(texts: Texts, replay: Replay, field: str, value: str) -> str:
    if not value:
        return texts.say("cuts", "none")
    names = (Speech(texts, each).value(field, value) for each in replay.contracts)
    return next((name for name in names if name != value), value)


def cut_table(
    texts: Texts, caption: str, head: str, sums: Mapping[str, Tally], names: Mapping[str, str]
) -> Table:
    """One row a value, most misses first; few cases as counts; what is beyond `MOST` in one row."""
    ordered = sorted(sums, key=lambda value: (-sums[value].missed, names[value]))
    rows = [_cut_row(texts, names[value], sums[value]) for value in ordered[:MOST]]
    if len(ordered) > MOST:
        rest = ordered[MOST:]
        together = sum((sums[value] for value in rest), Tally())
        rows.append(_cut_row(texts, texts.say("cuts", "more", n=texts.number(len(rest))), together))
    say = texts.words("promises")
    return table(caption, (head, *(str(say[name]) for name in ("met", "missed", "share"))), rows)


def _cut_row(texts: Texts, name: str, counted: Tally) -> list[Cell]:
    return [
        Cell(name, "head"),
        number(texts, counted.met),
        missed(texts, counted.missed),
        share(texts, counted),
    ]


def customers(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Table | None:
    """Every customer's share of each promise, worst of the main one first; None for only one."""
    main = main_group(groups, replay.cube)
    told = [group for group in groups if group.total(replay.cube).tally.cases]
    by = {group: replay.cube.by(group.clauses, _customer) for group in told}
    names = {name for sums in by.values() for name in sums}
    if main is None or len(names) < 2:  # noqa: PLR2004 - one customer is no comparison
        return None

    def worst(name: str) -> tuple[Fraction, str]:
        found = by[main].get(name)
        shown = found.shown if found else None
        return (Fraction(2) if shown is None else shown, name)

    rows = [
        [
            Cell(name or texts.say("cuts", "none"), "head"),
            *(_customers(texts, by[group].get(name, Tally())) for group in told),
        ]
        for name in sorted(names, key=worst)
    ]
    head = (texts.say("customers", "customer"), *(group.title(texts) for group in told))
    return table(texts.say("customers", "title"), head, rows)


def _customers(texts: Texts, counted: Tally) -> Cell:
    """The share, and the misses beside it."""
    late = f"▲ {texts.number(counted.missed)}" if counted.missed else ""
    return replace(share(texts, counted), beside=late)


def _customer(key: Key) -> str:
    return key.customer
