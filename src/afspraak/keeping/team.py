"""The people who do the work: who does it now, what became of each swap, and who can show that they
know what was promised. Pure: a clause and what was said, in; how it stands, out.

A swap is announced for a date. It is missed as soon as the notice of the clause was too short, or
once the time for the hand-over is past and the customer has not accepted it; accepted in time after
a notice in time, it is kept. A rejected hand-over may be done again within that time. Who comes is
at least as senior as who leaves, where the clause says so; else it is missed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from afspraak.engine.hours import Hours
from afspraak.keeping.within import Within, due_after, is_before

SENIORITIES: Final = ("junior", "medior", "senior", "lead")
State = Literal["running", "kept", "missed", "withdrawn"]
Reason = Literal["notice", "hand_over", "seniority"]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about a person: which, what happened, by whom, when it was recorded."""

    id: str
    key: str
    what: str
    side: str
    at: int
    on: date | None = None
    leaves: str = ""
    comes: str = ""
    seniority: str = ""
    knows: str = ""
    until_on: date | None = None
    words: str = ""
    paper: str = ""
    """The name of the file beside it."""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What the clause says of a swap, and on which clock it is counted."""

    promisor: str
    notice: Within
    hand_over: Within
    same_seniority: bool
    zone: ZoneInfo
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class Swap:
    """What became of one swap; `answer` is the newest word of the other side on the hand-over."""

    told: Told
    due_at: int
    state: State
    reasons: tuple[Reason, ...]
    handed_over: Told | None
    answer: Told | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who does the work, as it stands."""

    name: str
    function: str
    seniority: str
    substitute: str = ""
    since_on: date | None = None
    instead_of: str = ""


def swaps_of(
    told: Sequence[Told], rules: Rules, seniority_of: Callable[[str], str], as_of: int
) -> list[Swap]:
    """Every swap that was announced, the newest first."""
    known = [each for each in told if each.at <= as_of]
    begun = [each for each in known if each.what == "announced"]
    swaps = [_swap(each, known, rules, seniority_of, as_of) for each in begun]
    return sorted(swaps, key=lambda each: (each.told.at, each.told.id), reverse=True)


def _swap(
    begun: Told,
    known: Sequence[Told],
    rules: Rules,
    seniority_of: Callable[[str], str],
    as_of: int,
) -> Swap:
    assert begun.on is not None, "a swap has its date"
    mine = [each for each in known if each.key == begun.id]
    due_at = due_after(begun.on, rules.hand_over, rules.zone, rules.hours)
    handed_over = _newest(mine, "handed_over")
    answer = _newest(mine, "accepted", "rejected")
    accepted_at = next((each.at for each in mine if each.what == "accepted"), None)
    end = as_of if accepted_at is None else accepted_at
    reasons = tuple(_reasons(begun, rules, seniority_of(begun.leaves), is_late=end > due_at))
    state: State = "missed" if reasons else "running" if accepted_at is None else "kept"
    if any(each.what == "withdrawn" for each in mine):
        state, reasons = "withdrawn", ()
    return Swap(begun, due_at, state, reasons, handed_over, answer)


def _reasons(begun: Told, rules: Rules, left: str, *, is_late: bool) -> Iterable[Reason]:
    """Why it is missed; `left` is the seniority of who leaves. The first hand-over, from who sold
    to who does the work, needs no notice and replaces nobody.
    """
    assert begun.on is not None, "a swap has its date"
    if not begun.is_first:
        if not is_before(begun.at, begun.on, rules.notice, rules.zone, rules.hours):
            yield "notice"
        if rules.same_seniority and left and _rank(begun.seniority) < _rank(left):
            yield "seniority"
    if is_late:
        yield "hand_over"


def _newest(told: Iterable[Told], *what: str) -> Told | None:
    return max((each for each in told if each.what in what), key=lambda each: each.at, default=None)


def _rank(seniority: str) -> int:
    return SENIORITIES.index(seniority) if seniority in SENIORITIES else -1


def team_of(signed: Sequence[Member], swaps: Iterable[Swap], on: date) -> list[Member]:
    """Who does the work on a date: whom the clause names, each swap on its date done."""
    found = list(signed)
    done = [each.told for each in swaps if each.state != "withdrawn" and not each.told.is_first]
    for each in sorted(done, key=lambda told: (told.on or on, told.at)):
        if each.on is None or each.on > on:
            continue
        for place, one in enumerate(found):
            if one.name == each.leaves:
                found[place] = Member(
                    each.comes, one.function, each.seniority, one.substitute, each.on, each.leaves
                )
    return found


def mix_of(members: Iterable[Member]) -> dict[str, int]:
    """How many of each seniority, the most senior first; none where there is nobody."""
    counted = [each.seniority for each in members]
    return {each: counted.count(each) for each in reversed(SENIORITIES) if each in counted}


# Knowledge ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Knowing:
    """How many people can show that they know something, of how many were promised; who, and until
    when their proof holds.
    """

    what: str
    at_least: int
    people: tuple[tuple[str, date | None], ...]

    @property
    def lacks(self) -> int:
        """So many are missing."""
        return max(0, self.at_least - len(self.people))


def knowledge_of(
    at_least: int, wanted: Iterable[str], told: Iterable[Told], on: date
) -> list[Knowing]:
    """By each service and software that the clause names: people with a proof that holds on a
    date: dated, not expired (it holds until that date, not on it), not withdrawn.
    """
    rows = list(told)
    withdrawn = {each.key for each in rows if each.what == "proof_withdrawn"}
    proofs = [each for each in rows if each.what == "proof" and each.id not in withdrawn]
    found = []
    for what in wanted:
        people: dict[str, date | None] = {}
        for each in proofs:
            holds = (each.on or on) <= on and (each.until_on is None or on < each.until_on)
            if each.knows == what and holds:
                people[each.key] = _longer(people, each)
        found.append(Knowing(what, at_least, tuple(sorted(people.items()))))
    return found


def _longer(people: dict[str, date | None], proof: Told) -> date | None:
    """The later of two ends; a proof without one holds on."""
    if proof.key not in people:
        return proof.until_on
    known = people[proof.key]
    return None if known is None or proof.until_on is None else max(known, proof.until_on)
