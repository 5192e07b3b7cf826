"""What a contract says as a whole: references, gaps and ties, dates, calendars, money."""

import re
from pathlib import Path
from textwrap import indent
from typing import cast

import pytest

from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.nodes import plain
from afspraak.language.reader import read

FRAME = """\
afspraak: 1
law: 1
id: proef
language: nl
currency: EUR
zone: Europe/Brussels
jurisdiction: {country: BE}
parties: {supplier: {name: A}, customer: {name: B}, net: {role: third_party, name: C, under: x-1}}
term: {from: "2027-01-01", until: "2028-01-01", renewal: {tacit: 1 year, notice: 3 months}}
calendars:
  k: {zone: Europe/Brussels, week: {mon-fri: ["09:00-17:00"]}, cover: ["2027-01-01", "2029-01-01"]}
priorities: [P1, P2]
priority_from: [{impact: allen, priority: P1}, {impact: een, priority: P2}]
ticket_kinds: [incident, request]
sites: [hier, daar]
services:
  mail: {name: {nl: Mail}, level: gold, fee: EUR 4.50 / user / month, units: 4, bands: [[1, 9]]}
  web: {name: {nl: Web}, level: silver, fee: EUR 30.00 / month}
clauses:
  - id: los
    type: ticket_promise
    promisor: supplier
    measure: resolution
    calendar: k
    targets: [{value: PT8H}, {when: {priority: P1}, value: PT4H}]
    share: {at_least: 95 %, per: month, by: service}
  - id: antw
    type: ticket_promise
    promisor: customer
    measure: answer
    calendar: k
    targets: [{value: PT8H}]
"""


def cases() -> dict[str, list[dict[str, str]]]:
    root, faults = read((Path(__file__).parent / "faults.yaml").read_bytes(), "faults.yaml")
    assert root is not None
    assert faults == []
    return cast("dict[str, list[dict[str, str]]]", plain(root))


CASES = cases()


def faults_of(text: str) -> list[Fault]:
    return check(text.encode(), "c.yaml")[1]


def document_of(text: str) -> Document:
    document, faults = check(text.encode(), "c.yaml")
    assert document is not None, [str(fault) for fault in faults]
    return document


def test_the_frame_is_sound() -> None:
    assert faults_of(FRAME) == []


def test_the_sketch_is_accepted_as_it_stands() -> None:
    document, faults = check((Path(__file__).parent / "sketch.yaml").read_bytes(), "sketch.yaml")
    assert faults == []
    assert document is not None
    assert [clause.id for clause in document.clauses][:3] == ["reageren", "oplossen", "werkplek-p1"]


@pytest.mark.parametrize("case", CASES["frame"], ids=lambda case: case["fact"])
def test_a_fault_of_the_frame_is_told(case: dict[str, str]) -> None:
    old, new, fact = case["old"], case["new"], case["fact"]
    assert old in FRAME
    first = FRAME[: FRAME.index(old)].count("\n") + 1
    faults = faults_of(FRAME.replace(old, new, 1))
    found = [fault for fault in faults if fact in fault.fact]
    assert found, [str(fault) for fault in faults]
    assert not found[0].note
    assert abs(found[0].line - first) <= 9


@pytest.mark.parametrize("case", CASES["clauses"], ids=lambda case: case["fact"])
def test_a_fault_of_a_clause_is_told(case: dict[str, str]) -> None:
    faults = [each for each in faults_of(FRAME + indent(case["text"], "  ")) if not each.note]
    assert any(case["fact"] in each.fact for each in faults), [str(each) for each in faults]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (FRAME.replace(", under: x-1", ""), "net has no agreement of its own here"),
        (FRAME.replace("fee: EUR 30.00 / month", ""), "best effort, no clock runs for it"),
        (FRAME.replace("[[1, 9]]", "[[5, 9]]"), "4 units lie outside the bands"),
        (FRAME.replace("[P1, P2]", "[P1, P2, P3]"), "no impact leads to P3"),
        (FRAME.replace("cover:", 'closed: ["2026-12-25"], cover:'), "lies outside the cover"),
        (f"{FRAME}  - {{id: u, type: hourly, rate: EUR 95.00 / hour}}\n", "u is open-ended"),
        (FRAME.replace("{priority: P1}", "{level: bronze}"), "no service is bronze"),
        (
            FRAME + "names: {hier: {nl: Hier}, P1: {nl: Spoed}, ginds: {nl: Ginds}}\n",
            "called ginds",
        ),
    ],
)
def test_a_note_is_told_and_spoils_nothing(text: str, fact: str) -> None:
    document, faults = check(text.encode(), "c.yaml")
    assert document is not None, [str(fault) for fault in faults]
    assert [fact in fault.fact for fault in faults] == [True]
    assert faults[0].note


