"""Making the embedded cluster: its folders, the account that may enter, who may come in."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from afspraak.host import account as accounts
from afspraak.host.account import Account, identity
from afspraak.host.binaries import Binaries, binaries, binaries_of, within_reach
from afspraak.host.data import settle
from afspraak.host.database import BUILTIN_LOCALES, USERS
from afspraak.host.faults import HostFault
from afspraak.host.places import LONGEST_SOCKET, Places, places_of

ENVIRONMENT: Final = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
"""For PostgreSQL's programs: nothing of ours, no setting, no secret, no locale."""
_PEER: Final = "afspraak"
_HBA: Final = f"""\
# Written by Afspraak. The owner is known by the account that asks; nobody comes by network.
local all {USERS["owner"]} peer map={_PEER}
local all all scram-sha-256
"""


def major(data: Path) -> int | None:
    """The major version that made the cluster, if there is one."""
    note = places_of(data).cluster / "PG_VERSION"
    return int(note.read_text("ascii")) if note.exists() else None


def programs_for(data: Path) -> Binaries:
    """The programs that belong to a data folder's cluster, or that would make one."""
    made_by = major(data)
    return binaries() if made_by is None else binaries_of(made_by)


def make(places: Places, account: Account | None) -> Binaries:
    """The cluster, unless it is there, and the programs that the account can run."""
    _refuse_a_lost_one(places)
    programs = within_reach(programs_for(places.data), account)
    if not (places.cluster / "PG_VERSION").exists():
        _let_in(places, account)
        _initialise(places, account, programs)
    return programs


def _refuse_a_lost_one(places: Places) -> None:
    """A link to a cluster that is gone must not quietly become an empty one."""
    link = places.data / "cluster"
    if link.is_symlink() and not link.exists():
        raise HostFault(
            link,
            f"the cluster it names, {link.readlink()}, is gone",
            "bring that folder back; or remove the link and restore a backup",
        )


def _let_in(places: Places, account: Account | None) -> None:
    """The account may go through the data folder to its cluster, and sees nothing else there."""
    if account is None:
        return
    if places.home == places.data:
        os.chown(places.data, -1, account.gid)
        places.data.chmod(0o710)
    else:
        places.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        places.home.parent.chmod(0o755)
        places.home.chmod(0o711)


def _initialise(places: Places, account: Account | None, programs: Binaries) -> None:
    """Made under another name and moved when whole: an interrupted start leaves nothing by half."""
    draft = places.home / "cluster.new"
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    accounts.hand_to(account, draft)
    words = [programs.program("initdb"), *_initial(programs), "--pgdata", str(draft)]
    done = subprocess.run(
        words,
        cwd=draft,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        **identity(account),
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise HostFault(
            draft, f"initdb: {said[-1] if said else 'failed'}", "mend that, start again"
        )
    _write_rules(draft, account)
    draft.rename(places.cluster)
    settle(places.home)
    if places.home != places.data:
        (places.data / "cluster").symlink_to(places.cluster)
        settle(places.data)


def _initial(programs: Binaries) -> Sequence[str]:
    order = ["--locale=C.UTF-8"]
    if programs.major >= BUILTIN_LOCALES:
        order += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    who = ["--username", USERS["owner"], "--auth-local=peer", "--auth-host=scram-sha-256"]
    return [*order, *who, "--encoding=UTF8", "--data-checksums", "--lc-messages=C"]


def _write_rules(cluster: Path, account: Account | None) -> None:
    """Who may be the owner: the server's own account, whoever made it, and root, who is all."""
    names = sorted({"root", accounts.me(), *([account.name] if account else [])})
    lines = [f'{_PEER} "{name}" {USERS["owner"]}\n' for name in names]
    for file, text in (("pg_hba.conf", _HBA), ("pg_ident.conf", "".join(lines))):
        (cluster / file).write_text(text, encoding="utf-8")


def make_run(places: Places, account: Account | None) -> None:
    """The socket's folder, for the server and whoever starts it alone."""
    places.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = account.uid if account else os.geteuid()
    if places.run.lstat().st_uid not in {owner, os.geteuid()} or places.run.is_symlink():
        raise HostFault(
            places.run,
            "somebody else's folder stands where the socket must be",
            f"remove it, or take a data folder with a path shorter than {LONGEST_SOCKET - 20}",
        )
    accounts.hand_to(account, places.run)
    places.run.chmod(0o700)
    link = places.data / "run"
    if places.run != link and not link.is_symlink():
        link.symlink_to(places.run)
