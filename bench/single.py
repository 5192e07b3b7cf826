"""One call at a time, standard library only: against the fastest exact Python peer.

    python bench/single.py [--json OUT]

Every answer is checked against the tests' slow judge; a peer that differs from it is named and does
not count. Times are minima of interleaved rounds, per call.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "engine"))

import businesstimedelta
import oracle
import pandas as pd
import pytz
from business_duration import businessDuration
from generate import KNOWN, ZONE, as_of, belgian_holidays, calendar, office, promise, spans
from opening_hours import OpeningHours

from afspraak.engine.because import spans_of
from afspraak.engine.clock import Clock
from afspraak.engine.facts import Fact, settle
from afspraak.engine.hours import Calendar, Hours, lay_out
from afspraak.engine.moments import Moments
from afspraak.engine.time import HOUR, SECOND, ServiceTime, datetime_of, instant_of

ROUNDS, QUESTIONS = 40, 60
TIMES, LOGS_AT_ONCE = 20, 12
"""How often ours is asked each question in a round: alone it takes no longer than the watch."""
BRUSSELS = ZoneInfo(ZONE)
WEEK = {"mon-fri": ["08:30-17:30"]}
Answer = Callable[[int, int], int]


def local(at: int) -> datetime:
    """A peer's question: naive local time."""
    return datetime_of(at).astimezone(BRUSSELS).replace(tzinfo=None)


def instant(moment: datetime) -> int:
    return instant_of(moment.replace(tzinfo=BRUSSELS))


# The peers ---------------------------------------------------------------------------------------


