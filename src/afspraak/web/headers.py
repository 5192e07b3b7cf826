"""Every answer but a static file is private: nothing on the way keeps it."""

from collections.abc import Callable
from typing import Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]
STATIC: Final = "/static/"
NOTHING: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no page of ours asks a browser for."""


def private(respond: Respond) -> Respond:
    """Django's middleware for headers that every page has."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if not request.path_info.startswith(STATIC) and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response.setdefault("Permissions-Policy", NOTHING)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


class Policy(CSPMiddleware):
    """What a page may load and run; an answer that brings a policy of its own (the API's, a
    document's) keeps it, and none is made for it.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Django's hook."""
        return response if HEADER in response else super().process_response(request, response)
