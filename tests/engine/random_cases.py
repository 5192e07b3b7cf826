"""Random cases in FORMAT's own form: odd zones, colliding instants, every kind of fact.

`random_case(rng)` gives (case, calendars) without `expect`; the same seed gives the same case.
`case_strategy()` is the same generator for Hypothesis. `wild=True` adds combinations on which
SEMANTICS is silent or nearly so (a correction of a field that doesn't tell whom it favours, targets
of mixed units that change, a word of a stranger), where a difference between two judges calls for a
decision. `about` asks for one sort of case only: `deadline`, `elapsed`, a kind of promise, or
`reclassified`: a ticket whose target changes. `variety` is how many calendars there are per zone
and date: with few, judges may keep what they have worked out about them; `pool` says which of
such sets of calendars.
"""

import contextlib
import datetime as dt
import random
from functools import lru_cache

from hypothesis import strategies as st
from oracle_count import deadline, target_of
from oracle_hours import SECOND, UTC_EPOCH, Calendar, Refused, opening_at, zone_of

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
VARIETY = 1000
LATE_BY = (5, 14, 15, 16, 30, 60, 240)

# Per zone, dates just before something happens to its clocks, its holidays, or nothing.
ZONES = {
    "Europe/Brussels": ("2026-03-27", "2026-10-23", "2026-12-23", "2026-06-02", "2026-07-17"),
    "Europe/Amsterdam": ("2026-03-27", "2026-10-24", "2026-04-24", "2026-12-23"),
    "UTC": ("2026-03-02", "2028-02-27"),
    "Australia/Lord_Howe": ("2026-04-03", "2026-10-02"),
    "Pacific/Apia": ("2011-12-28", "2011-12-29", "2012-03-30"),
    "America/St_Johns": ("2008-03-07", "2008-10-31", "2010-11-05"),
    "America/Havana": ("2026-03-06", "2025-10-31"),
    "Atlantic/Azores": ("2026-03-27", "2026-10-23"),
    "Asia/Kathmandu": ("2026-05-01", "1985-12-30"),
    "Asia/Beirut": ("2026-03-27", "2026-10-23"),
    "Africa/Cairo": ("2026-04-22", "2026-10-28"),
    "America/New_York": ("2026-03-06", "2026-10-30"),
}
WEEKS = (
    {"mon-fri": ["09:00-17:00"]},
    {"mon-fri": ["09:00-12:00", "13:00-17:00"]},
    {"mon-sun": ["00:00-24:00"]},
    {"mon-fri": ["22:00-06:00"]},
    {"mon-sun": ["22:00-06:00"]},
    {"mon-thu": ["08:00-20:00"], "fri": ["08:00-12:00"], "sun": ["20:00-24:00"]},
    {"mon-sat": ["00:00-02:30", "23:30-00:30"], "sun": ["02:30-05:00"]},
    {"mon-sun": ["00:30-01:45", "02:15-03:15", "23:01-00:01"]},
    {"sat-sun": ["00:00-24:00"], "wed": ["10:00-10:01", "18:00-02:00"]},
    {"mon-fri": ["07:00-09:00", "09:00-18:30"], "sat": ["09:00-13:00"]},
    {"mon-sun": ["18:00-10:00"]},
)
EXCEPTIONS = (
    [],
    [],
    ["09:00-12:00"],
    ["21:00-03:00"],
    ["00:00-24:00"],
    ["00:00-01:00", "23:00-24:00"],
)
TIMES = ("PT0S", "PT1S", "PT15M", "PT1H", "PT2H", "PT4H", "PT4H", "PT8H", "PT16H", "PT90M", "PT40H")
DAYS = ("1 working day", "1 working day", "2 working days", "3 working days", "5 working days")
KINDS = ("first_response", "next_response", "diagnosis", "expectation", "answer")
SORTS = ("deadline", "elapsed", "resolution", "reclassified", *KINDS)
HAPPENINGS = (
    ("question", 5),
    ("answer", 5),
    ("solved", 4),
    ("rejected", 3),
    ("supplier_contact", 3),
    ("customer_contact", 3),
    ("reclassified", 2),
    ("accepted", 1),
    ("diagnosis", 1),
    ("expectation", 1),
    ("workaround", 1),
    ("acknowledged", 1),
    ("merged", 1),
)
# What a promise of a kind is about happens more often than the rest.
NEEDED = {
    "first_response": (),
    "next_response": ("supplier_contact",) * 6 + ("customer_contact",) * 6,
    "diagnosis": ("diagnosis",),
    "resolution": (),
    "expectation": ("expectation",) * 12,
    "answer": ("question",) * 8,
}
CHANGING = ("reclassified",) * 12


