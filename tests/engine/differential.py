# ruff: noqa: T201 - a command line prints
"""Compares two judges on random cases, and prints each sort of disagreement, as a small YAML case.

    python tests/engine/differential.py --seed 7 --count 10000
    python tests/engine/differential.py --answer package.module:function --wild
    python tests/engine/differential.py --answer engine_judge:answer --variety 20 --count 100000

`--answer` names the judge to be tried: a callable (case, calendars) -> answer in the values of
`oracle.answer`, that raises an exception with FORMAT's word to refuse. Exit status 1 when any case
differs. A case printed with its expectation can be put into tests/cases as it is; the expectation
is the slow judge's, and still to be weighed against SEMANTICS.
"""

import argparse
import copy
import datetime as dt
import importlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import oracle
from random_cases import VARIETY, random_case
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

DEFAULT = "afspraak.cli.conformance:answer"
Judge = Callable[[dict, dict], Any]
PLAIN_WEEKS = ({"mon-sun": ["00:00-24:00"]}, {"mon-fri": ["09:00-17:00"]})


def load_judge(name: str) -> Judge:
    """The callable that `module:function` names, from an installed package or from src."""
    module, _, function = name.partition(":")
    sys.path.append(str(Path(__file__).resolve().parents[2] / "src"))
    judge: Judge = getattr(importlib.import_module(module), function)
    return judge


def ask(judge: Judge, case: dict, calendars: dict) -> Any:
    """The judge's answer in comparable form; a refusal is "refused", a crash its own text.

    A refusal is told from a crash by the name of its exception, or of one that it is.
    """
    try:
        given = judge(copy.deepcopy(case), copy.deepcopy(calendars))
    except Exception as error:  # noqa: BLE001 - whatever the other judge raises is its answer
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return "refused" if {"Refused", "Refusal"} & {*kinds} else f"crash: {error!r}"
    return oracle.told(case, given)


def shape_of(judge: Judge, case: dict, calendars: dict) -> list[type]:
    """What the two judges give: str for a refusal or a crash."""
    return [type(ask(one, case, calendars)) for one in (oracle.answer, judge)]


def differs(judge: Judge, case: dict, calendars: dict) -> bool:
    """Whether the two judges disagree about a case."""
    return bool(ask(judge, case, calendars) != ask(oracle.answer, case, calendars))


# --- making a case small ---


def smaller(case: dict, calendars: dict) -> Iterator[tuple[dict, dict]]:
    """The case with one thing less: a fact, a field of one, a term, a line of the calendar."""
    facts = case.get("facts", [])
    for n, fact in enumerate(facts):
        if fact["fact"] != "reported":
            yield {**case, "facts": facts[:n] + facts[n + 1 :]}, calendars
        for less in without(fact, "recorded", "recorded_by", "source", "source_id", "by"):
            yield {**case, "facts": [*facts[:n], less, *facts[n + 1 :]]}, calendars
    for less in without(case.get("promise", {}), "pauses", "reopen", "acceptance", "armed_by"):
        yield {**case, "promise": less}, calendars
    for name, plan in calendars.items():
        plainer = [*without(plan, "holidays", "closed", "exceptions", "cover")]
        plainer += [
            {**plan, "week": week} for week in PLAIN_WEEKS if PLAIN_WEEKS[0] != plan["week"]
        ]
        for less in plainer:
            if less != plan:
                yield case, {**calendars, name: less}


def without(fields: dict, *keys: str) -> Iterator[dict]:
    """The dict without one of these keys, for each that it has."""
    for key in keys:
        if key in fields:
            yield {name: value for name, value in fields.items() if name != key}


def shrink(judge: Judge, case: dict, calendars: dict) -> tuple[dict, dict]:
    """The smallest case, by dropping one thing at a time, about which the judges still differ.

    Who answers and who refuses stays as it was, so that one difference does not become another.
    """
    shape = shape_of(judge, case, calendars)
    for less in smaller(case, calendars):
        if differs(judge, *less) and shape_of(judge, *less) == shape:
            return shrink(judge, *less)
    return case, calendars


# --- printing ---


