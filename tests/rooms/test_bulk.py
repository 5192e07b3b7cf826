"""Facts counted out of core: the figures are those of the scalar replay, however a file is cut."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.clockwork import LaidOut
from afspraak.engine.facts import Fact
from afspraak.engine.hours import Calendar, Interval
from afspraak.engine.terms import (
    BestEffort,
    Fields,
    Open,
    Promise,
    Relief,
    Rule,
    Share,
    Terms,
    Trial,
)
from afspraak.engine.time import DAY, HOUR, MINUTE, Refusal, ServiceTime, WorkingDays
from afspraak.reports import governing
from afspraak.reports.bulk import count_file, count_stretch
from afspraak.reports.bulk_counts import Counts, together
from afspraak.reports.bulk_figures import replay_of
from afspraak.reports.bulk_judge import Plan, plan_of
from afspraak.reports.bulk_read import stretches
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import COUNTS, Cube
from afspraak.reports.replay import NO_LOG, Logged, replay
from afspraak.tickets.tables import FACTS_SCHEMA

COVER = (date(2020, 12, 1), date(2023, 7, 1))
WEEK = ((Interval(510, 1050),),) * 5 + ((), ())
OFFICE = Calendar("office", "Europe/Brussels", WEEK, frozenset([date(2021, 5, 13)]), {}, COVER)
NIGHT = Calendar("night", "Europe/Brussels", ((Interval(1320, 1800),),) * 7, frozenset(), {}, COVER)
KNOWN = Fields(
    {"priority": ("P1", "P2", "P3", "P4"), "service": ("e-mail", "printers"), "level": ()},
    {"e-mail": "gold", "printers": "bronze"},
)
TRIAL = Open("o", Trial(date(2021, 1, 1), date(2021, 4, 1), ServiceTime(HOUR)))
RULES = (
    Rule("solve", ServiceTime(9 * HOUR)),
    Rule("solve", ServiceTime(4 * HOUR), {"priority": "P1"}),
    Rule("solve", WorkingDays(2), {"level": "bronze"}),
    Rule("solve", WorkingDays(1), {"level": "bronze", "priority": "P1"}),
    Rule("solve", BestEffort(), {"priority": "P4"}),
    Rule("solve", TRIAL, {"priority": "P3"}),
    Rule("solve", TRIAL, {"priority": "P3", "level": "bronze"}),
    Rule("solve", BestEffort(), {"priority": "P4", "level": "bronze"}),
)
SHARE = Share(Fraction(9, 10), "quarter", "service")
PROMISES = (
    Promise("solve", "resolution", RULES, "office", pauses=frozenset(["customer"]), share=SHARE),
    Promise("react", "first_response", (Rule("react", ServiceTime(HOUR)),), "night"),
    Promise("update", "next_response", (Rule("update", ServiceTime(HOUR)),), "office"),
    Promise("word", "expectation", (Rule("word", ServiceTime(0)),), "office"),
    Promise(
        "answer", "answer", (Rule("answer", ServiceTime(HOUR)),), "office", promisor="customer"
    ),
)
RELIEFS = (
    Relief("forgiven", ("solve",), "answer"),
    Relief("forgotten", ("solve", "react"), "answer", "same_period"),
)


def terms(number: int = 0) -> Terms:
    return Terms(
        id=f"c{number}",
        law=1,
        zone="Europe/Brussels",
        currency="EUR",
        from_on=date(2020 + number, 12, 1),
        until_on=COVER[1],
        fields=KNOWN,
        calendars={"office": OFFICE, "night": NIGHT},
        promises=PROMISES,
        reliefs=RELIEFS,
    )


def calendars(signed: Terms, _cover: object) -> Mapping[str, Calendar]:
    """No wider than they are: laying them out is most of these tests' time."""
    return signed.calendars


CONTRACT = Contract(terms(), "c", wider=calendars)
FROM_ITS_START = replace(
    CONTRACT, terms=replace(terms(), from_on=date(2020, 12, 17), periods_from_start=True)
)
BEGIN = 1_609_459_200_000_000  # 2021-01-01T00:00Z
SPAN = (BEGIN, BEGIN + 600 * DAY)
CODES = (
    *("acknowledged", "supplier_contact", "customer_contact", "question", "answer", "solved") * 3,
    *("diagnosis", "workaround", "accepted", "rejected", "expectation", "voided", "reclassified"),
)
STEPS = (0, MINUTE, 20 * MINUTE, HOUR, 7 * HOUR, DAY, 3 * DAY)


