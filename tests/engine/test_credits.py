"""Credits, bonuses, caps, earn-back, fees and penalties (SEMANTICS A5, A7, A9)."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.credits import Line, amount_of, bill, earned_back
from afspraak.engine.fees import Fees, invoiced, months_in, round_money
from afspraak.engine.figures import Tally
from afspraak.engine.penalties import Claim, claimed
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Amount, Band, Consequence, EarnBack
from afspraak.engine.time import DAY, Refusal, Rhythm, add, parse_instant, zone_of

seeds = st.integers(0, 10**6)
CENT = Decimal("0.01")
SERVICES = ("mail", "desk", "print")


def part(percent: object) -> Amount:
    return Amount(part=Fraction(str(percent)) / 100)


def euro(text: str) -> Amount:
    return Amount(money=Decimal(text))


def credit(**changes: object) -> Consequence:
    plain = {"clause": "credit", "kind": "credit", "of": "solve", "base": "fee_of_service"}
    return Consequence(**{**plain, "per": "month", **changes})


# A period's bill ----------------------------------------------------------------------------------


def drawn_amount(random: Random) -> Amount:
    return random.choice(
        [part(random.randrange(1, 40)), euro(f"{random.randrange(9999) / 100:.2f}")]
    )


def drawn_consequence(random: Random, number: int, kind: str) -> Consequence:
    edges = random.sample(range(0, 101, 5), random.randrange(4))
    return Consequence(
        clause=f"clause-{number}",
        kind=kind,
        of=random.choice(("solve", "reply")),
        base=random.choice(("fee_of_service", "fee_of_agreement")),
        per="month",
        bands=tuple(Band(Fraction(edge, 100), drawn_amount(random)) for edge in edges),
        per_miss=None if kind == "bonus" or edges else drawn_amount(random),
        cap=random.choice([None, drawn_amount(random)]),
        agreement_cap=random.choice([None, Fraction(random.randrange(1, 30), 100)]),
    )


def naive(  # noqa: C901 - as one reads it
    consequences: list[Consequence], tallies: dict, fees: Fees
) -> Fraction:
    """The same sum from the words of A7, without the engine's parts."""

    def worth(amount: Amount, base: Fraction) -> Fraction:
        return Fraction(amount.money) if amount.part is None else amount.part * base

    whole, total = Fraction(fees.agreement), Fraction(0)
    for each in consequences:
        of_promise, bases = Fraction(0), {}
        for (clause, scope), counted in tallies.items():
            if clause != each.of:
                continue
            base = whole if each.base == "fee_of_agreement" else Fraction(fees.services[scope])
            bases["" if each.base == "fee_of_agreement" else scope] = base
            left = counted.missed - counted.relieved
            if each.per_miss:
                of_promise += left * worth(each.per_miss, base)
            if counted.met + left:
                share = Fraction(counted.met, counted.met + left)
                best = None
                for band in each.bands:
                    inside = share >= band.edge if each.kind == "bonus" else share < band.edge
                    nearer = best is None or (
                        band.edge > best.edge if each.kind == "bonus" else band.edge < best.edge
                    )
                    if inside and nearer:
                        best = band
                if best:
                    of_promise += worth(best.amount, base)
        if each.cap:
            of_promise = min(of_promise, worth(each.cap, sum(bases.values(), Fraction(0))))
        total += of_promise
    for each in consequences:
        if each.agreement_cap is not None:
            total = min(total, each.agreement_cap * whole)
    return total


@given(seeds, st.sampled_from(("credit", "bonus", "penalty")))
def test_a_bill_is_what_the_rules_say_in_words(seed: int, kind: str) -> None:
    random = Random(seed)
    services = {name: Decimal(random.randrange(10**6)) / 100 for name in SERVICES}
    fees = Fees(services, sum(services.values()) + random.randrange(2) * 100)
    tallies = {
        (clause, scope): Tally(
            random.randrange(30), missed := random.randrange(6), random.randrange(missed + 1)
        )
        for clause in ("solve", "reply")
        for scope in random.sample(SERVICES, random.randrange(4))
    }
    consequences = [
        drawn_consequence(random, number, kind) for number in range(random.randrange(4))
    ]
    found = bill(consequences, tallies, fees)
    exact = naive(consequences, tallies, fees)
    assert found.capped == exact
    assert found.exact == sum(found.per_clause.values())
    assert found.capped <= found.exact
    assert found.rounded == round_money(exact)
    assert abs(Fraction(found.rounded) - exact) <= Fraction(1, 200)


