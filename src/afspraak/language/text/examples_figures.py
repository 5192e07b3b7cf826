"""Examples of figures and money: shares, availability, credits, caps, indexation, prices."""

from dataclasses import replace
from fractions import Fraction
from typing import Final

from afspraak.engine.credits import bill
from afspraak.engine.fees import invoiced, round_money
from afspraak.engine.figures import Outage, Tally, is_kept, uptime
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Amount, Consequence, Share
from afspraak.engine.time import SECOND, ServiceTime, zone_of
from afspraak.language.schema_consequences import CapClause
from afspraak.language.schema_prices import HourlyClause, IndexationClause, PrepaidHoursClause
from afspraak.language.text.lexicon import clause_titles
from afspraak.language.text.stage import Slots, Stage
from afspraak.language.text.times import show_time

CASES: Final = 40
"""So many reports in an example: enough for a share, and every share of them has finite decimals.
"""
_RISE: Final = Fraction(4, 100)


def _almost(share: Share) -> Tally:
    """As many kept as just miss the promised share."""
    missing = (met for met in range(CASES, -1, -1) if not is_kept(share, Tally(met, CASES - met)))
    met = next(missing, 0)
    return Tally(met, CASES - met)


def share(stage: Stage) -> Slots | None:
    """A period that just misses its share (A3)."""
    for promise in stage.terms.promises:
        if promise.share is not None and promise.share.at_least > 0:
            counted = _almost(promise.share)
            return {
                **_counts(stage, counted),
                "at_least": stage.show("share", promise.share.at_least),
                "clause": stage.clause(promise.clause),
            }
    return None


def _counts(stage: Stage, counted: Tally) -> Slots:
    assert counted.shown is not None
    return {
        "met": str(counted.met),
        "cases": str(counted.cases),
        "missed": str(counted.missed),
        "share": stage.show("share", counted.shown),
    }


def availability(stage: Stage) -> Slots | None:
    """How long a service may be down in the first full period, to the second (A4)."""
    for promise in stage.terms.availabilities:
        hours = stage.hours[promise.calendar]
        period = _first_period(stage, promise.per)
        span = period.spans(zone_of(stage.terms.zone))
        agreed = uptime(promise, hours, span, ()).agreed
        if not agreed:
            continue
        allowed = int(agreed * (1 - promise.at_least)) // SECOND * SECOND
        start = hours.deadline(span[0], allowed)
        down = Outage(promise.services[0], span[0], start)
        found = uptime(promise, hours, span, [down]).share
        assert found is not None
        assert found >= promise.at_least
        return {
            "from": stage.day(period.from_on),
            "until": stage.day(period.until_on),
            "agreed": show_time(agreed, stage.lexicon.values),
            "allowed": show_time(allowed, stage.lexicon.values),
            "at_least": stage.show("share", promise.at_least),
            "service": stage.lexicon.services.show(promise.services[0]),
        }
    return None


def _first_period(stage: Stage, per: str) -> Period:
    on = stage.terms.from_on
    found = period_of(on, per, stage.term, from_start=stage.terms.periods_from_start)  # type: ignore[arg-type]
    if found.from_on < on and found.until_on < stage.terms.until_on:
        return period_of(found.until_on, per, stage.term, from_start=stage.terms.periods_from_start)  # type: ignore[arg-type]
    return found


# Consequences (A7) -----------------------------------------------------------------------------


def consequence(stage: Stage, kind: str) -> Slots | None:
    """What one period gives for a promise about tickets or dates, reckoned by the engine with the
    contract's fees.
    """
    uptimes = {promise.clause for promise in stage.terms.availabilities}
    tickets = {promise.clause for promise in stage.terms.promises}
    for each in stage.terms.consequences:
        if each.kind == kind and each.of not in uptimes:
            counted = _played(each) if each.of in tickets else Tally(0, 1)
            if slots := _billed(stage, each, _scopes(stage), counted):
                return {**slots, **_counts(stage, counted)}
    return None


