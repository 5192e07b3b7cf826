# ruff: noqa: T201 - a command line prints
"""Freezes random cases with the slow judge's answers, for a fast run and for every mutant.

    python tests/engine/judged/freeze.py

writes cases.jsonl beside this file: the seed and the calendars in the first line, then a case and
its answer a line. The same seed gives the same file. Only the slow judge is asked; a frozen answer
changes only where its reading of SEMANTICS changed, and that shows in the file's difference.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import oracle
from random_cases import random_case

FILE = Path(__file__).with_name("cases.jsonl")
SEED = 2027
VARIETY = 2
COUNTS = {
    "deadline": 160,
    "elapsed": 140,
    "resolution": 560,
    "reclassified": 300,
    "first_response": 130,
    "next_response": 260,
    "diagnosis": 100,
    "expectation": 130,
    "answer": 220,
}
SILENT = 6
"""One case of so many is of those on which SEMANTICS is nearly silent."""
LEFT_OUT = ("name", "rule", "source", "ask")


NUMBERS = [(about, number) for about, count in COUNTS.items() for number in range(count)]


def drawn(about: str, number: int) -> tuple[dict, dict]:
    """One case and its calendar."""
    rng = random.Random(f"{SEED} {about} {number}")
    wild = number % SILENT == 0
    case, calendars = random_case(rng, wild=wild, about=about, variety=VARIETY)
    return case, calendars["hours"]


def judged(case: dict, calendars: dict) -> Any:
    """The slow judge's answer, or "refused"."""
    try:
        return oracle.told(case, oracle.answer(case, calendars))
    except oracle.Refused:
        return "refused"


def lines() -> Iterator[str]:
    """The file, line by line."""
    plans: list[dict] = []
    rows: list[list] = []
    for case, plan in (drawn(*number) for number in NUMBERS):
        if plan not in plans:
            plans.append(plan)
        told = judged(case, {"hours": plan})
        short = {key: value for key, value in case.items() if key not in LEFT_OUT}
        if promise := short.get("promise"):
            short["promise"] = {key: promise[key] for key in promise if key != "calendar"}
        answer = list(told.values()) if isinstance(told, dict) else told
        rows.append([case["ask"], plans.index(plan), short, answer])
    yield compact({"seed": SEED, "calendars": plans})
    yield from map(compact, rows)


def compact(value: object) -> str:
    """JSON without a space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def frozen() -> list[tuple[dict, dict, Any]]:
    """(case, calendars, the slow judge's answer), in the order in which they were frozen."""
    first, *rest = FILE.read_text(encoding="utf-8").splitlines()
    plans = json.loads(first)["calendars"]
    return [
        (whole(ask, case), {"hours": plans[plan]}, answer)
        for ask, plan, case, answer in map(json.loads, rest)
    ]


def whole(ask: str, short: dict) -> dict:
    """A case with what all cases share."""
    if ask == "clock":
        return {**short, "ask": ask, "promise": {**short["promise"], "calendar": "hours"}}
    return {**short, "ask": ask}


def told_as_frozen(case: dict, given: Any) -> Any:
    """A judge's answer in the form in which it was frozen."""
    told = oracle.told(case, given)
    return list(told.values()) if isinstance(told, dict) else told


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    print(f"{FILE.name}: {len(frozen())} cases, {FILE.stat().st_size} bytes")
