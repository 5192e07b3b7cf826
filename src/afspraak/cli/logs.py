"""The doors of logs: import, sample, infer."""

from pathlib import Path

from afspraak.cli.reading import progress
from afspraak.tickets.import_log import import_log
from afspraak.tickets.manifest import Manifest
from afspraak.tickets.mapping_read import load_mapping
from afspraak.tickets.sample_year import sample_year
from afspraak.tickets.uci import fetch_uci


def import_file(log: Path, mapping: str, out: Path, *, zone: str | None, strict: bool) -> Manifest:
    """Brings a log in and prints what came of its rows. Raises LogRefused."""
    with progress("import") as tell:
        found = import_log(log, load_mapping(mapping), out, progress=tell, zone=zone, strict=strict)
    for line in summary(found):
        print(line)
    print(out)
    return found


def summary(manifest: Manifest) -> list[str]:
    """A manifest in a few lines."""
    lines = [f"{manifest.tickets} tickets, {manifest.facts} facts"]
    if manifest.rows is not None:
        rows = manifest.rows
        lines.append(
            f"{rows.read} rows: {rows.placed} placed ({rows.silent} stated nothing new),"
            f" {rows.rejected} rejected, {rows.duplicates} twice"
        )
    return lines + [f"note: {warning}" for warning in manifest.warnings]


def fetch_real_log(out: Path) -> None:
    """Downloads the real log. Raises LogRefused without a network."""
    with progress("download") as tell:
        found = fetch_uci(out, progress=tell)
    print(found)


def make_year(seed: int, out: Path) -> Manifest:
    """Generates the year and prints what it holds."""
    with progress("year") as tell:
        found = sample_year(seed, out, progress=tell)
    for line in summary(found):
        print(line)
    print(out)
    return found
