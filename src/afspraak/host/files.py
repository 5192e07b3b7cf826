"""Files by the SHA-256 of what they hold: written whole, once, and never changed.

A file is on disk before a row names it; one that no row names is harmless. Backups take them along.
"""

import hashlib
import re
from pathlib import Path
from typing import Final

from afspraak.host.data import data_folder, settle, write_once
from afspraak.host.faults import HostFault

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def keep_file(content: bytes, *, data: Path | None = None) -> str:
    """Keep bytes, and return the SHA-256 by which they are found again; once, however often."""
    digest = hashlib.sha256(content).hexdigest()
    path = place_of(digest, data=data)
    if not path.exists():
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            settle(path.parent.parent)
        write_once(path, content)
    return digest


def read_file(digest: str, *, data: Path | None = None) -> bytes:
    """What was kept under a SHA-256. Raises HostFault where it is gone, or is not that any more."""
    path = place_of(digest, data=data)
    remedy = "bring it back from a backup"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HostFault(path, f"the file cannot be read ({error.strerror})", remedy) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise HostFault(path, "the file is not what was kept under its name", remedy)
    return content


def place_of(digest: str, *, data: Path | None = None) -> Path:
    """Where the file of a SHA-256 lies: `files/ab/ab12...`."""
    assert _DIGEST.fullmatch(digest), digest
    return (data or data_folder()) / "files" / digest[:2] / digest
