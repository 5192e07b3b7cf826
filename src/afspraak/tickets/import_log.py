"""`afspraak import`: a ticket export becomes facts, recorded outcomes, rejects and a manifest."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from afspraak.tickets.dates import DateReader
from afspraak.tickets.entries import Entry, EntryReader, UnplacedError
from afspraak.tickets.faults import refused
from afspraak.tickets.grouping import NotGroupedError, grouped, sorted_through
from afspraak.tickets.header import check_header
from afspraak.tickets.manifest import NAME, Input, Manifest, Rows, span, versions
from afspraak.tickets.mapping import LogMapping
from afspraak.tickets.placing import Placer
from afspraak.tickets.source import Progress, Reject, Row, Source, open_source, silent
from afspraak.tickets.staging import staged
from afspraak.tickets.tables import FactsTable, OutcomesTable

FACTS: Final = "facts.parquet"
OUTCOMES: Final = "outcomes.parquet"
REJECTS: Final = "rejects.csv"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def import_log(
    log: Path,
    mapping: LogMapping,
    out: Path,
    *,
    progress: Progress = silent,
    zone: str | None = None,
    strict: bool = False,
) -> Manifest:
    """Brings a log in under a mapping; the four files appear in `out` together, or none does.

    `progress` is called with (bytes done, bytes in all). `zone` overrides the mapping's. Raises
    LogRefused for a log that cannot be read under this mapping, or, when `strict`, of which more
    than 5 % of the rows were rejected.
    """
    if zone:
        mapping = replace(mapping, dates=replace(mapping.dates, zone=zone))
    with staged(out, (FACTS, OUTCOMES, REJECTS, NAME)) as folder:
        try:
            manifest = _Import(log, mapping, folder, progress).run(sort=False)
        except NotGroupedError:
            manifest = _Import(log, mapping, folder, progress).run(sort=True)
        if strict and manifest.rows and manifest.rows.too_many_rejected:
            worst = "; ".join(
                f"{count} x {reason}" for reason, count in list(manifest.reasons.items())[:3]
            )
            rows = f"{manifest.rows.rejected} of {manifest.rows.read} rows"
            fact = f"{rows} could not be placed ({worst})"
            raise refused(
                log.name, fact, "mend the mapping, or import without --strict to see rejects.csv"
            )
        (folder / NAME).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


class _Import:
    """One run over a log."""

    def __init__(self, log: Path, mapping: LogMapping, folder: Path, progress: Progress) -> None:
        self.log, self.mapping, self.folder, self.progress = log, mapping, folder, progress
        self.dates = DateReader(mapping.dates.formats, mapping.dates.zone)
        self.placer = Placer(mapping)
        self.reasons: Counter[str] = Counter()
        self.read = self.rejected = self.duplicates = self.silent = self.placed = 0

    def run(self, *, sort: bool) -> Manifest:
        with ExitStack() as stack:
            source = stack.enter_context(open_source(self.log, self.mapping.form))
            check_header(self.mapping, source.header, source.name)
            reader = EntryReader(self.mapping, source.header, self.dates)
            file = stack.enter_context(
                (self.folder / REJECTS).open("w", encoding="utf-8", newline="")
            )
            rejects = Rejects(file, self.mapping)
            rows = self._rows(source, reader, rejects)
            if sort:
                runs = Path(stack.enter_context(TemporaryDirectory(dir=self.folder)))
                tickets = sorted_through(runs, rows, reader.ticket_of)
            else:
                tickets = grouped(rows, reader.ticket_of)
            facts = FactsTable(self.folder / FACTS, self._label())
            stack.callback(facts.close)
            outcomes = OutcomesTable(
                self.folder / OUTCOMES, list(self.mapping.kept_instants), self._label()
            )
            stack.callback(outcomes.close)
            for ticket, held in tickets:
                self._place(ticket, list(self._entries(held, reader, rejects)), facts, outcomes)
        return self._manifest(facts, outcomes.count, source, sort=sort)

    def _label(self) -> dict[str, str]:
        return {
            "kind": "import",
            "zone": self.mapping.dates.zone,
            "zone_stated": "yes" if self.mapping.dates.zone_stated else "no",
            "recorded_at": self._recorded(),
        }

    def _recorded(self) -> str:
        events, reported = self.mapping.events, self.mapping.reported
        columns = [c for c in (events.recorded_at if events else "", reported.recorded_at) if c]
        known = f"the log's {' and '.join(columns)}; otherwise " if columns else ""
        return f"{known}not known to the log: taken as happened_at"

    def _rows(self, source: Source, reader: EntryReader, rejects: "Rejects") -> Iterator[Row]:
        for row in source.rows(self.progress):
            self.read += 1
            if isinstance(row, Reject):
                self._reject(row, rejects)
            elif not reader.ticket_of(row):
                self._reject(rejects.of(row, f"no ticket in {self.mapping.ticket!r}"), rejects)
            else:
                yield row

    def _entries(self, rows: list[Row], reader: EntryReader, rejects: "Rejects") -> Iterator[Entry]:
        for row in rows:
            try:
                yield reader.entry(row)
            except UnplacedError as error:
                self._reject(rejects.of(row, str(error)), rejects)

    def _reject(self, row: Reject, rejects: "Rejects") -> None:
        self.rejected += 1
        kept = len(self.reasons) < 200 or row.reason in self.reasons  # noqa: PLR2004  (a manifest is a page)
        self.reasons[row.reason if kept else "other reasons"] += 1
        rejects.write(row)

    def _place(
        self, ticket: str, entries: list[Entry], facts: FactsTable, outcomes: OutcomesTable
    ) -> None:
        if not entries:
            return
        placed = self.placer.place(ticket, entries)
        self.duplicates += placed.duplicates
        self.silent += placed.silent
        self.placed += len(entries) - placed.duplicates
        facts.add(placed.facts)
        outcomes.add(placed.outcome)

    def _manifest(self, facts: FactsTable, tickets: int, source: Source, *, sort: bool) -> Manifest:
        rows = Rows(self.read, self.placed, self.rejected, self.duplicates, self.silent)
        first, until, as_of = span(facts.first_at, facts.last_at)
        with self.log.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Manifest(
            kind="import",
            tickets=tickets,
            facts=facts.count,
            span_from=first,
            span_until=until,
            as_of=as_of,
            zone=self.mapping.dates.zone,
            zone_stated=self.mapping.dates.zone_stated,
            recorded_at=self._recorded(),
            rows=rows,
            input=Input(self.log.name, self.log.stat().st_size, digest, source.sha256),
            mapping={
                "name": self.mapping.name,
                "basis": self.mapping.basis,
                "note": self.mapping.note,
                "sha256": self.mapping.sha256,
            },
            grouped=not sort,
            reasons=dict(self.reasons.most_common()),
            warnings=tuple(self._warnings(rows, source, sort=sort)),
            versions=versions(),
        )

    def _warnings(self, rows: Rows, source: Source, *, sort: bool) -> Iterator[str]:
        mapping, dates = self.mapping, self.mapping.dates
        seen = f"{rows.rejected} of {rows.read} rows could not be placed; see {REJECTS}"
        wide = source.utf8_lines and source.utf8_lines == source.wide_lines
        late = ", ".join(instant.column for instant in mapping.instants) if mapping.events else ""
        skipped, doubled = self.dates.skipped, self.dates.doubled
        told = {
            f"MORE THAN 5 % REJECTED: {seen}": rows.too_many_rejected,
            seen: rows.rejected and not rows.too_many_rejected,
            "the log has a header and no rows": not rows.read,
            f"zone not stated by the log: taken as {dates.zone}": not dates.zone_stated,
            f"{skipped} local times that the clocks skipped: the first instant after (T3)": skipped,
            f"{doubled} local times that came twice: taken as the first (T3)": doubled,
            f"good UTF-8 wherever there are accents: is it really {mapping.form.encoding}?": wide,
            "the log is not grouped by ticket: it was sorted first": sort,
            f"the mapping {mapping.name} was written by documentation, not tried on a log: check "
            "the figures": mapping.basis == "documentation",
            f"facts were taken from hindsight columns: {late}": late,
        }
        yield from (text for text, holds in told.items() if holds)
        for what, count in sorted(self.placer.odd.items()):
            yield f"{count} {what}"


class Rejects:
    """rejects.csv: line, reason, row; before what a spreadsheet would run stands an apostrophe."""

    def __init__(self, file: IO[str], mapping: LogMapping) -> None:
        self._file = csv.writer(file)
        self._form = mapping.form
        self._file.writerow(("line", "reason", "row"))

    def of(self, row: Row, reason: str) -> Reject:
        """A row that was read, as a reject: its cells joined again as CSV."""
        return Reject(row.line, reason, self._joined(row.cells))

    def write(self, row: Reject) -> None:
        """One line of rejects.csv."""
        raw = row.raw.rstrip("\r\n").replace("\0", "\\0")
        self._file.writerow((row.line, _harmless(row.reason), _harmless(raw)))

    def _joined(self, cells: list[str]) -> str:
        quote, delimiter = self._form.quote, self._form.delimiter
        odd = (delimiter, quote, "\n", "\r")
        return delimiter.join(
            quote + cell.replace(quote, quote * 2) + quote
            if quote and any(part in cell for part in odd)
            else cell
            for cell in cells
        )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
