"""Facts and when they count (SEMANTICS F1-F5, K1, K8): from a ticket's log, as of a moment, to the
facts that stand.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from afspraak.engine.time import MINUTE, Refusal

SUPPLIER: Final = "supplier"
CUSTOMER: Final = "customer"
THIRD_PARTY: Final = "third_party"
PARTIES: Final = (SUPPLIER, CUSTOMER, THIRD_PARTY)

LATE_AFTER: Final = 15 * MINUTE
"""A record made later than this after the event is an afterthought; at exactly this it is not (F4).
"""

FAVOURS: Final = MappingProxyType(
    dict.fromkeys(
        (
            "supplier_contact",
            "question",
            "diagnosis",
            "expectation",
            "workaround",
            "solved",
            "accepted",
        ),
        SUPPLIER,
    )
    | dict.fromkeys(("reported", "customer_contact", "rejected"), CUSTOMER),
)
"""Whom a fact favours when it happened early (F4); an answer favours who gives it, all others
nobody.
"""

AUTHORS: Final = MappingProxyType(
    dict.fromkeys(("reported", "customer_contact", "accepted", "rejected"), CUSTOMER)
    | dict.fromkeys(
        [
            "acknowledged",
            "supplier_contact",
            "question",
            "diagnosis",
            "expectation",
            "workaround",
            "solved",
            "reclassified",
            "merged",
            "voided",
            "corrected",
            "cost_proposed",
        ],
        SUPPLIER,
    )
    | dict.fromkeys(("cost_agreed", "cost_declined", "contribution"), CUSTOMER),
)
"""Who makes a fact when it doesn't say (`by`). An answer and a confirmation have no such default.
"""

CODES: Final = frozenset(AUTHORS) | {"answer", "confirmed"}
CAUSES: Final = ("misjudged", "new_facts")
CHANGING: Final = frozenset(("reclassified", "confirmed", "rejected", "merged", "voided"))
"""Facts that change what others mean."""
_STEPS: Final = MappingProxyType(
    {
        each: number
        for number, each in enumerate(
            [(code, "") for code in sorted(CODES)]
            + [(code, party) for code in ("answer", "question") for party in PARTIES],
            start=1,
        )
    }
)
STEPS: Final = len(_STEPS)
_APART: Final = frozenset(("corrected", "confirmed"))
EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a ticket's log (F1, F2). Instants in microseconds; empty text or None where a
    field has no value.

    `position` is the place in the log; `fields` are the finite fields that a report or a
    reclassification states (priority, service, kind, site); `changes` what a correction sets.
    """

    step: int = field(init=False, repr=False, compare=False)
    """Its step (`step_of`) where it counts as it stands, from when it happened; 0 for what must be
    weighed first, an afterthought or a double, and for a word that changes what other facts mean.
    """
    code: str
    happened_at: int
    recorded_at: int
    position: int
    by: str = ""
    recorded_by: str = SUPPLIER
    id: str = ""
    of: str = ""
    to: str = ""
    why: str = ""
    cause: str = ""
    agreed: bool = False
    until: int | None = None
    reported_at: int | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    changes: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    source_id: str = ""
    case: str = field(init=False, repr=False, compare=False)
    """A report's finite fields as one word, where it counts as it stands: equal for equal fields in
    the same order. Empty for any other fact.
    """

    def __post_init__(self) -> None:
        """Refuses what no answer can rest on: an unknown code, a reclassification without cause
        (K7), a void ticket without reason (K8).
        """
        if self.code not in CODES:
            raise Refusal(f"there is no fact {self.code!r}")
        if not self.by:
            object.__setattr__(self, "by", AUTHORS.get(self.code, ""))
        if (wanting := _WANTING.get(self.code)) and (message := wanting(self)):
            raise Refusal(f"{self.code}{f' {self.id}' if self.id else ''}: {message}")
        late = self.recorded_at - self.happened_at > LATE_AFTER
        weighed = late or self.source_id or self.code in CHANGING or self.code in _APART
        object.__setattr__(self, "step", 0 if weighed else step_of(self.code, self.to, self.by))
        is_plain = self.code == "reported" and not weighed
        object.__setattr__(self, "case", str(tuple(self.fields.items())) if is_plain else "")


def step_of(code: str, to: str = "", by: str = "") -> int:
    """A number above 0 for what a fact is to a clock: its code, a question's with the party that it
    is put to, an answer's with the party that gave it. There are `STEPS` of them.
    """
    return _STEPS[code, to if code == "question" else by if code == "answer" else ""]


