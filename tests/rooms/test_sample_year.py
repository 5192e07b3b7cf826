"""The made year: the same for the same seed, readable by the law, labelled as made."""

from collections import Counter
from datetime import UTC
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from afspraak.engine.clock import Clock
from afspraak.engine.facts import CODES, settle
from afspraak.engine.time import parse_instant
from afspraak.language.check import check
from afspraak.language.freeze import freeze
from afspraak.tickets.load import load_outages, load_outcomes, load_tickets
from afspraak.tickets.manifest import Manifest, load_manifest
from afspraak.tickets.profile import WHOLE
from afspraak.tickets.sample_contracts import contract_of
from afspraak.tickets.sample_customers import CUSTOMERS, SECTORS
from afspraak.tickets.sample_desk import Desk
from afspraak.tickets.sample_draws import Draws, pace
from afspraak.tickets.sample_year import sample_year

FEW = 1_200
END = parse_instant("2028-01-01T00:00:00+01:00")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, Path]:
    out = tmp_path_factory.mktemp("year")
    return sample_year(1, out, tickets=FEW), out


@pytest.fixture(scope="module")
def desks() -> dict[str, Desk]:
    """One customer of each template, and each package of the large one."""
    chosen = {(each.template, each.package, each.country): each for each in CUSTOMERS}
    return {
        each.name: Desk(each, contract_of(each, 1, 40)[1], 1000, 1000) for each in chosen.values()
    }


def test_the_same_seed_gives_the_same_year(year: tuple[Manifest, Path], tmp_path: Path) -> None:
    manifest, out = year
    steps: list[tuple[int, int]] = []
    again = sample_year(1, tmp_path, tickets=FEW, progress=lambda *step: steps.append(step))
    assert again == manifest
    for path in sorted(out.rglob("*")):
        if path.is_file():
            assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes(), path.name
    assert steps[-1] == (again.tickets, again.tickets) or steps[-1][0] == steps[-1][1]


def test_it_is_labelled_as_made_wherever_it_is_looked_at(year: tuple[Manifest, Path]) -> None:
    manifest, out = year
    assert manifest.kind == "generated"
    assert load_manifest(out) == manifest
    assert "no real customer" in manifest.warnings[0]
    for name in ("facts.parquet", "outcomes.parquet", "outages.parquet"):
        assert pq.read_schema(out / name).metadata[b"afspraak.kind"] == b"generated"
    for path in (out / "contracts").iterdir():
        assert path.read_text("utf-8").startswith("# An invented contract")


def test_every_ticket_can_be_read_and_has_a_contract(year: tuple[Manifest, Path]) -> None:
    manifest, out = year
    codes: Counter[str] = Counter()
    names = {customer.name for customer in CUSTOMERS}
    count = 0
    for ticket in load_tickets(out):
        count += 1
        assert not ticket.unreadable
        assert ticket.customer in names
        recorded = [fact.recorded_at for fact in ticket.facts]
        assert recorded == sorted(recorded), "the log's order is the order of recording"
        assert recorded[-1] < END
        assert settle(ticket.facts, END).start_at is not None
        codes.update(fact.code for fact in ticket.facts)
    assert count == manifest.tickets
    assert FEW * 0.95 < count < FEW * 1.4  # small years have as many outages as large ones
    assert codes.keys() == CODES


def test_it_has_late_records_corrections_and_outages(year: tuple[Manifest, Path]) -> None:
    _, out = year
    tickets = list(load_tickets(out))
    facts = [fact for ticket in tickets for fact in ticket.facts]
    assert any(fact.recorded_at - fact.happened_at > 15 * 60_000_000 for fact in facts)
    assert all("happened_at" in fact.changes for fact in facts if fact.code == "corrected")
    kinds = Counter(type(each.fact).__name__ for each in load_outages(out))
    assert set(kinds) == {"Outage", "Maintenance"}
    assert list(load_outages(out.parent)) == []
    assert all(outcome.made is None for outcome in load_outcomes(out))


def test_reports_follow_the_measured_week(year: tuple[Manifest, Path]) -> None:
    _, out = year
    table = pq.read_table(out / "facts.parquet", columns=["fact", "happened_at"]).to_pylist()
    days = Counter(
        row["happened_at"].astimezone(UTC).weekday() for row in table if row["fact"] == "reported"
    )
    assert days[0] > days[4] > days[5]


def test_the_clocks_run_on_it(year: tuple[Manifest, Path], desks: dict[str, Desk]) -> None:
    _, out = year
    states: Counter[str] = Counter()
    for ticket in load_tickets(out):
        desk = desks.get(ticket.customer)
        if desk is None:
            continue
        settled = settle(ticket.facts, END)
        for promise in desk.terms.promises:
            clock = Clock(promise, desk.terms.fields, desk.hours[promise.calendar], desk.hours)
            states.update(each.state for each in clock.assess(settled))
    assert {"met", "missed", "void"} <= states.keys()
    assert 0.02 < states["missed"] / (states["met"] + states["missed"]) < 0.2


def test_the_contracts_are_sound_and_frozen(desks: dict[str, Desk]) -> None:
    for desk in desks.values():
        customer = desk.customer
        data, document = contract_of(customer, 1, 40)
        found, faults = check(data, customer.slug)
        assert [str(fault) for fault in faults if not fault.note] == []
        assert found == document
        assert freeze(data, customer.slug)[0] == data
        assert document.parties["customer"].name == customer.name
        assert {"supplier", "customer"} <= document.parties.keys()


@pytest.mark.long
def test_all_contracts_are_sound() -> None:
    for customer in CUSTOMERS:
        data, document = contract_of(customer, 1, 40)
        found, faults = check(data, customer.slug)
        assert [str(fault) for fault in faults if not fault.note] == []
        assert found == document


def test_the_customers_are_forty_and_differ() -> None:
    assert len(CUSTOMERS) == len({each.slug for each in CUSTOMERS}) == 40
    assert {each.country for each in CUSTOMERS} == {"NL", "BE"}
    assert {each.sector for each in CUSTOMERS} == SECTORS.keys()


def test_another_seed_gives_other_draws() -> None:
    draws = [Draws(seed).of(3).below(WHOLE) for seed in range(50)]
    assert len(set(draws)) > 40
    assert Draws(7).of(3).below(WHOLE) == Draws(7).of(3).below(WHOLE)


def test_draws_keep_to_their_weights() -> None:
    draws = Draws(1)
    found = Counter(draws.pick("abc", (1, 0, 3)) for _ in range(4_000))
    assert found["b"] == 0
    assert 2.5 < found["c"] / found["a"] < 3.5
    steps = tuple(range(0, 2_100, 100))
    along = [draws.along(steps) for _ in range(2_000)]
    assert 0 <= min(along) < 50
    assert 1_950 < max(along) <= 2_000
    assert pace((0, 100, 200), 100, 1.0) == (0, 1000, 2000)
    assert not draws.chance(0)
    assert draws.chance(WHOLE)
