"""What commands read alike: contracts, a folder of facts, moments, fields; and how they show that
long work goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from afspraak.cli.contracts import is_catalogue
from afspraak.cli.faults import UsersFault, fault
from afspraak.engine.figures import Maintenance, Outage
from afspraak.engine.terms import FIELDS
from afspraak.engine.time import parse_instant
from afspraak.language.check import check
from afspraak.reports.contracts import Contract
from afspraak.reports.contracts_read import contract_of
from afspraak.reports.replay import Logged
from afspraak.reports.uptimes import ServiceLog
from afspraak.reports.view_unjudged import Provenance
from afspraak.tickets.import_log import FACTS
from afspraak.tickets.load import OUTAGES, load_outages, load_tickets
from afspraak.tickets.manifest import Manifest, load_manifest

ERRORS: Final = Console(stderr=True, highlight=False)
_SUFFIXES: Final = (".yaml", ".yml")


# Contracts ----------------------------------------------------------------------------------------


def contracts_at(path: Path, signed_at: int | None = None) -> list[Contract]:
    """The contract of a file, or every one in a folder. Raises UsersFault with all their faults."""
    files = _contract_files(path)
    contracts, faults = [], list[str]()
    for file in files:
        data = file.read_bytes()
        if path.is_dir() and is_catalogue(data):
            continue
        document, told = check(data, file.name)
        faults += [str(each) for each in told if not each.note]
        if document is not None and not faults:
            contracts.append(contract_of(document, data, file.stem, signed_at=signed_at))
    if faults:
        raise UsersFault(faults)
    return contracts


def _contract_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise fault(
            path.name, "there is no such file or folder", "give a contract, or a folder of them"
        )
    files = sorted(each for each in path.iterdir() if each.suffix in _SUFFIXES)
    if not files:
        raise fault(path.name, "no contract is in this folder", "give a folder with .yaml files")
    return files


# Facts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactsFolder:
    """A folder of facts: its manifest, its span of instants [first, last], where it comes from."""

    path: Path
    manifest: Manifest
    span: tuple[int, int]
    provenance: Provenance

    def services(self, as_of: int) -> ServiceLog:
        """What it tells of services, written down until the moment (F5)."""
        known = [each for each in load_outages(self.path) if each.recorded_at <= as_of]
        return ServiceLog(
            [(each.customer, each.fact) for each in known if isinstance(each.fact, Outage)],
            [(each.customer, each.fact) for each in known if isinstance(each.fact, Maintenance)],
            is_there=(self.path / OUTAGES).is_file(),
        )

    def tickets(self) -> Iterator[Logged]:
        """Every ticket, in the log's order."""
        for each in load_tickets(self.path):
            yield Logged(each.ticket, each.customer, each.facts, each.unreadable)


def facts_at(path: Path) -> FactsFolder:
    """A folder that `import` or `sample year` made. Raises UsersFault where there is none."""
    try:
        manifest = load_manifest(path)
    except OSError:
        remedy = "make it with `afspraak import` or `afspraak sample year`"
        raise fault(path.name, "this is no folder of facts (no manifest.json)", remedy) from None
    if manifest.span_from is None or manifest.as_of is None:
        raise fault(path.name, "there is no fact in it", "look into its rejects.csv for why")
    with (path / FACTS).open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    provenance = Provenance(
        name=manifest.input.name if manifest.input else path.name,
        sha256=digest,
        generated=manifest.kind == "generated",
        zone=manifest.zone,
        zone_stated=manifest.zone_stated,
        recorded_at=manifest.recorded_at,
    )
    span = (parse_instant(manifest.span_from), parse_instant(manifest.as_of))
    return FactsFolder(path, manifest, span, provenance)


# Small things -------------------------------------------------------------------------------------


def assumed(pairs: tuple[str, ...]) -> dict[str, str]:
    """`FIELD=VALUE` pairs. Raises UsersFault for a field that conditions do not know."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name not in FIELDS or name == "level" or not sign or not value:
            names = ", ".join(each for each in FIELDS if each != "level")
            raise fault(f"--assume {pair}", "this is not FIELD=VALUE", f"the fields are {names}")
        found[name] = value
    return found


def moment(text: str | None) -> int | None:
    """An instant as typed, with its offset."""
    return None if text is None else parse_instant(text)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where a person looks: call it with (done, in all)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
    )
    with Progress(
        *columns, console=ERRORS, transient=True, disable=not ERRORS.is_terminal
    ) as shown:
        task = shown.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield tell
