"""A client that costs little: requests as bytes on connections that stay open, one outstanding on
each; answers are read whole, and their status is seen to.
"""

import selectors
import socket
from collections.abc import Iterable
from contextlib import contextmanager
from time import perf_counter

CHUNK = 1 << 20


def request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One request of HTTP/1.1."""
    told = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class Answer:
    """What came back, as it comes in."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._whole: int | None = None

    def feed(self, data: bytes) -> bool:
        """Whether it is all there. Every server here says how long its answer is."""
        assert data, f"the server closed the connection: {bytes(self._data[:400])!r}"
        self._data += data
        if self._whole is None and (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._data[:end]).lower()
            at = head.index(b"content-length:") + len(b"content-length:")
            self._whole = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        return self._whole is not None and len(self._data) >= self._whole

    @property
    def status(self) -> int:
        return int(self._data[9:12])

    @property
    def head(self) -> str:
        return bytes(self._data).partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return bytes(self._data).partition(b"\r\n\r\n")[2]


@contextmanager
def connections(port: int, count: int):
    """So many open connections."""
    found = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for each in found:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield found
    finally:
        for each in found:
            each.close()


def ask(port: int, asked: bytes) -> Answer:
    """One answer."""
    answers, _ = ask_all(port, [asked], 1)
    return answers[0]


def ask_all(port: int, asked: Iterable[bytes], count: int) -> tuple[list[Answer], list[float]]:
    """All answers, and how long each took, in seconds; `count` requests are under way at once."""
    waiting = iter(asked)
    answers, took = [], []
    with connections(port, count) as found, selectors.DefaultSelector() as ready:
        for each in found:
            ready.register(each, selectors.EVENT_READ)
            _send(ready, each, waiting)
        while ready.get_map():
            for key, _ in ready.select():
                answer, began = key.data
                if answer.feed(key.fileobj.recv(CHUNK)):
                    took.append(perf_counter() - began)
                    answers.append(answer)
                    _send(ready, key.fileobj, waiting)
    return answers, took


def _send(ready: selectors.BaseSelector, connection: socket.socket, waiting) -> None:
    asked = next(waiting, None)
    if asked is None:
        ready.unregister(connection)
        return
    ready.modify(connection, selectors.EVENT_READ, (Answer(), perf_counter()))
    connection.sendall(asked)