@pytest.fixture(autouse=True, scope="module")
def laid_out_once() -> Iterator[None]:
    """The same few calendars, again and again: what they say is told in tests/engine."""
    known = LaidOut()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(governing, "LaidOut", lambda: known)
        yield


def story(random: Random, number: int) -> Logged:
    """A ticket: most of its facts ordinary, some of them not."""
    at, asked = BEGIN + random.randrange(400 * 24) * HOUR, list[tuple[str, str]]()
    fields = {"priority": random.choice(("P1", "P2", "P3", "P4", "P9")), "service": "e-mail"}
    if random.random() < 0.4:
        fields["service"] = "printers"
    if random.random() < 0.1:
        del fields["priority"]
    facts = [Fact("reported", at, at, 0, fields=fields)]
    for place in range(1, random.randrange(1, 9)):
        at += random.choice(STEPS)
        facts.append(told(random, place, at, asked))
    return Logged(f"t{number}", random.choice(("", "Alfa", "beta", "Gamma")), facts)


def told(random: Random, place: int, at: int, asked: list[tuple[str, str]]) -> Fact:
    code = random.choice(CODES)
    recorded = at + random.choice((0, 0, 0, 0, 0, 0, HOUR))
    party = random.choice(("customer", "customer", "third_party"))
    more: dict[str, object] = {}
    if code == "question":
        name = random.choice((f"q{place}", f"q{place}", "same"))
        asked.append((name, party))
        more = {"id": name, "to": party}
    elif code == "answer":
        name, party = asked[-1] if asked else ("none", party)
        more = {"of": name, "by": party}
    elif code == "expectation":
        more = {"until": at + random.choice(STEPS)}
    elif code == "voided":
        more = {"why": "a mistake"}
    elif code == "reclassified":
        more = {"cause": "new_facts", "fields": {"priority": "P1"}, "by": "supplier"}
    return Fact(code, at, recorded, place, **more)  # type: ignore[arg-type]


def rows(logged: Logged) -> list[dict[str, object]]:
    """A ticket as facts.parquet has it."""
    names = set(FACTS_SCHEMA.names) & set(Fact.__slots__)
    found = []
    for fact in logged.facts:
        plain = {name: getattr(fact, name) for name in names if getattr(fact, name) != ""}
        stated = {"ticket": logged.id, "fact": fact.code, "customer": logged.customer or None}
        found.append({**plain, **fact.fields, **stated})
    return found


def written(path: Path, stories: Sequence[Logged], size: int) -> Path:
    listed = [row for each in stories for row in rows(each)]
    table = pa.Table.from_pylist(listed, schema=FACTS_SCHEMA)
    pq.write_table(table, path, row_group_size=size)
    return path


def still() -> int:
    """A stopwatch that stands still."""
    return 0


def counted(path: Path, plan: Plan, workers: int = 1) -> Counts:
    return count_file(path, plan, still, workers)


def plain(*books: Sequence[Contract], as_of: int = SPAN[1], **assumed: str) -> Plan:
    return plan_of(books, SPAN, as_of, assumed)


def cells(cube: Cube) -> Counter[tuple[object, ...]]:
    """What a cube counts, by month."""
    found: Counter[tuple[object, ...]] = Counter()
    for key, cell in cube.cells():
        month = f"{key.due_on:%Y-%m}" if key.due_on else ""
        here = (key.contract, key.clause, key.customer, tuple(sorted(key.case)), month)
        for state, number in zip(COUNTS, cell.counts, strict=True):
            found[*here, state] += number
    return +found


def agree(found: Counts, plan: Plan, stories: Sequence[Logged], *books: Sequence[Contract]) -> None:
    """The counts come to the very figures of the scalar replay, in every book."""
    slow = replay(
        books[0],
        stories,
        span=SPAN,
        as_of=plan.as_of,
        against=books[1] if len(books) > 1 else (),
        assumed=plan.assumed,
    )
    for place, (book, each) in enumerate(zip(books, slow, strict=False)):
        fast = replay_of(found, plan, place, book, NO_LOG)
        assert each is not None
        assert cells(fast.cube) == cells(each.cube)
        assert fast.accounts == each.accounts
        assert fast.unjudged_tickets == each.unjudged_tickets
        assert (fast.tickets, fast.unreported) == (each.tickets, each.unreported)


