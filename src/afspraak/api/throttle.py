"""How often one asker may ask: each has a bucket that fills evenly; whoever has emptied it waits.

Every process of the web server keeps buckets of its own and gives out its even part of the limit:
no request waits for a row that all of them write.
"""

import os
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from afspraak.api.problem import Refused
from afspraak.engine.time import MINUTE, SECOND

RATE: Final = "AFSPRAAK_API_RATE"
WORKERS: Final = "AFSPRAAK_WEB_WORKERS"
USUAL: Final = 12_000
"""Requests a minute of one token or person, where nothing is set."""
MOST_KNOWN: Final = 10_000
"""Buckets that are kept; whoever has not asked for the longest is forgotten, with a full one."""


def limit() -> int:
    """Requests a minute in this process; 0: none is counted."""
    told = os.environ.get(RATE, "")
    whole = int(told) if told.isascii() and told.isdigit() else USUAL
    workers = os.environ.get(WORKERS, "")
    parts = int(workers) if workers.isascii() and workers.isdigit() else min(4, os.cpu_count() or 1)
    return -(-whole // max(1, parts))


@dataclass(slots=True)
class Bucket:
    """What is left, in microseconds of filling; and when that was so."""

    left: int
    at: int


class Buckets:
    """The buckets of one process, by who asks."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, asker: UUID, most: int, at: int) -> int:
        """Take one request out of a bucket that holds `most` and fills in a minute; 0, or how many
        microseconds are to be waited for the next.
        """
        each = -(-MINUTE // most)
        with self._lock:
            bucket = self._known.setdefault(asker, Bucket(MINUTE, at))
            self._known.move_to_end(asker)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
            bucket.left = min(MINUTE, bucket.left + max(0, at - bucket.at))
            bucket.at = at
            if bucket.left < each:
                return each - bucket.left
            bucket.left -= each
        return 0


BUCKETS: Final = Buckets()


def throttle(asker: UUID, at: int) -> None:
    """Raises Refused (429), with when to ask again, for who asks too often."""
    most = limit()
    wait = BUCKETS.take(asker, most, at) if most else 0
    if wait:
        seconds = -(-wait // SECOND)
        raise Refused(
            429,
            "too-many",
            f"You may ask {most} times a minute here; ask again in {seconds} s.",
            **{"Retry-After": str(seconds)},
        )
