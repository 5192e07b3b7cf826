"""Scripts and styles leave packed, pages never."""

import gzip
from io import BytesIO

from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from afspraak.web.packed import packed

LOOK = "/static/web/look.css"
PACKED = {"Accept-Encoding": "br, gzip"}


def bytes_of(name: str) -> bytes:
    with open(finders.find(name), "rb") as file:  # noqa: PTH123  (a path that Django found)
        return file.read()


def test_a_style_sheet_is_packed_for_who_can_read_it() -> None:
    client = Client()
    for _again in range(2):
        answer = client.get(LOOK, headers=PACKED)
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert len(answer.content) < 9_000
        assert gzip.decompress(answer.content) == bytes_of("web/look.css")


def test_for_others_it_stays_as_it_is() -> None:
    answer = Client().get(LOOK)
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"], "a cache keeps both apart"
    assert answer.getvalue() == bytes_of("web/look.css")


def test_what_is_no_text_is_left_alone() -> None:
    client = Client()
    font, head, plain = (
        client.get("/static/web/inter.woff2", headers=PACKED),
        client.head(LOOK, headers=PACKED),
        client.get(LOOK),
    )
    for answer in (font, head, plain):
        assert "Content-Encoding" not in answer.headers
        answer.getvalue()
    since = {**PACKED, "If-Modified-Since": plain.headers["Last-Modified"]}
    assert client.get(LOOK, headers=since).status_code == 304


def test_a_page_is_never_packed() -> None:
    page = HttpResponse("x" * 5_000, content_type="text/css")
    assert packed(lambda _request: page)(RequestFactory().get(LOOK, headers=PACKED)) is page
    paper = FileResponse(BytesIO(b"x" * 5_000), content_type="text/css", filename="x.css")
    elsewhere = RequestFactory().get("/bijlagen/x.css", headers=PACKED)
    assert packed(lambda _request: paper)(elsewhere) is paper
