"""The process that reads mails: limited by the kernel, with no file, no socket and no secret.

Started by `reader.py` as `python -m afspraak.mail.child FD LIMITS`; FD is one end of a pair of
sockets. What it is handed may be hostile; all it can do is to answer, or to die.
"""

import json
import math
import resource
import signal
import socket
import sys
from dataclasses import asdict
from typing import Final

from afspraak.mail.clean import load_codecs
from afspraak.mail.message import Limits, Quarantined, Reason
from afspraak.mail.parse import parse
from afspraak.mail.wire import LENGTH, Read, framed, packed

READY: Final = b"R"
# A mail in which everything occurs that could make Python load a module later on.
WARM_UP: Final = b"""\
From: =?utf-8?q?A?= <a@b.example>
Date: Thu, 1 Jan 2026 00:00:00 +0100
Subject: =?utf-8?b?YQ==?=
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>a=C3=A9&amp;</p>
--x
Content-Type: message/rfc822
Content-Disposition: attachment; filename*=utf-8''%61

Subject: a

a
--x--
"""


def arguments(fd: int, limits: Limits) -> list[str]:
    """What the child is started with."""
    return [str(fd), json.dumps(asdict(limits))]


def main() -> None:
    """Read mails from the socket until it closes, or until memory has run out once."""
    fd, described = sys.argv[1:]
    limits = Limits(**json.loads(described))
    load_codecs()
    answer(WARM_UP, limits)
    confine(limits)
    with socket.socket(fileno=int(fd)) as sock:
        sock.sendall(READY)
        while (raw := received(sock)) is not None:
            allow_cpu(limits.cpu_seconds)
            read = answer(raw, limits)
            sock.sendall(framed(*packed(read)))
            if isinstance(read, Quarantined) and read.reason is Reason.MEMORY:
                return


def confine(limits: Limits) -> None:
    """Take away what reading a mail does not need; what is open stays open."""
    taken = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,  # no file and no socket can be opened from here on
    }
    for what, most in taken.items():
        resource.setrlimit(what, (most, most))


def allow_cpu(seconds: int) -> None:
    """Grant that much computing from now on; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def answer(raw: bytes, limits: Limits) -> Read:
    """The mail, or why there is none. The detail names no text of the mail's own."""
    try:
        return parse(raw, limits)
    except RecursionError:
        return Quarantined(Reason.NESTED)
    except MemoryError:
        return Quarantined(Reason.MEMORY)
    except Exception as error:  # noqa: BLE001  (whatever a hostile mail makes the library raise)
        return Quarantined(Reason.UNREADABLE, type(error).__name__)


def received(sock: socket.socket) -> bytes | None:
    """The next block, or None at the end."""
    head = _exactly(sock, LENGTH)
    return None if head is None else _exactly(sock, int.from_bytes(head, "big"))


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    """That many bytes; None when the other end has closed."""
    block = bytearray(size)
    view, at = memoryview(block), 0
    while at < size:
        got = sock.recv_into(view[at:])
        if not got:
            return None
        at += got
    return bytes(block)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pair
    main()
