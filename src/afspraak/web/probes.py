"""Probes: is the process alive, is the installation ready, and what Prometheus asks."""

import hmac
import os
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from afspraak.clocks.beats import silences_at
from afspraak.parties.stated import PUBLIC, stated
from afspraak.web.viewing import is_loopback
from afspraak.web.visit import Visit


@require_safe
@stated(PUBLIC)
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is alive: it answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@stated(PUBLIC)
def readyz(request: Visit) -> JsonResponse:
    """The database answers, every migration is applied, the watch looks. It says which fails."""
    checks = {"database": False, "migrations": False, "watch": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        checks["migrations"] = _is_migrated()
        checks["watch"] = not silences_at(request.at)
    except DatabaseError:
        pass
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _is_migrated() -> bool:
    """Asked until it is so once: migrations go forward only."""
    if not _APPLIED:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _APPLIED.append(True)
    return bool(_APPLIED)


_APPLIED: Final[list[bool]] = []


@require_safe
@stated(PUBLIC)
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, on this machine or with the token that is set for it."""
    token = os.environ.get("AFSPRAAK_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    is_known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not (is_known or is_loopback(request)):
        raise PermissionDenied
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
