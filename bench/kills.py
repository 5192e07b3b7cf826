"""Kills under load: web, worker, watch and database die at random moments, again and again.

    python bench/kills.py [--kills 2000] [--seed N] [--plain] [--clients 3] [--json FILE]
    python bench/kills.py --full 10 --on FOLDER

An installation of its own in a temporary folder (embedded PostgreSQL, fsync on), served by the
project's own supervisor (`kills_house.py`). Clients write through the API without pause; mails go
to a real SMTP server that keeps what it takes. Blow upon blow: once a write has been answered since
the last one, one to six victims get SIGKILL, one after the other within a second or two, so that
some die while others still come back; the supervisor brings them back. `--plain`: every process is
a program of its own, as in production, and comes back slower. `--full`: nobody is killed; so many
times the disk of FOLDER, a small one, is filled for some seconds, while the clients go on.

Every 250 kills, and at the end when all is at rest, what `kills_judge.py` says must be true is
looked at. Ends with status 1 if anything is not; SIGTERM ends the killing early. The same seed
draws the same victims, moments and requests; what the machine does in between is its own.
"""

# ruff: noqa: PLC0415 - the rooms are read once there is a database for them

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
CHECK_EVERY = 250
UP_SECONDS = 300.0
REST_SECONDS = 900.0
MOST_AT_ONCE = 6
VICTIMS = {"web": 2, "web worker": 3, "worker": 5, "watch": 4, "database": 2, "session": 4}
"""How often each is drawn: `database` is the postmaster, `session` any other process of it."""


class House:
    """The supervisor as a process, and who lives in it now."""

    def __init__(self, log: Path, *, plain: bool) -> None:
        words = [sys.executable, str(HERE / "kills_house.py"), *(["--plain"] if plain else [])]
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        self.pids: dict[str, int] = {}
        self.ends: Counter[str] = Counter()
        self._log = log.open("w", encoding="utf-8")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._log.write(line)
            name, _, said = line.partition("|")
            if name.strip() != "serve":
                continue
            words = said.split()
            if words[1:2] == ["started"]:
                self.pids[words[0]] = int(words[2].removeprefix("pid="))
            elif words[1:2] == ["ended"]:
                self.pids.pop(words[0], None)
                self.ends[f"{words[0]} {words[2]}"] += 1

    def victim(self, name: str, chance: Random) -> int | None:
        """The process of a victim, if there is one now."""
        match name:
            case "web worker":
                children = self._children_of("web")
            case "session":
                children = self._children_of("database")
            case _:
                return self.pids.get(name)
        return chance.choice(children) if children else None

    def _children_of(self, name: str) -> list[int]:
        """The processes below one of ours."""
        pid = self.pids.get(name)
        try:
            found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        except OSError:
            return []
        return [int(each) for each in found]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(120)
        self._reader.join(10)
        self._log.close()
        return status