def test_a_line_shows_what_it_rests_on() -> None:
    fees = Fees({"mail": Decimal("180.00")}, Decimal("500.00"))
    bands = (Band(Fraction("0.9"), part(10)), Band(Fraction("0.95"), part(5)))
    found = bill([credit(bands=bands)], {("solve", "mail"): Tally(18, 3, 1)}, fees)
    assert found.lines == (Line("credit", "mail", Fraction(18, 20), 2, Fraction(9)),)
    assert found.per_clause == {"credit": 9}
    nothing = bill([credit(bands=bands)], {("solve", "mail"): Tally(measuring=4)}, fees)
    assert nothing.lines == (Line("credit", "mail", None, 0, Fraction(0)),)
    assert bill([], {}, fees).rounded == Decimal("0.00")
    assert bill([credit(bands=bands)], {("reply", "mail"): Tally(0, 9)}, fees).lines == ()


def test_a_fee_is_asked_for_only_where_a_part_of_it_is_owed() -> None:
    none = Fees({}, Decimal("500.00"))
    counted = {("solve", ""): Tally(10, 3)}
    sums = credit(per_miss=euro("25.00"), cap=euro("60.00"))
    assert bill([sums], counted, none).rounded == Decimal("60.00")
    for asking in (
        credit(per_miss=part(5)),
        credit(bands=(Band(Fraction(1), part(5)),)),
        credit(per_miss=euro("25.00"), cap=part(5)),
    ):
        with pytest.raises(Refusal, match=r"clause credit: no fee of service \(none named\)"):
            bill([asking], counted, none)
    with pytest.raises(Refusal, match="no fee of service mail was invoiced"):
        bill([credit(per_miss=part(5))], {("solve", "mail"): Tally(1, 1)}, none)
    whole = credit(per_miss=part(1), base="fee_of_agreement", cap=part(2))
    assert bill([whole], counted, none).per_clause == {"credit": 10}


def test_different_ways_of_rounding_one_sum_are_refused() -> None:
    fees = Fees({}, Decimal(1))
    down, up = credit(rounding="down"), credit(clause="other", rounding="up")
    assert bill([down, credit(clause="third", rounding="down")], {}, fees).rounded == 0
    with pytest.raises(Refusal, match="credit and other are rounded once"):
        bill([down, up], {}, fees)


def test_an_amount_is_a_part_or_a_sum() -> None:
    assert amount_of(part(5), Fraction(200)) == 10
    assert amount_of(euro("7.50"), Fraction(200)) == Fraction("7.5")
    assert amount_of(euro("0.00"), Fraction(200)) == 0


# Rounding (A5) ------------------------------------------------------------------------------------

METHODS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


@given(st.decimals(0, 10**9, places=5), st.sampled_from(sorted(METHODS)))
def test_finite_sums_round_as_decimals_do(exact: Decimal, method: str) -> None:
    expected = exact.quantize(CENT, rounding=METHODS[method])
    assert round_money(Fraction(exact), method) == expected
    assert round_money(-Fraction(exact), method) == -expected


@given(st.fractions(0, 10**6))
def test_down_and_up_are_the_cents_on_either_side(exact: Fraction) -> None:
    down, up = round_money(exact, "down"), round_money(exact, "up")
    assert Fraction(down) <= exact <= Fraction(up)
    assert up - down in (0, CENT)
    assert (up == down) == (Fraction(down) == exact)
    assert round_money(exact) in (down, up)
    assert (round_money(-exact, "down"), round_money(-exact, "up")) == (-down, -up)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("1/3", ("0.33", "0.33", "0.33", "0.34")),
        ("2/3", ("0.67", "0.67", "0.66", "0.67")),
        ("0.005", ("0.01", "0.00", "0.00", "0.01")),
        ("0.015", ("0.02", "0.02", "0.01", "0.02")),
        ("0.0149999999999999999999999999999999", ("0.01", "0.01", "0.01", "0.02")),
        ("0.0050000000000000000000000000000001", ("0.01", "0.01", "0.00", "0.01")),
        ("12", ("12.00",) * 4),
    ],
)
def test_rounding(exact: str, cents: tuple[str, ...]) -> None:
    found = [round_money(Fraction(exact), each) for each in ("half_up", "half_even", "down", "up")]
    assert found == [Decimal(each) for each in cents]
    assert {str(each).partition(".")[2].__len__() for each in found} == {2}


