"""Indexation as both sides can count it after: each adjustment step by step, then the prices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from afspraak.amending.indexation import Adjustment, adjustments
from afspraak.amending.renewal import Course
from afspraak.amending.said import Value
from afspraak.engine.fees import round_money
from afspraak.language.check_prices import is_belgian
from afspraak.language.schema_prices import IndexationClause
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.web.amending.seen import Seen
from afspraak.web.speaking import language

DECIMALS: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Price:
    """A service's fee in a month: as signed, and adjusted."""

    name: str
    signed: str
    adjusted: str


@dataclass(frozen=True, slots=True)
class AdjustmentShown:
    """One adjustment: its steps, or what is missing."""

    title: str
    steps: tuple[str, ...]
    result: str
    missing: tuple[str, ...]
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Indexed:
    """An indexation clause with everything that came of it, or will."""

    clause: str
    title: str
    rule: tuple[str, ...]
    adjustments: tuple[AdjustmentShown, ...]
    series: tuple[str, ...]


def indexed(there: Seen, values: Mapping[tuple[str, date], Value], course: Course) -> list[Indexed]:
    """Every indexation clause of what holds now, until the end after the next."""
    until_on = course.rounds[min(1, len(course.rounds) - 1)].ends_on
    return [
        _clause(there, each, values, until_on)
        for each in there.history.document.of_type(IndexationClause)
    ]


def _clause(
    there: Seen,
    clause: IndexationClause,
    values: Mapping[tuple[str, date], Value],
    until_on: date,
) -> Indexed:
    def value_of(series: str, month: date) -> Decimal | None:
        found = values.get((series, month))
        return found.value if found else None

    made = adjustments(clause, value_of, until_on)
    return Indexed(
        there.history.signed.terms.numbers.get(clause.id, ""),
        clause_titles(there.history.document, language())[clause.id],
        tuple(_rule(there, clause)),
        tuple(_shown(there, clause, each) for each in made),
        tuple(dict.fromkeys(each.index for each in clause.parts)),
    )


def _rule(there: Seen, clause: IndexationClause) -> Iterator[str]:
    """The formula, and what bounds it."""
    texts = there.speaking.texts
    parts = " + ".join(
        _("%(share)s × %(index)s now / base month")  # noqa: RUF001  (times)
        % {"share": _share(there, each.share), "index": each.index}
        for each in clause.parts
    )
    yield _("New price = price as signed × (%(fixed)s + %(parts)s)") % {  # noqa: RUF001  (times)
        "fixed": _share(there, clause.fixed),
        "parts": parts,
    }
    if is_belgian(there.history.document):
        yield _("At least 20 % stays fixed, as Belgian law asks (30 March 1976, article 57).")
    month = date(clause.base_month.year, clause.base_month.month, 1)
    yield _("Base month: %(month)s. Each adjustment looks as far ahead of it as itself lies.") % {
        "month": texts.month(month, year=True)
    }
    if clause.cap is not None:
        yield _("Each time the price rises by at most %(cap)s.") % {
            "cap": _share(there, clause.cap)
        }
    if clause.floor is not None:
        yield _("Each time the price rises by at least %(floor)s.") % {
            "floor": _share(there, clause.floor)
        }


def _shown(there: Seen, clause: IndexationClause, each: Adjustment) -> AdjustmentShown:
    texts = there.speaking.texts
    title = _("From %(on)s, by the values of %(month)s") % {
        "on": texts.on_date(each.on),
        "month": texts.month(each.month, year=True),
    }
    if each.factor is None or each.formula is None:
        missing = tuple(
            f"{one.series}, {texts.month(one.month, year=True)}" for one in each.missing
        )
        return AdjustmentShown(title, (), "", missing, ())
    steps = [*_steps(there, each), *_bounds(there, clause, each)]
    result = _("Factor on the prices as signed: %(factor)s") % {
        "factor": _number(each.factor, there)
    }
    return AdjustmentShown(title, tuple(steps), result, (), tuple(_prices(there, clause, each)))


def _steps(there: Seen, each: Adjustment) -> Iterator[str]:
    for part in each.parts:
        yield _("%(index)s: %(share)s × %(now)s / %(base)s = %(sum)s") % {  # noqa: RUF001  (times)
            "index": part.series,
            "share": _share(there, part.share),
            "now": _plain(part.now, there),
            "base": _plain(part.base, there),
            "sum": _number(part.contributes, there),
        }
    assert each.formula is not None
    fixed = each.formula - sum((part.contributes for part in each.parts), Fraction(0))
    yield _("Fixed %(fixed)s, and these together: %(sum)s") % {
        "fixed": _number(fixed, there),
        "sum": _number(each.formula, there),
    }


def _bounds(there: Seen, clause: IndexationClause, each: Adjustment) -> Iterator[str]:
    """What the cap or the floor made of it."""
    assert each.factor is not None
    bound = clause.cap if each.held == "cap" else clause.floor if each.held == "floor" else None
    if bound is None:
        return
    slots = {
        "before": _number(each.before, there),
        "bound": _share(there, bound),
        "factor": _number(each.factor, there),
    }
    if each.held == "cap":
        yield (
            _("That is more than %(bound)s above the %(before)s before: held at %(factor)s") % slots
        )
    else:
        yield (
            _("That is less than %(bound)s above the %(before)s before: held at %(factor)s") % slots
        )


def _prices(there: Seen, clause: IndexationClause, each: Adjustment) -> Iterator[Price]:
    """The fees of a month, rounded once, half up."""
    texts, terms = there.speaking.texts, there.history.signed.terms
    words = lexicon_of(there.history.document, language())
    titles = clause_titles(there.history.document, language())
    assert each.factor is not None
    for key, fee in terms.monthly_fees.items():
        if fee and (not clause.services or key in clause.services):
            name = titles.get(key) or words.services.show(key)
            adjusted = round_money(Fraction(fee) * each.factor)
            signed = round_money(Fraction(fee))
            yield Price(
                name, texts.money(signed, terms.currency), texts.money(adjusted, terms.currency)
            )


def _share(there: Seen, part: Fraction) -> str:
    return there.speaking.texts.share(part, 2)


def _number(exact: Fraction, there: Seen) -> str:
    """Six decimals, for who counts after; nothing is rounded before the price."""
    found = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        DECIMALS, rounding=ROUND_HALF_UP
    )
    return _plain(found, there)


def _plain(number: Decimal, there: Seen) -> str:
    mark = "." if there.speaking.texts.language == "en" else ","
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", mark)
