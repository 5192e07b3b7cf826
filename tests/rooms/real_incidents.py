"""The real ServiceNow log as columns, read without the importer: what `infer` is tried on."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from afspraak.sourcing.infer_log import MISSING, SECOND, Key, Recorded, Waits


def read_incidents(path: Path) -> Recorded:
    """The ServiceNow log as `Recorded`, without the importer: events in the file's order."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, "utf-8")))
    instants: dict[str, int] = {}

    def at(text: str) -> int:
        if text not in instants:
            known = text and text != "?"
            moment = (
                datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC) if known else None
            )
            instants[text] = int(moment.timestamp()) * SECOND if moment else MISSING
        return instants[text]

    tickets: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        tickets.setdefault(row["number"], []).append(row)
    states = sorted({row["incident_state"] for row in rows})
    ends: dict[str, list[int]] = {
        f"{which} {state}": [MISSING] * len(tickets)
        for state in states
        for which in ("first", "last")
    }
    waiting = [state for state in states if state.startswith("Awaiting")]
    spans: list[tuple[int, int, int, int]] = []
    for place, events in enumerate(tickets.values()):
        before, begun = "", MISSING
        for event in events:
            state, moment = event["incident_state"], at(event["sys_updated_at"])
            if state == before:
                continue
            if before in waiting:
                spans.append((place, waiting.index(before), begun, moment))
            if ends[f"first {state}"][place] == MISSING:
                ends[f"first {state}"][place] = moment
            ends[f"last {state}"][place] = begun = moment
            before = state
    last = [events[-1] for events in tickets.values()]
    labels = sorted({row["priority"] for row in last})
    table = np.array(spans, dtype=np.int64).reshape(-1, 4)
    columns = {name: np.array(column, dtype=np.int64) for name, column in ends.items()}
    for name in ("resolved_at", "closed_at"):
        columns[name] = np.array([at(row[name]) for row in last], dtype=np.int64)
    codes = np.array([labels.index(row["priority"]) for row in last], dtype=np.int64)
    return Recorded(
        ids=tuple(tickets),
        keys={
            "priority": Key(("priority",), tuple((label,) for label in labels), codes),
            "": Key((), ((),), np.zeros(len(last), dtype=np.int64)),
        },
        starts={
            name: np.array([at(row[name]) for row in last], dtype=np.int64)
            for name in ("opened_at", "sys_created_at")
        },
        ends=columns,
        waits=Waits(tuple(waiting), table[:, 0], table[:, 1], table[:, 2], table[:, 3]),
        made=np.array([row["made_sla"] == "true" for row in last], dtype=np.int64),
        due_at=np.full(len(last), MISSING),
        as_of=max(int(at(row["sys_updated_at"])) for row in last),
    )
