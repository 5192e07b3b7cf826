"""The slow judge's clocks: one promise on one ticket, as of a moment (SEMANTICS K1-K9, T7).

A moment is (at, recorded, position): facts of one instant have an order (F2). A clock is given by
where it starts, the spans in which it stands satisfied, and the stops; the due instant is found
by counting forward from the start every time it is asked for.
"""

from dataclasses import dataclass, field

from oracle_count import Stop, Target, deadline, reached, spent, target_of
from oracle_facts import Fact, author_of, counting, instant_of
from oracle_hours import SECOND, Calendar, Refused

Moment = tuple[int, int, int]
OUTWARD = ("supplier_contact", "diagnosis", "expectation", "workaround", "solved")
NEVER: Moment = (2**62, 0, 0)


@dataclass(frozen=True)
class Run:
    """One clock: its start, and when it was satisfied and (by a rejection) no longer was.

    Shapes: satisfied is a list of (moment, moment or None), in order.
    """

    begin: Moment
    satisfied: list[tuple[Moment, Moment | None]] = field(default_factory=list)
    missed_before: int | None = None
    not_asked: Moment | None = None

    @property
    def satisfied_at(self) -> Moment | None:
        """The moment of the satisfaction that still stands."""
        return self.satisfied[-1][0] if self.satisfied and not self.satisfied[-1][1] else None


class Ticket:
    """The facts that count at `as_of`, and the promise that is asked about."""

    def __init__(self, promise: dict, facts: list[Fact], calendar: Calendar, as_of: int) -> None:
        self.promise, self.facts, self.calendar, self.as_of = promise, facts, calendar, as_of
        self.constant = target_of(promise["target"]) if "target" in promise else None
        self.by_priority = {
            priority: target_of(text) for priority, text in promise.get("targets", {}).items()
        }
        self.acceptance = target_of(promise["acceptance"]) if "acceptance" in promise else None

    def of_kind(self, *kinds: str) -> list[Fact]:
        """The facts of these kinds, in order."""
        return [fact for fact in self.facts if fact["fact"] in kinds]

    # --- where it starts (K1, K8) ---

    def begin(self) -> Moment | None:
        """The first report, moved to the earliest one of the merged tickets; None if none.

        Facts that come before the report in the order (F2) do not respond to it.
        """
        reported = self.of_kind("reported")
        if not reported:
            return None
        merged = [fact["reported_at"] for fact in self.of_kind("merged")]
        own: Moment = reported[0]["moment"]
        return (min(merged), -1, -1) if merged and min(merged) < own[0] else own

    # --- targets (K7) ---

    def target_for(self, priority: str | None) -> Target:
        """The target of a priority; refuses one for which nothing was promised (T8)."""
        if self.constant:
            return self.constant
        if priority is None:
            raise Refused("the ticket has no priority, and the targets are by priority")
        if priority not in self.by_priority:
            raise Refused(f"no target for priority {priority}")
        return self.by_priority[priority]

    def agreed_from(self, change: Fact) -> Moment:
        """From when the customer agrees to a reclassification."""
        if change.get("agreed"):
            return change["moment"]
        default = "customer" if author_of(change) == "supplier" else "supplier"
        moments = [
            fact["moment"]
            for fact in self.of_kind("confirmed")
            if fact.get("of") is not None
            and fact.get("of") == change.get("id")
            and fact.get("by", default) == "customer"
        ]
        return max(min(moments), change["moment"]) if moments else NEVER

    # --- solutions and rejections (K5) ---

    def rejections(self, after: Moment | None = None) -> list[tuple[Fact, Fact]]:
        """(the solution, its rejection) for every rejection that is in time.

        After the report, where one is given: what comes before it does not respond to it.
        """
        found, solution, final = [], None, False
        for fact in (each for each in self.facts if after is None or each["moment"] > after):
            if fact["fact"] == "solved" and solution is None:
                solution = fact
            elif fact["fact"] == "accepted" and solution is not None:
                final = True
            elif not final and self.rejects(fact, solution):
                found.append((solution, fact))
                solution = None
        return found

    def rejects(self, fact: Fact, solution: Fact | None) -> bool:
        """Whether the fact rejects that solution within the window, its very end included."""
        if fact["fact"] != "rejected" or solution is None:
            return False
        if self.acceptance is None:
            return True
        return fact["at"] <= deadline(self.calendar, solution["at"], self.acceptance)

    # --- pauses (K6) ---

    def stops(self, run: Run, until: Moment) -> tuple[Stop, ...]:
        """When the clock does not run, by the facts before `until`: questions and solved time."""
        stops: list[Stop] = [
            (start[0], end[0] if end else None) for start, end in run.satisfied if start < until
        ]
        for question in self.of_kind("question"):
            asked = question["moment"]
            if question["to"] not in self.promise.get("pauses", []) or asked >= until:
                continue
            if run.not_asked == asked:
                continue
            ends = [moment for moment in self.ends_of(question) if moment < until]
            stops.append((asked[0], min(ends)[0] if ends else None))
        return tuple(stops)

    def ends_of(self, question: Fact) -> list[Moment]:
        """The moments at which a question is off the table: answers, and later solutions."""
        solved = [f["moment"] for f in self.of_kind("solved") if f["moment"] > question["moment"]]
        return [*self.answers_to(question), *solved]

    def answers_to(self, question: Fact) -> list[Moment]:
        """The answers by the party that was asked."""
        return [
            fact["moment"]
            for fact in self.of_kind("answer")
            if fact.get("of") is not None
            and fact.get("of") == question.get("id")
            and fact.get("by", question["to"]) == question["to"]
        ]


