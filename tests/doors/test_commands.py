"""The command line: thin doors that tell a user's faults in lines and never as a traceback."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from afspraak.cli import demo, reading
from afspraak.cli.app import app, main
from afspraak.cli.faults import lines_of
from afspraak.tickets.sample_year import CONTRACTS, sample_year
from afspraak.tickets.uci import find_uci

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "afspraak" / "language" / "templates"
SILVER = ROOT / "src" / "afspraak" / "cli" / "demo_contracts" / "zilver.yaml"
GOLD = SILVER.with_name("goud.yaml")

LOG = """\
number,state,at,opened,priority
INC1,New,2/3/2026 09:05,2/3/2026 09:00,2 - High
INC1,Awaiting User Info,2/3/2026 10:00,2/3/2026 09:00,2 - High
INC1,Active,2/3/2026 15:00,2/3/2026 09:00,2 - High
INC1,Resolved,3/3/2026 12:00,2/3/2026 09:00,2 - High
INC2,New,2/3/2026 11:00,2/3/2026 11:00,9 - Odd
INC3,Resolved,4/3/2026 11:00,4/3/2026 10:00,1 - Critical
"""
MAPPING = """\
mapping: 1
name: small
dates: {format: "%d/%m/%Y %H:%M", zone: Europe/Amsterdam}
nulls: ["?"]
ticket: number
events: {at: at, state: state}
reported: {at: opened}
states:
  New: acknowledged
  Active: acknowledged
  Awaiting User Info: {fact: question, to: customer}
  Resolved: solved
priority: {column: priority, words: {"1 - Critical": P1, "2 - High": P2, "9 - Odd": P9}}
"""


Json = dict[str, Any]
FEW = 300
same_year = pytest.mark.xdist_group("year")
"""The same forty contracts: they are read by one worker, once."""


@pytest.fixture(autouse=True, scope="module")
def read_once() -> Iterator[None]:
    """These commands read the same contracts again and again, which is most of their time; how
    they are read is told in tests/language.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "check", cache(reading.check))
        yield


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def fault_lines(found: Result) -> list[str]:
    """What `main` would tell of the exception that a command raised."""
    assert found.exception is not None
    assert isinstance(found.exception, Exception)
    lines = lines_of(found.exception)
    assert lines is not None, found.exception
    return lines


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    (folder / "small.yaml").write_text(MAPPING, encoding="utf-8")
    out = folder / "facts"
    found = call("import", folder / "log.csv", "--mapping", folder / "small.yaml", "--out", out)
    assert found.exit_code == 0, found.output
    assert "3 tickets" in found.output
    return out


# The main job -------------------------------------------------------------------------------------


def test_replay_writes_the_figures_and_tells_them(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "replay.json"
    found = call("replay", "--contract", SILVER, "--facts", facts, "--against", GOLD, "--json", out)
    assert found.exit_code == 0, found.output
    assert "2 van 2 meldingen op tijd opgelost." in found.output
    assert "Doorrekening, geen verantwoording" in found.output
    assert "Vergeleken met goud" in found.output
    told = json.loads(out.read_text("utf-8"))
    solve = told["promises"][0]
    assert (solve["clause"], solve["share"]["exact"]) == ("oplossen", "2/2")
    assert [each["ticket"] for each in told["refused"]] == ["INC2"]
    assert told["against"]["promises"][0]["other"]["share"]["exact"] == "1/2"


def counted(told: Json) -> Json:
    """What every engine tells: without what only a pass ticket by ticket knows."""
    apart = ("worst", "not_covered", "refused", "unjudged", "counted", "against")
    left = {name: each for name, each in told.items() if name not in apart}
    left["promises"] = [
        {name: each for name, each in promise.items() if name not in ("turns", "spread")}
        for promise in told["promises"]
    ]
    against = told.get("against", {})
    return left | {name: against.get(name) for name in ("contracts", "promises", "credits")}


def test_replay_in_columns_tells_the_same_figures_and_what_they_cost(
    facts: Path, tmp_path: Path
) -> None:
    wishes = ("--contract", SILVER, "--against", GOLD, "--facts", facts, "--assume", "priority=P1")
    out, other = tmp_path / "scalar.json", tmp_path / "columns.json"
    slow = call("replay", *wishes, "--json", out)
    fast = call("replay", *wishes, "--json", other, "--engine", "columns")
    assert (slow.exit_code, fast.exit_code) == (0, 0), fast.output
    *lines, cost, digest = fast.output.splitlines()
    assert lines[:-1] == slow.output.splitlines()[:-1], "but for the path of the JSON"
    assert cost.startswith("scalar path: 1 of 3 tickets (33.33 %), ")
    told = json.loads(other.read_text("utf-8"))
    assert counted(told) == counted(json.loads(out.read_text("utf-8")))
    assert digest == f"sha256 of the counts: {told['counted']['sha256']}"
    assert told["unjudged"] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--engine", "columns", "--html", "x.html"), "a page tells of single tickets"),
        (("--engine", "dask", "--strict"), "takes every contract as signed"),
        (("--engine", "columns", "--scheduler", "tcp://x:1"), "only --engine dask"),
        (("--workers", "2"), "it runs in one process"),
    ],
)
def test_an_engine_says_what_it_cannot(facts: Path, words: Sequence[str], told: str) -> None:
    (line,) = fault_lines(call("replay", "--contract", SILVER, "--facts", facts, *words))
    assert told in line


