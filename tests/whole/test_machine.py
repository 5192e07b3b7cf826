"""Random days: whatever happens in whatever order, the cache is what the facts say.

A state machine feeds reports, afterthoughts, questions, reclassifications, amendments, dropped
caches and time; the shuffled log is the ordered one.
"""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from world import HOUR, MINUTE, TUESDAY, World, frozen, make_world, sign

from afspraak import flow
from afspraak.clocks.models import Assessment, Standing
from afspraak.engine.time import Refusal
from afspraak.notices.models import Obligation
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

pytestmark = pytest.mark.usefixtures("as_system")
FIELDS = {"service": "e-mail", "impact": "one_person", "kind": "incident"}
IMPACTS = st.sampled_from(["one_person", "team", "everybody"])
SERVICES = st.sampled_from(["e-mail", "printers", "internet", "kassa"])
PLAIN = st.sampled_from(
    [
        "supplier_contact",
        "diagnosis",
        "workaround",
        "solved",
        "accepted",
        "rejected",
        "acknowledged",
    ]
)
AGO = st.integers(0, 120)
"""Minutes before now: more than fifteen is an afterthought (F4)."""
TARGETS = st.sampled_from([b"PT1H", b"PT3H", b"PT6H"])


class Days(RuleBasedStateMachine):
    """A supplier's days, under a contract that changes while tickets are open."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world: World = make_world()
        self.now = TUESDAY
        self.tickets: list[Any] = []
        self.questions: list[tuple[Any, str]] = []
        self.number = 1

    def teardown(self) -> None:
        """Nothing of it stays; but first: rebuilt is stored, and everything was owed once."""
        flow.rebuild(viewer=SYSTEM)
        assert flow.rebuild(viewer=SYSTEM).differences == 0
        owed = Obligation.objects.seen_by(SYSTEM).values_list("subject_key", "kind")
        assert len(owed) == len(set(owed))
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tell(self, code: str, ago: int, **more: Any) -> None:
        ticket = self.tickets[more.pop("which") % len(self.tickets)]
        happened_at = self.now - ago * MINUTE
        self.world.tell(code, ticket, self.now, happened_at=happened_at, **more)

    @rule(service=SERVICES, impact=IMPACTS, ago=AGO)
    def report(self, service: str, impact: str, ago: int) -> None:
        fields = {"service": service, "impact": impact, "kind": "incident"}
        told = Happened(
            self.world.to_bakery.id,
            "reported",
            self.now - ago * MINUTE,
            "supplier",
            title="x",
            fields=fields,
        )
        taken = flow.take_fact(told=told, viewer=SYSTEM, at=self.now)
        self.tickets.append(taken.ticket.id)

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), code=PLAIN, ago=AGO)
    def something(self, which: int, code: str, ago: int) -> None:
        self.tell(code, ago, which=which, words="zo")

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), ago=AGO, hours=st.integers(1, 30))
    def promise(self, which: int, ago: int, hours: int) -> None:
        self.tell("expectation", ago, which=which, until=self.now + hours * HOUR)

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), ago=AGO)
    def ask(self, which: int, ago: int) -> None:
        name = f"q{len(self.questions)}"
        self.tell("question", ago, which=which, to="customer", words="Welke?", id=name)
        self.questions.append((which, name))

    @precondition(lambda self: self.questions)
    @rule(which=st.integers(0, 9), ago=AGO)
    def answer(self, which: int, ago: int) -> None:
        ticket, name = self.questions[which % len(self.questions)]
        self.tell("answer", ago, which=ticket, of=name, by="customer")

    @precondition(lambda self: self.tickets)
    @rule(
        which=st.integers(0, 9), impact=IMPACTS, cause=st.sampled_from(["misjudged", "new_facts"])
    )
    def reclassify(self, which: int, impact: str, cause: str) -> None:
        self.tell("reclassified", 0, which=which, cause=cause, fields={"impact": impact})

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def void(self, which: int) -> None:
        self.tell("voided", 0, which=which, words="dubbel")

    @rule(minutes=st.integers(1, 1500))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        flow.look(at=self.now)

    @rule(norm=TARGETS, opened=st.booleans(), late=st.booleans(), ago=st.integers(0, 60))
    def amend(self, norm: bytes, opened: bool, late: bool, ago: int) -> None:  # noqa: FBT001
        """A new version, perhaps for what is open, perhaps for what came before its signature."""
        self.number += 1
        flags = f", open_tickets: {opened}, signed_late: {late}".lower().encode()
        version = b'version: {number: %d, from: "2027-01-01"%s}' % (self.number, flags)
        data = frozen("msp-vier-niveaus")
        data = data.replace(b'version: {number: 1, from: "2027-01-01"}', version)
        data = data.replace(
            b"{when: {level: gold}, value: PT2H}", b"{when: {level: gold}, value: %s}" % norm
        )
        assert version in data
        sign(self.world, self.world.to_bakery, data, self.now - ago * MINUTE)
        agreement = self.world.versions["bakery"].agreement_id
        flow.follow(agreement=agreement, since=self.now, at=self.now)

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), whole=st.booleans())
    def drop_the_cache(self, which: int, whole: bool) -> None:  # noqa: FBT001
        ticket = self.tickets[which % len(self.tickets)]
        Assessment.objects.seen_by(SYSTEM).filter(ticket_id=ticket).delete()
        if whole:
            Standing.objects.seen_by(SYSTEM).filter(ticket_id=ticket).delete()
        flow.rebuild(viewer=SYSTEM)

    @rule()
    def rebuilt_is_stored(self) -> None:
        assert flow.rebuild(viewer=SYSTEM).differences == 0


def test_whatever_happens_the_cache_is_what_the_facts_say() -> None:
    few = settings(
        settings.get_profile("short"),
        max_examples=6,
        stateful_step_count=14,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Days, settings=few)


# Shuffled is ordered ------------------------------------------------------------------------------

EVENT = st.tuples(st.integers(0, 2), PLAIN, st.integers(1, 4000), st.integers(0, 40))


def told(relation: Any, number: int, event: tuple[int, str, int, int]) -> Happened:
    ticket, code, minute, late = event
    happened_at = TUESDAY + minute * MINUTE + number  # no two at the same instant
    return Happened(
        relation,
        code,
        happened_at,
        "supplier",
        foreign=f"t{ticket}",
        words="zo",
        source="log",
        source_id=str(number),
        recorded_at=happened_at + late * MINUTE,
        is_imported=True,
    )


def reports(relation: Any) -> list[Happened]:
    return [
        Happened(
            relation,
            "reported",
            TUESDAY + ticket,
            "supplier",
            foreign=f"t{ticket}",
            fields=FIELDS,
            source="log",
            source_id=f"r{ticket}",
            recorded_at=TUESDAY + ticket,
            is_imported=True,
        )
        for ticket in range(3)
    ]


def outcome(arrived: list[list[Happened]], at: int) -> list[tuple[Any, ...]]:
    """What the cache says after everything has come in, each group in a transaction."""
    for group in arrived:
        flow.take_facts(told=group, viewer=SYSTEM, at=at, is_quiet=True)
    rows = Assessment.objects.seen_by(SYSTEM).order_by("ticket__foreign", "clause", "cycle")
    return list(
        rows.values_list(
            "ticket__foreign", "clause", "cycle", "state", "due_at", "satisfied_at", "missed_at"
        )
    )


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(events=st.lists(EVENT, min_size=2, max_size=10), shuffled=st.randoms(use_true_random=False))
def test_shuffled_arrival_is_ordered_arrival(events: list[Any], shuffled: Any) -> None:
    found = []
    for is_shuffled in (False, True):
        with transaction.atomic():
            relation = make_world().to_bakery.id
            facts = [told(relation, number, each) for number, each in enumerate(events)]
            facts.sort(key=lambda each: each.happened_at)
            if is_shuffled:
                shuffled.shuffle(facts)
            groups = [reports(relation), *([each] for each in facts)]
            found.append(outcome(groups, TUESDAY + 5000 * MINUTE))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0]


def test_a_refused_fact_leaves_nothing_behind() -> None:
    world = make_world()
    ticket = world.report(TUESDAY).ticket
    before = Fact.objects.seen_by(SYSTEM).count()
    with pytest.raises(Refusal), transaction.atomic():
        world.tell("reclassified", ticket.id, TUESDAY, cause="whim", fields={"impact": "team"})
    assert Fact.objects.seen_by(SYSTEM).count() == before
    assert connection.in_atomic_block