def random_calendar(rng: random.Random, zone: str, base: dt.date) -> dict:
    """A calendar in FORMAT's form, with its oddities near the date `base`."""
    plan: dict = {"zone": zone, "week": rng.choice(WEEKS)}

    def near() -> str:
        return str(base + dt.timedelta(days=rng.randrange(-1, 8)))

    if rng.random() < 0.2:
        plan["holidays"] = rng.choice(("BE", "NL", "DE-BY"))
    if rng.random() < 0.25:
        plan["closed"] = sorted({near() for _ in range(rng.randint(1, 3))})
    if rng.random() < 0.3:
        plan["exceptions"] = {near(): rng.choice(EXCEPTIONS) for _ in range(rng.randint(1, 3))}
    if rng.random() < 0.12:
        until = base + dt.timedelta(days=rng.choice((3, 6, 30)))
        plan["cover"] = [str(base + dt.timedelta(days=rng.choice((-30, 0, 1)))), str(until)]
    return plan


@lru_cache(2000)
def pooled_calendar(zone: str, base: dt.date, number: int) -> tuple[dict, Calendar, list[int]]:
    """One of the calendars of a zone and date, with the edges of its first days."""
    plan = random_calendar(random.Random(f"{zone} {base} {number}"), zone, base)
    calendar = Calendar("hours", plan)
    days = [base + dt.timedelta(days=days) for days in range(7)]
    return plan, calendar, [at for day in days for span in calendar.own_spans(day) for at in span]


class Draft:
    """What one case draws from: a calendar, and a pool of instants that collide often."""

    def __init__(self, rng: random.Random, *, wild: bool, variety: int, pool: int) -> None:
        self.rng, self.wild = rng, wild
        zone = rng.choice(tuple(ZONES))
        self.zone = zone_of(zone)
        self.base = dt.date.fromisoformat(rng.choice(ZONES[zone]))
        number = pool * variety + rng.randrange(variety)
        self.plan, self.calendar, self.edges = pooled_calendar(zone, self.base, number)
        self.first = opening_at(self.zone, dt.datetime.combine(self.base, dt.time()))
        self.fraction = rng.choice((0, 1, 499_999, 999_999)) if rng.random() < 0.1 else 0
        self.known: list[int] = []

    def instant(self, after: int | None = None) -> int:
        """An instant: a known one, an edge of the calendar, or a quarter within some days."""
        rng = self.rng
        low = self.first if after is None else after
        pool = [at for at in (*self.known, *self.edges) if low <= at < low + 72 * HOUR]
        if pool and rng.random() < 0.35:
            at = rng.choice(pool)
        else:
            quarters = rng.choice((1, 4, 8, 16, 32, 96, 288))
            at = low - low % (15 * MINUTE) + rng.randint(0, quarters) * 15 * MINUTE
            at += rng.choice((0, 0, 0, 0, 0, MINUTE, SECOND)) + self.fraction
        if rng.random() < 0.03:
            at += rng.choice((-1, 1))
        return max(at, low)

    def target(self) -> str:
        """A target in FORMAT's form."""
        return self.rng.choice(TIMES if self.rng.random() < 0.72 else DAYS)

    def remember_due(self, start: int, target: str) -> None:
        """Adds the due instant from `start` to the instants that facts like to fall on."""
        with contextlib.suppress(Refused):
            self.known.append(deadline(self.calendar, start, target_of(target)))

    def text(self, at: int) -> str:
        """The instant as FORMAT writes it, in the calendar's offset or in UTC."""
        moment = UTC_EPOCH + dt.timedelta(microseconds=at)
        if self.rng.random() < 0.2:
            return moment.isoformat().replace("+00:00", "Z")
        return moment.astimezone(self.zone).isoformat()


def time_case(draft: Draft, ask: str) -> dict:
    """A case about time alone: `deadline` or `elapsed`."""
    start = draft.instant()
    case = {"name": "random", "rule": "T4", "source": "own", "ask": ask, "calendar": "hours"}
    case["from"] = draft.text(start)
    if ask == "deadline":
        return {**case, "target": draft.target()}
    return {**case, "to": draft.text(draft.instant(start))}


