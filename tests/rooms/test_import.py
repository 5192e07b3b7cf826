"""A ticket export comes in: nothing is lost, nothing is guessed, every fault says where it is."""

import csv
import gzip
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.facts import settle
from afspraak.engine.time import parse_instant
from afspraak.tickets import grouping, tables
from afspraak.tickets.dates import DateReader, date_format_fault
from afspraak.tickets.faults import LogRefused
from afspraak.tickets.import_log import import_log
from afspraak.tickets.load import load_outcomes, load_tickets
from afspraak.tickets.manifest import Manifest, load_manifest
from afspraak.tickets.mapping_read import load_mapping, mapping_names, read_mapping
from afspraak.tickets.measure import measure
from afspraak.tickets.profile import PROFILE, STEPS

EVENTS = """\
mapping: 1
name: test
dates: {format: "%d/%m/%Y %H:%M", zone: Europe/Amsterdam}
nulls: ["?"]
ticket: number
events: {at: when, state: state}
states:
  New: acknowledged
  Open: supplier_contact
  Wait: {fact: question, to: customer}
  Vendor: {fact: question, to: third_party}
  Resolved: solved
  Closed: {fact: accepted, unsolved: solved}
  Cancelled: {fact: voided, why: withdrawn}
priority: {column: priority, words: {"1": P1, "2": P2}}
reclassified: {of: priority, cause: new_facts}
hindsight: {resolved_at: resolved}
outcome: {made: made}
"""
HEADER = "number,when,state,priority,resolved,made\n"

TICKETS = """\
mapping: 1
name: rows
dates: {format: iso, zone: Europe/Brussels}
ticket: id
reported: {at: opened}
instants:
  - {column: responded, fact: supplier_contact}
  - {column: held, fact: question, to: customer}
  - {column: resumed, fact: answer}
  - {column: resolved, fact: solved}
  - {column: closed, fact: accepted}
priority: prio
outcome: {deadline: due}
"""


def bring_in(
    folder: Path, text: str | bytes, mapping: str = EVENTS, name: str = "log.csv", **given: bool
) -> Manifest:
    """Imports a log of this text into folder/out."""
    log = folder / name
    log.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_log(log, read_mapping(mapping.encode(), "m.yaml"), folder / "out", **given)


