"""Reads mails in a child process, so that no mail can stop the queue (RELIABILITY, Mail in)."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import afspraak
from afspraak.mail import child
from afspraak.mail.message import LIMITS, Limits, Quarantined, Reason
from afspraak.mail.wire import LENGTH, Read, sized, unpacked

START_SECONDS: Final = 60.0
MOST_HEAD: Final = 64 * 1024 * 1024  # of what the child may say beside the attachments
MAILS_PER_CHILD: Final = 500

_AGAIN: Final = {Reason.CRASHED, Reason.MEMORY}  # worth a second try in a child that is fresh


class ReaderUnavailable(RuntimeError):
    """No child could be started: a fault of this installation, not of a mail."""


class Reader:
    """One child that reads mail after mail; a new one takes over when it dies or has read many.

    For one thread. A mail that was too much for a used child is tried once more in a fresh one,
    so that no mail suffers for the one before it.
    """

    def __init__(self, limits: Limits = LIMITS, *, mails_per_child: int = MAILS_PER_CHILD) -> None:
        self.limits = limits
        self.mails_per_child = mails_per_child
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child."""
        if self._child:
            self._child.end()
            self._child = None

    def read(self, raw: bytes, *, size: int = 0) -> Read:
        """The mail, or why it was set apart. Raises ReaderUnavailable when no child starts.

        `size`: of the whole mail, where `raw` may be only its beginning (`imap.Fetched.size`).
        """
        size = max(size, len(raw))
        if size > self.limits.raw_bytes:
            detail = f"{size} bytes, at most {self.limits.raw_bytes}"
            return Quarantined(Reason.TOO_LARGE, detail)
        was_used = self._child is not None
        read = self._read(raw)
        if was_used and isinstance(read, Quarantined) and read.reason in _AGAIN:
            read = self._read(raw)
        return read

    def _read(self, raw: bytes) -> Read:
        self._child = self._child or _Child(self.limits)
        read = self._child.read(raw)
        spent = isinstance(read, Quarantined) and read.reason in {*_AGAIN, Reason.TIME}
        if spent or self._child.mails >= self.mails_per_child:
            self.close()
        return read


class _Child:
    """A running child and our end of its socket."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.mails = 0
        self._sock, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own module, our own arguments)
                [
                    sys.executable,
                    "-P",
                    "-m",
                    child.__name__,
                    *child.arguments(theirs.fileno(), limits),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        try:
            ready = self._received(1, time.monotonic() + START_SECONDS)
        except OSError:
            ready = b""
        if ready != child.READY:
            self.end()
            raise ReaderUnavailable(
                f"the process that reads mails did not start (exit {self._process.returncode}): "
                f"try `{sys.executable} -m {child.__name__}` by hand to see why"
            )

    def read(self, raw: bytes) -> Read:
        """One mail, within the wall time; whatever goes wrong is an answer too."""
        self.mails += 1
        until = time.monotonic() + self.limits.wall_seconds
        try:
            self._sock.settimeout(self.limits.wall_seconds)
            self._sock.sendall(sized(raw))
            self._sock.sendall(raw)
            head = self._block(MOST_HEAD, until)
            files = self._block(self.limits.attachment_bytes, until)
            return unpacked(head, files)
        except TimeoutError:
            return Quarantined(Reason.TIME, f"{self.limits.wall_seconds:g} s")
        except (OSError, ValueError) as error:
            return self._died(str(error))

    def end(self) -> None:
        """No child is left behind, whatever it is doing."""
        self._sock.close()
        self._process.kill()
        self._process.wait()

    def _died(self, why: str) -> Quarantined:
        self._process.kill()  # when it only talked nonsense
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return Quarantined(Reason.TIME, f"{self.limits.cpu_seconds} s of computing")
        return Quarantined(Reason.CRASHED, f"exit {code}: {why}")

    def _block(self, most: int, until: float) -> bytes:
        size = int.from_bytes(self._received(LENGTH, until), "big")
        if size > most:
            raise ValueError("the child said more than a mail can hold")
        return self._received(size, until)

    def _received(self, size: int, until: float) -> bytes:
        block = bytearray(size)
        view, at = memoryview(block), 0
        while at < size:
            self._sock.settimeout(max(until - time.monotonic(), 0.001))
            got = self._sock.recv_into(view[at:])
            if not got:
                raise ConnectionResetError("the child ended")
            at += got
        return bytes(block)


def _environment() -> dict[str, str]:
    """Where the project lies, and nothing else: no secret of ours reaches the child."""
    return {"PYTHONPATH": str(Path(afspraak.__file__).parent.parent), "PYTHONUTF8": "1"}
