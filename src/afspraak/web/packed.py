"""Scripts and styles leave packed: they are the same for everybody, so that their length tells
nothing. Pages do not: the length of what is packed would tell what stands in them.
"""

import gzip
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

KINDS: Final = ("text/css", "text/javascript", "image/svg+xml")
LEAST: Final = 1_000
"""Bytes: less gains nothing."""
Respond = Callable[[HttpRequest], HttpResponseBase]


def packed(respond: Respond) -> Respond:
    """Django's middleware, right above the one that serves the files. Each is packed once a
    process: by its path and when it was changed.
    """
    known: dict[tuple[str, str], bytes] = {}

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if not (isinstance(response, FileResponse) and _is_text(request, response)):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        key = (request.path_info, response.headers.get("Last-Modified", ""))
        if key not in known:
            known[key] = gzip.compress(response.getvalue(), mtime=0)
        if response.file_to_stream is not None:
            response.file_to_stream.close()
        return _of(known[key], response)

    return answer


def _is_text(request: HttpRequest, response: FileResponse) -> bool:
    """Whether it is asked for whole, and worth it."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    long = int(response.headers.get("Content-Length", "0")) >= LEAST
    is_whole = request.method == "GET" and response.status_code == HttpResponse.status_code
    is_ours = request.path_info.startswith(settings.STATIC_URL)
    return is_ours and is_whole and long and kind in KINDS


def _of(body: bytes, response: FileResponse) -> HttpResponse:
    """The same answer with another body."""
    kept = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return HttpResponse(body, headers={**kept, "Content-Encoding": "gzip"})