class Judgement:
    """What one clock says: its target in force, its due instant, its miss."""

    def __init__(self, ticket: Ticket, run: Run) -> None:
        self.ticket, self.run = ticket, run
        self.calendar, self.start = ticket.calendar, run.begin[0]
        last = run.satisfied_at
        self.until = last or (ticket.as_of, 2**62, 2**62)
        self.to = max(self.until[0], self.start)
        stops = ticket.stops(run, self.until)
        if last:  # a satisfied clock holds no open pause: what was open ended there
            stops = tuple((a, last[0] if b is None else b) for a, b in stops)
        self.all_stops = stops
        self.missed_at: int | None = None
        reported = ticket.of_kind("reported")
        self.nominal = ticket.target_for(reported[0].get("priority") if reported else None)
        self.limits: list[tuple[int, Target]] = [(self.start, self.nominal)]
        if ticket.constant is None:
            self.reclassify()
        self.due_at = self.due()
        if self.missed_at is None and self.due_at is not None and self.to > self.due_at:
            self.missed_at = self.due_at
        if run.missed_before is not None:  # an earlier clock's miss stays, and moves nothing here
            self.missed_at = run.missed_before

    def due(self) -> int | None:
        """The least instant at which a target in force has been spent (T6)."""
        return self.leading(self.all_stops)[0]

    def leading(self, stops: tuple[Stop, ...]) -> tuple[int | None, int, Target]:
        """(due instant, from when it counts, target) of what falls due first."""
        found: tuple[int | None, int, Target] = (None, *self.limits[0])
        for since, target in self.limits:
            due = reached(self.calendar, since, target, stops)
            if due is not None and (found[0] is None or due < found[0]):
                found = due, since, target
        return found

    def is_satisfied_at(self, moment: Moment) -> bool:
        """Whether the clock stood satisfied just before that moment."""
        return any(a <= moment and (b is None or moment < b) for a, b in self.run.satisfied)

    def has_missed(self, moment: Moment) -> bool:
        """Whether the due instant in force had passed; if so, it stays missed (K7)."""
        if self.missed_at is None:
            due = self.due()
            if due is not None and due < moment[0]:
                self.missed_at = due
        return self.missed_at is not None

    def reclassify(self) -> None:
        """Takes the reclassifications one by one, until satisfied or missed (K7)."""
        changes = self.ticket.of_kind("reclassified")
        steps = [(change["moment"], change) for change in changes]
        steps += [(self.ticket.agreed_from(change), change) for change in changes]
        latest = None
        for moment, change in sorted(steps, key=lambda step: step[0]):
            if moment >= self.until or self.is_satisfied_at(moment):
                continue
            if moment > self.run.begin and self.has_missed(moment):
                return
            if moment == change["moment"]:
                latest = change
            if change is latest:
                self.take(change, moment)

    def take(self, change: Fact, moment: Moment) -> None:
        """One reclassification, at its own moment or at that of the customer's agreement."""
        new = self.ticket.target_for(change.get("priority"))
        if new == self.nominal:
            return
        old_due = deadline(self.calendar, self.start, self.nominal)
        new_due = deadline(self.calendar, self.start, new)
        if new_due == old_due:
            return
        if new_due > old_due and self.ticket.agreed_from(change) > moment:
            return
        self.nominal = new
        if new_due < old_due and change["cause"] == "new_facts" and moment > self.run.begin:
            self.limits.append((moment[0], new))
        else:
            self.limits = [(self.start, new)]

    def target(self) -> Target:
        """The target that leads, counted from the start.

        A clock that is frozen leads as if it ran on from now. Where the target counts from a later
        moment, it is what will have been spent when it is reached.
        """
        if len(self.limits) == 1:
            return self.nominal
        due, since, target = self.leading(self.all_stops)
        resumed = self.all_stops
        if due is None:
            resumed = tuple((a, self.to if b is None else b) for a, b in self.all_stops)
            due, since, target = self.leading(resumed)
        if since == self.start:
            return target
        assert due is not None
        return target[0], spent(self.calendar, target[0], self.start, due, resumed)

    def answer(self) -> dict:
        """The answer in FORMAT's fields; instants in microseconds, durations as text."""
        target = self.target()
        used = spent(self.calendar, target[0], self.start, self.to, self.all_stops)
        satisfied = self.run.satisfied_at
        if self.missed_at is not None:
            state, due_at = "missed", self.missed_at
        elif satisfied:
            state, due_at = "met", self.due_at
        else:
            state, due_at = ("paused" if self.due_at is None else "running"), self.due_at
        return {
            "state": state,
            "spent": shown(target[0], used),
            "remaining": shown_remaining(target, used),
            "due_at": due_at,
            "satisfied_at": satisfied[0] if satisfied else None,
            "missed_at": self.missed_at,
        }


