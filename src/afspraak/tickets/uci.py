"""`afspraak sample uci`: a real company's log, where it lies or from where it is published.

*Incident management process enriched event log*, C. A. L. Amaral, M. Fantinato, S. M. Peres, UCI
Machine Learning Repository 498 (2018), CC BY 4.0.
"""

import hashlib
import shutil
import urllib.error
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final
from urllib.request import urlopen

from afspraak.tickets.faults import refused
from afspraak.tickets.source import Progress, silent

ADDRESS: Final = (
    "https://archive.ics.uci.edu/static/public/498/"
    "incident+management+process+enriched+event+log.zip"
)
CSV_NAME: Final = "incident_event_log.csv"
ZIP_NAME: Final = "incident_event_log.zip"
CSV_SHA256: Final = "fd184bbfd62329cfe093e99da2ea7071905f2ead91900b448eb2635870821bef"
_SHARED: Final = Path("..") / "shared" / "data" / ZIP_NAME
_LARGEST: Final = 1 << 28
_BLOCK: Final = 1 << 16

Opener = Callable[[str], AbstractContextManager[IO[bytes]]]


def find_uci(project: Path) -> Path | None:
    """The log beside the project's folder (`../shared/data`), or None."""
    found = (project / _SHARED).resolve()
    return found if found.is_file() else None


def fetch_uci(
    out: Path, *, progress: Progress = silent, address: str = ADDRESS, opener: Opener | None = None
) -> Path:
    """Downloads the log to `out`/incident_event_log.zip and returns that path; twice costs nothing.

    Only a CSV with the known hash is kept. Raises LogRefused without a network, or for another.
    """
    target = out / ZIP_NAME
    if target.is_file() and _is_the_log(target):
        return target
    out.mkdir(parents=True, exist_ok=True)
    part = out / f".{ZIP_NAME}.partial"
    try:
        with TemporaryFile() as archive:
            _download(address, archive, progress, opener or _open)
            _extract(archive, part, address)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _open(address: str) -> AbstractContextManager[IO[bytes]]:
    found: AbstractContextManager[IO[bytes]] = urlopen(address, timeout=60)  # noqa: S310  (https)
    return found


def _download(address: str, file: IO[bytes], progress: Progress, opener: Opener) -> None:
    remedy = "connect to the internet, or download it by hand and give it as --log"
    try:
        with opener(address) as answer:
            total = int(getattr(answer, "length", None) or 0)
            done = 0
            while block := answer.read(_BLOCK):
                done += len(block)
                if done > _LARGEST:
                    raise refused(address, f"more than {_LARGEST >> 20} MiB", "this is not the log")
                file.write(block)
                progress(done, max(total, done))
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise refused(address, f"the log could not be downloaded ({reason})", remedy) from None


def _extract(archive: IO[bytes], part: Path, address: str) -> None:
    """Finds the CSV in what was downloaded, at most one archive deep, and packs it by itself."""
    try:
        with zipfile.ZipFile(archive) as outer:
            names = outer.namelist()
            if CSV_NAME in names:
                _repack(outer, part)
            elif ZIP_NAME in names:
                with outer.open(ZIP_NAME) as inner, zipfile.ZipFile(inner) as held:
                    _repack(held, part)
            else:
                raise refused(address, f"no {CSV_NAME} in it", "the publisher changed the archive")
    except (zipfile.BadZipFile, KeyError):
        remedy = "try again, or download it by hand and give it as --log"
        raise refused(address, "what came is no such archive", remedy) from None
    if not _is_the_log(part):
        fact = f"{CSV_NAME} is another file than the one that the figures were made from"
        raise refused(address, fact, f"its SHA-256 must be {CSV_SHA256}")


def _repack(source: zipfile.ZipFile, part: Path) -> None:
    packed = zipfile.ZipInfo(CSV_NAME, (2018, 1, 1, 0, 0, 0))
    packed.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(part, "w") as target,
        source.open(CSV_NAME) as read,
        target.open(packed, "w") as write,
    ):
        shutil.copyfileobj(read, write)


def _is_the_log(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(CSV_NAME) as file:
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
    return digest.hexdigest() == CSV_SHA256
