"""A program of ours that is given somebody else's bytes: in a process of its own, which gets
nothing but what it is told, and its limits.
"""

import os
import resource
import subprocess
import sys
from typing import Final

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 2 << 30
FILES: Final = 64
SECONDS: Final = 30


class NotDone(RuntimeError):
    """The child gave no answer; the message is its own."""


def answer_of(module: str, told: bytes, *words: str, seconds: int = SECONDS) -> bytes:
    """What `python -m module words...` writes, when `told` comes in. Raises NotDone."""
    command = [sys.executable, "-P", "-m", module, *words]
    try:
        done = subprocess.run(
            command,
            input=told,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(),
            cwd="/",
        )
    except subprocess.TimeoutExpired as late:
        raise NotDone(f"it was not ready within {seconds} seconds") from late
    if done.returncode != 0:
        raise NotDone(done.stderr.decode(errors="replace")[-2_000:])
    return done.stdout


def _environment() -> dict[str, str]:
    """Where Python finds its modules, and nothing else: no setting, no secret."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


def confine(*, files: int = FILES, cpu_seconds: int = CPU_SECONDS) -> None:
    """In the child: take away what it does not need. No file is written, no more than a few are
    read; with 0 no file and no socket can be opened from here on.
    """
    taken = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: files,
    }
    for what, most in taken.items():
        resource.setrlimit(what, (most, most))
