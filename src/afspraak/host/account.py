"""Under which account the database server runs, and what that account can reach.

PostgreSQL refuses to run as root. Whoever is no root runs it as oneself (no Account). As root it
runs under an account that owns nothing else, which cannot enter a project under a 0700 home.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from afspraak.host.faults import HostFault

OWN: Final = "afspraak"
OTHERS: Final = ("postgres", "nobody")
"""Taken where no account can be made."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system that is not ours."""

    name: str
    uid: int
    gid: int


class Identity(TypedDict, total=False):
    """The words of subprocess for running as somebody."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


def identity(account: Account | None) -> Identity:
    """How subprocess starts a program as `account`; without one, as ourselves."""
    if account is None:
        return {"umask": 0o077}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def is_root() -> bool:
    """Whether this process may become anybody, and PostgreSQL therefore refuses to run as it."""
    return os.geteuid() == 0


def server_account(cluster: Path) -> Account | None:
    """The account for the server: the owner of a cluster that is there, else one of its own.

    Raises HostFault where there is none to be had.
    """
    if not is_root():
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _of(pwd.getpwuid(owner))
    return _found(OWN) or _new() or _first_of(OTHERS)


def me() -> str:
    """The name of the account that this process runs under. Raises HostFault if it has none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise HostFault(
            f"user {os.geteuid()}",
            "it has no name, without which PostgreSQL makes no cluster",
            "run as a user that the system knows",
        ) from None


def everyone_reaches(path: Path) -> bool:
    """Whether an account without any rights can go through every folder above `path`."""
    above = path.absolute().parents
    return all(place.stat().st_mode & stat.S_IXOTH for place in above if place.exists())


def everyone_reads(path: Path) -> bool:
    """Whether such an account can also read, and where that has a meaning run, what is there."""
    mode = path.stat().st_mode
    wanted = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
    return everyone_reaches(path) and mode & wanted == wanted


def hand_to(account: Account | None, *paths: Path) -> None:
    """Give files to the account; without one they are ours already."""
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _first_of(names: tuple[str, ...]) -> Account:
    for name in names:
        if account := _found(name):
            return account
    raise HostFault(
        "postgres",
        "it refuses to run as root, and no account for it could be made",
        f"make one (useradd -r {OWN}), or run Afspraak as another user than root",
    )


def _found(name: str) -> Account | None:
    try:
        return _of(pwd.getpwnam(name))
    except KeyError:
        return None


def _of(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _new() -> Account | None:
    """Make the account with what the system has for it (Debian's and Alpine's words)."""
    for words in (
        ("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", OWN),
        ("adduser", "-S", "-D", "-H", "-s", "/bin/false", OWN),
    ):
        if program := shutil.which(words[0]):
            subprocess.run([program, *words[1:]], capture_output=True, check=False)
            return _found(OWN)
    return None
