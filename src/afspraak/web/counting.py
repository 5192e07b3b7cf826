"""What Prometheus reads of the web door, by route: how many answers, and how long they took."""

from typing import Final

from prometheus_client import Counter, Histogram

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANSWERED: Final = Counter(
    "afspraak_http_requests", "Requests that were answered.", ("route", "method", "status")
)
TOOK: Final = Histogram("afspraak_http_seconds", "How long an answer took.", ("route",))


def count(*, route: str, method: str, status: int, took: float) -> None:
    """One more answer."""
    known = method if method in METHODS else "other"
    ANSWERED.labels(route=route, method=known, status=str(status)).inc()
    TOOK.labels(route=route).observe(took)