def downtime(stage: Stage) -> Slots | None:
    """What a period gives in which a service was down twice as long as it may be."""
    for each in stage.terms.consequences:
        for promise in stage.terms.availabilities:
            if each.of == promise.clause and each.kind == "credit":
                share = max(1 - 2 * (1 - promise.at_least), Fraction(0))
                counted = Tally(share.numerator, share.denominator - share.numerator)
                scopes = [key for key in _scopes(stage) if key in promise.services]
                if slots := _billed(stage, each, scopes, counted):
                    return {**slots, "share": stage.show("share", share)}
    return None


def _scopes(stage: Stage) -> list[str]:
    return [key for key, fee in stage.terms.monthly_fees.items() if fee > 0] or [""]


def _played(each: Consequence) -> Tally:
    """How a period went: as many missed as just reach the consequence's first band, or two."""
    if each.per_miss is not None:
        return Tally(CASES - 2, 2)
    if each.kind == "bonus":
        return Tally(CASES, 0)
    return _almost(Share(max(band.edge for band in each.bands), each.per))


def _billed(stage: Stage, each: Consequence, scopes: list[str], counted: Tally) -> Slots | None:
    fees = invoiced(stage.terms.monthly_fees, _first_period(stage, each.per), stage.term)
    for scope in scopes:
        billed = bill([each], {(each.of, scope): counted}, fees)
        if billed.rounded:
            whole = each.base == "fee_of_agreement" or not scope
            titles = clause_titles(stage.document, stage.lexicon.lang)
            return {
                "period": stage.lexicon.enums["per_period"].show(each.per),
                "service": titles[each.of] if whole else stage.lexicon.services.show(scope),
                "base": stage.money(fees.agreement if whole else fees.services[scope]),
                "amount": stage.money(billed.rounded),
                "clause": stage.clause(each.clause),
            }
    return None


def cap(stage: Stage) -> Slots | None:
    """The most that all consequences of a kind may come to in a period (A7)."""
    for clause in stage.document.of_type(CapClause):
        fees = invoiced(stage.terms.monthly_fees, _first_period(stage, clause.per), stage.term)
        capped = [
            each
            for each in stage.terms.consequences
            if each.kind == clause.over and each.agreement_cap
        ]
        if fees.agreement and capped:
            scope = _scopes(stage)[0]
            too_much = replace(capped[0], bands=(), per_miss=Amount(money=fees.agreement), cap=None)
            most = bill([too_much], {(too_much.of, scope): Tally(0, 1)}, fees).rounded
            words = {"fee": stage.money(fees.agreement), "most": stage.money(most)}
            return {**words, "period": stage.lexicon.enums["per_period"].show(clause.per)}
    return None


# Prices ----------------------------------------------------------------------------------------


def indexation(stage: Stage) -> Slots | None:
    """What a fee becomes if every index rises by the same part, after the cap."""
    for clause in stage.document.of_type(IndexationClause):
        service = next((each for each in stage.document.services.values() if each.fee), None)
        if service is None or service.fee is None:
            continue
        rise = sum((part.share for part in clause.parts), Fraction(0)) * _RISE
        rise = max(min(rise, clause.cap if clause.cap is not None else rise), clause.floor or rise)
        old = service.fee.money.amount
        return {
            "rise": stage.show("share", _RISE),
            "old": stage.money(old),
            "new": stage.money(round_money(Fraction(old) * (1 + rise))),
            "part": stage.show("share", rise),
            "on": stage.day(clause.first_on),
        }
    return None


def prepaid(stage: Stage) -> Slots | None:
    """When a prepaid bundle is nearly used up."""
    for clause in stage.document.of_type(PrepaidHoursClause):
        used = ServiceTime(int(clause.hours * clause.warn_at * 3600) * SECOND)
        each = round_money(Fraction(clause.price.amount) / clause.hours)
        return {
            "used": show_time(used.microseconds, stage.lexicon.values),
            "hours": str(clause.hours),
            "each": stage.money(each),
        }
    return None


def ceiling(stage: Stage) -> Slots | None:
    """The sum at which a warning comes."""
    for clause in stage.document.of_type(HourlyClause):
        if clause.ceiling is not None:
            warned = round_money(Fraction(clause.ceiling.amount) * clause.warn_at)
            return {"warned": stage.money(warned), "ceiling": stage.money(clause.ceiling.amount)}
    return None
