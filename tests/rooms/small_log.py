"""A desk of one week in March 2026, small enough to reckon by hand: office hours 09:00-17:00 in
Brussels, four hours to solve (P1: one), eight for the customer to answer.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from afspraak.engine.facts import Fact
from afspraak.engine.hours import Calendar, Interval, lay_out
from afspraak.engine.terms import (
    Amount,
    Availability,
    Band,
    Consequence,
    Fields,
    Promise,
    Relief,
    Rule,
    Share,
    Terms,
)
from afspraak.engine.time import HOUR, MINUTE, ServiceTime, WorkingDays, parse_instant
from afspraak.reports.contracts import Contract, stretched
from afspraak.reports.replay import Logged

OFFICE = Calendar(
    "office",
    "Europe/Brussels",
    ((Interval(540, 1020),),) * 5 + ((),) * 2,
    frozenset(),
    {},
    (date(2027, 1, 1), date(2030, 1, 1)),
)
ALWAYS = Calendar("always", OFFICE.zone, ((Interval(0, 1440),),) * 7, frozenset(), {}, OFFICE.cover)

SOLVE = Promise(
    "solve",
    "resolution",
    (
        Rule("solve", ServiceTime(4 * HOUR)),
        Rule("solve", ServiceTime(HOUR), {"priority": "P1"}),
        Rule("solve", WorkingDays(2), {"priority": "P3"}),
    ),
    "office",
    pauses=frozenset(("customer",)),
    share=Share(Fraction(9, 10), "month", "service"),
)
ANSWER = Promise(
    "reply", "answer", (Rule("reply", ServiceTime(8 * HOUR)),), "office", promisor="customer"
)
CREDIT = Consequence(
    "credit",
    "credit",
    "solve",
    "fee_of_service",
    "month",
    bands=(
        Band(Fraction(9, 10), Amount(part=Fraction(5, 100))),
        Band(Fraction(5, 10), Amount(part=Fraction(10, 100))),
    ),
    agreement_cap=Fraction(15, 100),
)
UP = Availability("up", ("mail",), Fraction(99, 100), "month", "always")

TERMS = Terms(
    id="be-1",
    law=1,
    zone="Europe/Brussels",
    currency="EUR",
    from_on=date(2027, 1, 1),
    until_on=date(2029, 1, 1),
    fields=Fields(
        {"priority": ("P1", "P2", "P3"), "service": ("mail", "print"), "level": ("gold", "bronze")},
        {"mail": "gold", "print": "bronze"},
    ),
    calendars={"office": OFFICE, "always": ALWAYS},
    promises=(SOLVE, ANSWER),
    consequences=(CREDIT,),
    reliefs=(Relief("relief", ("solve",), "reply"),),
    monthly_fees={"mail": Decimal("100.00"), "print": Decimal("40.00")},
    numbers={"solve": "1.1", "reply": "1.2", "credit": "2.1", "relief": "2.2"},
)
CONTRACT = Contract(
    TERMS,
    "example",
    sha256="ab" * 32,
    parties={"supplier": "Noord <ICT> B.V.", "customer": "Bakkerij De Korenaar"},
    services={"mail": {"nl": "E-mail", "en": "Mail"}, "print": {"nl": "Printers"}},
)


def at(text: str) -> int:
    """`03-02 09:30`, in Brussels before the clocks change."""
    day, time = text.split()
    return parse_instant(f"2026-{day}T{time}:00+01:00")


def ticket(name: str, *lines: str, customer: str = "", **fields: str) -> Logged:
    """Lines as `03-02 09:00 reported`, `03-02 10:00 question to=customer id=q`."""
    facts = []
    for position, line in enumerate(lines):
        day, time, code, *words = line.split()
        told = dict(word.split("=", 1) for word in words)
        moment = at(f"{day} {time}")
        own = {"priority": "P2", "service": "mail", **fields} if code == "reported" else {}
        facts.append(Fact(code, moment, moment, position, fields=own, **told))
    return Logged(name, customer, facts)


SPAN = (at("03-02 09:00"), at("04-03 12:00"))
HOURS = lay_out(stretched(TERMS, (date(2026, 1, 1), date(2027, 1, 1)))["office"])


MOMENTS = st.integers(0, 20 * 24 * 4)


@st.composite
def logs(draw: st.DrawFn) -> Logged:
    """A report, then questions, answers, solutions and rejections at any quarter of an hour."""
    facts = [Fact("reported", SPAN[0], SPAN[0], 0, fields={"priority": "P2", "service": "mail"})]
    steps = sorted(draw(st.lists(MOMENTS, max_size=8)))
    for place, step in enumerate(steps, 1):
        moment = SPAN[0] + step * 15 * MINUTE
        code = draw(st.sampled_from(("question", "answer", "solved", "rejected")))
        words = {"question": {"to": "customer"}, "answer": {"by": "customer"}}.get(code, {})
        named = f"q{draw(st.integers(0, 2))}" if words else ""
        link = {"of": named} if code == "answer" else {"id": named}
        facts.append(Fact(code, moment, moment, place, **words, **link))
    return Logged("any", "", facts)
