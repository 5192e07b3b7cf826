"""One running cluster for the whole test session, shared by all workers of xdist.

Whoever comes first starts it; a small process outlives the last worker, however that ended, stops
the server and removes the folder. `fsync` is off: nothing of it must survive.
"""

import atexit
import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from afspraak.host import cluster
from afspraak.host.database import ROLES, Address, embedded, prepare

KEEPER = """
import fcntl, shutil, sys
from pathlib import Path
from afspraak.host import cluster
data = Path(sys.argv[1])
with (data / "users").open("a") as users:
    fcntl.flock(users, fcntl.LOCK_EX)  # until the last worker has gone
    cluster.stop(data)
    shutil.rmtree(data, ignore_errors=True)
"""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@cache
def session_data() -> Path:
    """The data folder of the session's cluster, which runs when this returns.

    AFSPRAAK_DATA names it from here on, so that settings and tests mean the same one.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    name = hashlib.sha256(run.encode()).hexdigest()[:10]
    data = Path(tempfile.gettempdir()) / f"afspraak-tests-{name}"
    data.mkdir(mode=0o700, exist_ok=True)
    users = (data / "users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    atexit.register(users.close)
    with (data / "starting").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if cluster.start(data, parameters=QUICK):
            words = [sys.executable, "-c", KEEPER, str(data)]
            subprocess.Popen(words, start_new_session=True, stdin=subprocess.DEVNULL)
    os.environ["AFSPRAAK_DATA"] = str(data)
    os.environ.pop("AFSPRAAK_DATABASE_URL", None)
    return data


def session_address(role: str, *, name: str | None = None) -> Address:
    """A role's address of this worker's own database (or of one that you name), not prepared."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return embedded(session_data(), role, name=name or f"afspraak_{worker}")


@cache
def session_cluster() -> Address:
    """The owner's address of this worker's own database: made, with its roles and extensions."""
    owner = session_address(ROLES[0])
    prepare(owner, data=session_data())
    return owner


def environment(data: Path) -> dict[str, str]:
    """For a process of its own that works on a data folder."""
    source = Path(cluster.__file__).parents[2]
    rest = {name: value for name, value in os.environ.items() if not name.startswith("AFSPRAAK_")}
    return {**rest, "AFSPRAAK_DATA": str(data), "PYTHONPATH": str(source)}
