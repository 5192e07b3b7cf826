"""What a person reads about a ticket's clocks: facts, verdicts, whose turn it was, and the sum in
one line with its clause.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from afspraak.engine.clock import Assessment
from afspraak.engine.facts import CUSTOMER, SUPPLIER, Fact
from afspraak.engine.terms import Promise
from afspraak.engine.time import Duration, ServiceTime
from afspraak.reports.contracts import Contract
from afspraak.reports.explain import Explanation, Stretch
from afspraak.reports.texts import Texts

SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "met": "✓",
        "missed": "▲",
        "running": "●",
        "paused": "❄",
        "measuring": "◌",
        "void": "—",
    }
)
"""A shape for each state: colour never speaks alone."""


class Speech:
    """The words of one language about the tickets under one contract. `is_brief`: its clauses by
    their numbers alone, for who reads the signed text and not its source.
    """

    __slots__ = ("contract", "is_brief", "texts")

    def __init__(self, texts: Texts, contract: Contract, *, is_brief: bool = False) -> None:
        self.texts = texts
        self.contract = contract
        self.is_brief = is_brief

    def clause(self, clause: str) -> str:
        """`clausule 3.2 (oplossen)`: its number in the signed text, and its id."""
        number = self.contract.terms.numbers.get(clause)
        told = f"{number} ({clause})" if number and not self.is_brief else number or clause
        return self.texts.say("form", "clause", number=told)

    def promise(self, promise: Promise) -> str:
        """What a promise is called."""
        return self.contract.title(promise.clause, self.texts.language) or measure(
            self.texts, promise.promisor, promise.measure
        )

    def value(self, field: str, value: str) -> str:
        """A level or a service by its name in the reader's language, else as it stands."""
        if field == "level":
            return self.texts.word("level", value)
        names = self.contract.services.get(value, {}) if field == "service" else {}
        return names.get(self.texts.language) or next(iter(names.values()), value)

    # Facts ---------------------------------------------------------------------------------------

    def fact(self, fact: Fact) -> str:
        """What happened."""
        say = self.texts.say
        slots = {
            "to": self.texts.word("party", fact.to),
            "by": self.texts.word("party", fact.by),
            "why": fact.why,
            "until": "" if fact.until is None else self.texts.moment(fact.until),
            "reported": "" if fact.reported_at is None else self.texts.moment(fact.reported_at),
            "fields": self._fields(fact),
        }
        return say("fact", fact.code, **slots)

    def detail(self, fact: Fact, counts_at: int | None = None) -> str:
        """What else a fact states. `counts_at`: from when it counts, where it was recorded late and
        waits for the other party (F4).
        """
        texts, told = self.texts, []
        if fact.code == "reported" and fact.fields:
            told.append(self._fields(fact))
        if fact.code == "reclassified":
            told.append(texts.word("fact", fact.cause))
            told.append(texts.say("fact", "agreed" if fact.agreed else "not_agreed"))
        if fact.why and fact.code != "voided":
            told.append(fact.why)
        if counts_at is not None:
            told.append(texts.say("fact", "waiting", at=texts.moment(counts_at)))
        elif fact.recorded_at != fact.happened_at:
            told.append(texts.say("fact", "recorded", at=texts.moment(fact.recorded_at)))
        return ", ".join(told)

    def _fields(self, fact: Fact) -> str:
        names = (name for name in fact.fields if name != CUSTOMER)
        return ", ".join(f"{self.texts.word('field', name)} {fact.fields[name]}" for name in names)

    # Verdicts ------------------------------------------------------------------------------------

    def verdict(self, told: Explanation) -> str:
        """The verdict as a sentence; a relieved miss says whose earlier miss relieves it (A8)."""
        each, texts = told.assessment, self.texts
        parts = [self._verdict(told)]
        if each.on_trial:
            parts.append(texts.say("verdict", "on_trial"))
        if told.relief is not None:
            relief, other = told.relief
            assert other.missed_at is not None
            party = texts.word("party", other.promise.promisor)
            at, clause = texts.moment(other.missed_at), self.clause(relief.clause)
            parts.append(texts.say("verdict", "relieved", clause=clause, party=party, at=at))
        return "; ".join(parts)

    def _verdict(self, told: Explanation) -> str:
        each, texts = told.assessment, self.texts
        at, due = texts.moment(each.end_at), ""
        if each.due_at is not None:
            at, due = texts.moments(each.end_at, each.due_at)
        slots = {
            "done": texts.say("done", each.promise.measure),
            "at": at,
            "due": due,
            "spent": self._duration(each.spent),
            "left": self._duration(each.remaining),
            "late": texts.about(told.late),
            "target": self.target(each),
            "turn": texts.word("turn", each.stops[-1].turn) if each.stops else "",
            "why": each.ended.why if each.ended else "",
        }
        return texts.say("verdict", _verdict_word(each), **slots)

    def target(self, each: Assessment) -> str:
        """The target of the rule that governs, or of the limit that leads."""
        target = each.limits[0].target if each.limits else None
        return self._duration(target)

    def _duration(self, duration: Duration | None) -> str:
        return "" if duration is None else self.texts.duration(duration)

    # The sum -------------------------------------------------------------------------------------

    def arithmetic(self, told: Explanation, *, most: int = 0) -> str:
        """What counted and what did not, in one line that adds up; then its clause (C4). Of more
        than `most` stretches those in the middle are told together.
        """
        each, texts = told.assessment, self.texts
        rule = each.rule
        clause = self.clause(rule.clause if rule else each.promise.clause)
        if not told.stretches:
            return f"{clause}."
        counting = [each for each in told.stretches if not each.late]
        parts = " · ".join(self._parts(counting, most))
        is_sum = len(counting) > 1
        total = texts.say("sum", "total", counted=texts.hours(told.counted)) if is_sum else ""
        if told.days:
            days = texts.together([texts.day(on) for on in told.days])
            total = "; " + texts.say(
                "sum", "days", n=texts.counted("days", len(told.days)), days=days
            )
        late = f"; {texts.say('sum', 'late', late=texts.about(told.late))}" if told.late else ""
        return f"{parts}{total}{late}. {capital(clause)}."

    def stretches(self, told: Explanation) -> list[str]:
        """Each stretch in words, one a line, late ones too."""
        return [self._part(each) for each in told.stretches]

    def _parts(self, stretches: Sequence[Stretch], most: int) -> Iterator[str]:
        if not most or len(stretches) <= most:
            yield from (self._part(each) for each in stretches)
            return
        first, last = stretches[: most - 2], stretches[-1]
        middle = stretches[most - 2 : -1]
        yield from (self._part(each) for each in first)
        counted = self.texts.hours(sum(each.counted for each in middle))
        yield self.texts.say("sum", "middle", n=self.texts.number(len(middle)), counted=counted)
        yield self._part(last)

    def _part(self, stretch: Stretch) -> str:
        texts = self.texts
        slots = {
            "from": texts.moment(stretch.from_at),
            "until": texts.until(stretch.from_at, stretch.until_at),
            "turn": texts.word("turn", stretch.turn),
            "counted": texts.hours(stretch.counted),
            "why": self.why(stretch),
        }
        return texts.say("sum", "part" if stretch.why == "counted" else "stopped", **slots)

    def why(self, stretch: Stretch) -> str:
        """What stopped the clock, as the one who asked put it."""
        asked = [fact.why for fact in stretch.because if fact.code == "question" and fact.why]
        question = any(fact.code == "question" for fact in stretch.because)
        told = self.texts.say("sum", "question") if question else ""
        return f"{told} {'; '.join(asked)}" if asked else told


def _verdict_word(each: Assessment) -> str:
    if each.state == "missed":
        return "missed_done" if each.satisfied_at is not None else "missed_open"
    if each.state == "met" and each.promise.measure == "expectation":
        return "met_expectation"
    if each.state == "void" and each.ended is not None and each.ended.code == "solved":
        return "withdrawn"
    return each.state


def capital(text: str) -> str:
    """A sentence begins with a large letter."""
    return text[:1].upper() + text[1:]


def measure(texts: Texts, promisor: str, name: str) -> str:
    """What a measure is called; an answer says whose it is."""
    own = f"{name}_{promisor}"
    return texts.say(
        "measure", own if promisor != SUPPLIER and own in texts.words("measure") else name
    )


def shown(duration: Duration | None) -> str | None:
    """A duration as the contract writes it: `PT4H`, `3 working days`."""
    if duration is None:
        return None
    return (
        str(ServiceTime(duration.microseconds))
        if isinstance(duration, ServiceTime)
        else str(duration)
    )
