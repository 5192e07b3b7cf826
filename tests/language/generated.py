"""Sound contracts of every shape, made by Hypothesis, beside what they are expected to promise."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from afspraak.engine.time import Duration, ServiceTime, WorkingDays

Plain = str | list["Plain"] | dict[str, "Plain"]
Chosen = tuple[str, str]
"""A service and a priority."""

LEVELS = ("bronze", "silver", "gold", "platinum")
HOUR = 3_600_000_000
DURATIONS = st.one_of(
    st.integers(0, 200).map(lambda quarters: ServiceTime(quarters * HOUR // 4)),
    st.integers(1, 10).map(WorkingDays),
)
SHARES = st.integers(1, 999).map(lambda thousandths: Fraction(thousandths, 1000))


@dataclass
class Contract:
    """A document as bare text, and each promise's target for each service and priority."""

    content: dict[str, Plain]
    expected: dict[str, dict[Chosen, Duration]] = field(default_factory=dict)
    shares: dict[str, Fraction] = field(default_factory=dict)


def percent(share: Fraction) -> str:
    return f"{float(share * 100):.1f} %"


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    names = [f"dienst-{n}" for n in range(draw(st.integers(1, 4)))]
    levels = {name: draw(st.sampled_from(LEVELS)) for name in names}
    priorities = [f"P{n}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    contract = Contract(frame(draw, levels, priorities))
    measures = draw(st.lists(st.sampled_from(MEASURES), min_size=1, unique=True))
    promises = [promise(draw, contract, measure, levels, priorities) for measure in measures]
    contract.content["clauses"] = [*promises, *consequences(draw, contract)]
    return contract


MEASURES = ("first_response", "next_response", "diagnosis", "resolution", "answer")


def frame(draw: st.DrawFn, levels: dict[str, str], priorities: list[str]) -> dict[str, Plain]:
    services: dict[str, Plain] = {
        name: {
            "name": {"nl": f"Dienst {name}"},
            "level": level,
            "fee": f"EUR {draw(st.integers(0, 900))}.50 / user / month",
            "units": str(draw(st.integers(1, 99))),
        }
        for name, level in levels.items()
    }
    week = draw(st.sampled_from(["mon-fri", "mon-sat", "tue"]))
    hours: list[Plain] = [draw(st.sampled_from(["09:00-17:00", "22:00-06:00", "00:00-24:00"]))]
    return {
        "afspraak": "1",
        "law": "1",
        "id": "gemaakt",
        "language": "nl",
        "currency": "EUR",
        "zone": draw(st.sampled_from(["Europe/Brussels", "Australia/Lord_Howe", "UTC"])),
        "parties": {"supplier": {"name": "A: b"}, "customer": {"name": "no"}},
        "term": {"from": "2027-01-01", "until": "2029-01-01"},
        "calendars": {
            "k": {
                "zone": "Europe/Brussels",
                "week": {week: hours},
                "closed": [str(on) for on in draw(st.lists(DATES, max_size=3))],
                "cover": ["2027-01-01", "2030-01-01"],
            }
        },
        "priorities": [*priorities],
        "services": services,
    }


DATES = st.dates(date(2027, 6, 1), date(2028, 6, 1))


def promise(
    draw: st.DrawFn,
    contract: Contract,
    measure: str,
    levels: dict[str, str],
    priorities: list[str],
) -> Plain:
    """Rows from the general to the particular: all, a level, a service, a service at a priority."""
    general = draw(DURATIONS)
    by_level = draw(st.dictionaries(st.sampled_from(sorted(set(levels.values()))), DURATIONS))
    by_service = draw(st.dictionaries(st.sampled_from(list(levels)), DURATIONS))
    pairs = st.tuples(st.sampled_from(list(levels)), st.sampled_from(priorities))
    by_both = draw(st.dictionaries(pairs, DURATIONS))
    rows: list[Plain] = [{"value": str(general)}]
    rows += [{"when": {"level": level}, "value": str(due)} for level, due in by_level.items()]
    rows += [{"when": {"service": name}, "value": str(due)} for name, due in by_service.items()]
    rows += [
        {"when": {"service": name, "priority": priority}, "value": str(due)}
        for (name, priority), due in by_both.items()
    ]
    clause: dict[str, Plain] = {
        "id": measure.replace("_", "-"),
        "type": "ticket_promise",
        "promisor": "customer" if measure == "answer" else "supplier",
        "measure": measure,
        "calendar": "k",
        "targets": draw(st.permutations(rows)),
    }
    if draw(st.booleans()):
        share = draw(SHARES)
        clause["share"] = {"at_least": percent(share), "per": "quarter", "by": "service"}
        contract.shares[str(clause["id"])] = share
    contract.expected[str(clause["id"])] = {
        (name, priority): by_both.get(
            (name, priority), by_service.get(name, by_level.get(level, general))
        )
        for name, level in levels.items()
        for priority in priorities
    }
    return clause


def consequences(draw: st.DrawFn, contract: Contract) -> list[Plain]:
    """Credits on some of the promises that have a share, and a dated duty."""
    clauses: list[Plain] = [
        {
            "id": f"korting-{name}",
            "type": "credit",
            "of": name,
            "bands": [
                {"below": percent(share), "credit": "5 %"},
                *([{"below": "0 %", "credit": "9 %"}] if draw(st.booleans()) else []),
            ],
            "cap": {"per_quarter": draw(st.sampled_from(["EUR 99.00", "12.5 %"]))},
        }
        for name, share in contract.shares.items()
    ]
    for clause in clauses:
        assert isinstance(clause, dict)
        cap = clause["cap"]
        assert isinstance(cap, dict)
        if cap["per_quarter"] == "12.5 %":
            cap["of"] = "fee_of_service"
    note = draw(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40)
    )
    extra: dict[str, Plain] = {"id": "lijst", "type": "recurring_promise", "promisor": "customer"}
    extra |= {"what": "contact_list", "every": "3 months", "first_on": "2027-01-31"}
    return [*clauses, extra | ({"note": note} if note.strip() else {})]