def random_promise(draft: Draft, kind: str | None) -> dict:
    """A promise of that kind or of any; resolution most of all."""
    rng, changing = draft.rng, kind == "reclassified"
    if changing:
        kind = rng.choice(("resolution", "resolution", "diagnosis", "next_response"))
    elif kind is None:
        kind = "resolution" if rng.random() < 0.6 else rng.choice(KINDS)
    promise: dict = {"kind": kind, "calendar": "hours"}
    if kind == "expectation":
        return promise
    if kind == "answer":
        promise["promisor"] = rng.choice(("customer", "customer", "third_party"))
    elif rng.random() < 0.8:
        promise["pauses"] = rng.choice((["customer"], ["customer", "third_party"], ["third_party"]))
    if changing or (rng.random() < 0.45 and (kind != "answer" or draft.wild)):
        pool = TIMES if rng.random() < 0.7 else DAYS
        pool = (*TIMES, *DAYS) if draft.wild and rng.random() < 0.5 else pool
        promise["targets"] = {f"P{n}": rng.choice(pool) for n in range(1, 5)}
    else:
        promise["target"] = draft.target()
    if kind == "resolution" and rng.random() < 0.25:
        promise["reopen"] = "restart"
    if kind != "answer" and rng.random() < 0.5:
        promise["acceptance"] = draft.target()
    if kind == "next_response" and rng.random() < 0.5:
        promise["armed_by"] = "interval"
    return promise


class Story:
    """The facts of one ticket, as they come to be recorded."""

    def __init__(self, draft: Draft, promise: dict, needed: tuple[str, ...] = ()) -> None:
        self.draft, self.rng, self.promise = draft, draft.rng, promise
        self.needed = needed or NEEDED[promise["kind"]]
        self.now = draft.instant()
        self.rows: list[tuple[int, dict]] = []
        self.questions: list[dict] = []
        self.number = 0
        self.add("reported", self.now, priority=self.rng.choice(("P1", "P2", "P3", "P4")))
        for target in [promise.get("target"), *promise.get("targets", {}).values()]:
            if target:
                draft.remember_due(self.now, target)

    def add(self, kind: str, at: int, **fields: object) -> dict:
        """One fact, at times late, at times recorded by somebody else, at times delivered twice."""
        rng, recorded = self.rng, at
        self.number += 1
        fact: dict = {"fact": kind, "at": self.draft.text(at), "id": f"f{self.number}", **fields}
        if kind not in ("confirmed", "corrected") and rng.random() < 0.18:
            recorded = at + rng.choice(LATE_BY) * MINUTE + rng.choice((0, 0, 1))
            fact["recorded"] = self.draft.text(recorded)
            if rng.random() < 0.4:
                fact["recorded_by"] = rng.choice(("customer", "supplier", "third_party"))
        self.rows.append((recorded, fact))
        if rng.random() < 0.04:
            fact["source"], fact["source_id"] = "mail", f"m{self.number}"
            again = self.draft.instant(at)
            twin = {**fact, "at": self.draft.text(again), "recorded": self.draft.text(again)}
            if rng.random() < 0.5:
                del twin["id"]
            else:
                twin["id"] = f"twin{self.number}"
            self.rows.append((again, twin))
        self.draft.known += [at, recorded]
        return {**fact, "happened": at, "was_recorded": recorded}

    def name_of(self, fact: dict) -> str:
        """The fact's id, or that of its double."""
        twin = f"twin{fact['id'][1:]}"
        has_twin = any(row.get("id") == twin for _, row in self.rows)
        return twin if has_twin and self.rng.random() < 0.5 else fact["id"]

    def happen(self) -> None:
        """The next thing that happens."""
        kinds = [kind for kind, weight in HAPPENINGS for _ in range(weight)]
        kind = self.rng.choice([*kinds, *self.needed])
        self.now = at = self.draft.instant(self.now)
        if kind == "answer" and not self.questions:
            return
        fact = self.add(kind, at, **self.fields_of(kind))
        if kind == "question":
            self.questions.append(fact)
        self.follow_up(fact)

    def fields_of(self, kind: str) -> dict:
        """The fields that a kind of fact needs; an answer needs a question before it."""
        rng, draft = self.rng, self.draft
        if kind == "question":
            return {"to": rng.choice(("customer", "customer", "third_party"))}
        if kind == "answer":
            question = rng.choice(self.questions)
            by = question["to"] if rng.random() < 0.95 else "customer"
            return {"by": by, "of": self.name_of(question)}
        if kind == "expectation":
            return {"until": draft.text(draft.instant(self.now))}
        if kind == "merged":
            hours = rng.choice((-24, -2, -1, 1))
            return {"reported_at": draft.text(draft.known[0] + hours * HOUR)}
        if kind == "reclassified":
            priority, cause = f"P{rng.randint(1, 4)}", rng.choice(("misjudged", "new_facts"))
            return {"priority": priority, "cause": cause, "agreed": rng.random() < 0.5}
        return {}

    def follow_up(self, fact: dict) -> None:
        """A confirmation or a correction of a fact, some time later."""
        rng, draft = self.rng, self.draft
        is_late = fact["was_recorded"] > fact["happened"]
        wants_word = is_late or fact.get("agreed") is False
        if wants_word and rng.random() < 0.4:
            self.confirm(fact, fact["was_recorded"], fact.get("recorded_by", "supplier"))
        if rng.random() < 0.12:
            at = draft.instant(fact["was_recorded"])
            by = rng.choice(("supplier", "supplier", "customer"))
            fields = {"of": self.name_of(fact), "set": self.change_of(fact), "by": by}
            correction = self.add("corrected", at, **fields)
            if rng.random() < 0.4:
                self.confirm(correction, at, by)

    def change_of(self, fact: dict) -> dict:
        """What a correction sets: mostly when it happened; at times a field of its own."""
        rng, draft = self.rng, self.draft
        if rng.random() < 0.3:
            own: list[tuple[str, str | bool]] = []
            if "until" in fact:
                own.append(("until", draft.text(draft.instant(self.now))))
            if "reported_at" in fact:
                own.append(("reported_at", draft.text(draft.known[0] - HOUR)))
            if "agreed" in fact:
                own.append(("agreed", rng.random() < 0.5))
            if draft.wild and "priority" in fact:
                own.append(("priority", rng.choice(("P1", "P2"))))
            if draft.wild and "to" in fact:
                own.append(("to", rng.choice(("customer", "third_party"))))
            if own:
                return dict(rng.sample(own, 1))
        moved = fact["happened"] + rng.choice((-60, -15, -14, -1, 15, 30, 240)) * MINUTE
        return {"at": draft.text(moved)}

    def confirm(self, fact: dict, after: int, party: str) -> None:
        """The word of the other party, by default, by name, or (wrongly) of the same party."""
        other = "customer" if party == "supplier" else "supplier"
        fields: dict = {"of": self.name_of(fact)}
        if party == "third_party" or self.rng.random() < 0.5:
            fields["by"] = other
        if self.draft.wild and self.rng.random() < 0.2:
            fields["by"] = self.rng.choice(("supplier", "customer", "third_party"))
        soon = after + self.rng.choice((0, 1, 10, 20)) * MINUTE
        at = soon if self.rng.random() < 0.5 else self.draft.instant(after)
        self.add("confirmed", at, **fields)

    def log(self) -> list[dict]:
        """The facts in the order in which they were recorded; at times in any order."""
        rows = sorted(self.rows, key=lambda row: row[0])
        if self.rng.random() < 0.1:
            self.rng.shuffle(rows)
        named = {fact.get("of") for _, fact in rows}
        for _, fact in rows:
            if fact["fact"] not in ("question", "reclassified") and fact.get("id") not in named:
                fact.pop("id", None)
        return [fact for _, fact in rows]


