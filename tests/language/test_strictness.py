"""Typing errors of every kind are refused with their line, and never read as another value."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.hours import Interval
from afspraak.engine.time import Rhythm, ServiceTime, WorkingDays
from afspraak.language import values
from afspraak.language.check import check
from afspraak.language.faults import Fault

SOME = settings(max_examples=(settings.default or settings()).max_examples // 3)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""

SKETCH = (Path(__file__).parent / "sketch.yaml").read_text("utf-8")


def faults_with(old: str, new: str) -> list[Fault]:
    """The faults of the sketch with one text replaced, which stands in it once or comes first."""
    assert old in SKETCH
    document, faults = check(SKETCH.replace(old, new, 1).encode(), "c.yaml")
    assert document is None
    return faults


@pytest.mark.parametrize(
    ("old", "new", "place", "fact"),
    [
        ("value: PT2H", "value: 1:30", "reageren", "`value`: '1:30' is not a target"),
        ("value: PT2H", "value: P1D", "reageren", "no service time"),
        ("value: PT2H", "value: 2", "reageren", "'2' is not a target"),
        ("value: PT2H", "value: [PT2H]", "reageren", "a list stands where a duration is expected"),
        ("value: 3 working days", "value: 0 working days", "oplossen", "0 working days"),
        ("units: 40,", "units: 010,", "services.e-mail", "'010' is not a whole number (leading"),
        ("units: 40,", "units: 1e3,", "services.e-mail", "'1e3' is not a whole number"),
        ("units: 40,", "units: 0x1F,", "services.e-mail", "'0x1F' is not a whole number"),
        ("units: 40,", "units: 4_0,", "services.e-mail", "'4_0' is not a whole number"),
        ("units: 40,", "units: -40,", "services.e-mail", "'-40' is not a whole number"),
        ("units: 40,", "units: 0,", "services.e-mail", "0 is too few"),
        ("units: 40,", "units: ~,", "services.e-mail", "`units` holds ~ instead of a value"),
        ("units: 40,", "units: null,", "services.e-mail", "`units` holds null instead of a value"),
        ("units: 40,", "units: ,", "services.e-mail", "`units` holds nothing instead of a value"),
        ("95 %, per", "95.5, per", "oplossen", "'95.5' is not a percentage"),
        ("95 %, per", "95%, per", "oplossen", "'95%' is not a percentage"),
        ("95 %, per", "101 %, per", "oplossen", "101 % is more than the whole"),
        ("95 %, per", "095 %, per", "oplossen", "'095 %' is not a percentage"),
        ("key: true", "key: no", "reageren", "'no' is neither true nor false"),
        ("key: true", "key: 1", "reageren", "'1' is neither true nor false"),
        ("key: true", "key: True", "reageren", "'True' is neither true nor false"),
        ("EUR 4.50 /", "4.50 /", "services.e-mail", "'4.50' is not a sum of money"),
        (
            "EUR 4.50 / user / month",
            '"EUR 4,50 / user / month"',
            "services.e-mail",
            "'EUR 4,50' is",
        ),
        ("EUR 4.50 /", "EUR 1.000 /", "services.e-mail", "'EUR 1.000' is not a sum of money"),
        ("EUR 4.50 /", "EUR 4.5 /", "services.e-mail", "'EUR 4.5' is not a sum of money"),
        ("EUR 4.50 /", "EUX 4.50 /", "services.e-mail", "there is no currency EUX here"),
        ("/ user / month", "/ month / user", "services.e-mail", "the wrong way round"),
        ('"NL", cover', "no, cover", "calendars.kantoor", "'no' is not a country"),
        ("08:30-17:30", "8:30-17:30", "calendars.kantoor", "'8:30-17:30' is not an interval"),
        ("08:30-17:30", "08:30-08:30", "calendars.kantoor", "has no length"),
        ("mon-fri", "mon-vri", "calendars.kantoor", "neither a weekday nor a range"),
        ("mon-fri", "fri-mon", "calendars.kantoor", "neither a weekday nor a range"),
        ("mon-fri:", 'fri: ["09:00-10:00"], mon-fri:', "calendars.kantoor", "gives fri twice"),
        ('"2027-01-31"', "2027-02-31", "contactlijst", "2027-02-31 is not a date"),
        ('"2027-01-31"', "31-01-2027", "contactlijst", "'31-01-2027' is not a date"),
        ("3 months, first", "P3M, first", "contactlijst", "'P3M' is not a term"),
        ("zone: Europe/Amsterdam\n", "zone: Europe/Amsterdm\n", "zone", "no time zone"),
        ("law: 1 ", "law: 2 ", "law", "'2' is no value of `law`"),
        ("level: silver", "level: zilver", "services.werkplek", "'zilver' is no value of `level`"),
        ("type: duty", "type: duti", "melden", "there is no clause type 'duti'"),
        ("type: duty, ", "", "melden", "the clause has no `type`"),
        ("promisor: customer, due", "due", "data-aangeleverd", "`promisor` is missing"),
        ("trial:", "trail:", "werkplek-p1", "the key 'trail' is unknown here"),
        ("priorities:", "prioritys:", "prioritys", "the key 'prioritys' is unknown here"),
        ("printers: {", "Printers: {", "services.Printers", "'Printers' is not an id"),
        (
            "id: melden",
            "id: m\u0435lden",
            "m\u0435lden",
            "it holds U+0435, which is no plain letter",
        ),
        ("bands: [[30, 60]]", "bands: [30, 60]", "services.e-mail", "a pair is expected"),
        ("parties:\n", "parties: geen\nx:\n", "parties", "'geen' stands where a mapping is"),
        ("name: Glasnet", 'name: "  "', "parties.carrier", "the text is empty"),
        ("tel:+31201234567", "tel:0201234567", "melden", "is not an address"),
        ("kvk:12345678", "kvk:1234567", "parties.supplier", "is not a KvK number"),
    ],
)
def test_a_typing_error_is_told_with_its_line(old: str, new: str, place: str, fact: str) -> None:
    line = SKETCH[: SKETCH.index(old)].count("\n") + 1
    found = [
        each.fact for each in faults_with(old, new) if (each.line, each.clause) == (line, place)
    ]
    assert any(fact in told for told in found)


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("trial:", "trail:", "did you mean `trial`?"),
        ("type: duty", "type: duti", "did you mean duty?"),
        ("priorities:", "prioritys:", "did you mean `priorities`?"),
        ("value: PT2H", "value: P1D", "write hours (PT8H) or working days"),
        ("95 %, per", "95.5, per", "write it with a space and a percent sign, as 95 % or 99.5 %"),
        ("kantoor: {zone: Europe/Amsterdam,", "kantoor: {", "add it"),
    ],
)
def test_the_remedy_says_what_to_write(old: str, new: str, remedy: str) -> None:
    assert remedy in [fault.remedy for fault in faults_with(old, new)]


def test_faults_of_every_kind_are_told_at_once() -> None:
    text = SKETCH.replace("value: PT2H", "value: 1:30", 1).replace("units: 6", "units: 06", 1)
    text = text.replace("after: [data-aangeleverd]", "after: [data-gekregen]", 1)
    text = text.replace("per: quarter, by", "per: quarter, per: month, by", 1)
    document, faults = check(text.encode(), "c.yaml")
    assert document is None
    assert [fault.clause for fault in faults] == [
        "services.printers",
        "reageren",
        "oplossen",
        "livegang",
    ]
    assert all(str(fault).startswith(f"c.yaml:{fault.line}: {fault.clause}: ") for fault in faults)


# Values: one exact text form each, both ways ------------------------------------------------------

COUNTS = st.integers(1, 999_999_999)
DURATIONS = st.one_of(
    st.builds(lambda seconds: ServiceTime(seconds * 1_000_000), st.integers(0, 10**7)),
    st.builds(WorkingDays, st.integers(1, 999)),
)
RHYTHMS = st.one_of(
    st.builds(lambda months: Rhythm(months=months), st.integers(1, 999)),
    st.builds(lambda days: Rhythm(days=days), st.integers(1, 999)),
)
MONEY = st.builds(
    values.Money,
    st.decimals(0, 10**9, places=2),
    st.sampled_from(sorted(values.CURRENCIES)),
)
RATES = st.builds(
    values.Rate, MONEY, st.sampled_from(["", "user", "seat"]), st.sampled_from(values.PERIODS)
)
SHARES = st.builds(lambda n: values.parse_share("100 %") * n / 10**8, st.integers(0, 10**8))
INTERVALS = st.builds(
    lambda opens, length: Interval(opens, opens + length),
    st.integers(0, 1439),
    st.integers(1, 1439),
)


@SOME
@given(st.one_of(st.tuples(st.just(read), made) for read, made in (
    (values.parse_count, COUNTS),
    (values.parse_flag, st.booleans()),
    (values.parse_share, SHARES),
    (values.parse_money, MONEY),
    (values.parse_rate, RATES),
    (values.parse_date_text, st.dates()),
    (values.parse_duration_text, DURATIONS),
    (values.parse_rhythm_text, RHYTHMS),
    (values.parse_within, st.one_of(DURATIONS, RHYTHMS)),
    (values.parse_interval, INTERVALS),
    (values.parse_month, st.builds(values.Month, st.integers(1000, 2999), st.integers(1, 12))),
)))  # fmt: skip
def test_a_value_shown_and_read_again_is_equal(case: tuple[object, object]) -> None:
    read, value = case
    assert callable(read)
    assert read(values.show(value)) == value


# Nothing crashes ----------------------------------------------------------------------------------

SMALL = """\
afspraak: 1
law: 1
id: klein
language: nl
currency: EUR
zone: Europe/Brussels
parties: {supplier: {name: A}, customer: {name: B}}
term: {from: "2027-01-01", until: "2028-01-01"}
calendars:
  k: {zone: Europe/Brussels, week: {mon-fri: ["09:00-17:00"]}, cover: ["2027-01-01", "2029-01-01"]}
