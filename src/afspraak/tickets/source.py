"""A CSV file as rows with their line numbers: plain, .gz or .zip, read and hashed once."""

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

from afspraak.tickets.faults import refused
from afspraak.tickets.mapping import FileForm

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""


def silent(done: int, total: int) -> None:
    """Nobody is told of the progress."""


LONGEST_LINE: Final = 1 << 24
LONGEST_CELL: Final = 1 << 22
_EVERY: Final = 2048
_BUFFER: Final = 1 << 18
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK: Final = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row: the line on which it starts (the header's is 1) and its cells."""

    line: int
    cells: list[str]


class Reject(NamedTuple):
    """A row that could not be placed: the line on which it starts, why, and its raw text."""

    line: int
    reason: str
    raw: str


class Source:
    """An opened log. `header` is its first row; `rows` yields the others, once."""

    def __init__(
        self, file: IO[bytes], form: FileForm, name: str, at: Callable[[], int], total: int
    ) -> None:
        self._file, self._form, self.name = file, form, name
        self._at, self._total = at, total
        self._line = 0
        self._raw: list[str] = []
        self._bad: str = ""
        self._hash = hashlib.sha256()
        self.utf8_lines = 0
        """Lines beyond ASCII that would also be good UTF-8, of `wide_lines` in all."""
        self.wide_lines = 0
        self._csv = csv.reader(
            self._lines(),
            delimiter=form.delimiter,
            quotechar=form.quote or None,
            quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
            strict=True,
        )
        self.header = self._header()

    @property
    def sha256(self) -> str:
        """The hash of the CSV's bytes as far as they were read."""
        return self._hash.hexdigest()

    def _header(self) -> list[str]:
        try:
            header = next(self._csv)
        except StopIteration:
            raise refused(
                f"{self.name}:1", "the log is empty", "export it again, with its header"
            ) from None
        except csv.Error as error:
            raise self._unreadable(1, error) from None
        if self._bad:
            raise refused(f"{self.name}:1", self._bad, "state the log's `encoding` in the mapping")
        return [cell.strip() for cell in header]

    def rows(self, progress: Progress) -> Iterator[Row | Reject]:
        """Every row after the header; blank lines are no rows."""
        width = len(self.header)
        count = 0
        while True:
            self._raw.clear()
            self._bad = ""
            line = self._line + 1
            try:
                cells = next(self._csv)
            except StopIteration:
                progress(self._total, self._total)
                return
            except csv.Error as error:
                if "unexpected end" in str(error) or "field limit" in str(error):
                    raise self._unreadable(line, error) from None
                yield Reject(line, f"not CSV: {error}", "".join(self._raw))
                continue
            if not cells:
                continue
            count += 1
            if count % _EVERY == 0:
                progress(min(self._at(), self._total), self._total)
            if self._bad or len(cells) != width:
                yield Reject(line, self._bad or self._misfit(len(cells)), "".join(self._raw))
            else:
                yield Row(line, cells)

    def _misfit(self, found: int) -> str:
        return f"{found} cells where the header has {len(self.header)}"

    def _lines(self) -> Iterator[str]:
        encoding = self._form.encoding
        while raw := self._file.readline(LONGEST_LINE):
            self._line += 1
            self._hash.update(raw)
            if len(raw) >= LONGEST_LINE:
                raise refused(
                    f"{self.name}:{self._line}",
                    "a line of 16 MiB",
                    "is this a CSV with line breaks?",
                )
            if self._line == 1:
                self._look_at_mark(raw)
            if not raw.isascii():
                self._look_at_bytes(raw)
            try:
                text = raw.decode(encoding if self._line == 1 else encoding.removesuffix("-sig"))
            except UnicodeDecodeError as error:
                self._bad = (
                    f"byte 0x{raw[error.start]:02x} at place {error.start + 1} is not {encoding}"
                )
                text = raw.decode("ascii", errors="backslashreplace")
            self._raw.append(text)
            yield text

    def _look_at_mark(self, raw: bytes) -> None:
        if raw.startswith(_UTF16):
            raise refused(f"{self.name}:1", "the log is UTF-16", "save it as UTF-8")
        if raw.startswith(_UTF8_MARK) and self._form.encoding not in ("utf-8", "utf-8-sig"):
            fact = f"the mapping says {self._form.encoding}, but the log begins with UTF-8's mark"
            raise refused(f"{self.name}:1", fact, "state `encoding: utf-8-sig`")
        if raw.startswith(_UTF8_MARK) and self._form.encoding == "utf-8":
            raise refused(
                f"{self.name}:1", "the log begins with a mark (BOM)", "state `encoding: utf-8-sig`"
            )

    def _look_at_bytes(self, raw: bytes) -> None:
        self.wide_lines += 1
        if self._form.encoding in ("latin-1", "cp1252"):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                return
            self.utf8_lines += 1

    def _unreadable(self, line: int, error: csv.Error) -> Exception:
        fact = f"a quote {self._form.quote!r} opens and does not close ({error})"
        return refused(f"{self.name}:{line}", fact, "correct the row, or the mapping's `quote`")


@contextmanager
def open_source(log: Path, form: FileForm) -> Iterator[Source]:
    """The log as a Source. Raises LogRefused where there is none, or it is no CSV."""
    with ExitStack() as stack:
        limit = csv.field_size_limit(LONGEST_CELL)
        stack.callback(csv.field_size_limit, limit)
        try:
            yield _opened(log, form, stack)
        except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError) as error:
            raise refused(
                log.name, f"the archive is damaged ({error})", "export or download it again"
            ) from None
        except OSError as error:
            raise refused(
                str(log), error.strerror or str(error), "name a file that can be read"
            ) from None


def _opened(log: Path, form: FileForm, stack: ExitStack) -> Source:
    with log.open("rb") as probe:
        head = probe.read(4)
    if head.startswith(b"PK"):
        archive = stack.enter_context(zipfile.ZipFile(log))
        member = _member(archive, form, log.name)
        file = _enter(stack, archive, member)
        buffered = io.BufferedReader(cast("io.RawIOBase", file), _BUFFER)
        return Source(buffered, form, f"{log.name}/{member.filename}", file.tell, member.file_size)
    raw = stack.enter_context(log.open("rb"))
    if head.startswith(b"\x1f\x8b"):
        file = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=raw)))
        return Source(file, form, log.name, raw.tell, log.stat().st_size)
    return Source(raw, form, log.name, raw.tell, log.stat().st_size)


def _enter(stack: ExitStack, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return stack.enter_context(archive.open(member))
    except RuntimeError:  # zipfile's word for a member that asks a password
        raise refused(
            str(archive.filename), "the archive is encrypted", "hand over the CSV itself"
        ) from None


def _member(archive: zipfile.ZipFile, form: FileForm, name: str) -> zipfile.ZipInfo:
    """The one file in the archive that is the log."""
    files = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX")
    ]
    if form.member:
        files = [info for info in files if info.filename == form.member]
    elif len(files) > 1:
        files = [info for info in files if info.filename.lower().endswith((".csv", ".tsv", ".txt"))]
    if len(files) == 1:
        return files[0]
    found = ", ".join(sorted(info.filename for info in archive.infolist())[:5])
    raise refused(
        name, f"the archive holds {found or 'nothing'}", "name the log as `file: {member: ...}`"
    )