def test_a_tie_names_both_rows_and_an_example() -> None:
    text = FRAME.replace("value: PT4H}]", "value: PT4H},\n     {when: {level: gold}, value: PT1H}]")
    told = (
        "c.yaml:26: los: two targets hold for level gold, priority P1"
        " (los in line 25 and los in line 26): mark one as exception_to the other, by its name"
    )
    assert [str(fault) for fault in faults_of(text)] == [told]


def test_an_exception_settles_a_tie() -> None:
    text = FRAME.replace("{priority: P1}, ", "{priority: P1}, name: spoed, ")
    text = text.replace(
        "value: PT4H}]", "value: PT4H}, {when: {level: gold}, value: PT1H, exception_to: spoed}]"
    )
    assert faults_of(text) == []
    both = text.replace(
        "{priority: P1}, name: spoed,", "{priority: P1}, name: spoed, exception_to: goud,"
    )
    both = both.replace("{level: gold},", "{level: gold}, name: goud,")
    assert "exceptions to each other" in faults_of(both)[0].fact


def test_an_open_term_must_be_of_the_promise_that_leaves_it_open() -> None:
    text = FRAME.replace("value: PT4H}", "open: a}")
    text += '  - {id: a, type: open_term, of: antw, wish: w, fill_on: "2027-05-01"}\n'
    assert [fault.fact for fault in faults_of(text)] == ["a is an open term of antw, not of los"]


def test_working_days_need_a_calendar() -> None:
    again = FRAME.split("\n")[10].replace("  k:", "  l:")
    text = FRAME.replace("priorities:", f"{again}\npriorities:")
    text += "  - {id: a, type: delivery, promisor: supplier, acceptance: 5 working days,"
    text += ' due_on: "2027-02-01"}\n'
    fact = "5 working days in no calendar: there are k, l"
    assert [fault.fact for fault in faults_of(text)] == [fact]
    assert faults_of(text.replace("priorities:", "calendar: k\npriorities:", 1)) == []


def test_too_many_combinations_are_refused_and_not_tried() -> None:
    many = ", ".join(f"s{n}" for n in range(800))
    text = FRAME.replace("[hier, daar]", f"[{many}]").replace("[incident, request]", f"[{many}]")
    rows = "{when: {site: s1, kind: s2, priority: P1}, value: PT1H}"
    text = text.replace("{when: {priority: P1}, value: PT4H}", rows)
    assert [fault.fact for fault in faults_of(text)] == [
        "its conditions have too many combinations to try"
    ]


def test_a_wrong_part_does_not_hide_the_faults_of_the_rest() -> None:
    text = FRAME.replace('from: "2027-01-01", until', "from: 2027-13-01, until").replace(
        "P1}, val", "P7}, val"
    )
    text = text.replace("currency: EUR", "currency: euro").replace("{nl: Web}", "{en: Web}")
    text += "  - {id: a, type: credit, of: los, bands: [{below: 96 %, credit: 5 %}]}\n"
    assert [fault.clause for fault in faults_of(text)] == [
        "currency",
        "term",
        "services.web",
        "los",
        "a",
    ]


def test_references_to_a_clause_that_is_wrong_itself_are_no_second_fault() -> None:
    text = FRAME.replace("measure: resolution", "measure: oplossing")
    text += "  - {id: a, type: credit, of: los, per_miss: 5 %}\n"
    assert [fault.clause for fault in faults_of(text)] == ["los"]


def test_a_document_knows_its_parties_and_clauses() -> None:
    document = document_of(FRAME)
    assert document.third_party == "net"
    assert document.party("third_party").name == "C"
    assert document.role("net") == "third_party"
    assert document.impacts == ("allen", "een")
    assert document.usual_calendar == "k"
    assert document.clause("antw").id == "antw"
    with pytest.raises(KeyError):
        document.clause("weg")


def test_every_fault_reads_file_line_clause_fact_remedy() -> None:
    for fault in faults_of(FRAME.replace("value: PT4H", "value: 4u")):
        assert re.fullmatch(r"c\.yaml:25: los: .+: .+", str(fault))