def peers() -> dict[str, dict[str, Answer]]:
    """Each peer's elapsed and deadline, as far as it has them, over microseconds."""
    days = sorted(belgian_holidays())
    hours = pd.offsets.CustomBusinessHour(start="08:30", end="17:30", holidays=days)
    zone = pytz.timezone(ZONE)
    work = businesstimedelta.WorkDayRule(
        start_time=wall(8, 30), end_time=wall(17, 30), working_days=[0, 1, 2, 3, 4], tz=zone
    )
    rules = businesstimedelta.Rules([work, businesstimedelta.HolidayRule(set(days), tz=zone)])
    opening = OpeningHours("Mo-Fr 08:30-17:30; PH off", timezone=BRUSSELS, country="BE")
    closed = dict.fromkeys(days, "holiday")

    def intervals(start: int):
        for begin, end, state, _ in opening.intervals(datetime_of(start).astimezone(BRUSSELS)):
            if str(state) == "open":
                yield instant_of(begin), instant_of(end)

    def opening_elapsed(start: int, end: int) -> int:
        total = 0
        for opens, closes in intervals(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def opening_deadline(start: int, span: int) -> int:
        for opens, closes in intervals(start):
            begin = max(opens, start)
            if span <= closes - begin:
                return begin + span
            span -= closes - begin
        raise AssertionError

    def duration(start: int, end: int) -> int:
        found = businessDuration(
            local(start), local(end), wall(8, 30), wall(17, 30), holidaylist=closed, unit="sec"
        )
        return round(found) * SECOND

    def delta_elapsed(start: int, end: int) -> int:
        found = rules.difference(datetime_of(start), datetime_of(end)).timedelta
        return int(found.total_seconds()) * SECOND

    def delta_deadline(start: int, span: int) -> int:
        step = businesstimedelta.BusinessTimeDelta(rules, timedelta=timedelta(microseconds=span))
        return instant_of(datetime_of(start) + step)

    def pandas_deadline(start: int, span: int) -> int:
        return instant((pd.Timestamp(local(start)) + span // HOUR * hours).to_pydatetime())

    return {
        "opening-hours-py": {"elapsed": opening_elapsed, "deadline": opening_deadline},
        "business-duration": {"elapsed": duration},
        "businesstimedelta": {"elapsed": delta_elapsed, "deadline": delta_deadline},
        "pandas CustomBusinessHour": {"deadline": pandas_deadline},
    }


# Exactness ---------------------------------------------------------------------------------------


def judged(ask: str, first: int, second: int) -> int:
    """The slow judge's answer."""
    plan = {"zone": ZONE, "week": WEEK, "holidays": "BE"}
    case = {"ask": ask, "calendar": "office", "from": datetime_of(first).isoformat()}
    if ask == "elapsed":
        case["to"] = datetime_of(second).isoformat()
    else:
        case["target"] = f"PT{second // SECOND}S"
    return int(oracle.answer(case, {"office": plan}))


def wrong(answer: Answer, ask: str, questions: list[tuple[int, int]]) -> int:
    """How many of the questions it answers differently from the slow judge, or not at all."""
    count = 0
    for question in questions:
        try:
            count += answer(*question) != judged(ask, *question)
        except Exception:  # noqa: BLE001 - a peer that fails has not answered
            count += 1
    return count


# Timing ------------------------------------------------------------------------------------------


Steps = list[Callable[[], object]]
"""A run in pieces, each short enough to be left alone now and then on a busy machine."""


def fastest(runs: dict[str, Steps], rounds: int = ROUNDS) -> dict[str, float]:
    """The least seconds of each run: the sum of its steps' least, rounds interleaved. Before each
    of its turns a run is gone through once that is not counted: what it asks about is then where
    the processor finds it, as it was before the others had their turns.
    """
    best = {name: [float("inf")] * len(steps) for name, steps in runs.items()}
    for _ in range(rounds):
        for name, steps in runs.items():
            for step in steps:
                step()
            for place, step in enumerate(steps):
                start = time.perf_counter()
                step()
                best[name][place] = min(best[name][place], time.perf_counter() - start)
    return {name: sum(seconds) for name, seconds in best.items()}


def asked(
    answer: Callable[[object, object], object], questions: list, times: int, at_once: int
) -> Steps:
    """So many questions at once, twice over, again and again until each was asked `times` times;
    then the next ones. A step is to be about as long as one answer of a peer: a longer one would
    hardly ever be left alone on a machine where the peer's still is.
    """

    def step(some: list) -> None:
        for first, second in some:
            answer(first, second)
        for first, second in some:
            answer(first, second)

    pieces = [questions[place : place + at_once] for place in range(0, len(questions), at_once)]
    return [partial(step, piece) for piece in pieces for _ in range(times // 2)]


def asked_apart(answer: Callable[..., object], questions: list) -> Steps:
    """A step for each question."""
    return [lambda each=each: answer(*each) for each in questions]


def time_alone(hours: Hours) -> list[dict[str, object]]:
    """Deadline and elapsed, on integers and on aware datetimes, against each exact peer."""
    made, moments = spans(hours, 1, QUESTIONS), Moments(hours)
    asks = {
        "elapsed": list(zip(made.start.tolist(), made.end.tolist(), strict=True)),
        "deadline": list(zip(made.start.tolist(), made.target.tolist(), strict=True)),
    }
    rows = []
    for ask, questions in asks.items():
        ours = getattr(hours, ask)
        assert not wrong(ours, ask, questions), f"{ask} differs from the slow judge"
        found = {name: each[ask] for name, each in peers().items() if ask in each}
        faults = {name: wrong(answer, ask, questions) for name, answer in found.items()}
        exact = [name for name, count in faults.items() if not count]
        runs = {name: asked_apart(found[name], questions) for name in exact}
        runs["ours"] = asked(ours, questions, TIMES, QUESTIONS)
        aware = [tuple(map(_aware(ask), question, (0, 1))) for question in questions]
        on_moments, told = getattr(moments, ask), length if ask == "elapsed" else datetime_of
        for whole, dated in zip(questions, aware, strict=True):
            assert on_moments(*dated) == told(ours(*whole)), f"{ask} differs on datetimes"
        runs["ours, datetimes"] = asked(on_moments, aware, TIMES, QUESTIONS)
        best = fastest(runs)
        per_call = {name: best[name] / QUESTIONS for name in exact}
        mine = best["ours"] / QUESTIONS / TIMES
        dated = best["ours, datetimes"] / QUESTIONS / TIMES
        peer = min(per_call, key=per_call.get) if per_call else ""
        rows.append(
            {
                "what": ask,
                "peer": peer,
                "peer_us": per_call[peer] * 1e6,
                "ours_us": mine * 1e6,
                "ratio": per_call[peer] / mine,
                "datetimes_us": dated * 1e6,
                "ratio_datetimes": per_call[peer] / dated,
                "other_peers_us": {name: each * 1e6 for name, each in per_call.items()},
                "inexact_of": {name: f"{n}/{QUESTIONS}" for name, n in faults.items() if n},
            }
        )
    return rows


def _aware(ask: str):
    """A question in aware datetimes; a deadline's span as a timedelta."""

    def read(value: int, place: int) -> object:
        return datetime_of(value) if place == 0 or ask == "elapsed" else length(value)

    return read


def length(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)


# A ticket's verdict ------------------------------------------------------------------------------


def log(start: int) -> list[Fact]:
    """Nine facts: reported, contact, two questions with their answers, diagnosis, solved."""
    steps = (
        ("reported", 0, {"fields": {"priority": "P3", "service": "e-mail"}}),
        ("acknowledged", 1, {}),
        ("supplier_contact", 60, {}),
        ("question", 200, {"id": "q1", "to": "customer"}),
        ("answer", 900, {"of": "q1", "by": "customer"}),
        ("diagnosis", 1000, {}),
        ("question", 1400, {"id": "q2", "to": "customer"}),
        ("answer", 3000, {"of": "q2", "by": "customer"}),
        ("solved", 4000, {}),
    )
    return [
        Fact(code, start + minutes * 60 * SECOND, start + minutes * 60 * SECOND, place, **more)
        for place, (code, minutes, more) in enumerate(steps)
    ]


def slowly(facts: list[Fact], target: ServiceTime, moment: int) -> tuple[str, int]:
    """The slow judge's state and due instant of such a log."""
    told = [
        {
            "fact": fact.code,
            "at": datetime_of(fact.happened_at).isoformat(),
            **{name: getattr(fact, name) for name in ("id", "of", "to") if getattr(fact, name)},
            **({"by": fact.by} if fact.code == "answer" else {}),
        }
        for fact in facts
    ]
    case = {
        "ask": "clock",
        "as_of": datetime_of(moment).isoformat(),
        "promise": {
            "kind": "resolution",
            "calendar": "office",
            "target": str(target),
            "pauses": ["customer"],
        },
        "facts": told,
    }
    plan = {"zone": ZONE, "week": WEEK, "holidays": "BE"}
    found = oracle.answer(case, {"office": plan})
    return found["state"], found["due_at"]


def by_peer(peer: dict[str, Answer], facts: list[Fact], target: int) -> bool:
    """The same verdict written around a peer: due after the pauses, met or missed."""
    since, left = facts[0].happened_at, target
    for fact in facts:
        if fact.code == "question" and since is not None:
            spent = peer["elapsed"](since, fact.happened_at)
            if spent >= left:
                break
            left, since = left - spent, None
        elif fact.code == "answer":
            since = fact.happened_at
    assert since is not None
    return facts[-1].happened_at <= peer["deadline"](since, left)


def verdicts(hours: Hours, peer_name: str) -> dict[str, object]:
    """A ticket's verdict from its facts, without reasons and with, against one around a peer; and
    of a ticket that stands already, as each further promise or contract finds it.
    """
    clock, moment, peer = Clock(promise(), KNOWN, hours), as_of(hours), peers()[peer_name]
    logs = [log(start) for start in spans(hours, 2, QUESTIONS).start.tolist()]
    target = clock.promise.rules[2].target
    assert isinstance(target, ServiceTime)
    tickets = [settle(facts, moment) for facts in logs]
    for facts, ticket in zip(logs, tickets, strict=True):
        (mine,) = clock.verdicts_of(facts, moment)
        assert clock.verdicts(ticket) == (mine,)
        assert (mine.state, mine.due_at) == slowly(facts, target, moment)
        assert (mine.state == "met") == by_peer(peer, facts, target.microseconds)

    def reasons(facts: list[Fact]) -> None:
        for each in clock.assess(settle(facts, moment)):
            spans_of(each, hours)

    stand = [(ticket, moment) for ticket in tickets]
    each_log, both = [(facts,) for facts in logs], [(facts, moment) for facts in logs]
    runs = {
        "ours": asked(clock.verdicts_of, both, TIMES, LOGS_AT_ONCE),
        "settled": asked(lambda ticket, _: clock.verdicts(ticket), stand, TIMES, LOGS_AT_ONCE),
        "reasons": asked_apart(reasons, each_log),
        "peer": asked_apart(lambda facts: by_peer(peer, facts, target.microseconds), each_log),
    }
    best = {name: seconds / QUESTIONS * 1e6 for name, seconds in fastest(runs).items()}
    best |= {name: best[name] / TIMES for name in ("ours", "settled")}
    return {
        "what": "verdict of nine facts",
        "peer": peer_name,
        "peer_us": best["peer"],
        "ours_us": best["ours"],
        "ratio": best["peer"] / best["ours"],
        "settled_us": best["settled"],
        "ratio_settled": best["peer"] / best["settled"],
        "with_reasons_us": best["reasons"],
    }


# Other calendars, and the first answer -----------------------------------------------------------


def shapes() -> dict[str, float]:
    """How much longer a deadline takes on other calendars than on the simple one."""
    made: dict[str, Calendar] = {
        "simple": office(),
        "lunch": calendar((510, 720), (750, 1050), name="lunch"),
        "nights": calendar((1320, 1800), days=7, name="nights"),
        "Lord Howe": calendar((510, 1050), zone="Australia/Lord_Howe", name="howe"),
    }
    laid_out = {name: lay_out(each) for name, each in made.items()}
    questions = spans(laid_out["simple"], 3, QUESTIONS)
    pairs = list(zip(questions.start.tolist(), questions.target.tolist(), strict=True))
    runs = {
        name: asked(each.deadline, [(max(s, each.from_at), t) for s, t in pairs], TIMES, QUESTIONS)
        for name, each in laid_out.items()
    }
    best = fastest(runs)
    return {name: best[name] / best["simple"] for name in best}


FIRST = """
from datetime import date
from afspraak.engine.hours import Calendar, Interval, lay_out
week = ((Interval(510, 1050),),) * 5 + ((), ())
free = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
closed = frozenset(date(year, *day) for year in range(2020, 2027) for day in free)
cover = (date(2020, 1, 1), date(2027, 1, 1))
hours = lay_out(Calendar("office", "Europe/Brussels", week, closed, {}, cover))
print(hours.deadline(1_700_000_000_000_000, 4 * 3600 * 1_000_000))
import sys
assert not {"numpy", "pyarrow", "django", "pandas"} & set(sys.modules)
"""


def first_answer() -> dict[str, float]:
    """Milliseconds of a fresh process, and of one that does nothing; with bytecode, which every
    installed package has.
    """
    written = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", FIRST], check=True, capture_output=True, env=written)

    def run(text: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", text], check=True, capture_output=True)

    best = fastest({"answer": [run(FIRST)], "bare": [run("pass")]})
    return {name: seconds * 1e3 for name, seconds in best.items()}


def measured() -> dict[str, object]:
    """Everything, as numbers."""
    hours = lay_out(office())
    alone = time_alone(hours)
    both = set(alone[0]["other_peers_us"]) & set(alone[1]["other_peers_us"])
    peer = min(both, key=lambda name: alone[0]["other_peers_us"][name])
    return {
        "rows": [*alone, verdicts(hours, peer)],
        "shapes": shapes(),
        "first_answer_ms": first_answer(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def show(found: dict[str, object]) -> None:
    for row in found["rows"]:
        print(
            f"{row['what']:24} ours {row['ours_us']:8.3f} us"
            f"   {row['peer']} {row['peer_us']:9.1f} us   ratio {row['ratio']:7.1f}"
        )
        if "ratio_datetimes" in row:
            print(
                f"{'  on aware datetimes':24} ours {row['datetimes_us']:8.3f} us"
                f"   ratio {row['ratio_datetimes']:7.1f}"
            )
            print(f"  exact peers {row['other_peers_us']}; inexact {row['inexact_of']}")
        if "with_reasons_us" in row:
            print(
                f"{'  of a settled ticket':24} ours {row['settled_us']:8.3f} us"
                f"   ratio {row['ratio_settled']:7.1f}"
            )
            print(f"  with reasons {row['with_reasons_us']:.1f} us")
    print("calendars against the simple one:", {k: round(v, 2) for k, v in found["shapes"].items()})
    print(
        "first answer in a fresh process, ms:",
        {k: round(v, 1) for k, v in found["first_answer_ms"].items()},
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measured()
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
