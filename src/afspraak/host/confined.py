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


def answer_of(module: str, told: bytes, *words: str) -> bytes:
    """What `python -m module words...` writes, when `told` comes in. Raises NotDone."""
    command = [sys.executable, "-P", "-m", module, *words]
    try:
        done = subprocess.run(
            command,
            input=told,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=_environment(),
            cwd="/",
        )
    except subprocess.TimeoutExpired as late:
        raise NotDone(f"it was not ready within {SECONDS} seconds") from late
    if done.returncode != 0:
        raise NotDone(done.stderr.decode(errors="replace")[-2_000:])
    return done.stdout


def _environment() -> dict[str, str]:
    """Where Python finds its modules, and nothing else: no setting, no secret."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


def confine() -> None:
    """In the child: take away what it does not need. No file is written, no more than a few are
    read.
    """
    taken = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: FILES,
    }
    for what, most in taken.items():
        resource.setrlimit(what, (most, most))
