"""Children that don't outlive us."""

import ctypes
import os
import sys
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def tied(how: int) -> Callable[[], None] | None:
    """For subprocess's `preexec_fn`: the kernel sends the child `how` when the thread that started
    it ends, even by kill -9. Linux only; elsewhere None, and a child outlives a killed parent.

    It runs in the child after it has changed its account, which would undo it.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it has died already, and nobody would tell us
            os._exit(1)

    return tie
