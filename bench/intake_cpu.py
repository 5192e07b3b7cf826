"""What a report costs in processor time, of Python and of its PostgreSQL session: through the whole
WSGI application in this process, so that a machine that is busy with other things says the same.

    python bench/intake_cpu.py --data FOLDER [--batch 500] [--batches 6] [--single 300] [--spread]

The parties, their token and the application's role are those of `bench/intake.py`.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import cProfile
import io
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import intake

TICKS = os.sysconf("SC_CLK_TCK")


class Session:
    """This process and its database session, by what they have used of a processor."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self._began: tuple[float, float] = (0.0, 0.0)

    def begin(self) -> None:
        self._began = self._now()

    def used_ms(self, count: int) -> tuple[float, float]:
        """Milliseconds of Python and of PostgreSQL each, for each of so many."""
        python, database = self._now()
        return (python - self._began[0]) / count * 1e3, (database - self._began[1]) / count * 1e3

    def _now(self) -> tuple[float, float]:
        return time.process_time(), sum(map(cpu_of, self._backends()))

    def _backends(self) -> list[int]:
        asked = "SELECT pid FROM pg_stat_activity WHERE usename = 'afspraak_app'"
        return [pid for (pid,) in self._owner.execute(asked).fetchall()]


def cpu_of(pid: int) -> float:
    """Seconds of processor that a process has used, to the nanosecond where the kernel says so."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def post(application: Any, path: str, body: bytes, secret: str) -> tuple[str, bytes]:
    """One request, as the web server hands it over."""
    found: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "REMOTE_ADDR": "127.0.0.1",
    }
    answer = application(environ, lambda status, _headers, *_: found.append(status))
    told = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return found[0], told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--batch", type=int, default=500)
    asked.add_argument("--batches", type=int, default=6)
    asked.add_argument("--single", type=int, default=300)
    asked.add_argument("--profile", type=Path)
    asked.add_argument("--prepare", action="store_true", help="only make the database")
    asked.add_argument("--parts", type=int, default=1, help="so many groups of customers in turn")
    asked.add_argument("--spread", action="store_true", help="no two reports of one instant")
    wish = asked.parse_args()
    wish.data.mkdir(exist_ok=True)
    wish.data.chmod(0o755)
    if wish.prepare:
        intake.embedded(wish.data)
        intake.parties_in(wish.data)
        return
    words = [sys.executable, __file__, "--data", str(wish.data), "--prepare"]
    subprocess.run(words, check=True)
    measure(wish)


def measure(wish: argparse.Namespace) -> None:
    """Warm, then each kind."""
    os.environ["AFSPRAAK_DATA"] = str(wish.data)
    os.environ["AFSPRAAK_ROLE"] = "app"
    os.environ["AFSPRAAK_API_RATE"] = "0"
    os.environ.setdefault("AFSPRAAK_LOG", "warning")
    import psycopg

    from afspraak.host.database import address
    from afspraak.project.wsgi import application

    ours = intake.parties_in(wish.data)
    with psycopg.connect(address("owner").conninfo(), autocommit=True) as owner:
        session = Session(owner)
        for number in range(max(2, wish.parts)):  # connections, agreements, caches
            send_batch(application, ours, number, wish)
        for each in ours.reports(20, 40 * intake.MILLION):
            send(application, ours, each)
        profile = cProfile.Profile() if wish.profile else None
        batches(application, ours, session, wish, profile)
        singles(application, ours, session, wish)
        if profile:
            profile.dump_stats(wish.profile)


def batches(application: Any, ours: Any, session: Session, wish: Any, profile: Any) -> None:
    if not wish.batches:
        return
    bodies = [batch_of(ours, 9 + number, wish) for number in range(wish.batches)]
    session.begin()
    began = time.perf_counter()
    if profile and not wish.single:
        profile.enable()
    for body in bodies:
        status, told = post(application, "/api/v1/facts:batch", body, ours.secret)
        assert status.startswith("200"), told[:500]
        assert told.count(b'"verdict":{') == wish.batch
    if profile and not wish.single:
        profile.disable()
    tell("a ticket through the batch door", session, wish.batch * wish.batches, began)


def batch_of(ours: Any, number: int, wish: Any) -> bytes:
    first = 30 * intake.MILLION + number * 10_000
    items = [
        {**each, "code": "reported"}
        for each in ours.reports(wish.batch, first, number % wish.parts, wish.parts)
    ]
    if wish.spread:
        now = time.time_ns() // 1_000
        for place, each in enumerate(items):
            happened = datetime.fromtimestamp((now - 997_001 * (place % 600) - place) / 1e6, UTC)
            each["happened_at"] = happened.isoformat()
    return json.dumps({"items": items}).encode()


def send_batch(application: Any, ours: Any, number: int, wish: Any) -> None:
    body = batch_of(ours, number, wish)
    status, told = post(application, "/api/v1/facts:batch", body, ours.secret)
    assert status.startswith("200"), told[:500]


def singles(application: Any, ours: Any, session: Session, wish: Any) -> None:
    if not wish.single:
        return
    reports = list(ours.reports(wish.single, 50 * intake.MILLION))
    session.begin()
    began = time.perf_counter()
    for each in reports:
        send(application, ours, each)
    tell("one report", session, wish.single, began)


def send(application: Any, ours: Any, report: Any) -> None:
    body = json.dumps(report).encode()
    status, told = post(application, "/api/v1/tickets", body, ours.secret)
    assert status.startswith("201"), told[:500]


def tell(what: str, session: Session, count: int, began: float) -> None:
    took = (time.perf_counter() - began) / count * 1e3
    python, database = session.used_ms(count)
    print(
        f"{what}: Python {python:.3f} ms, PostgreSQL {database:.3f} ms of a processor,"
        f" {took:.3f} ms by the clock"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