priorities: [P1, P2]
priority_from: [{impact: allen, priority: P1}, {impact: een, priority: P2}]
services: {mail: {name: {nl: Mail}, level: gold, fee: EUR 4.50 / user / month, units: 4}}
clauses:
  - id: oplossen
    type: ticket_promise
    promisor: supplier
    measure: resolution
    calendar: k
    targets: [{value: PT8H}, {when: {priority: P1}, value: PT4H}]
    share: {at_least: 95 %, per: month, by: service}
  - {id: korting, type: credit, of: oplossen, bands: [{below: 95 %, credit: 5 %}]}
"""
PIECES = st.sampled_from(
    (
        *"{}[]:,-#&*!|>'\"%@`?~\n \t\x00",
        *("\n  ", ": ", "- ", "<<: ", "a", "id", "010", "no", "1:30", "---\n", "&a ", "*a "),
        *("clauses:\n", "targets: ", "!!int ", "\u202e", "\ud800", "\\x", "PT4H", "[" * 50),
        *("oplossen", "{value: PT1H}", "when", "P9", "EUR 1.00", "5 %", "2027-02-30", "supplier"),
    )
)
BYTES = st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))


def survives(data: bytes) -> None:
    document, faults = check(data, "c.yaml")
    assert (document is None) == any(not fault.note for fault in faults)
    for fault in faults:
        assert 1 <= fault.line <= data.count(b"\n") + 1
        assert fault.clause
        assert fault.fact
        assert fault.remedy


def test_the_small_contract_is_sound() -> None:
    assert check(SMALL.encode(), "c.yaml")[1] == []


@SOME
@given(st.one_of(st.binary(max_size=300), BYTES))
def test_garbage_never_crashes(data: bytes) -> None:
    survives(data)


@SOME
@given(st.lists(PIECES, max_size=60))
def test_crumbs_of_yaml_never_crash(pieces: list[str]) -> None:
    survives("".join(pieces).encode("utf-8", "surrogatepass"))


@SOME
@given(st.integers(0, len(SMALL)), st.integers(0, 12), st.one_of(PIECES, st.text(max_size=4)))
def test_a_damaged_contract_never_crashes(place: int, length: int, instead: str) -> None:
    survives((SMALL[:place] + instead + SMALL[place + length :]).encode("utf-8", "surrogatepass"))


@SOME
@given(st.integers(0, SMALL.count("\n")), st.integers(0, SMALL.count("\n")))
def test_lines_that_changed_places_never_crash(first: int, second: int) -> None:
    lines = SMALL.split("\n")
    lines[first], lines[second] = lines[second], lines[first]
    survives("\n".join(lines).encode())
