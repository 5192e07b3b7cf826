"""Whole columns on one core: against plain C of the same width, and against NumPy's days.

    python bench/bulk.py [--count 10000000] [--json OUT]

`reference.c` is compiled for the bench alone; the ratio is against the fastest of its three forms.
Every element must equal C's, and a sample the scalar law's. CPU time, minima of interleaved rounds.
"""

import argparse
import ctypes
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from generate import (
    CASES,
    KNOWN,
    PRIORITIES,
    TARGETS,
    as_of,
    belgian_holidays,
    office,
    promise,
    spans,
    tickets,
)

from afspraak.engine.clock import Clock
from afspraak.engine.columns.clock import CODE, ClockColumns, FactColumns, unusual
from afspraak.engine.columns.hours import HourColumns
from afspraak.engine.hours import Hours, lay_out
from afspraak.engine.time import DAY, HOUR, SECOND

ROUNDS = 5
FORMS = ("bisect", "slots", "clamp")
BLOCK = 1 << 14


class CCalendar(ctypes.Structure):
    """The calendar as reference.c knows it."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("n", "zero", "shift", "reach_shift")),
        *((name, ctypes.c_void_p) for name in ("open", "close", "before", "first", "reach")),
    )


def compiled() -> ctypes.CDLL:
    """reference.c as a library."""
    source = Path(__file__).with_name("reference.c")
    library = Path(tempfile.mkdtemp()) / "reference.so"
    flags = ("-O3", "-march=native", "-shared", "-fPIC")
    subprocess.run(("gcc", *flags, str(source), "-o", str(library)), check=True)
    return ctypes.CDLL(str(library))


def pointer(column: np.ndarray) -> ctypes.c_void_p:
    return column.ctypes.data_as(ctypes.c_void_p)


def c_calendar(hours: HourColumns) -> tuple[CCalendar, list[np.ndarray]]:
    """The calendar's tables for C in the lane's width, and the arrays that hold them."""
    lane, law = hours.dtype, hours.hours
    edges = (np.array(law.edges) - hours.origin) // hours.unit
    opens, closes = edges[::2].astype(lane), edges[1::2].astype(lane)
    before = np.concatenate([[0], np.cumsum(closes - opens)]).astype(lane)
    zero = (law.from_at - hours.origin) // hours.unit
    shift = int((opens[1:] - closes[:-1]).min()).bit_length() - 1
    length = (law.until_at - law.from_at) // hours.unit
    starts = (np.arange((length >> shift) + 1, dtype=np.int64) << shift) + zero
    first = np.searchsorted(closes, starts, "right").astype(np.int32)
    reach_shift = int((closes - opens).min()).bit_length() - 1
    reached = np.arange((int(before[-1]) >> reach_shift) + 1, dtype=np.int64) << reach_shift
    reach = np.searchsorted(before[1:], reached, "left").astype(np.int32)
    never = np.iinfo(lane).max // 2
    kept = [np.append(each, never).astype(lane) for each in (opens, closes)]
    kept += [np.append(before, before[-1]), first, reach]
    pointers = [pointer(each).value for each in kept]
    return CCalendar(len(opens), zero, shift, reach_shift, *pointers), kept


def fastest(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The least CPU seconds of each run, rounds interleaved."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.thread_time()
            run()
            best[name] = min(best[name], time.thread_time() - start)
    return best


def row(what: str, lane: str, count: int, best: dict[str, float]) -> dict[str, object]:
    form = min(FORMS, key=lambda each: best[each])
    return {
        "what": what,
        "lane": lane,
        "ours_ns": best["ours"] / count * 1e9,
        "c_ns": best[form] / count * 1e9,
        "c_form": form,
        "ratio": best["ours"] / best[form],
        "days_ns": best["days"] / count * 1e9 if "days" in best else None,
    }


# Time alone --------------------------------------------------------------------------------------


def time_alone(library: ctypes.CDLL, law: Hours, unit: int, count: int) -> list[dict[str, object]]:
    """Elapsed and deadline of a column against C and against numpy.busday_*, which knows days."""
    hours = HourColumns(law, unit)
    suffix = "int64_t" if unit == 1 else "int32_t"
    made = spans(law, 1, count)
    lane = [((at - hours.origin) // unit).astype(hours.dtype) for at in (made.start, made.end)]
    target = (made.target // unit).astype(hours.dtype)
    table, _kept = c_calendar(hours)
    days = [(at // DAY).astype("datetime64[D]") for at in (made.start, made.end)]
    week = np.busdaycalendar(holidays=sorted(belgian_holidays()))
    numpy_days = {
        "elapsed": lambda: np.busday_count(days[0], days[1], busdaycal=week),
        "deadline": lambda: np.busday_offset(days[0], 3, roll="forward", busdaycal=week),
    }
    rows = []
    for what, second in (("elapsed", lane[1]), ("deadline", target)):
        out, theirs = np.empty_like(second), np.empty_like(second)

        def ours(what: str = what, second: np.ndarray = second, out: np.ndarray = out) -> None:
            getattr(hours, what)(lane[0], second, out)

        def c(form: str, what: str = what, second: np.ndarray = second, out=theirs) -> None:
            columns = (pointer(lane[0]), pointer(second), pointer(out))
            call = getattr(library, f"{what}_{form}_{suffix}")
            call(ctypes.byref(table), ctypes.c_int64(count), *columns)

        ours()
        for form in FORMS:
            c(form)
            assert (out == theirs).all(), f"{what} differs from C ({form})"
        check_sample(law, hours, what, lane[0], second, out)
        runs = {"ours": ours, "days": numpy_days[what]}
        runs |= {form: lambda form=form, c=c: c(form) for form in FORMS}
        rows.append(row(what, suffix, count, fastest(runs)))
    return rows


def check_sample(law, hours, what, start, second, out) -> None:
    """A thousand elements against the scalar law."""
    unit, origin = hours.unit, hours.origin
    for index in np.linspace(0, len(out) - 1, 1000).astype(int):
        at = int(start[index]) * unit + origin
        if what == "elapsed":
            expected = law.elapsed(at, int(second[index]) * unit + origin) // unit
        else:
            expected = (law.deadline(at, int(second[index]) * unit) - origin) // unit
        assert int(out[index]) == expected


# Verdicts ----------------------------------------------------------------------------------------


def verdicts(library: ctypes.CDLL, law: Hours, unit: int, count: int) -> dict[str, object]:
    """Verdicts of tickets with about nine facts, in blocks, against the same in C."""
    hours = HourColumns(law, unit)
    suffix = "int64_t" if unit == 1 else "int32_t"
    lane = ctypes.c_int64 if unit == 1 else ctypes.c_int32
    made = tickets(HourColumns(law), 1, 0, count)
    happened = ((made.happened_at - hours.origin) // unit).astype(hours.dtype)
    facts = FactColumns(
        made.first,
        made.code,
        happened,
        happened.copy(),
        made.party,
        made.link,
        made.case,
        made.cases,
    )
    clock = ClockColumns(Clock(promise(), KNOWN, law), hours)
    moment = (as_of(law) - hours.origin) // unit
    blocks = [part(facts, at) for at in range(0, count, BLOCK)]

    def ours() -> list:
        return [clock.assess(b, moment, unusual(b, moment, clock.late_after)) for b in blocks]

    table, _kept = c_calendar(hours)
    by_case = [TARGETS[PRIORITIES.index(case["priority"])] * HOUR // unit for case in CASES]
    target = np.array(by_case).astype(hours.dtype)
    ends, pauses = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
    ends[CODE["solved"]] = pauses[1] = 1
    codes = [CODE[code] for code in ("reported", "question", "answer", "rejected")]
    special = np.array(codes, np.int8)
    state, hard = np.empty(count, np.int8), np.empty(count, np.uint8)
    due, satisfied, spent = (np.empty(count, hours.dtype) for _ in range(3))
    columns = (facts.first, facts.code, facts.happened_at, facts.recorded_at, facts.party)
    columns += (facts.link, facts.case, target, ends, pauses, special)
    limits = (clock.late_after, moment, int(np.iinfo(hours.dtype).min))
    results = (state, due, satisfied, spent, hard)

    def c(form: str) -> None:
        getattr(library, f"verdicts_{form}_{suffix}")(
            ctypes.byref(table),
            ctypes.c_int64(count),
            *map(pointer, columns),
            *map(lane, limits),
            *map(pointer, results),
        )

    mine = ours()
    for form in FORMS:
        c(form)
        assert not hard.any()
        for name, theirs in (("state", state), ("due_at", due), ("spent", spent)):
            assert (np.concatenate([getattr(each, name) for each in mine]) == theirs).all(), name
    runs: dict[str, Callable[[], object]] = {"ours": ours}
    runs |= {form: lambda form=form: c(form) for form in FORMS}
    found = row("verdict", suffix, count, fastest(runs))
    return {**found, "facts_per_ticket": len(facts.code) / count}


def part(facts: FactColumns, at: int) -> FactColumns:
    """A block of whole tickets as views."""
    until = min(at + BLOCK, len(facts))
    start, end = facts.first[at], facts.first[until]
    return FactColumns(
        facts.first[at : until + 1] - start,
        facts.code[start:end],
        facts.happened_at[start:end],
        facts.recorded_at[start:end],
        facts.party[start:end],
        facts.link[start:end],
        facts.case[at:until],
        facts.cases,
    )


def measured(count: int) -> list[dict[str, object]]:
    """Every row, in both lanes."""
    library, law = compiled(), lay_out(office())
    rows: list[dict[str, object]] = []
    for unit in (1, SECOND):
        rows += time_alone(library, law, unit, count)
        rows.append(verdicts(library, law, unit, max(count // 10, 1)))
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measured(options.count)
    for each in found:
        days = f"   numpy.busday {each['days_ns']:6.1f} ns" if each["days_ns"] else ""
        print(
            f"{each['what']:9} {each['lane']:8} ours {each['ours_ns']:7.2f} ns"
            f"   C ({each['c_form']}) {each['c_ns']:7.2f} ns   ratio {each['ratio']:5.2f}{days}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory of the whole bench {peak} MB")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
