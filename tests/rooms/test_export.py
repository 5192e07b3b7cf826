"""Everything that one sees, in three forms, nothing else; no cell that a spreadsheet would run."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from world import HOUR, TUESDAY, World, make_world

from afspraak import flow
from afspraak.host.files import keep_file
from afspraak.intake.actions import Enclosed, enclose
from afspraak.reports.export import PARTS, Part, rows_of
from afspraak.reports.export_files import MANIFEST, cell, write_export
from afspraak.rights.viewer import SYSTEM, viewing
from afspraak.tickets.models import Fact

CANARY = "=KANARIE()"


@pytest.fixture
def world(as_system: None) -> World:
    made = make_world()
    theirs = made.report(TUESDAY, to="notary", title=CANARY, words=CANARY)
    ours = made.report(TUESDAY, title="+31 werkt niet", reporter=made.people["bob_user"].id)
    made.tell("supplier_contact", ours.ticket.id, TUESDAY + HOUR, words="Wij kijken.")
    for taken, content in ((theirs, b"theirs"), (ours, b"ours")):
        file = Enclosed("a.txt", "text/plain", len(content), keep_file(content))
        fact = Fact.objects.seen_by(SYSTEM).get(id=taken.fact.id)
        enclose(files=[file], fact=fact, ticket=taken.ticket, at=TUESDAY)
    flow.look(at=TUESDAY + 100 * HOUR)
    return made


def exported(world: World, name: str, out: Path) -> dict[str, int]:
    out.mkdir()
    return write_export(out=out, viewer=world.viewer(name), said={"name": name})


def test_three_forms_say_the_same(world: World, tmp_path: Path) -> None:
    counts = exported(world, "agnes", tmp_path / "out")
    assert counts["tickets"] == counts["files"] == 2
    assert counts["facts"] == 3
    for part in PARTS:
        lines = (tmp_path / "out" / f"{part.name}.jsonl").read_text("utf-8").splitlines()
        with (tmp_path / "out" / f"{part.name}.csv").open(encoding="utf-8-sig") as file:
            table = list(csv.DictReader(file))
        columns = pq.read_table(tmp_path / "out" / f"{part.name}.parquet")
        assert len(lines) == len(table) == columns.num_rows == counts[part.name], part.name
        for line in map(json.loads, lines):
            assert list(line) == columns.column_names
    said = json.loads((tmp_path / "out" / MANIFEST).read_text("utf-8"))
    assert said["rows"] == counts


def test_what_is_exported_can_be_read_back(world: World, tmp_path: Path) -> None:
    exported(world, "bob", tmp_path / "out")
    facts = pq.read_table(tmp_path / "out" / "facts.parquet").to_pylist()
    stored = Fact.objects.seen_by(world.viewer("bob")).order_by("seq")
    assert [(each["code"], each["happened_at"]) for each in facts] == [
        (each.code, each.happened_at) for each in stored
    ]
    assert facts[1]["words_body"] == "Wij kijken."
    versions = pq.read_table(tmp_path / "out" / "versions.parquet").to_pylist()
    assert versions[0]["document"].encode() == bytes(world.versions["bakery"].document)


def test_nothing_of_anybody_else_is_in_it(world: World, tmp_path: Path) -> None:
    counts = exported(world, "bob", tmp_path / "out")
    assert (counts["tickets"], counts["files"], counts["mails"]) == (1, 1, 0)
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert "KANARIE" not in path.read_text("utf-8", "replace"), path.name
            assert str(world.notary.id) not in path.read_text("utf-8", "replace"), path.name
    for part in PARTS:
        table = pq.read_table(tmp_path / "out" / f"{part.name}.parquet")
        assert "KANARIE" not in str(table.to_pylist())


def test_the_second_wall_holds_where_the_first_is_gone(world: World, as_app: None) -> None:
    """Every row is asked for as the system's, in the application's role: only Bob's come."""
    viewer = world.viewer("bob")
    with viewing(viewer):
        for part in PARTS:
            found = [str(shared(part, row)) for row in rows_of(part, SYSTEM)]
            assert found == [str(shared(part, row)) for row in rows_of(part, viewer)], part.name


def shared(part: Part, row: dict[str, object]) -> dict[str, object]:
    """Without what only the supplier's own people are shown."""
    return {name: value for name, value in row.items() if name not in part.inside}


def test_what_is_the_suppliers_own_stays_with_it(world: World, as_app: None) -> None:
    for name, is_shown in (("agnes", True), ("bob", False)):
        viewer = world.viewer(name)
        with viewing(viewer):
            told = [row for part in PARTS for row in rows_of(part, viewer) if "fault" in row]
        assert told
        assert all((row["fault"] is not None) == is_shown for row in told)


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell("a" + text) == "a" + text
    assert (cell(None), cell(-1), cell(value=True), cell({"a": 1})) == (
        "",
        "-1",
        "true",
        '{"a": 1}',
    )
