"""One running cluster for the whole test session, shared by all workers of xdist.

Whoever comes first starts it; a small process outlives the last worker, however that ended, stops
the server and removes the folder. `fsync` is off: nothing of it must survive.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from afspraak.host import cluster
from afspraak.host.database import ROLES, Address, embedded, prepare

KEEPER = """
import fcntl, os, shutil, sys
if os.fork():
    os._exit(0)  # the keeper outlives us: nobody waits for it
os.setsid()
from pathlib import Path
from afspraak.host import cluster
data = Path(sys.argv[1])
with (data / "users").open("a") as users:
    fcntl.flock(users, fcntl.LOCK_EX)  # until the last worker has gone
    cluster.stop(data)
    shutil.rmtree(data, ignore_errors=True)
"""
TEMPLATE = "afspraak_template"
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def session_folder() -> Path:
    """The data folder of this test session; nothing need be there yet."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    name = hashlib.sha256(run.encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"afspraak-tests-{name}"


MINE = session_folder()


@atexit.register
def leave_nothing() -> None:
    """Settings make the folder even where no test asks for the cluster, and no keeper comes."""
    if "PYTEST_XDIST_TESTRUNUID" not in os.environ and not (MINE / "users").exists():
        shutil.rmtree(MINE, ignore_errors=True)


@cache
def session_data() -> Path:
    """The data folder of the session's cluster, which runs when this returns.

    AFSPRAAK_DATA names it from here on, so that settings and tests mean the same one.
    """
    data = session_folder()
    data.mkdir(mode=0o700, exist_ok=True)
    users = (data / "users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    atexit.register(users.close)
    with (data / "starting").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if cluster.start(data, parameters=QUICK):
            words = [sys.executable, "-c", KEEPER, str(data)]
            subprocess.run(words, stdin=subprocess.DEVNULL, check=True)
    os.environ["AFSPRAAK_DATA"] = str(data)
    os.environ.pop("AFSPRAAK_DATABASE_URL", None)
    return data


def session_address(role: str, *, name: str | None = None) -> Address:
    """A role's address of this worker's own database (or of one that you name), not prepared."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return embedded(session_data(), role, name=name or f"afspraak_{worker}")


@cache
def session_template() -> str:
    """The name of a database with every table in it, made once a session, to be copied."""
    owner = session_address(ROLES[0], name=TEMPLATE)
    done = session_data() / "migrated"
    with (session_data() / "migrating").open("a") as migrating:
        fcntl.flock(migrating, fcntl.LOCK_EX)
        if not done.exists():
            prepare(owner, data=session_data())
            words = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
            subprocess.run(words, env=as_role("owner", TEMPLATE), check=True)
            done.touch()
    return TEMPLATE


def as_role(role: str, name: str) -> dict[str, str]:
    """What a process needs to work in a database of the session, in a role."""
    return {
        **os.environ,
        "AFSPRAAK_DATA": str(session_data()),
        "AFSPRAAK_ROLE": role,
        "AFSPRAAK_DATABASE_NAME": name,
        "DJANGO_SETTINGS_MODULE": "afspraak.project.settings",
    }


def copied_database(name: str, *, template: str = "") -> Address:
    """A database of this name with every table in it and no row, or the copy of a template that
    you name and nobody is connected to; the owner's address.
    """
    template = template or session_template()
    with (session_data() / "migrating").open("a") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        maintenance = session_address(ROLES[0], name="postgres")
        with psycopg.connect(maintenance.conninfo(), autocommit=True) as connection:
            make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    return session_address(ROLES[0], name=name)


def drop_database(name: str) -> None:
    """A database that a test has done with, whoever is still connected."""
    maintenance = session_address(ROLES[0], name="postgres")
    with psycopg.connect(maintenance.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


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