def patiently(what: str, seconds: float, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"after {seconds:.0f} s: {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def prepared(folder: Path, mail: int) -> None:
    """A cluster with its tables, and Django in the system's role."""
    os.environ.update(
        AFSPRAAK_DATA=str(folder),
        AFSPRAAK_PORT=str(free_port()),
        AFSPRAAK_WEB_WORKERS="1",
        AFSPRAAK_ROLE="system",
        AFSPRAAK_MAIL_SMTP_URL=f"smtp://127.0.0.1:{mail}",
        AFSPRAAK_MAIL_ADDRESS="desk@noord-ict.example",
        DJANGO_SETTINGS_MODULE="afspraak.project.settings",
    )
    os.environ.pop("AFSPRAAK_DATABASE_URL", None)
    from afspraak.host import cluster
    from afspraak.host.data import data_folder
    from afspraak.host.database import address, prepare

    cluster.start(data_folder())
    prepare(address("owner"))
    words = [sys.executable, "-m", "afspraak", "migrate"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()


class Run:
    """One run: the house, its clients, the killer."""

    def __init__(self, wish: argparse.Namespace, folder: Path) -> None:
        self.wish, self.folder = wish, folder
        mail = free_port()
        prepared(folder, mail)
        from aiosmtpd.controller import Controller
        from django.db import connection
        from kills_load import Box, Client, Record
        from kills_world import make_household

        from afspraak.host import cluster

        self.box, self.record = Box(), Record()
        self.post = Controller(self.box, hostname="127.0.0.1", port=mail)
        self.post.start()

        household = make_household(int(datetime.now(UTC).timestamp() * 1e6))
        connection.close()
        cluster.stop(folder)
        port = int(os.environ["AFSPRAAK_PORT"])
        self.clients = [
            Client(number, wish.seed, port, household, self.record)
            for number in range(wish.clients)
        ]
        self.log = Path(tempfile.gettempdir()) / f"{folder.name}.log"
        self.house = House(self.log, plain=wish.plain)
        self.killed: Counter[str] = Counter()
        self.blows = self.looked = 0
        self.is_asked_to_stop = False
        signal.signal(signal.SIGTERM, self._stop)

    def kill_all(self) -> None:
        """As many kills as were asked for, each once the last one has been overcome."""
        chance = Random(self.wish.seed)
        for client in self.clients:
            client.start()
        self._overcome()
        began, number = time.monotonic(), 0
        while number < self.wish.kills and not self.is_asked_to_stop:
            self._overcome()
            for _ in range(min(chance.randint(1, MOST_AT_ONCE), self.wish.kills - number)):
                time.sleep(chance.uniform(0, 0.35))
                self._kill(chance)
                number += 1
                if number % 25 == 0:
                    self._say(number, began)
            self.blows += 1
            if number // CHECK_EVERY > self.looked and number < self.wish.kills:
                self.looked += 1
                self._look(number, began)

    def _stop(self, _number: int, _frame: object) -> None:
        self.is_asked_to_stop = True

    def fill_all(self) -> None:
        """The disk is full as often as was asked for, each time once the last one is overcome."""
        chance = Random(self.wish.seed)
        for client in self.clients:
            client.start()
        for number in range(1, self.wish.full + 1):
            self._overcome()
            time.sleep(chance.uniform(0, 2))
            filled(self.folder / "ballast", chance.uniform(2, 8))
            print(f"full {number} times, {self.record.answered} writes answered", flush=True)
        self._overcome()

    def _overcome(self) -> None:
        before = self.record.answered

        patiently(
            f"no write was answered any more: {self.record.faults}",
            UP_SECONDS,
            lambda: self.record.answered > before,
        )

    def _kill(self, chance: Random) -> None:
        names = chance.choices(list(VICTIMS), list(VICTIMS.values()), k=50)
        while True:
            for name in names:
                pid = self.house.victim(name, chance)
                if pid is None:
                    continue
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                self.killed[name] += 1
                return
            time.sleep(0.02)

    def _say(self, number: int, began: float) -> None:
        print(
            f"{number} kills, {time.monotonic() - began:.0f} s, {self.record.answered} writes"
            f" answered, {len(self.box.taken)} mails, {len(self.record.faults)} faults",
            flush=True,
        )

    def _look(self, number: int, began: float) -> None:
        """What may never be, while everybody goes on; facts are compared at the end."""
        from django.db import connection
        from kills_judge import NOTHING, rows

        self._overcome()
        found = {what: rows(statement) for what, statement in NOTHING.items()}
        connection.close()
        bad = [f"{what}: {each[0]}" for what, each in found.items() if each]
        self.record.faults.extend(f"after {number} kills: {each}" for each in bad)
        print(f"looked after {number} kills, {time.monotonic() - began:.0f} s: {bad or 'well'}")

    def rest(self) -> list[str]:
        """Everybody finishes what they began; then the whole judgement."""
        from django.db import connection
        from kills_judge import busy, findings

        for client in self.clients:
            client.end()
        for client in self.clients:
            client.join(300)
            if client.is_alive():
                self.record.fault(f"{client.name} is never answered")
        began = time.monotonic()
        try:
            patiently("something is still on its way", REST_SECONDS, lambda: quiet(busy))
        except TimeoutError as fault:
            self.record.fault(str(fault))
        print(f"at rest after {time.monotonic() - began:.0f} s", flush=True)
        found = list(findings(self.record, self.box, at_rest=True))
        connection.close()
        return found


def filled(ballast: Path, seconds: float) -> None:
    """No room on the disk for so long, also where something is given free meanwhile."""
    until = time.monotonic() + seconds
    with ballast.open("ab", buffering=0) as file:
        size = 1 << 20
        while time.monotonic() < until:
            try:
                file.write(bytes(size))
            except OSError:
                size = max(size >> 1, 1)
                time.sleep(0.02)
    ballast.unlink()


def quiet(busy: Callable[[], int]) -> bool:
    time.sleep(1)
    return busy() == 0


def told(run: Run, seconds: float, found: list[str]) -> dict[str, Any]:
    from kills_judge import rows

    def count(what: str) -> int:
        return int(rows(f"SELECT count(*) FROM {what}")[0][0])  # noqa: S608  (our own words)

    copies = [number for _, number in run.box.copies()]
    return {
        "seed": run.wish.seed,
        "plain": run.wish.plain,
        "kills": dict(run.killed),
        "all kills": sum(run.killed.values()),
        "blows": run.blows,
        "seconds of killing": round(seconds),
        "clients": run.wish.clients,
        "writes answered": run.record.answered,
        "facts": len(run.record.facts),
        "what happened": dict(sorted(run.record.counts.items())),
        "tickets": count("tickets_ticket"),
        "misses": count("clocks_assessment WHERE missed_at IS NOT NULL"),
        "obligations": count("notices_obligation"),
        "notices sent": count("notices_notice WHERE state = 'sent'"),
        "Message-IDs that came": len(run.box.taken),
        "second copies of a mail": sum(copies) - len(copies),
        "ends": dict(run.house.ends),
        "findings": found,
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=2_000)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked.add_argument("--clients", type=int, default=3)
    asked.add_argument("--plain", action="store_true")
    asked.add_argument("--json", type=Path)
    asked.add_argument("--full", type=int, default=0)
    asked.add_argument("--on", type=Path, help="where the installation is made")
    asked.add_argument("--keep", action="store_true", help="keep the folder")
    wish = asked.parse_args()
    print(f"seed {wish.seed}", flush=True)
    sys.path.insert(0, str(HERE))
    folder = Path(tempfile.mkdtemp(prefix="kills", dir=wish.on))
    run = None
    try:
        run = Run(wish, folder)
        began = time.monotonic()
        run.fill_all() if wish.full else run.kill_all()
        seconds = time.monotonic() - began
        found = run.rest()
        summary = told(run, seconds, found)
        print(json.dumps(summary, indent=1))
        if wish.json:
            wish.json.write_text(json.dumps(summary, indent=1), "utf-8")
        return 1 if found else 0
    finally:
        leave(run, folder, keep=wish.keep)


def leave(run: Run | None, folder: Path, *, keep: bool) -> None:
    """Nothing of it stays, whatever happened."""
    from afspraak.host import cluster
    from afspraak.host.places import places_of

    if run is not None:
        run.house.stop()
        run.post.stop()
    cluster.stop(folder)
    places = places_of(folder)
    if not keep:
        for each in (places.run, places.home, folder):
            shutil.rmtree(each, ignore_errors=True)
        if run is not None:
            run.log.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