def test_without_dask_the_engine_says_how_to_get_it(
    facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    wishes = ("--contract", SILVER, "--facts", facts, "--engine", "dask")
    (line,) = fault_lines(call("replay", *wishes))
    assert "afspraak[dask]" in line


def test_replay_by_dask_asks_the_cluster_at_an_address(facts: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    wishes = ("--contract", SILVER, "--facts", facts, "--json", tmp_path / "counts.json")
    assert call("replay", *wishes, "--engine", "columns").exit_code == 0
    expected = json.loads((tmp_path / "counts.json").read_text("utf-8"))
    options = {"n_workers": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(protocol="tcp", **options) as cluster:
        address = cluster.scheduler_address
        found = call("replay", *wishes, "--engine", "dask", "--scheduler", address)
    assert found.exit_code == 0, found.output
    assert json.loads((tmp_path / "counts.json").read_text("utf-8")) == expected


def test_replay_makes_the_page(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    found = call("replay", "--contract", SILVER, "--facts", facts, "--html", out, "--lang", "en")
    assert found.exit_code == 0, found.output
    assert "A what-if, not an account" in out.read_text("utf-8")


def test_replay_can_be_strict_and_as_of_a_moment(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "replay.json"
    wishes = ("--contract", SILVER, "--facts", facts, "--json", out)
    assert call("replay", *wishes, "--strict").exit_code == 0
    told = json.loads(out.read_text("utf-8"))
    assert (told["what_if"], len(told["not_covered"])) == (False, 3)
    assert call("replay", *wishes, "--as-of", "2026-03-02T10:30:00+01:00").exit_code == 0
    told = json.loads(out.read_text("utf-8"))
    assert told["promises"][0]["counts"]["paused"] == 1


def test_explain_tells_one_ticket(facts: Path) -> None:
    found = call("explain", "INC1", "--contract", SILVER, "--facts", facts)
    assert found.exit_code == 0, found.output
    for told in (
        "Melding INC1",
        "ma 2 mrt 09:00    Gemeld: prioriteit P2",
        "Oplossing, norm 8:00, clausule 1.1 (oplossen)",
        "✓ nagekomen: opgelost di 3 mrt 12:00, 8:00 van 8:00",
        "bij de klant (telt niet mee: vraag)",
        " = 8:00. Clausule 1.1 (oplossen).",
    ):
        assert told in found.output, told
    assert "\x1b" not in found.output, "plain where nobody sees colours"
    spans = call("explain", "INC1", "--contract", SILVER, "--facts", facts, "--spans")
    assert "dicht · kalender kantoor" in spans.output


def test_explain_says_why_a_ticket_has_no_verdict(facts: Path) -> None:
    refused = call("explain", "INC2", "--contract", SILVER, "--facts", facts)
    assert "the contract knows no priority P9" in refused.output
    strict = call("explain", "INC1", "--contract", SILVER, "--facts", facts, "--strict")
    assert "gold geen overeenkomst" in strict.output
    early = ("--as-of", "2026-03-01T00:00:00Z")
    assert (
        "nog niet gedaan"
        in call("explain", "INC1", "--contract", SILVER, "--facts", facts, *early).output
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("replay", "--contract", "nowhere.yaml"), "nowhere.yaml: there is no such file or folder"),
        (("replay", "--contract", SILVER, "--assume", "colour=red"), "this is not FIELD=VALUE"),
        (("replay", "--contract", SILVER, "--as-of", "yesterday"), "is not an instant"),
        (("explain", "INC9", "--contract", SILVER), "er is geen melding INC9"),
    ],
)
def test_a_users_fault_is_told_in_a_line(facts: Path, words: Sequence[object], told: str) -> None:
    (line,) = fault_lines(call(*words, "--facts", facts))
    assert told in line


def test_a_folder_without_facts_says_how_to_make_them(tmp_path: Path) -> None:
    (line,) = fault_lines(call("replay", "--contract", SILVER, "--facts", tmp_path))
    assert "afspraak import" in line


def test_every_fault_of_every_contract_in_a_folder_is_told(facts: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = SILVER.read_text("utf-8").replace("value: PT4H", "value: 4 hours")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    lines = fault_lines(call("replay", "--contract", tmp_path, "--facts", facts))
    assert [line.split(":")[0] for line in lines] == ["one.yaml", "two.yaml"]


def test_a_fault_ends_the_program_with_one_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["afspraak", "check", "nowhere.yaml"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert capsys.readouterr().err.startswith("nowhere.yaml: ")


def test_a_fault_of_our_own_crashes() -> None:
    assert lines_of(KeyError("ours")) is None


# Contracts ----------------------------------------------------------------------------------------


def test_check_prints_every_fault_and_ends_with_one(tmp_path: Path) -> None:
    sound = call("check", SILVER, TEMPLATES / "catalogus.yaml")
    assert (sound.exit_code, sound.output) == (0, "")
    wrong = tmp_path / "wrong.yaml"
    text = SILVER.read_text("utf-8").replace("EUR 250.00", "250").replace("90 %", "0.9")
    wrong.write_text(text, encoding="utf-8")
    found = call("check", wrong)
    assert found.exit_code == 1
    assert len([line for line in found.output.splitlines() if "wrong.yaml:" in line]) >= 2


def test_contracts_are_frozen_rendered_and_compared(tmp_path: Path) -> None:
    out = tmp_path / "frozen.yaml"
    template = TEMPLATES / "msp-vier-niveaus.yaml"
    assert call("freeze", template, "--out", out).exit_code == 0
    assert b"holiday_dates" in out.read_bytes()
    assert "# " in call("render", template, "--lang", "fr").output
    assert call("render", template, "--html").output.startswith("<!doctype html>")
    assert "Catalog" in call("render", TEMPLATES / "catalogus.yaml", "--lang", "en").output
    assert "Beter voor de klant" in call("diff", SILVER, GOLD).output
    assert json.loads(call("schema").output)["$defs"]


# The rest -----------------------------------------------------------------------------------------


def test_conformance_ends_with_its_count(tmp_path: Path) -> None:
    cases = ROOT / "tests" / "cases" / "arithmetic.yaml"
    found = call("conformance", cases)
    assert found.exit_code == 0
    assert found.output.splitlines()[-1].endswith(" passed, 0 failed")
    (tmp_path / "broken.yaml").write_text("cases: 1\n", encoding="utf-8")
    broken = call("conformance", tmp_path / "broken.yaml")
    assert broken.exit_code == 1
    assert broken.output.splitlines()[-1] == "0 passed, 1 failed"


def test_help_reads_nothing_heavy() -> None:
    script = (
        "import sys, afspraak.cli.app\n"
        "heavy = {'numpy', 'pyarrow', 'altair', 'pydantic', 'jinja2', 'ruamel.yaml', 'rich'}\n"
        "print(*sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.long
@same_year
def test_the_generated_year_is_replayed_under_its_own_contracts(tmp_path: Path) -> None:
    year = tmp_path / "year"
    sample_year(demo.SEED, year, tickets=FEW)
    out = tmp_path / "replay.json"
    found = call("replay", "--contract", year / CONTRACTS, "--facts", year, "--json", out)
    assert found.exit_code == 0, found.output
    told = json.loads(out.read_text("utf-8"))
    assert len(told["contracts"]) == 40
    assert told["refused"] == told["not_covered"] == []
    assert told["availability"], "the year tells of outages"
    wishes = ("--contract", year / CONTRACTS, "--facts", year, "--json", out)
    assert call("replay", *wishes, "--engine", "columns").exit_code == 0
    assert counted(json.loads(out.read_text("utf-8"))) == counted(told)
    strict = call("replay", "--contract", year / CONTRACTS, "--facts", year, "--strict")
    assert strict.exit_code == 0, strict.output


@same_year
def test_the_demonstration_without_a_log_generates_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "project", lambda: tmp_path / "project")
    monkeypatch.setattr(demo, "sample_year", partial(sample_year, tickets=FEW))
    found = call("demo", "--report", "--once")
    assert found.exit_code == 0, found.output
    assert "Invoer: een verzonnen jaar" in found.output
    page = tmp_path / "project" / ".afspraak" / "demo" / "report.html"
    assert str(page) in found.output
    assert "De feiten zijn verzonnen" in page.read_text("utf-8")


def test_the_demonstration_refuses_a_log_that_no_mapping_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "project", lambda: tmp_path)
    log = tmp_path / "odd.csv"
    log.write_text("a,b\n1,2\n", encoding="utf-8")
    lines = fault_lines(call("demo", "--report", "--once", "--log", log))
    assert "no mapping fits it" in lines[-1]


@pytest.mark.skipif(find_uci(ROOT) is None, reason="DID NOT RUN: the real log is not beside us")
def test_the_demonstration_takes_the_real_log_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main job on real input; its figures are golden: a change is a changelog line."""
    real = find_uci(ROOT)
    monkeypatch.setattr(demo, "project", lambda: tmp_path)
    monkeypatch.setattr(demo, "find_uci", {tmp_path: real}.get)
    found = call("demo", "--report", "--once")
    assert found.exit_code == 0, found.output
    assert "Invoer: het echte log incident_event_log.zip, 24.918 meldingen." in found.output
    told = json.loads((tmp_path / ".afspraak" / "demo" / "replay.json").read_text("utf-8"))
    solve = next(each for each in told["promises"] if each["clause"] == "oplossen")
    assert told["tickets"] == 24_918
    assert solve["share"]["exact"] == "20339/24918"
    wishes = ("--contract", SILVER, "--against", GOLD, "--facts", tmp_path / ".afspraak/demo/log")
    out = tmp_path / "columns.json"
    assert call("replay", *wishes, "--engine", "columns", "--json", out).exit_code == 0
    assert counted(json.loads(out.read_text("utf-8"))) == counted(told)
    assert told["refused"] == told["not_covered"] == []
