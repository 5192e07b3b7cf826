"""What `afspraak doctor` looks at on this machine: each finding with what to do about it."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from afspraak.host.binaries import Binaries, clients_of
from afspraak.host.data import PARTS
from afspraak.host.database import is_embedded
from afspraak.host.faults import HostFault
from afspraak.host.making import programs_for

LEAST_FREE: Final = 200_000_000
LITTLE_FREE: Final = 2_000_000_000
"""Bytes."""
MAIL: Final = ("AFSPRAAK_MAIL_SMTP_URL", "AFSPRAAK_MAIL_IMAP_URL")
"""The addresses of mail servers."""
PORTS: Final = {
    "smtp": 25,
    "smtps": 465,
    "smtp+starttls": 587,
    "imap": 143,
    "imaps": 993,
    "imap+starttls": 143,
}
"""Where an address names none."""
PATIENCE: Final = 5.0
"""Seconds for a mail server to answer."""


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    name: str
    state: State
    fact: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f": {self.remedy}" if self.remedy else ""
        return f"{self.state:<4} {self.name}: {self.fact}{tail}"


def well(name: str, fact: str) -> Finding:
    """Nothing to do."""
    return Finding(name, State.OK, fact)


def warn(name: str, fact: str, remedy: str) -> Finding:
    """It works, and should be looked at."""
    return Finding(name, State.WARN, fact, remedy)


def fail(name: str, fact: str, remedy: str) -> Finding:
    """It doesn't work, or isn't safe."""
    return Finding(name, State.FAIL, fact, remedy)


def failed(name: str, fault: HostFault) -> Finding:
    """A fault that was met on the way."""
    return fail(name, f"{fault.place}: {fault.fact}", fault.remedy)


def of_machine(data: Path) -> Iterator[Finding]:
    """All that can be seen without a database."""
    yield well("python", f"{sys.version.split()[0]} on {sys.platform}")
    yield _binaries(data)
    yield _folder(data)
    yield from _keys(data)
    yield _space(data)
    yield _clock()
    for setting in MAIL:
        if address := os.environ.get(setting):
            yield _mail(setting, address)


def _binaries(data: Path) -> Finding:
    try:
        found = programs_for(data) if is_embedded() else _clients()
    except HostFault as fault:
        return failed("programs", fault)
    return well("programs", f"PostgreSQL {found.major}.{found.minor} in {found.folder}")


def _clients() -> Binaries:
    """A server elsewhere needs none of ours, but a backup of it needs pg_dump."""
    return clients_of(0, embedded=False)


def _folder(data: Path) -> Finding:
    open_ones = [
        str(place)
        for place in (data, *(data / part for part in PARTS))
        if place.stat().st_mode & (stat.S_IRWXO | stat.S_IRGRP | stat.S_IWGRP)
    ]
    if open_ones:
        remedy = f"chmod g-rw,o-rwx {' '.join(open_ones)}"
        return fail("data", f"others can look into {', '.join(open_ones)}", remedy)
    if not os.access(data, os.W_OK):
        return fail("data", f"{data} cannot be written", "give it to the user of Afspraak")
    return well("data", str(data))


def _keys(data: Path) -> Iterator[Finding]:
    """A key that others can read is no key."""
    keys = [path for path in sorted((data / "keys").iterdir()) if path.is_file()]
    seen = [str(path) for path in keys if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    ours = {data.stat().st_uid, os.geteuid()}
    others = [str(path) for path in keys if path.stat().st_uid not in ours]
    if seen:
        remedy = f"chmod 600 {' '.join(seen)}; who may have read them is to be thought about"
        yield fail("keys", f"others can read {', '.join(seen)}", remedy)
    if others:
        remedy = "chown them to the user of Afspraak"
        yield fail("keys", f"they belong to another user: {', '.join(others)}", remedy)
    if not seen and not others:
        yield well("keys", f"{len(keys)}, for this user alone")


def _space(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    fact = f"{free / 1e9:.1f} GB free where {data} lies"
    remedy = "make room; without it nothing more can be acknowledged"
    if free < LEAST_FREE:
        return fail("disk", fact, remedy)
    return warn("disk", fact, remedy) if free < LITTLE_FREE else well("disk", fact)


def _clock() -> Finding:
    """Whether something keeps the machine's clock right, where systemd knows it."""
    program = shutil.which("timedatectl")
    words = [program or "", "show", "--property=NTPSynchronized", "--value"]
    told = ""
    if program:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        told = done.stdout.strip()
    if told == "no":
        remedy = "start a time service (chrony, systemd-timesyncd): deadlines are judged by it"
        return warn("clock", "nothing keeps the machine's clock right", remedy)
    fact = "kept right by the system" if told else "this system does not say who keeps it right"
    return well("clock", fact)


def _mail(setting: str, address: str) -> Finding:
    """Whether the mail server answers; the address itself may hold a password and is not shown."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        host, port = None, None
    if not host or not port:
        remedy = "write smtp+starttls://USER:PASSWORD@HOST:587, or imaps://USER:PASSWORD@HOST"
        return fail("mail", f"{setting} names no server", remedy)
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return well("mail", f"{setting}: {host}:{port} answers")
    except OSError as error:
        said = error.strerror or str(error)
        remedy = "is the address right, and may this machine go there?"
        return fail("mail", f"{setting}: {host}:{port} does not answer ({said})", remedy)
