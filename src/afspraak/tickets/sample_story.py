"""One ticket of the made year: from the report to the end, as its facts."""

from collections.abc import Callable
from json import dumps
from operator import itemgetter
from typing import Final

from afspraak.engine.facts import CUSTOMER, THIRD_PARTY
from afspraak.engine.time import DAY, HOUR, MINUTE, SECOND
from afspraak.tickets.profile import PROFILE, WHOLE
from afspraak.tickets.sample_desk import Case, Desk
from afspraak.tickets.sample_draws import Draws, pace
from afspraak.tickets.tables import FactRow

RESPONSE: Final = pace(PROFILE.first_step, 4_800)
SOLUTION: Final = pace(PROFILE.solved, 10_500)
ANSWER: Final = pace(PROFILE.customer_waits, 5_600)
CARRIER: Final = pace(PROFILE.third_party_waits, 60_000)
"""How long things take, in thousandths of what was promised for them."""

THOUSAND: Final = 1000
ASKED: Final = (
    "welke foutmelding staat er?",
    "sinds wanneer?",
    "op welk apparaat?",
    "mogen we meekijken?",
    "wie heeft er nog meer last van?",
)


class Story:
    """The facts of one ticket while it is being made.

    Time passes as the work is done, in thousandths of all that the solution takes (`_whole`, in
    microseconds of the target's hours), and stands still while somebody else has the question.
    """

    def __init__(self, desk: Desk, draws: Draws, ticket: str, case: Case, at: int) -> None:
        self.desk, self.draws, self.ticket, self.case = desk, draws, ticket, case
        self.reported_at = self.now = at
        self.facts: list[FactRow] = []
        self._aim = desk.aim("resolution", case)
        self._whole = MINUTE
        self._work = 0
        self._anchor = (at, 0)
        self._names = 0

    def tell(self, fact: str, at: int, late: int = 0, **more: object) -> None:
        """A fact that happened at an instant and was recorded `late` microseconds after it."""
        at -= at % SECOND
        row = FactRow(
            self.ticket,
            fact,
            at,
            at + late - late % SECOND,
            customer=self.desk.customer.name,
            source_id=f"{self.ticket}/{len(self.facts) + 1}",
        )
        self.facts.append(row._replace(**more) if more else row)  # type: ignore[arg-type]

    def report(self) -> None:
        """By phone, by mail (acknowledged by a machine) or in passing (recorded later)."""
        draws, at = self.draws, self.reported_at
        way = draws.pick(("phone", "mail", "passing"), (55, 40, 5))
        late = {"phone": (0, 240), "mail": (0, 1), "passing": (1_200, 30_000)}[way]
        self.tell("reported", at, draws.between(*late) * SECOND, **self.case)
        if way == "mail":
            self.tell("acknowledged", at + draws.between(5, 90) * SECOND)

    def void(self, why: str, after: int) -> None:
        """The ticket ends without a verdict (SEMANTICS K8)."""
        self.tell("voided", self.reported_at + after, why=why)

    def merge(self, other_at: int, at: int) -> None:
        """A second report of the same turns up (SEMANTICS K8)."""
        self.tell("merged", at, reported_at=other_at - other_at % SECOND)

    def run(self, slow: int) -> None:
        """From the first response to the end; `slow` in thousandths of the usual pace."""
        draws = self.draws
        first = self._first(slow)
        if draws.chance(PROFILE.at_once):
            self.tell("supplier_contact", first)
            self._end(first + draws.between(2, 25) * MINUTE)
            return
        share = draws.along(SOLUTION) * slow // THOUSAND
        self._whole = max(self._aim.span * share // THOUSAND, MINUTE)
        self.now = first
        if draws.chance(8_500):  # else the first word to the customer is the question
            self.tell("supplier_contact", first)
        for work, happen in sorted(self._happenings(), key=itemgetter(0)):
            self._reach(work)
            happen()
        self._reach(THOUSAND)
        self._end(self.now)

    def _first(self, slow: int) -> int:
        hours, span = self.desk.aim("first_response", self.case)
        share = self.draws.along(RESPONSE) * slow // THOUSAND
        return hours.deadline(self.reported_at, max(span * share // THOUSAND, MINUTE))

    def _reach(self, work: int) -> None:
        """Work goes on until so much of it is done."""
        at, done = self._anchor
        self._work = max(work, done)
        reached = self._aim.hours.deadline(at, self._whole * (self._work - done) // THOUSAND)
        self.now = max(self.now + SECOND, reached)

    def _wait(self, until: int) -> None:
        """Somebody else has it until then; work goes on from there."""
        self.now = until
        self._anchor = (until, self._work)

    def _name(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"

    def _happenings(self) -> list[tuple[int, Callable[[], None]]]:
        """What will happen, and after which part of the work."""
        misses = self._whole > self._aim.span
        days = self._whole // (8 * HOUR)
        carrier = 1_500 if self.desk.has_third_party else PROFILE.third_party
        request = self.case.get("kind") == "request"
        questions = self.draws.pick((0, 1, 2, 3), PROFILE.questions)
        chances = (
            *((WHOLE, 50, 700, self._ask_customer) for _ in range(questions)),
            (carrier, 200, 800, self._ask_carrier),
            (4_500, 100, 500, self._diagnose),
            (500, 20, 300, lambda: self.tell("contribution", self.now)),
            (800, 300, 800, lambda: self.tell("workaround", self.now)),
            (min(1_000 + days * 2_000, 6_000), 300, 950, self._chased),
            (7_000 if misses else 600, 300, 800, self._expect),
            (PROFILE.reclassified, 50, 600, self._reclassify),
            (800 if request else 0, 200, 400, self._cost),
        )
        return [
            (self.draws.between(low, high), happen)
            for share, low, high, happen in chances
            if self.draws.chance(share)
        ]

    # What happens ---------------------------------------------------------------------------------

    def _ask_customer(self) -> None:
        name = self._name("q")
        self.tell("question", self.now, to=CUSTOMER, id=name, why=self.draws.pick(ASKED))
        share = self.draws.along(ANSWER) * self.desk.slow // THOUSAND
        answer = self.desk.office.deadline(self.now, max(8 * HOUR * share // THOUSAND, MINUTE))
        if answer - self.now > DAY and self.draws.chance(6_000):
            waits = self.desk.office.elapsed(self.now, answer)
            self.tell("supplier_contact", self.desk.office.deadline(self.now, waits // 2))
        if self.draws.chance(9_300):  # else it is solved without
            self.tell("answer", answer, by=CUSTOMER, of=name)
        self._wait(answer)

    def _ask_carrier(self) -> None:
        name = self._name("q")
        self.tell("question", self.now, to=THIRD_PARTY, id=name, why="storing bij een ander")
        share = self.draws.along(CARRIER)
        answer = self.desk.office.deadline(self.now, max(3 * HOUR * share // THOUSAND, MINUTE))
        self.tell("answer", answer, by=THIRD_PARTY, of=name)
        self._wait(answer)

    def _diagnose(self) -> None:
        until = self._aim.hours.deadline(self.now, max(self._left(), 10 * MINUTE))
        self.tell("diagnosis", self.now, until=_half_hour(until))

    def _left(self) -> int:
        return self._whole * (THOUSAND - self._work) // THOUSAND

    def _expect(self) -> None:
        """A word of its own (K9): kept three times of four."""
        share = self.draws.between(1_050, 1_900) if self.draws.chance(7_500) else 600
        until = self._aim.hours.deadline(self.now, self._left() * share // THOUSAND + 15 * MINUTE)
        self.tell("expectation", self.now, until=_half_hour(until))

    def _chased(self) -> None:
        """The customer asks how it stands, and mostly hears."""
        self.tell("customer_contact", self.now)
        span = 8 * HOUR * self.draws.along(RESPONSE) // THOUSAND
        back = self.desk.office.deadline(self.now, max(span, MINUTE))
        if self.draws.chance(9_000):
            self.tell("supplier_contact", back)

    def _reclassify(self) -> None:
        priorities = self.desk.priorities
        place = priorities.index(self.case["priority"])
        up = self.draws.chance(PROFILE.upgrades)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(priorities):
            return
        name = self._name("r")
        agreed = not up and self.draws.chance(5_000)
        cause = self.draws.pick(("misjudged", "new_facts"))
        self.tell(
            "reclassified",
            self.now,
            priority=priorities[other],
            cause=cause,
            agreed=agreed,
            id=name,
        )
        if not up and not agreed and self.draws.chance(5_000):
            at = self.now + self.draws.between(5, 240) * MINUTE
            self.tell("confirmed", at, by=CUSTOMER, of=name)

    def _cost(self) -> None:
        self.tell("cost_proposed", self.now)
        answer = self.desk.office.deadline(self.now, self.draws.between(10, 600) * MINUTE)
        self.tell("cost_agreed" if self.draws.chance(8_500) else "cost_declined", answer)

    # The end --------------------------------------------------------------------------------------

    def _end(self, at: int) -> None:
        """Solved; now and then rejected and solved again; half the customers say that it is so."""
        draws = self.draws
        solved = self._solve(at)
        if draws.chance(PROFILE.rejected):
            rejected = solved + min(draws.along(PROFILE.rejected_after), 4_000) * MINUTE
            self.tell("rejected", rejected)
            span = max(self._aim.span * draws.along(SOLUTION) // (2 * THOUSAND), 5 * MINUTE)
            solved = self._solve(self._aim.hours.deadline(rejected, span))
        if draws.chance(5_000):
            self.tell("accepted", self.desk.office.deadline(solved, draws.between(5, 900) * MINUTE))

    def _solve(self, at: int) -> int:
        """Written down at once, or late (an afterthought, F4), or corrected afterwards (F3)."""
        draws, name = self.draws, self._name("s")
        afterthought = draws.chance(250)
        late = draws.between(16, 1_800) * MINUTE if afterthought else 0
        self.tell("solved", at, late, id=name)
        if afterthought and draws.chance(4_500):
            self.tell("confirmed", at + late, draws.below(3_000) * SECOND, by=CUSTOMER, of=name)
        if draws.chance(40):
            corrected, fixed = at + draws.between(20, 900) * MINUTE, self._name("c")
            before = at - at % SECOND - draws.between(5, 60) * MINUTE
            change = dumps({"happened_at": max(before, self.reported_at)})
            self.tell("corrected", corrected, of=name, set=change, id=fixed)
            if draws.chance(5_000):
                self.tell("confirmed", corrected + HOUR, by=CUSTOMER, of=fixed)
        return at + late


def _half_hour(at: int) -> int:
    """The next half hour: nobody says 14:07."""
    return -(-at // (30 * MINUTE)) * 30 * MINUTE