def clock_case(draft: Draft, kind: str | None = None) -> dict:
    """A case about a clock on a ticket."""
    rng, promise = draft.rng, random_promise(draft, kind)
    story = Story(draft, promise, CHANGING if kind == "reclassified" else ())
    for _ in range(rng.randint(0, 11)):
        story.happen()
        if len(story.rows) >= 12:
            break
    if rng.random() < 0.03:
        story.add("voided", draft.instant(story.now), why="a test of the telephone")
    if rng.random() < 0.5:
        as_of = story.now + rng.choice((0, 5, 60, 300)) * MINUTE
    else:
        as_of = rng.choice(draft.known) + rng.choice((0, 0, 0, 1, -1, 15 * MINUTE))
    case = {"name": "random", "rule": "K", "source": "own", "ask": "clock", "promise": promise}
    return {**case, "facts": story.log(), "as_of": draft.text(as_of)}


def random_case(
    rng: random.Random,
    *,
    wild: bool = False,
    about: str | None = None,
    variety: int = VARIETY,
    pool: int = 0,
) -> tuple[dict, dict]:
    """(case without `expect`, its calendars); the same state of `rng` gives the same case."""
    draft = Draft(rng, wild=wild, variety=variety, pool=pool)
    sort = about or rng.choices(("clock", "deadline", "elapsed"), (8, 1, 1))[0]
    if sort in ("deadline", "elapsed"):
        case = time_case(draft, sort)
    else:
        case = clock_case(draft, None if sort == "clock" else sort)
    return case, {"hours": draft.plan}


def case_strategy(
    *, wild: bool = False, about: str | None = None, variety: int = VARIETY
) -> st.SearchStrategy[tuple[dict, dict]]:
    """The same cases, for Hypothesis: drawn by their number, which costs a fifth of drawing every
    choice by itself. `differential.shrink` makes a failing one small.
    """
    return st.integers(0, 2**64 - 1).map(
        lambda seed: random_case(random.Random(seed), wild=wild, about=about, variety=variety)
    )
