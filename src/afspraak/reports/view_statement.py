"""The statement of a replay, promise by promise and month by month: kept, missed, whose turn the
time was; and what its periods cost.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from afspraak.engine.figures import Tally
from afspraak.reports.groups import Group
from afspraak.reports.replay import Replay
from afspraak.reports.rows import Turns
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.reports.texts import Texts
from afspraak.reports.view_turns import TURNS


def by_month(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[Table]:
    """A table for each promise that has a case: its months, and all of them together. The figures
    lead to the tickets behind them.
    """
    for group in groups:
        months = _months(replay, group)
        if not any(tally.cases for tally, _ in months.values()):
            continue
        used = [turn for turn in TURNS if any(getattr(each, turn) for _, each in months.values())]
        clauses = ",".join(dict.fromkeys(clause for _place, clause in group.clauses))
        rows = [
            _row(
                texts, texts.month(on, year=True), each, used, f"clause={clauses}&month={on:%Y-%m}"
            )
            for on, each in sorted(months.items())
        ]
        whole = (sum((each for each, _ in months.values()), Tally()), _sum(months.values()))
        rows.append(_row(texts, texts.say("report", "total"), whole, used, f"clause={clauses}"))
        head = [texts.say("monthly", "month")]
        head += [texts.say("promises", name) for name in ("met", "missed", "share")]
        head += [texts.word("turn", turn) for turn in used]
        party = texts.word("party", group.promisor)
        yield table(f"{group.title(texts)} ({party})", head, rows, total=True)


def _months(replay: Replay, group: Group) -> dict[date, tuple[Tally, Turns]]:
    """What was due in each month."""
    found: dict[date, tuple[Tally, Turns]] = {}
    for key, cell in replay.cube.cells(group.clauses):
        if key.due_on is None:
            continue
        month = key.due_on.replace(day=1)
        counted, turns = found.setdefault(month, (Tally(), Turns()))
        turns.add(cell.turns)
        found[month] = (counted + cell.tally, turns)
    return found


def _sum(months: Iterable[tuple[Tally, Turns]]) -> Turns:
    whole = Turns()
    for _, each in months:
        whole.add(each)
    return whole


def _row(
    texts: Texts, name: str, told: tuple[Tally, Turns], used: Sequence[str], link: str
) -> list[Cell]:
    counted, turns = told
    met, late = number(texts, counted.met), missed(texts, counted.missed)
    return [
        Cell(name, "head"),
        Cell(met.text, met.tone, "", f"{link}&state=met"),
        Cell(late.text, late.tone, "", f"{link}&state=missed"),
        share(texts, counted),
        *(Cell(texts.about(getattr(turns, turn)), "num") for turn in used),
    ]