@given(
    seed=st.integers(0, 2**32),
    size=st.sampled_from((1, 3, 7, 40, 1000)),
    contract=st.sampled_from((CONTRACT, FROM_ITS_START)),
    assumed=st.sampled_from(({}, {"priority": "P2"})),
)
@settings(max_examples=30)
def test_the_figures_are_those_of_the_scalar_replay(
    tmp_path_factory, seed, size, contract, assumed
):
    random = Random(seed)
    stories = [story(random, number) for number in range(random.randrange(1, 30))]
    path = written(tmp_path_factory.mktemp("bulk") / "facts.parquet", stories, size)
    plan = plain([contract], as_of=random.choice((SPAN[1], BEGIN + 200 * DAY)), **assumed)
    found = counted(path, plan)
    agree(found, plan, stories, [contract])
    assert found.facts == sum(len(each.facts) for each in stories)
    groups = random.randrange(1, 3) * -(-found.facts // size) // 3 + 1
    parts = [count_stretch(part, plan, still) for part in stretches(path, groups)]
    assert together(reversed(parts)).sha256() == found.sha256()


def ordinary(number: int) -> Logged:
    at = BEGIN + number * HOUR
    steps = (
        ("reported", 0, {"fields": {"priority": "P2", "service": "e-mail"}}),
        ("supplier_contact", HOUR, {}),
        ("question", 2 * HOUR, {"id": "q1", "to": "customer"}),
        ("answer", 9 * HOUR, {"of": "q1", "by": "customer"}),
        ("solved", 30 * HOUR, {}),
    )
    facts = [
        Fact(code, at + later, at + later, place, **more)  # type: ignore[arg-type]
        for place, (code, later, more) in enumerate(steps)
    ]
    return Logged(f"t{number}", "", facts)


def test_ordinary_tickets_are_counted_in_columns(tmp_path):
    stories = [ordinary(number) for number in range(200)]
    contract = replace(CONTRACT, terms=replace(terms(), promises=PROMISES[:2], reliefs=()))
    path = written(tmp_path / "f.parquet", stories, 77)
    found = counted(path, plain([contract]))
    assert (found.tickets, found.scalar) == (200, 0)
    whole = counted(path, plain([CONTRACT]))
    assert whole.scalar == 200, "whoever is asked has a promise to answer"


def test_each_customer_has_its_own_contract_and_the_newest_that_had_begun(tmp_path):
    random = Random(5)
    stories = [story(random, number) for number in range(300)]
    book = [
        replace(CONTRACT, customers=frozenset(["alfa"])),
        Contract(terms(1), "later", customers=frozenset(["alfa", "beta"]), wider=calendars),
    ]
    path = written(tmp_path / "f.parquet", stories, 100)
    plan = plain(book, [CONTRACT])
    agree(counted(path, plan), plan, stories, book, [CONTRACT])


def test_versions_of_one_agreement_govern_all_customers(tmp_path):
    random = Random(6)
    stories = [story(random, number) for number in range(200)]
    second = replace(terms(1), id="c0", version=2, version_from_on=date(2021, 7, 1))
    book = [
        replace(CONTRACT, customers=frozenset(["alfa"])),
        Contract(second, "second", customers=frozenset(["alfa"]), wider=calendars),
    ]
    path = written(tmp_path / "f.parquet", stories, 100)
    plan = plain(book)
    agree(counted(path, plan), plan, stories, book)


def test_a_verdict_due_at_the_very_end_of_the_cover_belongs_to_the_next_month(tmp_path):
    """T8 answers an instant exactly at the cover's end; its local date is the first beyond."""
    always = Calendar(
        "office", "Europe/Brussels", ((Interval(0, 1440),),) * 7, frozenset(), {}, COVER
    )
    promise = Promise("solve", "resolution", (Rule("solve", ServiceTime(HOUR)),), "office")
    signed = replace(terms(), calendars={"office": always}, promises=(promise,), reliefs=())
    end = 1_688_162_400_000_000  # 2023-07-01T00:00+02:00
    fields = {"priority": "P2", "service": "e-mail"}
    facts = [
        Fact("reported", end - HOUR, end - HOUR, 0, fields=fields),
        Fact("solved", end - MINUTE, end - MINUTE, 1),
    ]
    path = written(tmp_path / "f.parquet", [Logged("t1", "", facts)], 10)
    plan = plan_of([[replace(CONTRACT, terms=signed)]], (BEGIN, end), end - MINUTE, {})
    (key,) = counted(path, plan).counts
    assert (key.due_on, key.state) == ("2023-07-01", "met")


def test_facts_out_of_their_logs_order_are_judged_in_it(tmp_path):
    stories = [ordinary(number) for number in range(20)]
    path = written(tmp_path / "f.parquet", stories, 100)
    expected = counted(path, plain([CONTRACT]))
    table = pq.read_table(path)
    turned = [row for place in range(0, 100, 5) for row in (place, *range(place + 4, place, -1))]
    pq.write_table(table.take(turned), path, row_group_size=33)
    found = counted(path, plain([CONTRACT]))
    assert found.sha256() == expected.sha256()
    assert found.scalar == 20


def small(path: Path, size: int) -> Path:
    """A file in the smallest types: numbers for tickets and questions, no column without a word."""
    table = pq.read_table(path)
    numbers = {
        "ticket": pc.cast(pc.utf8_slice_codeunits(table["ticket"], 1), pa.int32()),
        "id": pc.cast(pc.utf8_slice_codeunits(table["id"], 1), pa.int16()),
        "of": pc.cast(pc.utf8_slice_codeunits(table["of"], 1), pa.int16()),
    }
    kept = [name for name in table.schema.names if table[name].null_count < len(table)]
    columns = {name: numbers.get(name, table[name]) for name in kept}
    for name in ("happened_at", "recorded_at"):
        columns[name] = columns[name].cast(pa.timestamp("ms", "UTC"))
    compact = path.with_name("small.parquet")
    pq.write_table(pa.table(columns), compact, row_group_size=size)
    return compact


def test_a_compact_file_counts_the_same(tmp_path):
    stories = [ordinary(number) for number in range(300)]
    path = written(tmp_path / "f.parquet", stories, 100)
    plan = plain([CONTRACT])
    expected = counted(path, plan)
    assert counted(small(path, 64), plan).sha256() == expected.sha256()
    assert sum(expected.counts.values()) > 0


@pytest.mark.long  # a cluster takes ten seconds to begin
def test_processes_and_dask_count_the_same(tmp_path):
    stories = [ordinary(number) for number in range(300)]
    path = written(tmp_path / "f.parquet", stories, 10)
    plan = plain([CONTRACT])
    expected = counted(path, plan)
    assert len(stretches(path)) > 1
    told: list[tuple[int, int]] = []
    by_two = count_file(path, plan, still, 2, lambda done, parts: told.append((done, parts)))
    assert by_two.sha256() == expected.sha256()
    assert told[-1] == (len(stretches(path)), len(stretches(path)))
    distributed = pytest.importorskip("distributed")
    from afspraak.reports.bulk_dask import count_file_by_dask  # noqa: PLC0415 - where Dask is there

    with distributed.Client(processes=False, n_workers=1, dashboard_address=None) as client:
        by_dask = count_file_by_dask(path, plan, client, still)
    assert by_dask.sha256() == expected.sha256()


def test_the_cost_of_the_scalar_path_is_what_the_stopwatch_tells(tmp_path):
    ticks = iter(range(1000))
    path = written(tmp_path / "f.parquet", [ordinary(1)], 10)
    found = count_file(path, plain([CONTRACT]), lambda: next(ticks))
    assert (found.scalar, found.scalar_ns, found.took_ns) == (1, 1, 3)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("ticket", "1 facts name no ticket"),
        ("fact", "1 facts have no code"),
        ("happened_at", "1 facts have no instant"),
    ],
)
def test_facts_that_lack_what_no_ticket_can_do_without_are_refused(tmp_path, column, told):
    path = written(tmp_path / "f.parquet", [ordinary(1)], 10)
    table = pq.read_table(path).slice(0, 1)
    place = table.schema.get_field_index(column)
    nothing = pa.field(column, table.schema.field(place).type)
    pq.write_table(table.set_column(place, nothing, pa.nulls(1, nothing.type)), path)
    with pytest.raises(Refusal, match=told):
        counted(path, plain([CONTRACT]))


def test_a_file_without_a_column_or_with_instants_of_no_zone_is_refused(tmp_path):
    path = written(tmp_path / "f.parquet", [ordinary(1)], 10)
    whole = pq.read_table(path)
    pq.write_table(whole.drop_columns(["fact"]), path)
    with pytest.raises(Refusal, match="no column fact"):
        stretches(path)
    place = whole.schema.get_field_index("recorded_at")
    local = whole["recorded_at"].cast(pa.timestamp("us"))
    pq.write_table(whole.set_column(place, "recorded_at", local), path)
    with pytest.raises(Refusal, match="recorded_at is timestamp"):
        stretches(path)
