"""A mapping read from YAML, with every fault at once (docs/import.md describes the keys)."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from afspraak.engine.facts import CAUSES
from afspraak.engine.time import Refusal, zone_of
from afspraak.language.reader import read
from afspraak.tickets.dates import date_format_fault
from afspraak.tickets.faults import Fault, LogRefused, refused
from afspraak.tickets.mapping import (
    ENCODINGS,
    FIELDS,
    RECLASSIFIABLE,
    Dates,
    Events,
    FileForm,
    LogMapping,
    Outcome,
    Reclassified,
    Reported,
)
from afspraak.tickets.mapping_cells import Lines, by_cell, cell_of, column_of
from afspraak.tickets.mapping_meanings import instants_of, meanings_of, unlisted_of
from afspraak.tickets.mapping_table import Table, nearest

_KEYS: Final = (
    *("mapping", "name", "basis", "note", "file", "dates", "nulls", "ticket", "events", "reported"),
    *("states", "activities", "unlisted", "instants", "by", "reclassified", "hindsight", "outcome"),
    *FIELDS,
)
_OWN: Final = frozenset(("ticket", "made", "deadline_at", "priority_first", "priority_last"))


def mapping_names() -> tuple[str, ...]:
    """The mappings that come with the package."""
    found = (files("afspraak.tickets") / "mappings").iterdir()
    return tuple(sorted(path.name[:-5] for path in found if path.name.endswith(".yaml")))


def load_mapping(name_or_path: str | Path) -> LogMapping:
    """A mapping of the package by name, or a YAML file by path.

    Raises LogRefused with every fault of the file, or where there is none.
    """
    text = str(name_or_path)
    if text in mapping_names():
        packaged = files("afspraak.tickets") / "mappings" / f"{text}.yaml"
        return read_mapping(packaged.read_bytes(), f"{text}.yaml")
    path = Path(name_or_path)
    if path.is_file():
        return read_mapping(path.read_bytes(), path.name)
    remedy = f"{nearest(text, mapping_names())} or the path of a YAML file"
    raise refused(text, "there is no such mapping", remedy)


def read_mapping(data: bytes, name: str) -> LogMapping:
    """The mapping in `data`; `name` is what its faults call the file.

    Raises LogRefused with every fault.
    """
    root, faults = read(data, name)
    if root is None or faults:
        raise LogRefused(Fault(f"{name}:{one.line}", one.fact, one.remedy) for one in faults)
    found: list[Fault] = []
    table = Table(root, name, "", found)
    mapping = _mapping(table, sha256(data).hexdigest())
    table.done(_KEYS)
    if found:
        raise LogRefused(found)
    return mapping


def _mapping(table: Table, digest: str) -> LogMapping:
    table.one_of("mapping", ("1",))
    lines: Lines = {}
    mapping = LogMapping(
        name=table.text("name"),
        basis=table.one_of("basis", ("log", "documentation"), "log"),
        note=table.text("note", ""),
        form=_form(table.table("file")),
        dates=_dates(table.table("dates"), table),
        nulls=frozenset(table.texts("nulls")) | {""},
        ticket=column_of(table, "ticket", lines),
        events=_events(table.table("events"), lines),
        reported=_reported(table.table("reported"), lines),
        states=meanings_of(table.table("states")),
        activities=meanings_of(table.table("activities")),
        unlisted=unlisted_of(table),
        instants=instants_of(table, lines),
        cells={field: cell for field in FIELDS if (cell := cell_of(table, field, lines))},
        by=by_cell(table, lines),
        reclassified=_reclassified(table.table("reclassified")),
        hindsight=_hindsight(table.table("hindsight"), lines),
        outcome=_outcome(table.table("outcome"), lines),
        sha256=digest,
        lines=lines,
    )
    _check_whole(table, mapping)
    return mapping


def _check_whole(table: Table, mapping: LogMapping) -> None:
    """What only shows when all keys are known."""
    events = mapping.events
    if events is None and not mapping.reported.at:
        fact = "neither `events` nor `reported`"
        table.fault(table.line, fact, "name the column of the report's instant")
    if events and not events.state and not events.activity:
        fact = "neither a state nor an activity"
        table.fault(table.line_of("events"), fact, "name the column that says what happened")
    for key, plural, cell, known in (
        ("state", "states", events and events.state, mapping.states),
        ("activity", "activities", events and events.activity, mapping.activities),
    ):
        if cell and not known and mapping.unlisted is None:
            line = table.line_of("events")
            table.fault(line, f"{key!r} without {plural!r}", f"add `{plural}:` with their facts")
        if known and not cell:
            line = table.line_of(plural)
            table.fault(line, f"{plural!r} without their column", f"add `events: {{{key}: ...}}`")


def _form(table: Table | None) -> FileForm:
    if table is None:
        return FileForm()
    delimiter = table.text("delimiter", ",")
    form = FileForm(
        delimiter="\t" if delimiter == "tab" else delimiter,
        quote=table.text("quote", '"'),
        encoding=table.one_of("encoding", ENCODINGS, "utf-8-sig"),
        member=table.text("member", ""),
    )
    if len(form.delimiter) != 1 or form.delimiter in '\r\n"':
        line = table.line_of("delimiter")
        table.fault(line, f"the delimiter is {delimiter!r}", 'one character, as ";", or `tab`')
    if len(form.quote) > 1 or form.quote == form.delimiter:
        line = table.line_of("quote")
        table.fault(line, f"the quote is {form.quote!r}", "one character, or '' for none")
    table.done(("delimiter", "quote", "encoding", "member"))
    return form


def _dates(table: Table | None, whole: Table) -> Dates:
    if table is None:
        remedy = 'add `dates: {format: "%d/%m/%Y %H:%M", zone: Europe/Brussels}`'
        whole.fault(whole.line, "'dates' is missing", remedy)
        return Dates(("iso",), "UTC", zone_stated=True)
    formats = table.texts("format")
    if not formats:
        remedy = 'as "%d/%m/%Y %H:%M", or iso, epoch, epoch_ms'
        table.fault(table.line, "'format' is missing", remedy)
    for text in formats:
        if fault := date_format_fault(text):
            table.fault(table.line_of("format"), *fault)
    zone = table.text("zone")
    try:
        zone_of(zone)
    except Refusal as refusal:
        if zone:
            remedy = "an IANA name, as Europe/Amsterdam"
            table.fault(table.line_of("zone"), str(refusal), remedy)
    dates = Dates(formats, zone, table.flag("zone_stated", default=True))
    table.done(("format", "zone", "zone_stated"))
    return dates


def _events(table: Table | None, lines: Lines) -> Events | None:
    if table is None:
        return None
    events = Events(
        at=column_of(table, "at", lines),
        recorded_at=column_of(table, "recorded_at", lines, ""),
        state=cell_of(table, "state", lines),
        activity=cell_of(table, "activity", lines),
    )
    table.done(("at", "recorded_at", "state", "activity"))
    return events


def _reported(table: Table | None, lines: Lines) -> Reported:
    if table is None:
        return Reported()
    at, recorded = column_of(table, "at", lines), column_of(table, "recorded_at", lines, "")
    table.done(("at", "recorded_at"))
    return Reported(at, recorded)


def _reclassified(table: Table | None) -> Reclassified:
    if table is None:
        return Reclassified()
    of = table.texts("of", ("priority",))
    for name in of:
        if name not in RECLASSIFIABLE:
            remedy = nearest(name, RECLASSIFIABLE)
            table.fault(table.line_of("of"), f"{name!r} is no field of a report", remedy)
    cause = table.one_of("cause", CAUSES)
    found = Reclassified(of, cause, table.flag("agreed", default=False))
    table.done(("of", "cause", "agreed"))
    return found


def _hindsight(table: Table | None, lines: Lines) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, node in table.items() if table else ():
        assert table is not None
        found[name] = table.plain(name, node)
        lines.setdefault(found[name], node.line)
        if name in _OWN or name in FIELDS:
            fact = f"{name!r} is a column of outcomes.parquet itself"
            table.fault(node.line, fact, "name it otherwise")
    return found


def _outcome(table: Table | None, lines: Lines) -> Outcome:
    if table is None:
        return Outcome()
    outcome = Outcome(
        made=column_of(table, "made", lines, ""),
        when_true=frozenset(table.texts("when_true", ("true",))),
        when_false=frozenset(table.texts("when_false", ("false",))),
        deadline=column_of(table, "deadline", lines, ""),
    )
    if both := outcome.when_true & outcome.when_false:
        table.fault(table.line, f"{min(both)!r} is true and false", "list it once")
    if not outcome.made and not outcome.deadline:
        remedy = "name the column of the recorded outcome"
        table.fault(table.line, "neither `made` nor `deadline`", remedy)
    table.done(("made", "when_true", "when_false", "deadline"))
    return outcome