# Fees as invoiced (A7) ----------------------------------------------------------------------------


@given(
    st.dates(date(2020, 1, 1), date(2025, 1, 1)),
    st.integers(1, 60),
    st.integers(-100, 2000),
    st.booleans(),
)
def test_the_months_of_a_longer_period_are_the_sum_of_its_months(
    start: date,
    months: int,
    after: int,
    from_start: bool,  # noqa: FBT001 - drawn
) -> None:
    term = Period(start, add(start, Rhythm(months=months)))
    on = start + timedelta(days=abs(after) if from_start else after)
    year = period_of(on, "year", term, from_start=from_start)
    total, at = Fraction(0), year.from_on
    while at < year.until_on:
        month = period_of(at, "month", term, from_start=from_start)
        dates = [month.from_on + timedelta(days) for days in range((month.until_on - at).days)]
        held = sum(term.from_on <= each < term.until_on for each in dates)
        assert months_in(month, term) == Fraction(held, len(dates))
        total += months_in(month, term)
        at = month.until_on
    assert months_in(year, term) == total <= 12
    assert months_in(term, term) == months


def test_an_invoice_is_rounded_line_by_line() -> None:
    march, term = (
        Period(date(2027, 3, 1), date(2027, 4, 1)),
        Period(date(2027, 3, 15), date(2028, 1, 1)),
    )
    found = invoiced({"mail": Decimal("100.00"), "desk": Decimal("10.01")}, march, term)
    assert found == Fees({"mail": Decimal("54.84"), "desk": Decimal("5.49")}, Decimal("60.33"))
    assert invoiced({"mail": Decimal("100.00")}, march, term, "down").agreement == Decimal("54.83")
    before = Period(date(2027, 1, 1), date(2027, 2, 1))
    assert invoiced({"mail": Decimal(100)}, before, term).agreement == 0
    assert invoiced({}, march, term) == Fees({}, Decimal(0))


# Earn-back (A9) -----------------------------------------------------------------------------------


@given(seeds)
def test_earned_back_after_so_many_periods_kept_in_a_row(seed: int) -> None:
    random = Random(seed)
    term = Period(date(2026, 1, 1), date(2029, 1, 1))
    quarters = [
        period_of(add(term.from_on, Rhythm(months=3), n), "quarter", term) for n in range(8)
    ]
    kept = {each: random.random() < 0.6 for each in quarters if random.random() < 0.9}
    owed = {each: Fraction(random.randrange(3)) for each in quarters if not kept.get(each, True)}
    needed, share = random.randrange(1, 4), Fraction(random.randrange(1, 5), 4)
    earn_back = credit(earn_back=EarnBack(needed, share))
    expected = {}
    for place, each in enumerate(quarters):
        after = [kept.get(later) for later in quarters[place + 1 : place + 1 + needed]]
        if owed.get(each) and after == [True] * needed:
            expected[each] = owed[each] * share
    assert earned_back(earn_back, kept, owed) == expected
    assert earned_back(credit(), kept, owed) == {}


# Penalties (A9) -----------------------------------------------------------------------------------

UTC = zone_of("UTC")
MISSED = parse_instant("2027-01-31T12:00Z")
LAST = parse_instant("2027-03-01T00:00Z")  # the end of 28 February
LATER = parse_instant("2027-06-01T00:00Z")


def penalty(**changes: object) -> Consequence:
    return credit(kind="penalty", **changes)