def quoted(value: Any) -> Any:
    """Texts that look like instants, dates or times in quotes, as FORMAT asks."""
    if isinstance(value, dict):
        return {quoted(key): quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [quoted(item) for item in value]
    if isinstance(value, str) and value[:1].isdigit():
        return DoubleQuotedScalarString(value)
    return value


def expectation_of(case: dict, calendars: dict) -> Any:
    """The slow judge's answer as a case's `expect`."""
    try:
        given = oracle.answer(case, calendars)
    except oracle.Refused as refusal:
        return {"refused": str(refusal)}
    if isinstance(given, dict):
        return {key: text_of(key, value) for key, value in given.items()}
    return f"PT{given // 1_000_000}S" if case["ask"] == "elapsed" else text_of("at", given)


def text_of(key: str, value: Any) -> Any:
    """An instant as text in UTC; the rest as it is."""
    if not key.endswith("at") or not isinstance(value, int):
        return value
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=value)
    return moment.isoformat()


def as_yaml(name: str, case: dict, calendars: dict) -> None:
    """Prints a table with one case, as tests/cases could hold it."""
    case = {**case, "name": name, "expect": expectation_of(case, calendars)}
    yaml = YAML()
    yaml.width = 120
    yaml.default_flow_style = None
    yaml.dump(quoted({"calendars": calendars, "cases": [case]}), sys.stdout)


def text_of_answer(value: Any) -> str:
    """A comparable answer for reading: instants as text."""
    if isinstance(value, dict):
        return str({key: text_of(key, item) for key, item in value.items()})
    return str(value)


def sort_of(judge: Judge, case: dict, calendars: dict) -> str:
    """What a small disagreement is about: two of one sort are mostly one difference."""
    mine, other = (ask(one, case, calendars) for one in (oracle.answer, judge))
    kinds = " ".join(sorted({fact["fact"] for fact in case.get("facts", [])}))
    kind = case.get("promise", {}).get("kind", "")
    if isinstance(mine, dict) and isinstance(other, dict):
        keys = [key for key in mine if mine[key] != other.get(key)]
        return f"{kind}: {kinds}: {mine['state']} / {other['state']}: {' '.join(keys)}"
    return f"{case['ask']} {kind}: {kinds}: {type(mine).__name__} / {type(other).__name__}"


def report(judge: Judge, name: str, case: dict, calendars: dict) -> None:
    """Prints one disagreement."""
    print(f"\n# {name}")
    print(f"#   slow judge: {text_of_answer(ask(oracle.answer, case, calendars))}")
    print(f"#   other:      {text_of_answer(ask(judge, case, calendars))}")
    as_yaml(name, case, calendars)


def compare(
    judge: Judge, seed: int, count: int, *, wild: bool, most: int, variety: int = VARIETY
) -> int:
    """Tries `count` cases; prints the first `most` sorts of disagreement; gives their number."""
    states: Counter[str] = Counter()
    sorts: Counter[str] = Counter()
    began = time.perf_counter()
    for n in range(count):
        name = f"seed {seed}, case {n}"
        case, calendars = random_case(random.Random(f"{seed}:{n}"), wild=wild, variety=variety)
        given = ask(oracle.answer, case, calendars)
        states[given["state"] if isinstance(given, dict) else case["ask"]] += 1
        if ask(judge, case, calendars) != given:
            case, calendars = shrink(judge, case, calendars)
            sort = sort_of(judge, case, calendars)
            sorts[sort] += 1
            if sorts[sort] == 1 and len(sorts) <= most:
                report(judge, name, case, calendars)
    seconds = time.perf_counter() - began
    for sort, times in sorts.most_common():
        print(f"{times:6} {sort}")
    found = sum(sorts.values())
    print(f"\n{count} cases in {seconds:.1f} s, {found} disagreements; {dict(states)}")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--most", type=int, default=10, help="print at most so many sorts")
    parser.add_argument("--variety", type=int, default=VARIETY, help="calendars per zone and date")
    parser.add_argument("--wild", action="store_true", help="with cases on which SEMANTICS is open")
    parser.add_argument("--answer", default=DEFAULT, metavar="MODULE:FUNCTION")
    chosen = parser.parse_args()
    judge = load_judge(chosen.answer)
    found = compare(
        judge,
        chosen.seed,
        chosen.count,
        wild=chosen.wild,
        most=chosen.most,
        variety=chosen.variety,
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
