"""What the web server writes down of each request: no names, no addresses, no queries; a number by
which the lines of one request are found again, and which the answer carries.
"""

import logging
import re
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Final

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from afspraak.web.counting import count

Respond = Callable[[HttpRequest], HttpResponseBase]
HEADER: Final = "X-Request-ID"
_FORM: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


@cache
def log() -> structlog.stdlib.BoundLogger:
    """The web door's log: lines for a person at a terminal, JSON for everything else."""
    is_terminal = sys.stderr.isatty()
    shape: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    made: structlog.stdlib.BoundLogger = structlog.get_logger("afspraak.web")
    return made


def numbered(respond: Respond) -> Respond:
    """Django's middleware that gives each request its number and writes one line when it is
    answered. The route is named, not the path: that holds ids.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        begun = datetime.now(UTC)
        given = request.headers.get(HEADER, "")
        number = given if _FORM.fullmatch(given) else secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request=number):
            response = respond(request)
            took = (datetime.now(UTC) - begun).total_seconds()
            route = request.resolver_match.route if request.resolver_match else "-"
            count(route=route, method=request.method or "", status=response.status_code, took=took)
            log().info(
                "answered",
                method=request.method,
                route=route,
                status=response.status_code,
                milliseconds=round(took * 1000),
            )
        response[HEADER] = number
        return response

    return answer
