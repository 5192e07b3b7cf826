"""The outermost layer of everything below /api/: every refusal is a problem detail, every answer is
private, and what has not changed is not sent again.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Final, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve
from django.utils.http import parse_etags

from afspraak.api.problem import MEDIA, problem

PREFIX: Final = "/api/"
INERT: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""What an answer of the API may load or do, should a browser show it: nothing."""
Respond = Callable[[HttpRequest], HttpResponseBase]
_KEPT: Final = ("Allow", "Retry-After", "WWW-Authenticate")


def edge(respond: Respond) -> Respond:
    """Django's middleware for the API."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return respond(request)
        inner = _straight if "Authorization" in request.headers else respond
        return _private(request, _told(inner(request)))

    return answer


def _operation(request: HttpRequest) -> HttpResponseBase:
    """The operation of a program that says who it is in the request itself: it has no session, no
    form and no language, so what stands between the edge and the operations has nothing to do.
    """
    request.get_host()  # an address that is not ours is refused here, too
    found = request.resolver_match = _operation_at(request.path_info)
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer


def _operation_at(path: str) -> ResolverMatch:
    """Raises Http404. An address without ids is looked for once."""
    found = _FOUND.get(path)
    if found is None:
        found = resolve(path)
        if not found.kwargs:
            _FOUND[path] = found
    return found


_FOUND: Final[dict[str, ResolverMatch]] = {}
_straight: Final = cast("Respond", convert_exception_to_response(_operation))


def _told(response: HttpResponseBase) -> HttpResponseBase:
    """Django's own refusals as problems: an unknown address, a method that is not taken, our own
    faults.
    """
    is_refusal = response.status_code >= 400  # noqa: PLR2004  (HTTP's own border)
    if not is_refusal or response.headers.get("Content-Type") == MEDIA:
        return response
    told = problem(response.status_code)
    for name in _KEPT:
        if name in response.headers:
            told[name] = response.headers[name]
    return told


def _private(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store, private"
    response["Vary"] = "Authorization, Cookie, Afspraak-Organisation"
    response["X-Content-Type-Options"] = "nosniff"
    response.setdefault("Content-Security-Policy", INERT)
    response.setdefault("X-Frame-Options", "DENY")
    if isinstance(response, HttpResponse):
        response.setdefault("Content-Length", str(len(response.content)))
    whole = isinstance(response, HttpResponse) and response.status_code == 200  # noqa: PLR2004  (OK, as everywhere)
    if not whole or request.method not in ("GET", "HEAD"):
        return response
    assert isinstance(response, HttpResponse)
    tag = response.headers.get("ETag") or tag_of(response.content)
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in asked or tag.removeprefix("W/") in {each.removeprefix("W/") for each in asked}:
        same = HttpResponseNotModified()
        for name in ("Cache-Control", "Vary"):
            same[name] = response[name]
        response = same
    response["ETag"] = tag
    return response


def tag_of(content: bytes) -> str:
    """The weak tag of a body: the same meaning, whatever the bytes on the wire."""
    return f'W/"{sha256(content).hexdigest()[:32]}"'
