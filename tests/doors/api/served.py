"""The API as it is really served: over HTTP, under the application's own role, with commits."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.db import connections
from embedded import session_address

from afspraak.project.wsgi import application


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def as_database(name: str, role: str) -> Iterator[None]:
    """Threads that begin now see this database, in this role."""
    settings = connections.databases["default"]
    before = dict(settings)
    own = connections["default"]  # this thread's, which may connect anew meanwhile
    its_own = own.settings_dict
    own.settings_dict = dict(its_own)
    there = session_address(role, name=name)
    settings.update(
        HOST=there.host,
        PORT=str(there.port),
        NAME=there.name,
        USER=there.user,
        PASSWORD=there.password,
        CONN_MAX_AGE=None,
    )
    try:
        yield
    finally:
        settings.clear()
        settings.update(before)
        own.settings_dict = its_own


def in_thread(work: Callable[[], Any]) -> Any:
    """Work done with a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found, "the work failed"
    return found[0]


@contextmanager
def serving() -> Iterator[str]:
    """The address at which the API is served until the end of the block."""
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:

        def run() -> None:
            try:
                server.serve_forever(poll_interval=0.05)
            finally:
                connections["default"].close()

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def http(method: str, url: str, body: Any, secret: str) -> Any:
    """One request by a token; the answer as values."""
    told = Request(
        url,
        data=json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    with urlopen(told, timeout=30) as answer:
        return json.load(answer)
