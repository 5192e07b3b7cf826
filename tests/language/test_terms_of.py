"""The document's terms are the engine's: what was written is what runs."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from afspraak.engine.hours import Interval
from afspraak.engine.terms import (
    Amount,
    Band,
    BestEffort,
    Consequence,
    Delivery,
    EarnBack,
    Open,
    Recurring,
    Relief,
    Rule,
    Share,
    Trial,
    governing_rule,
)
from afspraak.engine.time import Rhythm, ServiceTime, WorkingDays
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.terms_money import monthly
from afspraak.language.terms_of import calendars_of, terms_of
from afspraak.language.terms_rules import best_effort_services
from afspraak.language.values import parse_rate
from afspraak.language.write import write
from tests.language.generated import Contract, contracts
from tests.language.test_check import FRAME

HOUR = 3_600_000_000


def document_of(text: str | bytes) -> Document:
    document, faults = check(text.encode() if isinstance(text, str) else text, "c.yaml")
    assert document is not None, [str(fault) for fault in faults]
    return document


@pytest.fixture(scope="module")
def sketch() -> Document:
    return document_of((Path(__file__).parent / "sketch.yaml").read_bytes())


def test_the_sketchs_promises(sketch: Document) -> None:
    terms = terms_of(sketch)
    assert [promise.clause for promise in terms.promises] == ["reageren", "oplossen", "antwoorden"]
    response, resolution, answer = terms.promises
    assert response.rules == (
        Rule("reageren", ServiceTime(2 * HOUR)),
        Rule("reageren", ServiceTime(HOUR // 2), {"priority": "P1"}),
    )
    assert resolution.pauses == {"customer"}
    assert resolution.acceptance == WorkingDays(5)
    assert resolution.share == Share(Fraction(95, 100), "quarter", "service")
    assert resolution.rules[3] == Rule("oplossen", ServiceTime(4 * HOUR), {"service": "e-mail"})
    trial = Trial(date(2027, 1, 1), date(2027, 4, 1), None)
    assert resolution.rules[4].target == Open("werkplek-p1", trial)
    assert (answer.promisor, answer.beneficiary) == ("customer", "supplier")


def test_the_sketchs_frame(sketch: Document) -> None:
    terms = terms_of(sketch)
    assert (terms.id, terms.law, terms.zone) == ("nl-2026-0042", 1, "Europe/Amsterdam")
    assert (terms.from_on, terms.until_on) == (date(2027, 1, 1), date(2030, 1, 1))
    assert terms.fields.values["level"] == ("bronze", "silver", "gold")
    assert terms.fields.level_of["werkplek"] == "silver"
    assert terms.priority_of["team", ""] == "P2"
    assert terms.monthly_fees == {
        "e-mail": Decimal("180.00"),
        "werkplek": Decimal("1520.00"),
        "printers": Decimal("72.00"),
    }
    calendar = terms.calendars["kantoor"]
    assert calendar.week[0] == (Interval(510, 1050),)
    assert calendar.week[6] == ()
    assert date(2027, 4, 27) in calendar.closed
    assert terms.numbers["oplossen"] == "1.2"


def test_the_sketchs_dates_and_consequences(sketch: Document) -> None:
    terms = terms_of(sketch)
    assert terms.recurring == (
        Recurring("contactlijst", "customer", "contact_list", date(2027, 1, 31), Rhythm(months=3)),
    )
    assert terms.deliveries[1] == Delivery(
        "livegang", "supplier", date(2027, 1, 18), ("data-aangeleverd",), WorkingDays(5)
    )
    assert terms.open_terms[0].bounds == (ServiceTime(2 * HOUR), ServiceTime(9 * HOUR))
    assert terms.open_terms[0].quantile == Fraction(9, 10)
    assert terms.consequences == (
        Consequence(
            clause="korting",
            kind="credit",
            of="oplossen",
            base="fee_of_service",
            per="quarter",
            bands=(
                Band(Fraction(95, 100), Amount(part=Fraction(5, 100))),
                Band(Fraction(90, 100), Amount(part=Fraction(10, 100))),
            ),
            agreement_cap=Fraction(15, 100),
        ),
    )
    assert terms.reliefs == (Relief("ontheffing", ("oplossen",), "antwoorden", "same_ticket"),)


def test_without_a_standing_fee_there_is_no_clock() -> None:
    text = FRAME.replace("fee: EUR 30.00 / month", "surcharge: 5 %").replace("silver", "custom")
    document = document_of(text)
    assert best_effort_services(document) == ("web",)
    terms = terms_of(document)
    supplier, customer = terms.promises
    for priority in ("P1", "P2"):
        web, mail = ({"service": name, "priority": priority} for name in ("web", "mail"))
        assert governing_rule(terms.fields, supplier.rules, web).target == BestEffort()
        assert governing_rule(terms.fields, supplier.rules, mail).target != BestEffort()
        assert governing_rule(terms.fields, customer.rules, web).target == ServiceTime(8 * HOUR)
    paid = text + "  - {id: w, type: standing_fee, fee: EUR 20.00 / month, services: [web]}\n"
    assert best_effort_services(document_of(paid)) == ()
    assert terms_of(document_of(paid)).monthly_fees["web"] == 20


def test_a_contract_that_names_no_price_promises_all_the_same() -> None:
    text = FRAME.replace("fee: EUR 30.00 / month", "surcharge: 5 %").replace("silver", "custom")
    text = text.replace("fee: EUR 4.50 / user / month, units: 4, ", "")
    assert best_effort_services(document_of(text)) == ()


def test_the_third_party_has_one_name_in_the_engine() -> None:
    text = FRAME.replace("calendar: k\n", "calendar: k\n    pauses: [net]\n", 1)
    text += "  - {id: a, type: ticket_promise, promisor: third_party, measure: diagnosis,"
    text += " calendar: k, targets: [{value: PT1H}]}\n"
    terms = terms_of(document_of(text))
    assert terms.promises[0].pauses == {"third_party"}
    assert terms.promises[2].promisor == "third_party"


def test_caps_bonuses_and_penalties() -> None:
    text = FRAME + (
        "  - {id: c, type: credit, of: los, per_miss: EUR 5.00, cap: {per_month: EUR 50.00},"
        " earn_back: {periods: 2, part: 50 %}, rounding: down}\n"
        "  - {id: b, type: bonus, of: los, bands: [{at_least: 99 %, bonus: 2 %}]}\n"
        "  - {id: p, type: penalty, of: antw, per_miss: EUR 9.00, owed: if_attributable,"
        " damages: instead, notice_of_default: true, claimed_by: supplier, claim_within: 1 month}\n"
        "  - {id: m, type: cap, over: credit, at_most: 9 %, per: month}\n"
    )
    credit, bonus, penalty = terms_of(document_of(text)).consequences
    assert credit.cap == Amount(money=Decimal("50.00"))
    assert credit.agreement_cap == Fraction(9, 100)
    assert credit.earn_back == EarnBack(2, Fraction(1, 2))
    assert (credit.bearer, credit.rounding, credit.per) == ("supplier", "down", "month")
    assert (bonus.bearer, bonus.bands[0].edge) == ("customer", Fraction(99, 100))
    assert (penalty.bearer, penalty.always, penalty.beside_damages) == ("customer", False, False)
    assert (penalty.notice_of_default, penalty.claim_within) == (True, Rhythm(months=1))
    assert penalty.agreement_cap is None


def test_fees_come_to_a_month() -> None:
    assert monthly(parse_rate("EUR 4.50 / user / month"), 10) == Decimal("45.00")
    assert monthly(parse_rate("EUR 300.00 / quarter"), 10) == Decimal("100.00")
    assert monthly(parse_rate("EUR 120.00 / user / year"), 2) == Decimal("20.00")
    assert monthly(parse_rate("EUR 95.00 / hour")) == 0


def test_exceptions_and_closed_dates_of_a_calendar() -> None:
    text = FRAME.replace(
        "cover:", 'closed: ["2027-12-27"], exceptions: {"2027-12-24": ["09:00-12:00"]}, cover:'
    )
    calendar = calendars_of(document_of(text))["k"]
    assert calendar.closed == {date(2027, 12, 27)}
    assert calendar.exceptions == {date(2027, 12, 24): (Interval(540, 720),)}
    assert calendar.cover == (date(2027, 1, 1), date(2029, 1, 1))


@settings(max_examples=40)
@given(contracts())
def test_any_sound_contract_reads_back_to_the_same_terms(contract: Contract) -> None:
    document = Document.model_validate(contract.content)
    again = document_of(write(document))
    assert again == document
    terms = terms_of(again)
    assert terms == terms_of(document)
    for promise in terms.promises:
        for (service, priority), target in contract.expected[promise.clause].items():
            case = {"service": service, "priority": priority}
            assert governing_rule(terms.fields, promise.rules, case).target == target
        share = contract.shares.get(promise.clause)
        assert (promise.share.at_least if promise.share else None) == share
