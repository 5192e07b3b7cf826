"""The one folder in which everything lies that must survive, and the secrets in it (decision 3)."""

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from afspraak.host.faults import HostFault

PARTS: Final = ("files", "keys", "backups", "log")
"""Made with the folder; `cluster` comes with the cluster itself, `run` with its socket."""
PROJECT: Final = Path(__file__).resolve().parents[3]
SIGNED_LIST: Final = "signed-checkpoints"
"""Below `keys/`: what the signer has signed. It only grows, so no backup holds it and no restore
touches it: by it an older state is recognised."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")


def data_folder() -> Path:
    """AFSPRAAK_DATA, or `.afspraak` in the project, or in the working folder where Afspraak is
    installed as a package. Made, with its parts, for its owner alone.
    """
    named = os.environ.get("AFSPRAAK_DATA")
    if named:
        return made(Path(named))
    return made((PROJECT if (PROJECT / "x.py").exists() else Path.cwd()) / ".afspraak")


def made(folder: Path) -> Path:
    """The folder, absolute, with its parts. Raises HostFault."""
    whole = folder.expanduser().absolute()
    try:
        for place in (whole, *(whole / part for part in PARTS)):
            if not place.is_dir():
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HostFault(
            whole,
            f"the data folder cannot be made ({error.strerror})",
            "name another one in AFSPRAAK_DATA, or give this user the right to it",
        ) from error
    return whole


def secret(name: str, size: int = 32, *, data: Path | None = None) -> bytes:
    """The secret `name` of `size` random bytes, made when it is first asked for.

    Of several processes that ask at once, one makes it and all get the same. A key that is there
    is never replaced. Raises HostFault for one that is there with another length.
    """
    path = key_file(name, data=data)
    if not path.exists():
        write_once(path, secrets.token_bytes(size))
    found = path.read_bytes()
    if len(found) != size:
        raise HostFault(
            path,
            f"the key has {len(found)} bytes instead of {size}",
            "bring it back from a backup; what was sealed with it opens with no other",
        )
    return found


def key_file(name: str, *, data: Path | None = None) -> Path:
    """Where the key `name` lies."""
    assert _NAME.fullmatch(name), name
    return (data or data_folder()) / "keys" / name


def write_once(path: Path, content: bytes) -> None:
    """Written whole to disk under a name of its own, then linked: nobody sees half a key."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first, and its key holds
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
