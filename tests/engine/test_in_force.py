"""Which version governs a ticket, and what it leaves as it was (SEMANTICS C1, C2, F5)."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.clock import Assessment
from afspraak.engine.in_force import (
    NEVER,
    Governing,
    NotCovered,
    OutsideRate,
    Version,
    governing_version,
    keep_misses,
    newest_in_force,
)
from afspraak.engine.terms import Promise
from afspraak.engine.time import DAY, Refusal

BOTH = ("supplier", "customer")
Case = tuple[list[Version], int, int, int | None]


def version(name: str, start: int, end: int = 100, signed: int = 0, **more: object) -> Version:
    """A version with small integers for instants, signed by the supplier at 0."""
    parties = more.pop("parties", BOTH)
    agreement = more.pop("agreement", "a")
    signatures = dict.fromkeys(parties, 0) | {parties[-1]: signed}
    return Version(name, agreement, parties, start, end, signatures, **more)


def drawn(seed: int) -> Case:
    random = Random(seed)
    versions = [
        Version(
            f"v{number}",
            random.choice("ab"),
            BOTH,
            start := random.randrange(12),
            random.randrange(start, 16),
            {party: random.randrange(14) for party in random.choice([BOTH, BOTH, BOTH, BOTH[:1]])},
            random.random() < 0.4,
            random.random() < 0.4,
            random.choice([None, None, random.randrange(16)]),
        )
        for number in range(random.randrange(4))
    ]
    closed = random.choice([None, None, random.randrange(16)])
    return versions, random.randrange(16), random.randrange(18), closed


cases = st.integers(0, 10**6).map(drawn)


def judged(versions: list[Version], reported: int, as_of: int, closed: int | None) -> list[str]:
    """The versions that governed in turn, found by walking through time from the report on."""
    known = []
    for each in versions:
        signed = [each.signed_at.get(party) for party in each.parties]
        if None not in signed and max(*signed, each.recorded_at or 0) <= as_of:
            known.append((each.from_at, max(signed), each))
    by_age = sorted(known, key=lambda row: row[:2])
    best = None
    for agreement in "ab":
        of_it = [
            row for row in by_age if row[2].agreement == agreement and max(row[:2]) <= reported
        ]
        if of_it and reported < of_it[-1][2].until_at and (not best or of_it[-1][:2] >= best[:2]):
            best = of_it[-1]
    turns = [best] if best else []
    for now in range(as_of + 1):
        for start, signed, each in known:
            if max(start, signed) != now:
                continue
            late = each.signed_late and start <= reported < signed and reported < each.until_at
            still_open = reported < now < each.until_at and (closed is None or closed > now)
            newer = not turns or (start, signed) > turns[-1][:2]
            if newer and (late or (each.open_tickets and still_open)):
                turns.append((start, signed, each))
    return [each.id for *_, each in turns]


def chain(governing: Governing | None) -> list[str]:
    return [*chain(governing.before), governing.version.id] if governing else []


@given(cases)
def test_the_version_that_governs(case: Case) -> None:
    versions, reported, as_of, closed = case
    ages = [each.age for each in versions]
    if len(set(ages)) < len(ages):
        return  # of two that are equally new neither is the newest
    try:
        found = chain(governing_version(versions, reported, as_of, closed))
    except NotCovered:
        found = []
    assert found == judged(versions, reported, as_of, closed)


@given(cases, st.integers(0, 18))
def test_without_words_of_its_own_nothing_later_changes_the_answer(case: Case, later: int) -> None:
    """The default is neither: a version that comes into force after the report governs nothing."""
    versions, reported, as_of, _ = case
    plain = [
        Version(each.id, each.agreement, each.parties, each.from_at, each.until_at, each.signed_at)
        for each in versions
    ]
    before = [each for each in plain if each.in_force_at <= reported]
    as_of = max(as_of, reported, later)

    def asked(known: list[Version]) -> str | None:
        try:
            return governing_version(known, reported, as_of).version.id
        except NotCovered:
            return None

    assert asked(plain) == asked(before)


def test_in_force_when_the_last_has_signed() -> None:
    plain = version("v", 10, signed=20)
    assert (plain.last_signed_at, plain.in_force_at, plain.known_at) == (20, 20, 20)
    early = version("v", 30, signed=20, recorded_at=25)
    assert (early.last_signed_at, early.in_force_at, early.known_at) == (20, 30, 25)
    assert version("v", 30, signed=20, recorded_at=5).known_at == 20
    unsigned = Version("v", "a", BOTH, 0, 100, {"supplier": 0})
    assert unsigned.last_signed_at == unsigned.in_force_at == unsigned.known_at == NEVER
    assert Version("v", "a", (), 0, 100, {}).last_signed_at == NEVER


def test_the_newest_in_force_replaces_the_older_ones_of_its_agreement() -> None:
    """Also once its own term is over (C1)."""
    told = [version("one", 0), version("two", 10, 20), version("other", 5, agreement="b")]
    names = [{key: each.id for key, each in newest_in_force(told, at).items()} for at in (4, 9, 30)]
    assert names == [{"a": "one"}, {"a": "one", "b": "other"}, {"a": "two", "b": "other"}]


def test_a_term_that_ends_before_it_starts_is_refused() -> None:
    assert version("v", 10, 10).until_at == 10
    with pytest.raises(Refusal, match="version v: its term ends before it starts"):
        version("v", 10, 9)


def test_since_when() -> None:
    old, new = version("old", 0), version("new", 10, open_tickets=True)
    found = governing_version([new, old], 5, 20)
    assert found == Governing(new, 10, Governing(old, 5))
    with pytest.raises(NotCovered, match="not covered"):
        governing_version([new, old], 5, -1)
    assert governing_version([new, old], 5, 9).version is old
    assert governing_version([new, old], 5, 10).version is new
    assert governing_version([new, old], 5, 20, closed_at=10).version is old
    assert governing_version([new, old], 5, 20, closed_at=11).version is new


def test_what_governed_nothing_before_has_nothing_before() -> None:
    new = version("new", 10, open_tickets=True)
    assert governing_version([new], 5, 20) == Governing(new, 10)
    late = version("late", 0, signed=10, signed_late=True)
    assert governing_version([late], 5, 20) == Governing(late, 10)
    with pytest.raises(NotCovered):
        governing_version([version("ended", 5, 10, signed=10, open_tickets=True)], 7, 20)
    with pytest.raises(NotCovered):
        governing_version([version("ended", 5, 7, signed=10, signed_late=True)], 7, 20)


def test_outside_every_contract_the_rate_is_said() -> None:
    rates = [
        OutsideRate(Decimal("95.00"), "EUR", 0, DAY),
        OutsideRate(Decimal("98.50"), "EUR", DAY, 2 * DAY),
    ]
    for at, told in [(DAY - 1, "EUR 95.00 / hour applies"), (DAY, "EUR 98.50 / hour applies")]:
        with pytest.raises(NotCovered, match=f"1970-01-0[12]T.*; {told}") as outside:
            governing_version([], at, at, rates=rates)
        assert outside.value.rate is rates[at // DAY]
    with pytest.raises(NotCovered, match="no rate outside a contract is known") as outside:
        governing_version([], 2 * DAY, 2 * DAY, rates=rates)
    assert outside.value.rate is None


# What was missed stays missed (C1) ---------------------------------------------------------------


def assessment(clause: str, cycle: int, missed_at: int | None, state: str = "missed") -> Assessment:
    promise = Promise(clause, "resolution", (), "office")
    return Assessment(promise, cycle, state, 0, 100, due_at=missed_at or 90, missed_at=missed_at)


def test_a_miss_from_before_is_kept() -> None:
    before = [assessment("solve", 0, 40), assessment("reply", 0, 60), assessment("reply", 1, 45)]
    now = [assessment("solve", 0, None, "running"), assessment("reply", 0, None, "met")]
    kept = keep_misses(before, now, since_at=50)
    assert [(each.promise.clause, each.cycle, each.state, each.missed_at) for each in kept] == [
        ("solve", 0, "missed", 40),
        ("reply", 0, "met", None),
        ("reply", 1, "missed", 45),
    ]
    assert kept[0].due_at == 40


def test_what_was_due_at_the_very_instant_was_not_missed_yet() -> None:
    kept = keep_misses(
        [assessment("solve", 0, 50)], [assessment("solve", 0, None, "met")], since_at=50
    )
    assert [each.state for each in kept] == ["met"]


def test_the_instants_that_decide() -> None:
    plain = version("v", 10, signed=10)
    assert governing_version([plain], 10, 10) == Governing(plain, 10)
    with pytest.raises(NotCovered):
        governing_version([plain], 9, 10)
    with pytest.raises(NotCovered):
        governing_version([plain], 10, 9)
    late = version("late", 0, signed=10, signed_late=True)
    assert governing_version([late], 10, 20) == Governing(late, 10)
    opened = version("open", 10, open_tickets=True)
    assert governing_version([opened], 10, 20) == Governing(opened, 10)
    with pytest.raises(NotCovered):
        governing_version([version("ended", 0, 10)], 10, 20)


def test_of_two_agreements_the_newest_version_governs() -> None:
    old = version("old", 0, agreement="a")
    new = version("new", 5, agreement="b")
    for known in ([old, new], [new, old]):
        assert governing_version(known, 10, 20).version is new
        assert governing_version(known, 4, 20).version is old
    ended = version("ended", 5, 8, agreement="b")
    assert governing_version([old, ended], 10, 20).version is old


def test_of_two_equally_new_the_first_is_not_replaced() -> None:
    one, other = (version(name, 10, open_tickets=True) for name in ("one", "other"))
    assert governing_version([one, other], 5, 20) == Governing(one, 10)


def test_what_a_refusal_says() -> None:
    with pytest.raises(
        NotCovered, match=r"^not covered: no agreement .*; no rate .* moment$"
    ) as out:
        governing_version([], 7, 9)
    assert out.value.reported_at == 7
