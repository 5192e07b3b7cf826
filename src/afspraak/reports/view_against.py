"""The difference between two contracts on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from afspraak.engine.figures import Tally
from afspraak.reports.compare import Comparison, Credits, Difference
from afspraak.reports.replay import Replay
from afspraak.reports.speech import measure
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.reports.texts import Texts


@dataclass(frozen=True, slots=True)
class Against:
    """What the other contract is called, all customers together, each customer, and money."""

    name: str
    together: Table
    customers: Table | None
    money: Table | None


def against(texts: Texts, comparison: Comparison) -> Against:
    """The tables of a comparison."""
    this, name = names_of(comparison.this), names_of(comparison.other)
    together = [each for each in comparison.differences if not each.customer]
    single = [each for each in comparison.differences if each.customer]
    money = [each for each in comparison.credits if each.this or each.other]
    return Against(
        name,
        _table(texts, this, name, together, by_customer=False),
        _table(texts, this, name, single, by_customer=True) if single else None,
        _money(texts, comparison, money) if money else None,
    )


def names_of(replay: Replay) -> str:
    """The contract's name; of several the first and how many more."""
    rest = len(replay.contracts) - 1
    return replay.contracts[0].name + (f" +{rest}" if rest else "")


def _table(
    texts: Texts, this: str, name: str, differences: Sequence[Difference], *, by_customer: bool
) -> Table:
    say = texts.words("against")
    head = [str(say["customer"])] if by_customer else []
    head.append(str(say["promise"]))
    for word in ("missed", "share"):
        head += [f"{say[word]}, {side}" for side in (this, name)]
    head.append(f"{say['missed']}, {say['difference']}")
    rows = []
    for each in differences:
        cells = [Cell(each.customer, "head")] if by_customer else []
        title = measure(texts, each.promisor, each.measure)
        cells.append(Cell(title, "" if by_customer else "head"))
        cells += [_missed(texts, each.this), _missed(texts, each.other)]
        cells += [_share(texts, each.this), _share(texts, each.other)]
        cells.append(_difference(texts, each))
        rows.append(cells)
    return table(texts.say("against", "title", name=name), head, rows)


def _missed(texts: Texts, counted: Tally | None) -> Cell:
    if counted is None:
        return Cell(texts.say("against", "absent"), "num")
    return missed(texts, counted.missed)


def _share(texts: Texts, counted: Tally | None) -> Cell:
    return Cell("", "num") if counted is None else share(texts, counted)


def _difference(texts: Texts, each: Difference) -> Cell:
    """More misses are marked, fewer stand with their sign."""
    if each.this is None or each.other is None:
        return Cell("", "num")
    more = each.other.missed - each.this.missed
    if more > 0:
        return Cell(f"▲ +{texts.number(more)}", "late")
    return number(texts, 0) if not more else Cell(f"✓ −{texts.number(-more)}", "num")  # noqa: RUF001


def _money(texts: Texts, comparison: Comparison, found: Sequence[Credits]) -> Table:
    say = texts.words("against")
    currency = comparison.this.contracts[0].terms.currency
    rows = [
        [
            Cell(each.customer or str(say["everyone"]), "head"),
            Cell(texts.money(each.this, currency), "num"),
            Cell(texts.money(each.other, currency), "num"),
            Cell(_signed(texts, each.other - each.this, currency), "num"),
        ]
        for each in found
    ]
    sides = (names_of(each) for each in (comparison.this, comparison.other))
    head = (str(say["customer"]), *sides, str(say["difference"]))
    return table(str(say["credits"]), head, rows)


def _signed(texts: Texts, amount: Decimal, currency: str) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""  # noqa: RUF001 - a minus sign
    return sign + texts.money(abs(amount), currency)
