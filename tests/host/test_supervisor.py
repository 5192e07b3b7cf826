"""Children come back, stop in order, and don't outlive us."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from embedded import environment

DRIVER = """
import subprocess, sys
from afspraak.host.supervisor import Job, command, supervise

SLEEP = "echo up; exec sleep 1000"
STUBBORN = "trap '' TERM; echo up; while true; do sleep 1000; done"

def shell(name, text, **rest):
    return command(name, ["sh", "-c", text], {}, **rest)

CASES = {
    "two": [shell("first", SLEEP), shell("second", SLEEP)],
    "once": [shell("before", "echo done", once=True), shell("first", SLEEP)],
    "fails": [shell("before", "exit 3", once=True), shell("first", SLEEP)],
    "crashes": [shell("first", SLEEP), shell("bad", "echo no; exit 1")],
    "stubborn": [shell("first", SLEEP), shell("bad", STUBBORN, stop_seconds=0.2)],
    "patient": [shell("bad", STUBBORN, stop_seconds=1000)],
    "missing": [command("bad", ["no-such-program"], {})],
    "litter": [shell("first", "sleep 1000 & echo left $!; wait")],
    "noisy": [shell("first", r"printf 'a\\033[2Jb\\377c\\nhalf'; exec sleep 1000")],
    "foreign": [Job(name="theirs", spawn=lambda out: None), shell("first", SLEEP)],
    "late": [
        Job(name="never", spawn=lambda out: None, ready=lambda: False),
        shell("first", SLEEP),
    ],
}
def tell(name, line):
    print(f"{name} | {line}", flush=True)

sys.exit(supervise(CASES[sys.argv[1]], tell, first_pause=0.05))
"""
Running = Callable[[str], "Served"]


class Served:
    """A supervisor in a process of its own, whose lines are read one by one."""

    def __init__(self, case: str, data: Path) -> None:
        words = [sys.executable, "-c", DRIVER, case]
        self.process = subprocess.Popen(
            words, env=environment(data), stdout=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self.patience = threading.Timer(60, self.process.kill)
        self.patience.start()

    def until(self, *wanted: str) -> str:
        """Read on until a line holds each of the words; it is returned."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if all(word in line for word in wanted):
                return self.lines[-1]
        raise AssertionError(f"no line with {wanted} in {self.lines}")

    def pid(self, name: str) -> int:
        return int(self.until(f"{name} started").split("pid=")[1])

    def stop(self) -> int:
        """SIGTERM, all the rest of its lines, its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        assert self.process.stdout
        self.lines += self.process.stdout.read().splitlines()
        return self.process.wait(30)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Running]:
    made: list[Served] = []

    def serve(case: str) -> Served:
        made.append(Served(case, tmp_path))
        return made[-1]

    yield serve
    for each in made:
        each.patience.cancel()
        each.process.kill()
        each.process.wait()
        assert each.process.stdout
        each.process.stdout.close()


def ended(pid: int) -> bool:
    """Whether a process ends within ten seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def events(served: Served, word: str) -> list[str]:
    return [line.split()[2] for line in served.lines if line.startswith("serve") and word in line]


def test_they_start_in_order_and_stop_in_the_opposite_one(served: Running) -> None:
    two = served("two")
    two.until("second | up")
    assert two.stop() == 0
    assert events(two, "started") == ["first", "second"]
    assert events(two, "stops") == ["second", "first"]
    assert two.lines.index("serve | second ended status=-15") < two.lines.index(
        "serve | first stops"
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_are_the_same(served: Running, how: signal.Signals) -> None:
    two = served("two")
    two.until("second | up")
    two.process.send_signal(how)
    assert two.end() == 0
    assert events(two, "stops") == ["second", "first"]


def test_a_killed_child_comes_back(served: Running) -> None:
    two = served("two")
    first = two.pid("first")
    two.until("second | up")
    os.kill(first, signal.SIGKILL)
    two.until("first ended status=-9")
    assert two.pid("first") != first
    two.until("first | up")
    assert two.stop() == 0
    assert events(two, "second ended") == ["second"]  # its fellow has not been touched


def test_one_that_cannot_stay_comes_back_later_and_later(served: Running) -> None:
    crashes = served("crashes")
    pauses = [crashes.until("comes back").split("in_seconds=")[1] for _ in range(4)]
    assert pauses == ["0.05", "0.1", "0.2", "0.4"]
    assert crashes.stop() == 0


def test_a_program_that_is_not_there_is_told(served: Running) -> None:
    missing = served("missing")
    missing.until("bad could not start", "no-such-program")
    assert missing.until("bad comes back").endswith("0.05")
    assert missing.until("bad comes back").endswith("0.1")
    assert missing.stop() == 0


def test_what_must_come_first_ends_well_first(served: Running) -> None:
    once = served("once")
    once.until("first | up")
    assert once.lines.index("serve | before ended status=0") < once.lines.index("first | up")
    assert once.stop() == 0
    assert events(once, "before started") == ["before"]


def test_what_must_come_first_and_fails_ends_all(served: Running) -> None:
    fails = served("fails")
    assert fails.end() == 1
    assert "serve | before ended status=3" in fails.lines
    assert events(fails, "first") == []


def test_nothing_starts_before_what_it_needs_is_ready(served: Running) -> None:
    late = served("late")
    late.until("never runs already")
    assert late.stop() == 0
    assert events(late, "first") == []


def test_what_somebody_else_started_is_left_to_them(served: Running) -> None:
    foreign = served("foreign")
    foreign.until("first | up")
    assert foreign.stop() == 0
    assert events(foreign, "stops") == ["first"]


def test_one_that_will_not_stop_is_made_to(served: Running) -> None:
    stubborn = served("stubborn")
    stubborn.until("bad | up")
    assert stubborn.stop() == 0
    assert "serve | bad is made to end" in stubborn.lines
    assert "serve | bad ended status=-9" in stubborn.lines


def test_a_second_signal_makes_short_work_of_it(served: Running) -> None:
    patient = served("patient")
    patient.until("bad | up")
    patient.process.send_signal(signal.SIGTERM)
    patient.until("bad stops")
    assert patient.stop() == 0
    assert "serve | bad is made to end" in patient.lines


def test_what_a_child_leaves_behind_ends_with_it(served: Running) -> None:
    litter = served("litter")
    main = litter.pid("first")
    left = int(litter.until("first | left").split()[-1])
    os.kill(main, signal.SIGKILL)
    assert ended(left)
    litter.until("first | left")
    assert litter.stop() == 0


def test_a_line_is_one_line_whatever_is_in_it(served: Running) -> None:
    noisy = served("noisy")
    assert noisy.until("first | a") == "first | a [2Jb\ufffdc"
    assert noisy.stop() == 0
    assert "first | half" in noisy.lines


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_children_do_not_outlive_a_killed_parent(served: Running) -> None:
    two = served("two")
    pids = [two.pid("first"), two.pid("second")]
    two.until("second | up")
    two.process.kill()
    assert [ended(pid) for pid in pids] == [True, True]