def _reclassified(fact: Fact) -> str:
    return (
        ""
        if fact.cause in CAUSES
        else f"its cause is {fact.cause!r}; state misjudged or new_facts (K7)"
    )


def _answered(fact: Fact) -> str:
    if not fact.of:
        return "of which question? name it in `of`"
    return "" if fact.by in PARTIES else "by whom? name the party in `by`"


_WANTING: Final[Mapping[str, Callable[[Fact], str]]] = MappingProxyType(
    {
        "reclassified": _reclassified,
        "answer": _answered,
        "voided": lambda fact: (
            "" if fact.why.strip() else "why? a ticket is only voided with a reason (K8)"
        ),
        "merged": lambda fact: (
            "" if fact.reported_at is not None else "when was the other ticket reported_at (K8)?"
        ),
        "expectation": lambda fact: (
            "" if fact.until is not None else "until when? an expectation is an instant (K9)"
        ),
        "question": lambda fact: (
            "" if fact.to in (CUSTOMER, THIRD_PARTY) else "to whom? customer or third_party (K6)"
        ),
        "corrected": lambda fact: (
            "" if fact.of and fact.changes else "of which fact, and what does it `set` (F3)?"
        ),
        "confirmed": lambda fact: "" if fact.of else "of which fact? name it in `of` (F4)",
    },
)


ASKING: Final = frozenset(_WANTING)
"""Codes of which the law asks more than who did it, and when."""


class Ticket(NamedTuple):
    """A ticket's log as of a moment: the facts that count, in order, each at the instant from which
    it counts.

    `start_at` is the earliest proof of the report (K1, K8), None before it; `voided` is the fact
    that voided the ticket; `waiting` are the positions of the facts that wait for the other
    party's confirmation (F4); `plain`: it begins with its report, and no fact in it changes what
    others mean.
    """

    as_of: int
    start_at: int | None
    facts: tuple[Fact, ...]
    voided: Fact | None = None
    waiting: frozenset[int] = frozenset()
    plain: bool = False

    @property
    def fields(self) -> Mapping[str, str]:
        """The finite fields as first reported."""
        return next((fact.fields for fact in self.facts if fact.code == "reported"), EMPTY)


_ORDER: Final = attrgetter("happened_at", "recorded_at", "position")
_RECORDED: Final = attrgetter("recorded_at", "position")
_NOBODY: Final[frozenset[int]] = frozenset()
LONG_AGO: Final = -(1 << 62)
"""Before every instant."""
_made: Final = partial(tuple.__new__, Ticket)
"""A ticket from its parts in one call; by its name it would take as long as a deadline."""


def settle(log: Iterable[Fact], as_of: int) -> Ticket:
    """The facts that count as of a moment, in the order (happened, recorded, position) (F2-F5)."""
    facts = tuple(log)
    before = LONG_AGO
    for fact in facts:
        at = fact.happened_at
        if at <= before or not fact.step:
            return _weighed(facts, as_of)
        before = at
    if before > as_of - LATE_AFTER or not facts or facts[0].code != "reported":
        return _weighed(facts, as_of)
    return _made((as_of, facts[0].happened_at, facts, None, _NOBODY, True))


def _weighed(log: Iterable[Fact], as_of: int) -> Ticket:
    """The same for any log: its facts put in order, and weighed against each other if need be."""
    known = [fact for fact in log if fact.recorded_at <= as_of]
    waiting = _NOBODY
    sources = {(fact.source, fact.source_id) for fact in known if fact.source_id}
    if len(sources) not in (0, len(known)) or not all(map(_as_it_stands, known)):
        known, waiting = _stand(known, as_of)
    facts = [fact for fact in known if fact.happened_at <= as_of]
    facts.sort(key=_ORDER)
    return _ticket(as_of, facts, waiting)


def _as_it_stands(fact: Fact) -> bool:
    return fact.code not in _APART and fact.recorded_at - fact.happened_at <= LATE_AFTER


def _ticket(as_of: int, facts: list[Fact], waiting: frozenset[int]) -> Ticket:
    """Where the ticket starts: at its report, or the earliest of those merged into it (K1, K8)."""
    start, earliest, voided = None, None, None
    plain = bool(facts) and facts[0].code == "reported"
    for fact in facts:
        code = fact.code
        if code == "reported" and start is None:
            start = fact.happened_at
        elif code in CHANGING:
            plain = False
            if code == "voided":
                voided = voided or fact
            elif code == "merged" and fact.reported_at is not None:
                earliest = fact.reported_at if earliest is None else min(earliest, fact.reported_at)
    if start is not None and earliest is not None:
        start = min(start, earliest)
    return Ticket(as_of, start, tuple(facts), voided, waiting, plain)