def shown(unit: str, amount: int) -> str:
    """A duration cut to whole seconds, or working days, as FORMAT writes it."""
    if unit == "days":
        return f"{amount} working day" + ("" if amount == 1 else "s")
    return f"PT{amount // SECOND}S"


def shown_remaining(target: Target, used: int) -> str:
    """The target less the shown spent, never below zero, cut to whole seconds."""
    unit, amount = target
    return shown(unit, max(0, amount - (used if unit == "days" else used // SECOND * SECOND)))


def nothing(state: str) -> dict:
    """The answer without a verdict: none or void."""
    fields = ("spent", "remaining", "due_at", "satisfied_at", "missed_at")
    return {"state": state, **dict.fromkeys(fields)}


def clock(case: dict, calendar: Calendar) -> dict:
    """Answers `ask: clock` (FORMAT)."""
    as_of = instant_of(case["as_of"])
    facts = counting(case["facts"], as_of)
    ticket = Ticket(case["promise"], facts, calendar, as_of)
    if ticket.of_kind("voided"):
        return nothing("void")
    answers = {
        "first_response": first_response,
        "next_response": next_response,
        "diagnosis": diagnosis,
        "resolution": resolution,
        "expectation": expectation,
        "answer": answer_to_question,
    }
    return answers[case["promise"]["kind"]](ticket)


def is_outward(fact: Fact) -> bool:
    """Human, outward, substantive contact of the supplier (K2)."""
    return fact["fact"] in OUTWARD or (fact["fact"] == "question" and fact["to"] == "customer")


def is_contact(fact: Fact) -> bool:
    """A contact by the customer that asks for a response (K3)."""
    if fact["fact"] == "answer":
        return fact.get("by", "customer") == "customer"
    return fact["fact"] in ("customer_contact", "rejected")


def satisfied_by(ticket: Ticket, begin: Moment, facts: list[Fact]) -> Run:
    """A clock that the first of these facts after its start satisfies."""
    after = [fact["moment"] for fact in facts if fact["moment"] > begin]
    return Run(begin, [(after[0], None)] if after else [])


def first_response(ticket: Ticket) -> dict:
    """K2."""
    begin = ticket.begin()
    if begin is None:
        return nothing("none")
    outward = [fact for fact in ticket.facts if is_outward(fact)]
    return Judgement(ticket, satisfied_by(ticket, begin, outward)).answer()


def diagnosis(ticket: Ticket) -> dict:
    """K4."""
    begin = ticket.begin()
    if begin is None:
        return nothing("none")
    run = satisfied_by(ticket, begin, ticket.of_kind("diagnosis", "solved"))
    return Judgement(ticket, run).answer()


def next_response(ticket: Ticket) -> dict:
    """K3: the newest cycle."""
    begin = ticket.begin()
    facts = [fact for fact in ticket.facts if begin is not None and fact["moment"] > begin]
    first = next((n for n, fact in enumerate(facts) if is_outward(fact)), None)
    if first is None:
        return nothing("none")
    if ticket.promise.get("armed_by", "contact") == "interval":
        run = newest_interval(ticket, begin, facts[first:])
    else:
        run = newest_contact(facts[first:])
    return Judgement(ticket, run).answer() if run else nothing("none")


def newest_contact(facts: list[Fact]) -> Run | None:
    """The newest cycle armed by the oldest unanswered contact of the customer (K3)."""
    run = None
    for fact in facts:
        if is_contact(fact) and (run is None or run.satisfied):
            run = Run(fact["moment"])
        elif is_outward(fact) and run is not None and not run.satisfied:
            run = Run(run.begin, [(fact["moment"], None)])
    return run


def newest_interval(ticket: Ticket, begin: Moment, facts: list[Fact]) -> Run | None:
    """The newest cycle of the promised interval since the last outward contact (K3)."""
    rejections = [rejected["moment"] for _, rejected in ticket.rejections(begin)]
    run, ended = None, False
    for fact in facts:
        if fact["moment"] in rejections and ended:
            run, ended = Run(fact["moment"]), False
        elif is_outward(fact) and not ended:
            ended = fact["fact"] == "solved"
            if not ended:
                run = Run(fact["moment"])
            elif run is not None:
                run = Run(run.begin, [(fact["moment"], None)])
    return run


def resolution(ticket: Ticket) -> dict:
    """K5: one clock that continues after a rejection, or a new one for each."""
    begin = ticket.begin()
    if begin is None:
        return nothing("none")
    spans: list[tuple[Moment, Moment | None]] = [
        (solution["moment"], rejected["moment"]) for solution, rejected in ticket.rejections(begin)
    ]
    last = spans[-1][1] if spans else begin
    standing = [f["moment"] for f in ticket.of_kind("solved") if f["moment"] > max(last, begin)]
    if standing:
        spans.append((standing[0], None))
    if ticket.promise.get("reopen", "continue") == "continue":
        return Judgement(ticket, Run(begin, spans)).answer()
    return restarted(ticket, begin, spans)


def restarted(ticket: Ticket, begin: Moment, spans: list[tuple[Moment, Moment | None]]) -> dict:
    """A new clock at each rejection; an earlier miss stays (K5)."""
    missed = None
    for solved, rejected in spans:
        if rejected is None:
            return Judgement(ticket, Run(begin, [(solved, None)], missed)).answer()
        missed = Judgement(ticket, Run(begin, [(solved, None)], missed)).missed_at
        begin = rejected
    return Judgement(ticket, Run(begin, [], missed)).answer()


def expectation(ticket: Ticket) -> dict:
    """K9: the newest stated expectation; no pause moves it."""
    stated = ticket.of_kind("expectation")
    if not stated:
        return nothing("none")
    due_at = stated[-1]["until"]
    rejected = [rejection["moment"] for _, rejection in ticket.rejections()]
    after = max([stated[-1]["moment"], *rejected])
    solved = [fact["at"] for fact in ticket.of_kind("solved") if fact["moment"] > after]
    satisfied_at = solved[0] if solved else None
    is_missed = (ticket.as_of if satisfied_at is None else satisfied_at) > due_at
    state = "missed" if is_missed else "running" if satisfied_at is None else "met"
    return {
        **nothing(state),
        "due_at": due_at,
        "satisfied_at": satisfied_at,
        "missed_at": due_at if is_missed else None,
    }


def answer_to_question(ticket: Ticket) -> dict:
    """C5, K6: the newest question put to the promisor; a solution withdraws it."""
    promisor = ticket.promise.get("promisor", "supplier")
    asked = [fact for fact in ticket.of_kind("question") if fact["to"] == promisor]
    if not asked:
        return nothing("none")
    question = asked[-1]
    begin = question["moment"]
    ends = ticket.ends_of(question)
    if not ends:
        return Judgement(ticket, Run(begin, not_asked=begin)).answer()
    judged = Judgement(ticket, Run(begin, [(min(ends), None)], not_asked=begin))
    if min(ends) in ticket.answers_to(question):
        return judged.answer()
    return {**judged.answer(), "satisfied_at": None} if judged.missed_at else nothing("void")
