"""`afspraak demo`: everything set up, a supplier with a year that ends now, and the pages served.

A log of one's own takes the made year's place, moved by whole weeks so that it ends now.
"""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from afspraak.cli.demo import SEED, brought_in, project
from afspraak.cli.demo_people import PASSWORD, STAFF, customer_logins
from afspraak.cli.faults import fault
from afspraak.cli.reading import progress
from afspraak.cli.ready import make_ready
from afspraak.engine.time import DAY, instant_of, parse_instant
from afspraak.host import cluster
from afspraak.host.data import data_folder
from afspraak.host.database import address, connected, is_embedded, prepare
from afspraak.host.processes import serve
from afspraak.tickets.manifest import Manifest, load_manifest
from afspraak.tickets.moving import weeks_to_end_at
from afspraak.tickets.sample_customers import CUSTOMERS
from afspraak.tickets.sample_year import sample_year

TICKETS: Final = 12_000
"""Enough for a year's figures, few enough to stand there in a minute or two."""
WAIT_SECONDS: Final = 60
"""How long `--once` waits for an answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the demonstration was called."""

    once: bool
    log: Path | None
    port: int


def run(wish: Wish) -> int:
    """Sets up what is not there, says who can sign in where, and serves; the exit status."""
    os.environ.setdefault("AFSPRAAK_DATA", str(project() / ".afspraak"))
    os.environ["AFSPRAAK_PORT"] = str(wish.port)
    os.environ.setdefault("AFSPRAAK_BASE_URL", f"http://localhost:{wish.port}")
    at = instant_of(datetime.now(UTC))
    _set_up(wish.log, at)
    for line in welcome(wish.port):
        print(line)
    return _try_once(wish.port) if wish.once else serve(None, _tell)


# Setting up ---------------------------------------------------------------------------------------


def _set_up(log: Path | None, at: int) -> None:
    """The database with its tables, and the rows if there are none; the year is made beside it."""
    print("Afspraak: database, a year of tickets, forty customers; the first time a minute or two")
    folder = data_folder() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        made = None if log else pool.submit(_made_year, folder / "year")
        if is_embedded():
            cluster.start(data_folder())
        prepare(address("owner"))
        _migrate()
        make_ready("system")
        if _is_filled():
            return
        manifest = _brought(log, folder / "log") if log else made.result() if made else None
    assert manifest is not None
    _load(folder / ("log" if log else "year"), manifest, is_log=log is not None, at=at)


def _made_year(out: Path) -> Manifest:
    """The made year, from an earlier run where one was finished."""
    if (out / "manifest.json").is_file():
        return load_manifest(out)
    return sample_year(SEED, out, tickets=TICKETS)


def _brought(log: Path, out: Path) -> Manifest:
    if not log.is_file():
        raise fault(str(log), "there is no such file", "give a ticket export: CSV, .zip or .gz")
    return brought_in(log, out)


def _migrate() -> None:
    words = [sys.executable, "-m", "afspraak", "migrate"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)


def _is_filled() -> bool:
    with connected(address("owner")) as connection:
        found = connection.execute("SELECT count(*) FROM parties_organisation").fetchone()
    return found is not None and found[0] > 0


def _load(facts: Path, manifest: Manifest, *, is_log: bool, at: int) -> None:
    """The rows: the supplier first, then every customer, a few side by side."""
    from afspraak.cli.demo_amending import add_amending
    from afspraak.cli.demo_making import add_drafts
    from afspraak.cli.demo_offers import add_offers
    from afspraak.cli.demo_readiness import add_readiness
    from afspraak.cli.demo_rows import SIGNED_BEFORE, Load, add_supplier, load_all
    from afspraak.cli.demo_sides import made_sides, side_of_log
    from afspraak.cli.demo_signing import offer_one

    assert manifest.span_from is not None
    assert manifest.span_until is not None
    first, last = parse_instant(manifest.span_from), parse_instant(manifest.span_until)
    weeks = weeks_to_end_at(last, at)
    begin = first + weeks * 7 * DAY - SIGNED_BEFORE
    supplier, person = add_supplier(begin)
    sides = [side_of_log(first + weeks * 7 * DAY)] if is_log else [*made_sides(SEED, weeks)]
    loads = [Load(side, facts, weeks, at, supplier.id, person.id) for side in sides]
    with progress("tickets") as tell:
        count = load_all(loads, manifest.tickets, tell)
    add_drafts(at)
    offer_one(supplier=supplier.id, person=person.id, customer=sides[0].name, at=at)
    add_offers(supplier=supplier.id, person=person.id, customer=sides[0].name, at=at)
    add_amending(supplier=supplier.id, person=person.id, at=at)
    add_readiness(supplier.id, person.id, at)
    print(f"{count} tickets of {len(sides)} customers, until today")


# Telling and trying -------------------------------------------------------------------------------


def welcome(port: int) -> list[str]:
    """Where to go, and who can sign in."""
    address = f"http://localhost:{port}"
    customer = customer_logins(CUSTOMERS[0].slug, CUSTOMERS[0].signer)
    logins = [*STAFF, *customer]
    lines = ["", f"  Afspraak: {address}", f"  API:      {address}/api/v1/docs", ""]
    lines += [f"  {each.email:<44} {each.role.label}" for each in logins]
    return [*lines, f"  password: {PASSWORD}", ""]


def _tell(name: str, line: str) -> None:
    print(f"{name:<8} | {line}", flush=True)


def _try_once(port: int) -> int:
    """Serves, sees that it answers, and stops."""
    words = [sys.executable, "-m", "afspraak", "serve", "--port", str(port)]
    serving = subprocess.Popen(  # noqa: S603  (our own command)
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        answer = _answer(f"http://127.0.0.1:{port}/readyz", serving)
    finally:
        serving.terminate()
        output, _ = serving.communicate()
    if answer is None:
        print(output)
        return 1
    print(f"/readyz: {answer}")
    return 0


def _answer(url: str, serving: "subprocess.Popen[str]") -> str | None:
    """The first answer of the server; None if there is none in time."""
    until = monotonic() + WAIT_SECONDS
    while monotonic() < until and serving.poll() is None:
        try:
            with urlopen(url, timeout=5) as found:  # noqa: S310  (our own address)
                return str(found.read(200).decode())
        except (URLError, OSError):
            sleep(0.2)
    return None
