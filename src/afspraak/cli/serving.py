"""The doors of the running installation: serve, database."""

import os
import sys

from afspraak.cli.faults import fault
from afspraak.host import cluster
from afspraak.host.data import data_folder
from afspraak.host.database import ROLES, address, connected, is_embedded, prepare
from afspraak.host.faults import HostFault
from afspraak.host.processes import serve
from afspraak.host.restore import finish


def run(only: str | None, port: int | None) -> int:
    """Serves until it is told to stop."""
    if port is not None:
        os.environ["AFSPRAAK_PORT"] = str(port)
    return serve(only, tell)


def tell(name: str, line: str) -> None:
    """One line of a child's or of ours. Whoever reads them may have gone; the work goes on."""
    try:
        print(f"{name:<8} | {line}", flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for good


def start_database() -> None:
    """Starts the embedded server. Raises HostFault where the server is elsewhere."""
    _refuse_elsewhere()
    print("started" if cluster.start(data_folder()) else "it runs already")


def stop_database() -> None:
    """Stops it, whoever started it; `serve` would start it again."""
    _refuse_elsewhere()
    print("stopped" if cluster.stop(data_folder()) else "it did not run")


def tell_status() -> int:
    """0 if the database answers."""
    owner = address("owner")
    try:
        with connected(owner) as connection:
            version = connection.info.server_version
    except HostFault as met:
        print(met)
        return 1
    process = cluster.status(data_folder()) if is_embedded() else None
    where = f"process {process.pid}" if process else "elsewhere"
    print(f"PostgreSQL {version // 10_000}.{version % 10_000}, {where}: {owner.url(hidden=True)}")
    return 0


def print_url(role: str) -> None:
    """The whole address; it is asked for."""
    if role not in ROLES:
        raise fault("--role", f"there is no role {role}", f"one of: {', '.join(ROLES)}")
    print(address(role).url())


def prepare_database() -> None:
    """Ends a restore that was cut off, then makes what must be there."""
    owner = address("owner")
    finish(owner, data_folder())
    prepare(owner)
    print(f"prepared: {owner.url(hidden=True)}")


def _refuse_elsewhere() -> None:
    if not is_embedded():
        raise fault(
            "AFSPRAAK_DATABASE_URL", "it names a server that is not ours", "use that one's means"
        )
