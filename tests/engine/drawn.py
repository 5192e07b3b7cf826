"""What the engine's property tests draw: calendars over a few weeks, instants in them, tickets."""

from datetime import date, timedelta
from functools import cache
from random import Random

from hypothesis import strategies as st

from afspraak.engine.facts import Fact
from afspraak.engine.hours import Calendar, Hours, Interval, joined, lay_out
from afspraak.engine.time import MINUTE, SECOND

# Each with a date around which its clocks change: by an hour, half an hour, a whole day.
ZONES = (
    ("UTC", date(2026, 3, 20)),
    ("Europe/Brussels", date(2026, 3, 20)),
    ("Europe/Brussels", date(2026, 10, 16)),
    ("Australia/Lord_Howe", date(2026, 3, 27)),
    ("Australia/Lord_Howe", date(2026, 9, 25)),
    ("Pacific/Apia", date(2011, 12, 20)),
    ("America/St_Johns", date(2008, 10, 24)),
    ("America/Havana", date(2026, 10, 23)),
    ("Asia/Beirut", date(2026, 3, 20)),
    ("Asia/Kathmandu", date(2026, 3, 20)),
)
QUARTERS = 96
DATES = 21


PLAIN = tuple([(Interval(540, 720), Interval(780, 1020))] * 5 + [()] * 2)


def _intervals(random: Random) -> tuple[Interval, ...]:
    """Up to three intervals of one date in quarters of an hour; the last may run into the next."""
    edges = sorted(random.sample(range(QUARTERS), random.randint(0, 5)))
    found = [
        Interval(opens * 15, closes * 15)
        for opens, closes in zip(edges[::2], edges[1::2], strict=False)
    ]
    if len(edges) % 2:
        found.append(Interval(edges[-1] * 15, random.randint(edges[-1] + 1, 2 * QUARTERS) * 15))
    return joined("drawn", found)


@cache
def calendar(seed: int) -> Calendar:
    """A calendar over three weeks in which the clocks of its zone change: the first ones plain."""
    random = Random(seed)
    zone, first = ZONES[seed % len(ZONES)]
    dates = [first + timedelta(days=days) for days in range(DATES)]
    week, closed, exceptions = PLAIN, (), {}
    if seed >= len(ZONES):
        week = tuple(_intervals(random) for _ in range(7))
        closed = random.sample(dates, random.randint(0, 3))
        exceptions = {on: _intervals(random) for on in random.sample(dates, random.randint(0, 3))}
    cover = (first, first + timedelta(days=DATES))
    return Calendar("drawn", zone, week, frozenset(closed), exceptions, cover)


@cache
def _hours(seed: int) -> Hours:
    return lay_out(calendar(seed))


# Made once each from a number: drawing them part by part would cost most of the tests' time.
seeds = st.integers(0, 499)
hours = seeds.map(_hours)


def moments(count: int) -> st.SearchStrategy[tuple[Hours, list[int]]]:
    """Hours with so many instants in their cover, in order, often at an edge of the hours or a
    microsecond beside it.
    """
    return st.builds(_moments, seeds, st.integers(0, 10**9), st.just(count))


def _moments(seed: int, place: int, count: int) -> tuple[Hours, list[int]]:
    known, random = _hours(seed), Random(place)
    found = []
    for _ in range(count):
        at = random.randrange(known.from_at, known.until_at)
        if known.edges and random.random() < 0.5:
            at = random.choice(known.edges) + random.choice((-SECOND, -1, 0, 1, MINUTE))
        found.append(min(max(at, known.from_at), known.until_at - 1))
    return known, sorted(found)


def log(random: Random, start: int, end: int) -> list[Fact]:
    """A ticket's log in [start, end]: a report, questions with answers, solutions, rejections,
    changes of priority.
    """
    facts = [Fact("reported", start, start, 0, fields={"priority": random.choice(PRIORITIES)})]
    times = sorted(random.randint(start, end) for _ in range(random.randrange(9)))
    asked: list[Fact] = []
    for position, at in enumerate(times, start=1):
        kind, more = random.choice(KINDS), {}
        if kind == "question":
            more = {"to": random.choice(ASKED)}
        elif kind == "answer":
            if not asked:
                continue
            question = random.choice(asked)
            more = {"by": question.to, "of": question.id}
        elif kind == "reclassified":
            more = {
                "cause": random.choice(CAUSES),
                "agreed": random.random() < 0.5,
                "fields": {"priority": random.choice(PRIORITIES)},
            }
        facts.append(Fact(kind, at, at, position, id=f"fact-{position}", **more))
        if kind == "question":
            asked.append(facts[-1])
    return facts


KINDS = (
    "question",
    "answer",
    "solved",
    "rejected",
    "accepted",
    "supplier_contact",
    "customer_contact",
    "diagnosis",
    "reclassified",
)
ASKED = ("customer", "third_party")
CAUSES = ("misjudged", "new_facts")
PRIORITIES = ("P1", "P2")
