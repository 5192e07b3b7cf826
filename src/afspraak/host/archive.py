"""A backup as a file: one tar that says of itself what it holds.

`manifest.json` comes first and names every other member with its size and SHA-256, so that a
backup can be verified to the last byte before anything of it is used.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from afspraak.host.data import settle
from afspraak.host.faults import HostFault

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
_LARGEST_MANIFEST: Final = 256_000_000
"""Bytes; some two million files."""
_BLOCK: Final = 1 << 20
_MEMBER: Final = re.compile(rf"{DUMP}|(?:files|keys)(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
_REMEDY: Final = "take another backup; this one is damaged, or was changed by somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of a backup. `size` in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str
    """ISO 8601, UTC."""
    afspraak: str
    """The version of the program."""
    server: int
    """The major version of the server."""
    members: tuple[Member, ...]

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members)

    def bytes(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def describe(name: str, path: Path) -> Member:
    """A file as a member. Raises HostFault for a name that no backup may hold."""
    if not _MEMBER.fullmatch(name):
        raise HostFault(path, "a file with such a name cannot be backed up", "remove or rename it")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Member(name=name, size=file.tell(), sha256=digest.hexdigest())


def write(out: Path, manifest: Manifest, sources: Iterable[Path]) -> None:
    """Write a backup, `sources` in the order of the manifest's members; whole, or not at all."""
    draft = out.with_name(f".{out.name}.partial")
    try:
        with _private(draft) as file:
            with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, out, MANIFEST, manifest.bytes())
                for member, path in zip(manifest.members, sources, strict=True):
                    _add(tar, path, member.name)
            file.flush()
            os.fsync(file.fileno())
        verify(draft)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    settle(out.parent)


def verify(path: Path) -> Manifest:
    """Read a backup to its end. Raises HostFault unless it is exactly what its manifest says."""
    return _read(path, None)


def unpack(path: Path, into: Path) -> Manifest:
    """Write every member below `into`, verified once more on the way: the file may have changed
    since. Raises HostFault.
    """
    return _read(path, into)


def _read(path: Path, into: Path | None) -> Manifest:
    with _opened(path) as tar:
        members = _members(path, tar)
        manifest = _manifest(path, *next(members, (None, None)))
        wanted = {member.name: member for member in manifest.members}
        for info, content in members:
            found = _measured(info.name, content) if into is None else _written(info, content, into)
            if found != wanted.pop(info.name, None):
                raise _broken(path, f"{info.name} is not what the manifest says")
    if wanted:
        raise _broken(path, f"{min(wanted)} is missing")
    return manifest


def _written(info: tarfile.TarInfo, content: IO[bytes], into: Path) -> Member:
    target = into / info.name
    for folder in reversed(target.relative_to(into).parents):
        (into / folder).mkdir(mode=0o700, exist_ok=True)
    with _private(target) as file:
        return _measured(info.name, content, file)


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Each member with its content; only plain files with names that cannot lead elsewhere."""
    for number, info in enumerate(tar):
        content = tar.extractfile(info) if info.isreg() and not info.issparse() else None
        named = info.name == MANIFEST if number == 0 else _MEMBER.fullmatch(info.name)
        if content is None or not named:
            raise _broken(path, f"it holds {info.name!r}, which no backup does")
        yield info, content


def _manifest(path: Path, info: tarfile.TarInfo | None, content: IO[bytes] | None) -> Manifest:
    if info is None or content is None:
        raise _broken(path, "it is empty")
    if info.size > _LARGEST_MANIFEST:
        raise _broken(path, "its manifest is too large")
    try:
        words = json.loads(content.read())
        if words["format"] != FORMAT:
            raise HostFault(
                path,
                f"it is of format {words['format']!r}, and this program knows {FORMAT}",
                "use the version of Afspraak that made it",
            )
        members = tuple(Member(**member) for member in words.pop("members"))
        manifest = Manifest(members=members, **words)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(path, "its manifest cannot be read") from error
    if len({member.name for member in members}) != len(members):
        raise _broken(path, "its manifest names a file twice")
    if DUMP not in {member.name for member in members}:
        raise _broken(path, f"it has no {DUMP}")
    return manifest


def _measured(name: str, content: IO[bytes], out: IO[bytes] | None = None) -> Member:
    digest, size = hashlib.sha256(), 0
    while block := content.read(_BLOCK):
        digest.update(block)
        size += len(block)
        if out is not None:
            out.write(block)
    return Member(name=name, size=size, sha256=digest.hexdigest())


def _add(tar: tarfile.TarFile, path: Path, name: str, content: bytes | None = None) -> None:
    """A member without owner, group or time: only its bytes count."""
    info = tarfile.TarInfo(name)
    info.mode = 0o600
    if content is not None:
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
        return
    with path.open("rb") as file:
        info.size = os.fstat(file.fileno()).st_size
        tar.addfile(info, file)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise _broken(path, f"it ends early or is no tar file ({error})") from error


def _private(path: Path) -> IO[bytes]:
    """A new file that only we can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _broken(path: Path, fact: str) -> HostFault:
    return HostFault(path, fact, _REMEDY)
