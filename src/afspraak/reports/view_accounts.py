"""Whole periods on a page: the promised shares, and what they cost."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from afspraak.reports.accounts import KINDS, EarnedBack, Judgement, Kind, PeriodBill
from afspraak.reports.contracts import Contract
from afspraak.reports.replay import Replay
from afspraak.reports.speech import Speech, capital
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.reports.texts import Texts
from afspraak.reports.uptimes import PeriodUptime

NOTHING = "–"  # noqa: RUF001 - the typographer's dash for nothing
MOST = 60
"""Rows of a table on the page; the JSON has them all."""


def judged_line(texts: Texts, replay: Replay) -> str:
    """How many periods kept their share, in a sentence; empty where no share was promised."""
    judged = [each for each in replay.accounts.judgements if each.kept is not None and each.is_over]
    if not judged:
        return ""
    late = sum(each.kept is False for each in judged)
    word = "all_kept" if not late else "one" if late == 1 else "many"
    return texts.say("judged", word, n=texts.number(len(judged)), missed=texts.number(late))


def judged(texts: Texts, replay: Replay) -> Table | None:
    """Every period's share against the promised one, those not kept first; None without one."""
    found = [each for each in replay.accounts.judgements if each.counted.cases]
    if not found:
        return None
    worst = len(found) > MOST
    ordered = sorted(
        found,
        key=lambda each: (
            worst and each.kept is not False,
            each.contract,
            each.clause,
            each.period,
        ),
    )
    many = len(replay.contracts) > 1
    rows = [_judged(texts, replay, each, many=many) for each in ordered[:MOST]]
    say = texts.words("judged")
    head = [str(say["period"]), texts.say("promises", "promise"), str(say["scope"])]
    head += [texts.say("promises", name) for name in ("missed", "share", "agreed")]
    return table(texts.say("judged", "title"), [*head, str(say["verdict"])], rows)


def _judged(texts: Texts, replay: Replay, each: Judgement, *, many: bool) -> list[Cell]:
    contract = replay.contracts[each.contract]
    name = Speech(texts, contract).promise(contract.promise(each.clause))
    return [
        Cell(texts.period(each.period), "head"),
        Cell(name, "", contract.name if many else ""),
        Cell(scope(texts, contract, each.scope)),
        missed(texts, each.counted.missed),
        share(texts, each.counted, judged=True),
        Cell(texts.share(each.at_least, 3), "num"),
        _kept(texts, each.kept is True, is_over=each.is_over),
    ]


def scope(texts: Texts, contract: Contract, value: str) -> str:
    """What a share is about: everything, or a service, level or priority by its name."""
    if not value:
        return texts.say("judged", "all")
    names = contract.services.get(value, {})
    return names.get(texts.language) or texts.word("level", value)


# Availability ------------------------------------------------------------------------------------


def uptimes(texts: Texts, replay: Replay) -> Table | None:
    """Availability by period, what was not kept first; None where the log tells nothing of it."""
    found = [each for each in replay.accounts.uptimes if each.uptime is None or each.uptime.agreed]
    if not found:
        return None
    ordered = sorted(found, key=lambda each: (each.kept is not False, each.contract, each.period))
    names = ("services", "period", "share", "agreed", "down", "maintenance", "verdict")
    head = [texts.say("uptime", name) for name in names]
    rows = [_uptime(texts, replay, each) for each in ordered[:MOST]]
    return table(texts.say("uptime", "title"), head, rows)


def _uptime(texts: Texts, replay: Replay, each: PeriodUptime) -> list[Cell]:
    contract = replay.contracts[each.contract]
    names = [scope(texts, contract, service) for service in each.services]
    beside = contract.name if len(replay.contracts) > 1 else ""
    first = [Cell(texts.together(names), "head", beside), Cell(texts.period(each.period))]
    agreed = Cell(texts.share(each.at_least, 3), "num")
    if each.uptime is None or each.uptime.share is None:
        refused = Cell(f"▲ {texts.say('money', 'refused')}", "bad", each.refused)
        return [*first, Cell(NOTHING, "num"), agreed, *[Cell(NOTHING, "num")] * 2, refused]
    return [
        *first,
        Cell(texts.share(each.uptime.share, 3), "num"),
        agreed,
        Cell(texts.about(each.uptime.down), "num"),
        Cell(texts.about(each.uptime.maintenance), "num"),
        _kept(texts, each.kept is True, is_over=each.is_over),
    ]