def told(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Per ticket its facts as (code, happened_at in UTC)."""
    rows = pq.read_table(folder / "out/facts.parquet").to_pylist()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        at = row["happened_at"].astimezone(UTC).strftime("%m-%d %H:%M")
        found.setdefault(row["ticket"], []).append((row["fact"], at))
    return found


def rejects(folder: Path) -> list[dict[str, str]]:
    with (folder / "out/rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refusal(folder: Path, text: str | bytes, mapping: str = EVENTS) -> str:
    with pytest.raises(LogRefused) as caught:
        bring_in(folder, text, mapping)
    assert not (folder / "out").exists(), "a half-written output was left behind"
    return str(caught.value)


# Facts -------------------------------------------------------------------------------------------


def test_states_become_facts(tmp_path: Path) -> None:
    log = HEADER + (
        "A,2/3/2026 9:00,New,2,?,true\n"
        "A,2/3/2026 10:00,Open,2,?,true\n"
        "A,2/3/2026 11:00,Wait,2,?,true\n"
        "A,2/3/2026 12:00,Vendor,2,?,true\n"
        "A,2/3/2026 13:00,Resolved,2,?,true\n"
        "A,2/3/2026 14:00,Open,2,?,true\n"
        "A,2/3/2026 15:00,Resolved,1,?,true\n"
        "A,3/3/2026 15:00,Closed,1,2/3/2026 15:00,false\n"
    )
    manifest = bring_in(tmp_path, log)
    assert told(tmp_path)["A"] == [
        ("reported", "03-02 08:00"),
        ("acknowledged", "03-02 08:00"),
        ("supplier_contact", "03-02 09:00"),
        ("question", "03-02 10:00"),
        (
            "answer",
            "03-02 11:00",
        ),  # leaving a waiting state; a solution would withdraw the question
        ("question", "03-02 11:00"),
        ("solved", "03-02 12:00"),
        ("rejected", "03-02 13:00"),
        ("supplier_contact", "03-02 13:00"),
        ("reclassified", "03-02 14:00"),
        ("solved", "03-02 14:00"),
        ("accepted", "03-03 14:00"),
    ]
    (ticket,) = load_tickets(tmp_path / "out")
    facts = ticket.facts
    assert [fact.position for fact in facts] == list(range(12))
    assert facts[0].fields == {"priority": "P2"}
    assert (facts[3].to, facts[3].id, facts[4].of, facts[4].by) == (
        "customer",
        "q1",
        "q1",
        "customer",
    )
    assert (facts[5].to, facts[9].fields, facts[9].cause) == (
        "third_party",
        {"priority": "P1"},
        "new_facts",
    )
    assert settle(facts, parse_instant("2026-03-04T00:00:00Z")).start_at == facts[0].happened_at
    (outcome,) = load_outcomes(tmp_path / "out")
    assert (outcome.made, outcome.priority_first, outcome.priority_last) == (False, "P2", "P1")
    assert outcome.kept == {"resolved_at": parse_instant("2026-03-02T14:00:00Z")}
    assert manifest.rows is not None
    assert (manifest.rows.read, manifest.rows.placed, manifest.rows.silent) == (8, 8, 0)
    assert load_manifest(tmp_path / "out") == manifest


def test_each_state_column_and_hindsight_is_labelled(tmp_path: Path) -> None:
    bring_in(tmp_path, HEADER + "A,2/3/2026 9:00,Resolved,2,?,true\n")
    facts = pq.read_table(tmp_path / "out/facts.parquet")
    assert facts["state"].to_pylist() == [None, "Resolved"]
    assert facts.schema.metadata[b"afspraak.zone"] == b"Europe/Amsterdam"
    assert b"not known" in facts.schema.metadata[b"afspraak.recorded_at"]
    schema = pq.read_schema(tmp_path / "out/outcomes.parquet")
    assert b"not known at the time" in schema.field("resolved_at").metadata[b"afspraak.hindsight"]


def test_a_ticket_closed_unsolved_was_solved_then(tmp_path: Path) -> None:
    manifest = bring_in(tmp_path, HEADER + "A,2/3/2026 9:00,Closed,2,?,true\n")
    assert [code for code, _ in told(tmp_path)["A"]] == ["reported", "solved", "accepted"]
    assert any("closed without being solved" in text for text in manifest.warnings)


def test_a_question_is_withdrawn_by_a_solution_and_by_the_end(tmp_path: Path) -> None:
    log = HEADER + (
        "A,2/3/2026 9:00,Wait,2,?,true\nA,2/3/2026 10:00,Resolved,2,?,true\n"
        "B,2/3/2026 9:00,Wait,2,?,true\nB,2/3/2026 10:00,Cancelled,2,?,true\n"
    )
    bring_in(tmp_path, log)
    assert [code for code, _ in told(tmp_path)["A"]] == ["reported", "question", "solved"]
    assert [code for code, _ in told(tmp_path)["B"]] == ["reported", "question", "voided"]


def test_rows_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    log = HEADER + "A,2/3/2026 10:00,Resolved,2,?,true\nA,2/3/2026 9:00,New,2,?,true\n"
    bring_in(tmp_path, log)
    assert [code for code, _ in told(tmp_path)["A"]] == ["reported", "acknowledged", "solved"]


def test_duplicates_are_merged_and_counted(tmp_path: Path) -> None:
    row = "A,2/3/2026 9:00,New,2,?,true\n"
    later = "A,2/3/2026 9:30,New,2,?,true\n"
    manifest = bring_in(tmp_path, HEADER + row + later + row)
    assert manifest.rows is not None
    assert (manifest.rows.duplicates, manifest.rows.placed, manifest.rows.silent) == (1, 2, 1)
    assert len(told(tmp_path)["A"]) == 2


def test_a_row_per_ticket(tmp_path: Path) -> None:
    log = (
        "id;opened;responded;held;resumed;resolved;closed;due;prio\n"
        "1;2026-03-02T09:00;2026-03-02T09:30;2026-03-02T10:00;2026-03-02T11:00;2026-03-02T12:00;;2026-03-02T13:00;P1\n"
        "2;2026-03-02T09:00;;;2026-03-02T11:00;;;;P2\n"
        ";2026-03-02T09:00;;;;;;;P2\n"
        "4;;;;;;;;P2\n"
    )
    mapping = TICKETS + "file: {delimiter: ';'}\n"
    manifest = bring_in(tmp_path, log, mapping)
    assert told(tmp_path) == {
        "1": [
            ("reported", "03-02 08:00"),
            ("supplier_contact", "03-02 08:30"),
            ("question", "03-02 09:00"),
            ("answer", "03-02 10:00"),
            ("solved", "03-02 11:00"),
        ],
        "2": [("reported", "03-02 08:00"), ("customer_contact", "03-02 10:00")],
    }
    outcomes = list(load_outcomes(tmp_path / "out"))
    assert outcomes[0].deadline_at == parse_instant("2026-03-02T12:00:00Z")
    assert outcomes[0].kept["responded"] == parse_instant("2026-03-02T08:30:00Z")
    assert [row["reason"] for row in rejects(tmp_path)] == [
        "no ticket in 'id'",
        "no instant in 'opened'",
    ]
    assert "1 answers to no question: taken as contact" in manifest.warnings


def test_activities_and_joined_columns(tmp_path: Path) -> None:
    mapping = """\
mapping: 1
name: acts
dates: {format: iso, zone: UTC}
ticket: id
events: {at: at, recorded_at: noted, state: [status, sub], activity: what}
states: {"Open / Work": acknowledged, "Open / Wait": {fact: question, to: customer}}
activities: {Mail: supplier_contact, Reply: answer, Note: acknowledged}
by: {column: who, words: {agent: supplier, user: customer}}
customer: {column: org}
unlisted: acknowledged
"""
    log = (
        "id,at,noted,status,sub,what,who,org\n"
        "1,2026-03-02T09:00Z,2026-03-02T10:00Z,Open,Work,,agent,Bakker\n"
        "1,2026-03-02T11:00Z,2026-03-02T10:59Z,Open,Work,Mail,user,Bakker\n"
        "1,2026-03-02T12:00Z,,Open,Wait,,agent,Bakker\n"
        "1,2026-03-02T13:00Z,,Open,Wait,Reply,user,Bakker\n"
        "1,2026-03-02T14:00Z,,Odd,,,agent,Bakker\n"
    )
    manifest = bring_in(tmp_path, log, mapping)
    (ticket,) = load_tickets(tmp_path / "out")
    assert [fact.code for fact in ticket.facts] == [
        "reported",
        "acknowledged",
        "customer_contact",
        "question",
        "answer",
        "answer",
        "acknowledged",
    ]
    assert ticket.customer == "Bakker"
    assert ticket.facts[0].recorded_at == parse_instant("2026-03-02T10:00:00Z")
    assert any("recorded before they happened" in text for text in manifest.warnings)


# Time --------------------------------------------------------------------------------------------


def test_skipped_and_doubled_local_times(tmp_path: Path) -> None:
    log = HEADER + (
        "A,29/3/2026 02:30,New,2,?,true\n"  # skipped: the first instant after the gap
        "B,25/10/2026 02:30,New,2,?,true\n"  # doubled: the first
        "C,25/10/2026 03:00,New,2,?,true\n"
    )
    manifest = bring_in(tmp_path, log)
    assert told(tmp_path)["A"][0][1] == "03-29 01:00"
    assert told(tmp_path)["B"][0][1] == "10-25 00:30"
    assert told(tmp_path)["C"][0][1] == "10-25 02:00"
    assert any("clocks skipped" in text for text in manifest.warnings)
    assert any("came twice" in text for text in manifest.warnings)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001  (a wall's)
    st.sampled_from(
        ["UTC", "Europe/Amsterdam", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
    ),
)
def test_local_times_follow_the_law(wall: datetime, zone: str) -> None:
    wall = wall.replace(microsecond=0)
    text = wall.strftime("%d/%m/%Y %H:%M:%S")
    at = DateReader(("%d/%m/%Y %H:%M:%S",), zone)(text)
    assert at is not None
    found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    local = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    first = wall.replace(tzinfo=ZoneInfo(zone))
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
        assert (found, local) == (first.astimezone(UTC), wall)
    else:  # in a gap: the first instant after it, so a second before it the clock showed less
        before = (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert before < wall < local


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%d/%b/%y %I:%M %p", "02/Mar/26 12:05 AM", "2026-03-02T00:05:00Z"),
        ("%d-%b-%Y %H:%M", "2-mrt-2026 9:05", "2026-03-02T09:05:00Z"),
        ("%Y-%m-%d %H:%M:%S %z", "2026-03-02 09:05:07 UTC", "2026-03-02T09:05:07Z"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-03-02T09:05:07.25+01:30", "2026-03-02T07:35:07.25Z"),
        ("iso", "2026-03-02T09:05:07+01:00", "2026-03-02T08:05:07Z"),
        ("epoch", "1772442307", "2026-03-02T09:05:07Z"),
        ("epoch_ms", "1772442307250", "2026-03-02T09:05:07.25Z"),
        ("%d/%m/%Y", "2/3/2026", "2026-03-02T00:00:00Z"),
        ("%d/%m/%Y %H:%M", "31/2/2026 10:00", None),
        ("%d/%m/%Y %H:%M", "2/3/2026 24:00", None),
        ("%d/%m/%Y %I:%M %p", "2/3/2026 13:00 PM", None),
        ("%d/%m/%Y %H:%M", "2/3/2026 10:00:00", None),
        ("iso", "yesterday", None),
        ("epoch", "1e9", None),
    ],
)
def test_date_formats(form: str, text: str, expected: str | None) -> None:
    at = DateReader((form,), "UTC")(text)
    assert at == (None if expected is None else parse_instant(expected))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("%d/%m/%Q", "%Q"),
        ("%d/%m/%m/%Y", "twice"),
        ("%d %H:%M", "no %m and no %Y"),
        ("%d/%m/%Y %I:%M", "one of %I and %p"),
    ],
)
def test_wrong_date_formats(form: str, says: str) -> None:
    fault = date_format_fault(form)
    assert fault is not None
    assert says in fault[0]


# Files -------------------------------------------------------------------------------------------

ROW = "A,2/3/2026 9:00,New,2,?,true\n"


def test_plain_zip_and_gz_give_the_same_facts(tmp_path: Path) -> None:
    text = (HEADER + ROW).encode()
    packed = tmp_path / "source.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.md", "no log")
        archive.writestr("log.csv", text)
    found = []
    for name, data in (
        ("log.csv", text),
        ("log.zip", packed.read_bytes()),
        ("log.csv.gz", gzip.compress(text)),
    ):
        manifest = bring_in(tmp_path, data, name=name)
        assert manifest.input is not None
        found.append((manifest.input.csv_sha256, (tmp_path / "out/facts.parquet").read_bytes()))
    assert found[0] == found[1] == found[2]


def test_the_same_log_gives_the_same_bytes_and_reports_progress(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEADER + ROW)
    steps: list[tuple[int, int]] = []
    mapping = read_mapping(EVENTS.encode(), "m.yaml")
    for out in ("one", "two"):
        import_log(log, mapping, tmp_path / out, progress=lambda *step: steps.append(step))
    assert steps[-1] == (log.stat().st_size, log.stat().st_size)
    for name in ("facts.parquet", "outcomes.parquet", "rejects.csv", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        "facts.parquet",
        "manifest.json",
        "outcomes.parquet",
        "rejects.csv",
    ]


def test_a_failed_import_leaves_the_old_one_alone(tmp_path: Path) -> None:
    bring_in(tmp_path, HEADER + ROW)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(LogRefused):
        bring_in(tmp_path, HEADER + 'A,"2/3/2026 9:00,New,2,?,true\n')
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_log_that_is_not_grouped_is_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "RUN", 7)
    monkeypatch.setattr(grouping, "BATCH", 3)
    rows = [f"T{n % 9},{n % 28 + 1}/3/2026 9:00,New,2,?,true" for n in range(60)]
    manifest = bring_in(tmp_path, HEADER + "\n".join(rows) + "\n")
    mixed = told(tmp_path)
    ordered = sorted(rows, key=lambda row: int(row[1]))
    grouped = bring_in(tmp_path, HEADER + "\n".join(ordered) + "\n")
    assert mixed == told(tmp_path)
    assert list(mixed) == [f"T{n}" for n in range(9)]
    assert manifest.rows == grouped.rows
    assert (manifest.grouped, grouped.grouped) == (False, True)
    assert "the log is not grouped by ticket: it was sorted first" in manifest.warnings


def test_row_groups_hold_whole_tickets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "GROUP", 5)
    monkeypatch.setattr(tables, "OUTCOMES_GROUP", 2)
    rows = [
        f"T{n},{day}/3/2026 9:00,{state},2,?,true"
        for n in range(7)
        for day, state in ((1, "New"), (2, "Open"), (3, "Resolved"))
    ]
    bring_in(tmp_path, HEADER + "\n".join(rows) + "\n")
    file = pq.ParquetFile(tmp_path / "out/facts.parquet")
    groups = [set(file.read_row_group(n)["ticket"].to_pylist()) for n in range(file.num_row_groups)]
    assert len(groups) > 2
    assert sum(map(len, groups)) == len(set.union(*groups)) == 7
    assert len(list(load_tickets(tmp_path / "out"))) == 7
    assert len(list(load_outcomes(tmp_path / "out"))) == 7


@settings(max_examples=60)  # each writes files
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.integers(1, 5),
            st.sampled_from(["New", "Wait", "Resolved", "Closed", "Odd"]),
            st.sampled_from(["1", "2", "9"]),
        ),
        max_size=12,
    )
)
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = "".join(f"{t},{d}/3/2026 9:00,{s},{p},?,true\n" for t, d, s, p in rows)
    manifest = bring_in(folder, HEADER + log)
    assert manifest.rows is not None
    assert manifest.rows.read == len(rows)
    assert manifest.rows.rejected == len(rejects(folder)) == sum(manifest.reasons.values())
    for ticket in load_tickets(folder / "out"):
        assert not ticket.unreadable
        assert ticket.facts[0].code == "reported"
        whens = [fact.happened_at for fact in ticket.facts]
        assert whens == sorted(whens)


# Faults ------------------------------------------------------------------------------------------


def test_rows_that_cannot_be_placed_are_kept_with_their_reason(tmp_path: Path) -> None:
    log = HEADER + (
        "A,2/3/2026 9:00,New,2,?,true\n"
        "=1+1,32/3/2026 9:00,New,2,?,true\n"
        "A,2/3/2026 9:01,Lost,2,?,true\n"
        "A,2/3/2026 9:02,New,7,?,true\n"
        "A,2/3/2026 9:03,New,2,?,maybe\n"
        "A,2/3/2026 9:04,New\n"
        "A,?,New,2,?,true\n"
        '"A"x,2/3/2026 9:05,New,2,?,true\n'
        "\n"
    )
    manifest = bring_in(tmp_path, log)
    assert {int(row["line"]): row["reason"] for row in rejects(tmp_path)} == {
        3: "when is '32/3/2026 9:00', no instant as %d/%m/%Y %H:%M",
        4: "unknown state 'Lost': add it to the mapping's states",
        5: "priority is '7', which is not among the mapping's words",
        6: "made is 'maybe', neither in `when_true` nor in `when_false`",
        7: "3 cells where the header has 6",
        8: "no instant in 'when'",
        9: "not CSV: ',' expected after '\"'",
    }
    assert "'=1+1,32/3/2026 9:00,New,2,?,true" in [row["row"] for row in rejects(tmp_path)]
    assert manifest.warnings[0].startswith("MORE THAN 5 % REJECTED: 7 of 8")
    with pytest.raises(LogRefused, match="7 of 8 rows could not be placed"):
        bring_in(tmp_path, log, strict=True)


def test_a_missing_column_is_named_with_its_nearest(tmp_path: Path) -> None:
    says = refusal(tmp_path, HEADER.replace("state", "status") + ROW)
    assert "log.csv:1: no column 'state', which line 6 of the mapping test names" in says
    assert "did you mean 'status'?" in says


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    assert "'made' stands there 2 times" in refusal(tmp_path, HEADER.strip() + ",made\n")


def test_a_wrong_delimiter_is_recognised(tmp_path: Path) -> None:
    assert "separated by ';'" in refusal(tmp_path, (HEADER + ROW).replace(",", ";"))


def test_a_quote_without_end_is_refused_with_its_line(tmp_path: Path) -> None:
    says = refusal(tmp_path, HEADER + ROW + 'A,"2/3/2026 9:00,New,2,?,true\n' + ROW * 3)
    assert "log.csv:3: a quote '\"' opens and does not close" in says


def test_encodings(tmp_path: Path) -> None:
    text = HEADER + ROW + ROW.replace("A", "Zoë")
    assert list(bring_in(tmp_path, text.encode("latin-1")).reasons) == [
        "byte 0xeb at place 3 is not utf-8-sig"
    ]
    latin = EVENTS + "file: {encoding: latin-1}\n"
    assert bring_in(tmp_path, text.encode("latin-1"), latin).tickets == 2
    assert "Zoë" in told(tmp_path)
    warned = bring_in(tmp_path, text.encode(), latin).warnings
    assert any("is it really latin-1?" in warning for warning in warned)
    assert bring_in(tmp_path, text.encode("utf-8-sig")).tickets == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the log is empty"),
        ((HEADER + ROW).encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\x1f\x8bbroken", "damaged"),
        (b"number\xff,when\n", "byte 0xff"),
    ],
)
def test_files_that_are_no_log(tmp_path: Path, data: bytes, says: str) -> None:
    assert says in refusal(tmp_path, data)


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LogRefused, match="No such file"):
        import_log(tmp_path / "no.csv", load_mapping("servicenow"), tmp_path / "out")


def test_an_archive_with_two_logs_asks_which(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", HEADER + ROW)
        archive.writestr("b.csv", HEADER + ROW)
    mapping = read_mapping(EVENTS.encode(), "m.yaml")
    with pytest.raises(LogRefused, match=r"a\.csv, b\.csv.*member"):
        import_log(tmp_path / "two.zip", mapping, tmp_path / "out")
    named = read_mapping((EVENTS + "file: {member: b.csv}\n").encode(), "m.yaml")
    assert import_log(tmp_path / "two.zip", named, tmp_path / "out").tickets == 1


# Mappings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", mapping_names())
def test_the_packaged_mappings_read(name: str) -> None:
    mapping = load_mapping(name)
    assert mapping.name == name
    assert mapping.basis == ("log" if name == "servicenow" else "documentation")


def test_every_fault_of_a_mapping_comes_at_once_with_its_line() -> None:
    text = """\
mapping: 2
name: wrong
dates: {format: "%d/%Q", zone: Europe/Amsterdm}
ticket: id
events: {at: when, state: state}
states:
  Wait: question
  Gone: voided
  Done: solvd
  Ask: {fact: question, to: nobody}
priority: {column: p, value: P1}
by: who
reclassified: {of: colour}
hindsight: {made: x}
outcome: {made: m, when_true: [x], when_false: [x]}
fille: {}
"""
    with pytest.raises(LogRefused) as caught:
        read_mapping(text.encode(), "m.yaml")
    says = "\n".join(map(str, caught.value.faults))
    for part in (
        "m.yaml:1: 'mapping' is '2'",
        "m.yaml:3: dates: the format '%d/%Q' has %Q",
        "m.yaml:3: dates: there is no time zone 'Europe/Amsterdm'",
        "m.yaml:7: states: 'Wait' states 'question': write `{fact: question, to: customer}`",
        "m.yaml:8: states: 'Gone' states 'voided'",
        "m.yaml:9: states: 'Done' states 'solvd': did you mean 'solved'?",
        "m.yaml:10: states.Ask: 'to' is 'nobody'",
        "m.yaml:11: priority: a column or a value",
        "m.yaml:12: 'by' without 'words'",
        "m.yaml:13: reclassified: 'colour' is no field of a report",
        "m.yaml:14: hindsight: 'made' is a column of outcomes.parquet itself",
        "m.yaml:15: outcome: 'x' is true and false",
        "m.yaml:16: unknown key 'fille': did you mean 'file'?",
    ):
        assert part in says, says


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: !!int 1\n", "\ta: 1\n", "", "[" * 3000, "a: ["]
)
def test_tricks_in_a_mapping_are_refused_with_a_line(text: str) -> None:
    with pytest.raises(LogRefused, match=r"m\.yaml:\d+: "):
        read_mapping(text.encode(), "m.yaml")


def test_an_unknown_mapping_names_the_known_ones() -> None:
    with pytest.raises(LogRefused, match="did you mean 'servicenow'"):
        load_mapping("service-now")


# The real log ------------------------------------------------------------------------------------


def test_the_real_log_comes_in_whole(real_log: Path) -> None:
    manifest, out = load_manifest(real_log), real_log
    assert manifest.rows is not None
    assert (manifest.tickets, manifest.rows.read, manifest.rows.rejected) == (24_918, 141_712, 5)
    assert list(manifest.reasons) == ["unknown state '-100': add it to the mapping's states"]
    assert "zone not stated by the log: taken as UTC" in manifest.warnings
    made = pq.read_table(out / "outcomes.parquet", columns=["made", "priority_last"])
    counts = {row["values"]: row["counts"] for row in made["made"].value_counts().to_pylist()}
    assert counts == {True: 15_803, False: 9_115}
    last = made["priority_last"].cast(pa.string()).value_counts().to_pylist()
    assert {row["values"]: row["counts"] for row in last} == {
        "P1": 270,
        "P2": 408,
        "P3": 23_466,
        "P4": 774,
    }


def test_the_law_can_read_every_ticket_of_the_real_log(real_log: Path) -> None:
    count = 0
    for ticket in load_tickets(real_log):
        assert not ticket.unreadable
        assert ticket.facts[0].code == "reported" or ticket.facts[1].happened_at > 0
        count += 1
    assert count == 24_918


def test_the_profile_is_what_the_real_log_says(real_log: Path) -> None:
    assert measure(real_log) == PROFILE
    assert len(PROFILE.solved) == STEPS + 1
