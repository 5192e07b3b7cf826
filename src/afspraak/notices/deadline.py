"""A bound on a whole exchange, not on each of its reads: a peer that drips bytes gains nothing."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def cut_off(sock: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Shuts the socket when the time is over; whoever reads or writes then sees its end.

    The event is set when that happened.
    """
    happened = threading.Event()
    # A descriptor of our own: TLS takes the socket's away from it, and a closed one may be reused.
    twin = socket.socket(fileno=os.dup(sock.fileno()))

    def cut() -> None:
        happened.set()
        with suppress(OSError):  # the other end was faster
            twin.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield happened
    finally:
        timer.cancel()
        timer.join()
        twin.close()