def _kept(texts: Texts, kept: bool, *, is_over: bool) -> Cell:  # noqa: FBT001 - what it shows
    going = "" if is_over else texts.say("judged", "going_on")
    if kept:
        return Cell(f"✓ {texts.say('judged', 'kept')}", "kept", going)
    return Cell(f"▲ {texts.say('judged', 'not_kept')}", "bad", going)


# Money -------------------------------------------------------------------------------------------


def money(texts: Texts, replay: Replay) -> Iterator[Table]:
    """What is to be settled, a table for each kind: by period, or by contract where there are
    several. Periods that were not over are left out; those that cannot be reckoned say why.
    """
    for kind in KINDS:
        bills = [
            each
            for each in replay.accounts.bills
            if each.kind == kind
            and (each.refused or (each.is_over and each.bill and each.bill.exact))
        ]
        if bills:
            yield _money(texts, replay, kind, bills)


def _money(texts: Texts, replay: Replay, kind: Kind, bills: Sequence[PeriodBill]) -> Table:
    many = len(replay.contracts) > 1
    rows = (
        [_contract(texts, replay, place, bills) for place in _contracts(bills)]
        if many
        else [_bill(texts, replay, each) for each in bills]
    )
    currency = replay.contracts[0].terms.currency
    whole = [Cell(texts.say("money", "total"), "head"), Cell("")]
    rows = [*rows[:MOST], [*whole, *_sums(texts, bills, currency)]]
    first = ("contract", "periods") if many else ("period", "clause")
    head = [texts.say("money", name) for name in (*first, "exact", "capped", "rounded")]
    title = texts.say("money", kind)
    return table(capital(title), head, rows, total=True)


def _contracts(bills: Sequence[PeriodBill]) -> list[int]:
    return list(dict.fromkeys(each.contract for each in bills))


def _contract(texts: Texts, replay: Replay, place: int, bills: Sequence[PeriodBill]) -> list[Cell]:
    own = [each for each in bills if each.contract == place]
    contract = replay.contracts[place]
    refused = next((each.refused for each in own if each.refused), "")
    told = f"{texts.say('money', 'refused')}: {refused}" if refused else ""
    periods = len({each.period for each in own})
    sums = _sums(texts, own, contract.terms.currency)
    return [Cell(contract.name, "head", told), number(texts, periods), *sums]


def _sums(texts: Texts, bills: Sequence[PeriodBill], currency: str) -> list[Cell]:
    made = [each.bill for each in bills if each.bill]
    exact = sum((each.exact for each in made), Fraction(0))
    capped = sum((each.capped for each in made), Fraction(0))
    owed = sum((each.rounded for each in made), Decimal("0.00"))
    told = (_exact(texts, exact, currency), _exact(texts, capped, currency))
    return [*(Cell(each, "num") for each in told), Cell(texts.money(owed, currency), "num")]


def _bill(texts: Texts, replay: Replay, each: PeriodBill) -> list[Cell]:
    contract = replay.contracts[each.contract]
    period = Cell(texts.period(each.period), "head")
    if each.bill is None:
        refused = Cell(f"▲ {texts.say('money', 'refused')}", "bad", each.refused)
        return [period, refused, *[Cell(NOTHING, "num")] * 3]
    speech = Speech(texts, contract)
    clauses = [speech.clause(clause) for clause, exact in each.bill.per_clause.items() if exact]
    return [
        period,
        Cell(texts.together(clauses)),
        *_sums(texts, [each], contract.terms.currency),
    ]


def _exact(texts: Texts, exact: Fraction, currency: str) -> str:
    """An exact sum in four decimals at most, cut; the rounded one stands beside it."""
    cut = Decimal(exact.numerator * 10_000 // exact.denominator) / 10_000
    return texts.money(cut, currency)


def earned_back(texts: Texts, replay: Replay) -> Iterator[str]:
    """What was earned back, one sentence each."""
    found: Sequence[EarnedBack] = replay.accounts.earned_back
    for each in found:
        contract = replay.contracts[each.contract]
        told = _exact(texts, each.exact, contract.terms.currency)
        clause = Speech(texts, contract).clause(each.clause)
        yield texts.say(
            "money", "earned", clause=clause, period=texts.period(each.period), money=told
        )