def _stand(known: list[Fact], as_of: int) -> tuple[list[Fact], frozenset[int]]:
    """The facts as they stand: doubles dropped (F2), afterthoughts moved (F4), corrections applied
    (F3).
    """
    facts = _once(known)
    confirmed = {
        (fact.of, fact.by)
        for fact in facts
        if fact.code == "confirmed" and fact.happened_at <= as_of
    }
    waiting = {
        fact.position
        for fact in facts
        if _waits(fact) and not _is_confirmed(fact, fact.recorded_by, confirmed)
    }
    standing = {
        fact.position: replace(fact, happened_at=fact.recorded_at)
        if fact.position in waiting
        else fact
        for fact in facts
        if fact.code != "corrected"
    }
    by_id = {fact.id: fact.position for fact in reversed(facts) if fact.id}
    corrections = sorted(
        (fact for fact in facts if fact.code == "corrected" and fact.happened_at <= as_of),
        key=_ORDER,
    )
    for correction in corrections:
        position = by_id.get(correction.of)
        if position is None or position not in standing:
            continue
        if _pleads(correction, standing[position]) and not _is_confirmed(
            correction, correction.by, confirmed
        ):
            waiting.add(correction.position)
        else:
            standing[position] = _corrected(standing[position], correction)
    return list(standing.values()), frozenset(waiting)


def _once(known: list[Fact]) -> list[Fact]:
    """Each (source, source_id) once, as first recorded; what names a double names the one that
    stays (F2).
    """
    first: dict[tuple[str, str], int] = {}
    same: dict[str, str] = {}
    facts: list[Fact] = []
    for fact in sorted(known, key=_RECORDED):
        source, place = (fact.source, fact.source_id), len(facts)
        kept = first.setdefault(source, place) if fact.source_id else place
        if kept == place:
            facts.append(fact)
        elif fact.id:
            same[fact.id] = facts[kept].id or fact.id
            facts[kept] = replace(facts[kept], id=same[fact.id])
    return [replace(fact, of=same[fact.of]) if fact.of in same else fact for fact in facts]


def _waits(fact: Fact) -> bool:
    """An afterthought in favour of who recorded it (F4)."""
    if fact.recorded_at - fact.happened_at <= LATE_AFTER:
        return False
    return _favoured(fact) == fact.recorded_by


def _favoured(fact: Fact) -> str:
    return fact.by if fact.code == "answer" else FAVOURS.get(fact.code, "")


def other_party(party: str) -> str:
    """The party whose word confirms what `party` recorded (F4): there are two to a contract."""
    return CUSTOMER if party == SUPPLIER else SUPPLIER


def _is_confirmed(fact: Fact, author: str, confirmed: set[tuple[str, str]]) -> bool:
    """Confirmed by the other party; a confirmation without `by` is the other party's."""
    return bool(fact.id) and not confirmed.isdisjoint(
        {(fact.id, other_party(author)), (fact.id, "")}
    )


def _pleads(correction: Fact, original: Fact) -> bool:
    """A correction in favour of its author, made more than 15 minutes after what it states (F4).

    An instant favours by its direction; a field whose direction the field itself does not tell (a
    priority, a party) is taken as in its author's favour.
    """
    stated = correction.changes.get("happened_at", original.happened_at)
    assert isinstance(stated, int)
    if correction.recorded_at - stated <= LATE_AFTER:
        return False
    return any(
        _gains(correction.by, original, name, value) for name, value in correction.changes.items()
    )


def _gains(author: str, original: Fact, name: str, value: object) -> bool:
    if name == "fields":
        assert isinstance(value, Mapping)
        return not value.items() <= original.fields.items()
    if value == getattr(original, name) or name == "why":
        return False
    favoured = _favoured(original)
    if name == "happened_at":
        assert isinstance(value, int)
        earlier = value < original.happened_at
        return bool(favoured) and (author == favoured) == earlier
    if name in ("until", "reported_at"):
        assert isinstance(value, int)
        later = value > (getattr(original, name) or 0)
        return (author == SUPPLIER) == later
    if name == "agreed":
        return (author == SUPPLIER) == bool(value)
    return True


def _corrected(original: Fact, correction: Fact) -> Fact:
    """The fact with what the correction sets; a finite field that it doesn't name stays (F3)."""
    changes = dict(correction.changes)
    if isinstance(fields := changes.get("fields"), Mapping):
        changes["fields"] = {**original.fields, **fields}
    # Each name and type in a correction was checked at the door.
    return replace(original, **changes)  # type: ignore[arg-type]
