"""`afspraak demo`: the main job on the best input at hand, and the page's path.

The log that was given, else the real one beside the project, else a generated year.
"""

import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import afspraak
from afspraak.cli import replay
from afspraak.cli.faults import UsersFault
from afspraak.cli.reading import progress
from afspraak.cli.replay import Wish
from afspraak.reports.texts import Language, Texts
from afspraak.tickets.faults import LogRefused
from afspraak.tickets.import_log import import_log
from afspraak.tickets.manifest import Manifest
from afspraak.tickets.mapping_read import load_mapping, mapping_names
from afspraak.tickets.sample_year import CONTRACTS, sample_year
from afspraak.tickets.uci import find_uci

SEED: Final = 2027
ZONE: Final = "Europe/Amsterdam"
"""The demonstration's contract and desk: a log that states no zone is read on its wall clock."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the demonstration runs on, and the contracts that it is replayed under."""

    facts: Path
    contract: Path
    against: Path | None
    told: str


def run(*, once: bool, log: Path | None, language: Language) -> None:
    """Imports or generates, replays, writes the page, says all that; then serves it, if asked."""
    root = project()
    folder = root / ".afspraak" / "demo"
    texts = Texts(language, ZONE)
    contracts = files("afspraak.cli").joinpath("demo_contracts")
    with as_file(contracts) as kept:
        found = _input(texts, root, folder, log, kept)
        print(found.told)
        page = folder / "report.html"
        wish = Wish(
            contract=found.contract,
            facts=found.facts,
            against=found.against,
            json=folder / "replay.json",
            html=page,
            language=language,
        )
        replay.run(wish)
    print(texts.say("demo", "page", path=str(page)))
    if not once and sys.stdin.isatty() and sys.stdout.isatty():
        _serve(page, texts)


def project() -> Path:
    """The project's folder when it runs from its sources; else the folder one stands in."""
    root = Path(afspraak.__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def _input(texts: Texts, root: Path, folder: Path, log: Path | None, contracts: Path) -> Input:
    real = log or find_uci(root)
    if real is None:
        out = folder / "year"
        with progress("year") as tell:
            year = sample_year(SEED, out, progress=tell)
        told = texts.say("demo", "year", n=texts.number(year.tickets), seed=str(SEED))
        return Input(out, out / CONTRACTS, None, told)
    out = folder / "log"
    brought = brought_in(real, out)
    told = texts.say("demo", "log", name=real.name, n=texts.number(brought.tickets))
    return Input(out, contracts / "zilver.yaml", contracts / "goud.yaml", told)


def brought_in(log: Path, out: Path) -> Manifest:
    """The log through the first mapping that it fits. Raises UsersFault where none does."""
    faults: list[str] = []
    for name in mapping_names():
        try:
            with progress("import") as tell:
                return import_log(log, load_mapping(name), out, zone=ZONE, progress=tell)
        except LogRefused as refused:
            faults += [f"{name}: {each}" for each in refused.faults]
    faults.append(f"{log.name}: no mapping fits it: bring it in with `afspraak import --mapping M`")
    raise UsersFault(faults)


def _serve(page: Path, texts: Texts) -> None:
    """Serves the page to this machine alone until somebody stops it."""
    body = page.read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Keeps the terminal to what was said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(texts.say("demo", "serve", address=f"http://localhost:{server.server_port}"))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
