"""Export: everything that one sees, table by table, as long as it takes."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse, StreamingHttpResponse
from ninja import Router
from pydantic_core import to_json

from afspraak.api.auth import Call
from afspraak.api.kinds import shown
from afspraak.parties.identity import Identity, seeing
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.export import PARTS, Part, plain, rows_of
from afspraak.reports.export_files import write_export

router = Router()
LINES: Final = "application/x-ndjson"
ARCHIVE: Final = "application/zip"


@router.get("/export")
@stated(Right.EXPORT)
def export_all(
    request: Call, form: Literal["lines", "files"] = "lines"
) -> StreamingHttpResponse | FileResponse:
    """Everything that you see, whatever you have the right to read. `lines`: one JSON object a
    line, `{"kind": ..., "value": ...}`; the first says when, the last one how many there were.
    `files`: an archive with each table as JSON lines, CSV and Parquet, and the files beside facts.
    """
    answer: StreamingHttpResponse | FileResponse
    if form == "files":
        answer = FileResponse(archive(request.identity, request.at), content_type=ARCHIVE)
        answer["Content-Disposition"] = "attachment; filename=afspraak.zip"
        return answer
    answer = StreamingHttpResponse(lines(request.identity, request.at), content_type=LINES)
    answer["Content-Disposition"] = "attachment; filename=afspraak.ndjson"
    return answer


def parts_for(identity: Identity) -> list[Part]:
    """The tables that somebody may read, in the order in which they point back."""
    return [part for part in PARTS if identity.may(part.right)]


def lines(identity: Identity, at: int) -> Iterator[bytes]:
    """The lines, under the asker's own eyes; an interrupted export has no last line."""
    with seeing(identity):
        yield _line("export", {"at": shown(at), "organisation": identity.organisation})
        count = 0
        for part in parts_for(identity):
            for row in rows_of(part, identity.viewer):
                count += 1
                yield _line(part.name, {name: plain(value) for name, value in row.items()})
        yield _line("end", {"lines": count})


def _line(kind: str, value: object) -> bytes:
    return to_json({"kind": kind, "value": value}) + b"\n"


def archive(identity: Identity, at: int) -> IO[bytes]:
    """The same as files, in one archive that is gone once it has been sent."""
    said = {"organisation": str(identity.organisation), "exported_at": shown(at)}
    with TemporaryDirectory(prefix="afspraak-export-") as name:
        out = Path(name)
        write_export(out=out, viewer=identity.viewer, said=said, parts=parts_for(identity))
        made = TemporaryFile(prefix="afspraak-export-")  # noqa: SIM115  (the answer closes it)
        with ZipFile(made, "w", ZIP_DEFLATED) as packed:
            for path in sorted(out.rglob("*")):
                packed.write(path, path.relative_to(out))
    made.seek(0)
    return made