@pytest.mark.parametrize(
    ("terms", "claim", "as_of", "state"),
    [
        ({}, Claim(), MISSED, "owed"),
        ({}, Claim(attributable=False), MISSED, "owed"),
        ({"always": False}, Claim(attributable=False), MISSED, "not_attributable"),
        ({"always": False}, Claim(), MISSED, "owed"),
        ({"notice_of_default": True}, Claim(), LATER, "no_notice"),
        ({"notice_of_default": True}, Claim(notified_at=LAST), LAST - 1, "no_notice"),
        ({"notice_of_default": True}, Claim(notified_at=LAST), LAST, "owed"),
        ({"claim_within": Rhythm(months=1)}, Claim(), LAST, "not_claimed"),
        ({"claim_within": Rhythm(months=1)}, Claim(), LAST + 1, "lapsed"),
        ({"claim_within": Rhythm(months=1)}, Claim(claimed_at=LAST), LATER, "owed"),
        ({"claim_within": Rhythm(months=1)}, Claim(claimed_at=LAST + 1), LATER, "lapsed"),
        ({"claim_within": Rhythm(months=1)}, Claim(claimed_at=LAST), LAST - 1, "not_claimed"),
        ({"claim_within": Rhythm(months=1)}, Claim(claimed_at=LAST), LAST, "owed"),
        (
            {"claim_within": Rhythm(months=1)},
            Claim(claimed_at=MISSED, claimed_by="supplier"),
            LATER,
            "lapsed",
        ),
        (
            {"claim_within": Rhythm(months=1), "bearer": "customer"},
            Claim(claimed_at=MISSED, claimed_by="supplier"),
            LATER,
            "owed",
        ),
    ],
)
def test_what_becomes_of_a_penalty(terms: dict, claim: Claim, as_of: int, state: str) -> None:
    assert claimed(penalty(**terms), MISSED, claim, UTC, as_of) == state


def test_the_time_to_claim_counts_from_the_date_in_the_agreements_zone() -> None:
    apia = zone_of("Pacific/Apia")  # there it is 1 February already
    terms = penalty(claim_within=Rhythm(months=1))
    last = parse_instant("2027-03-02T00:00+13:00")
    claim = Claim(claimed_at=last)
    assert claimed(terms, MISSED, claim, apia, last) == "owed"
    assert claimed(terms, MISSED, Claim(claimed_at=last + 1), apia, last + DAY) == "lapsed"


def test_a_cent_is_a_cent() -> None:
    assert Decimal("12.345").quantize(CENT, rounding=ROUND_FLOOR) == round_money(
        Fraction("12.345"), "down"
    )
    assert Decimal("12.341").quantize(CENT, rounding=ROUND_CEILING) == round_money(
        Fraction("12.341"), "up"
    )


# Where one step decides ---------------------------------------------------------------------------


def rounded(consequence: Consequence, counted: Tally, fee: str = "100.00") -> Decimal:
    fees = Fees({"mail": Decimal(fee)}, Decimal(fee))
    return bill([consequence], {("solve", "mail"): counted}, fees).rounded


def test_the_lowest_band_below_and_the_highest_reached() -> None:
    bands = (Band(Fraction("0.95"), part(5)), Band(Fraction("0.9"), part(10)))
    for order in (bands, bands[::-1]):
        assert rounded(credit(bands=order), Tally(17, 3)) == Decimal("10.00")
        assert rounded(credit(bands=order), Tally(18, 2)) == Decimal("5.00")
        assert rounded(credit(bands=order), Tally(19, 1)) == 0
        bonus = credit(kind="bonus", bands=order)
        assert rounded(bonus, Tally(19, 1)) == Decimal("5.00")
        assert rounded(bonus, Tally(20, 0)) == Decimal("5.00")
        assert rounded(bonus, Tally(18, 2)) == Decimal("10.00")
        assert rounded(bonus, Tally(17, 3)) == 0
        assert rounded(bonus, Tally(0, 0)) == 0


def test_per_miss_and_by_band_add_up() -> None:
    both = credit(bands=(Band(Fraction("0.95"), part(5)),), per_miss=euro("2.00"))
    assert rounded(both, Tally(17, 3)) == Decimal("11.00")


def test_a_part_of_nothing_is_nothing() -> None:
    assert amount_of(part(0), Fraction(200)) == 0
    assert rounded(credit(per_miss=part(0)), Tally(0, 3)) == 0


def test_a_bill_rounds_as_its_clauses_say() -> None:
    counted = Tally(0, 1)
    assert rounded(credit(per_miss=part(5)), counted, "246.90") == Decimal("12.35")
    down = credit(per_miss=part(5), rounding="down")
    assert rounded(down, counted, "246.90") == Decimal("12.34")


def test_a_month_of_the_contract_is_one_month() -> None:
    """From the 29th, February's month begins on the 28th and is one month all the same."""
    term = Period(date(2020, 3, 29), date(2021, 3, 29))
    assert months_in(Period(date(2021, 2, 28), date(2021, 3, 29)), term) == 1
    assert months_in(Period(date(2021, 3, 1), date(2021, 4, 1)), term) == Fraction(28, 31)
