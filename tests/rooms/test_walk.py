"""The walk: a fact is recorded once, judged under what was signed, kept, and owed."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import models, transaction
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak import flow
from afspraak.clocks.models import Assessment, Standing
from afspraak.engine.time import Refusal, parse_instant
from afspraak.ledger.actions import NoSuchLog
from afspraak.ledger.leaf import read_leaf
from afspraak.ledger.models import Head, Leaf
from afspraak.ledger.tree import Range, root_of
from afspraak.notices.models import Kind, Obligation
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact, Ticket, Words

pytestmark = pytest.mark.usefixtures("as_system")


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def test_a_report_is_answered_with_its_verdict(world: World) -> None:
    taken = world.report(TUESDAY)
    verdict = taken.verdict
    assert verdict is not None
    assert (verdict.urgency, verdict.turn) == ("drop_everything", "supplier")
    assert verdict.case["priority"] == "P3"
    assert verdict.leads is not None
    assert verdict.leads.due_at == parse_instant("2027-03-02T12:00:00+01:00")
    assert taken.ticket is not None
    assert taken.ticket.number == "N-1"


def test_the_verdict_before_a_ticket_exists_is_the_one_it_gets(world: World) -> None:
    before = flow.would_promise(
        supplier=world.supplier.id,
        customer=world.bakery.id,
        service="e-mail",
        impact="one_person",
        kind="incident",
        viewer=SYSTEM,
        at=TUESDAY,
    )
    assert Ticket.objects.seen_by(SYSTEM).count() == 0
    assert world.report(TUESDAY).verdict == before


def test_the_same_fact_of_a_source_is_taken_once(world: World) -> None:
    first = world.report(TUESDAY, source="mail", source_id="<1@bakery.example>")
    again = world.report(TUESDAY + HOUR, source="mail", source_id="<1@bakery.example>")
    assert (first.is_repeated, again.is_repeated) == (False, True)
    assert again.ticket == first.ticket
    assert Fact.objects.seen_by(SYSTEM).count() == 1


def test_numbers_have_no_gaps_though_a_report_is_refused(world: World) -> None:
    world.report(TUESDAY)
    with pytest.raises(Refusal, match="no impact doom"):
        world.report(TUESDAY, fields={"service": "e-mail", "impact": "doom"})
    assert world.report(TUESDAY).ticket.number == "N-2"


def test_times_never_go_back_in_the_log(world: World) -> None:
    world.report(TUESDAY)
    taken = world.report(TUESDAY - HOUR)
    assert taken.fact.logged_at == Head.objects.seen_by(SYSTEM).get(pk=world.to_bakery.id).logged_at
    assert taken.fact.recorded_at > taken.fact.happened_at


def test_the_log_is_a_tree_whose_root_follows_from_its_leaves(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    world.tell("supplier_contact", ticket.id, TUESDAY + MINUTE, words="We kijken ernaar.")
    leaves = list(
        Leaf.objects.seen_by(SYSTEM).filter(relation_id=world.to_bakery.id).order_by("seq")
    )
    head = Head.objects.seen_by(SYSTEM).get(pk=world.to_bakery.id)
    assert [leaf.seq for leaf in leaves] == list(range(head.size))
    assert [leaf.kind for leaf in leaves] == ["version", "signature", "signature", "fact", "fact"]
    kept = Range.from_bytes(bytes(head.edge))
    assert kept.root() == root_of([bytes(leaf.leaf_hash) for leaf in leaves])
    entry = read_leaf(bytes(leaves[-1].body))
    assert b"kijken" not in bytes(leaves[-1].body)
    assert entry.texts.keys() == {"words"}


def test_a_question_freezes_the_clock_and_its_answer_goes_on(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    world.tell("supplier_contact", ticket.id, TUESDAY + MINUTE)
    asked = world.tell("question", ticket.id, TUESDAY + HOUR, to="customer", words="Welke?", id="q")
    assert (asked.verdict.urgency, asked.verdict.turn) == ("waiting", "customer")
    standing = Standing.objects.seen_by(SYSTEM).get(ticket=ticket)
    assert (standing.is_frozen, standing.due_at, standing.turn) == (True, None, "customer")
    world.tell("answer", ticket.id, TUESDAY + 2 * HOUR, of="q", by="customer")
    standing.refresh_from_db()
    assert (standing.is_frozen, standing.turn) == (False, "supplier")


def test_a_miss_is_found_by_looking_and_has_its_computed_instant(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    assert flow.look(at=TUESDAY + 100 * HOUR) == 1
    missed = Assessment.objects.seen_by(SYSTEM).get(ticket=ticket, clause="reageren")
    assert missed.state == "missed"
    assert missed.missed_at.isoformat() == "2027-03-02T11:00:00+00:00"
    owed = Obligation.objects.seen_by(SYSTEM).filter(clause="reageren", kind=Kind.BREACH)
    assert [each.for_at for each in owed] == [missed.missed_at]


def test_looking_again_owes_nothing_twice(world: World) -> None:
    world.report(TUESDAY)
    flow.look(at=TUESDAY + 100 * HOUR)
    before = Obligation.objects.seen_by(SYSTEM).count()
    assert flow.look(at=TUESDAY + 100 * HOUR) == 0
    flow.look(at=TUESDAY + 200 * HOUR)
    keys = Obligation.objects.seen_by(SYSTEM).values_list("subject_key", "kind")
    assert len(set(keys)) == len(keys) >= before


def test_the_cache_can_be_dropped_and_nothing_differs(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    world.tell("supplier_contact", ticket.id, TUESDAY + MINUTE)
    world.report(TUESDAY, to="notary")
    flow.look(at=TUESDAY + 30 * HOUR)
    Assessment.objects.seen_by(SYSTEM).filter(clause="reageren").delete()
    rebuilt = flow.rebuild(viewer=SYSTEM)
    assert (rebuilt.tickets, rebuilt.differences) == (2, 2)
    assert flow.rebuild(viewer=SYSTEM).differences == 0


def test_outside_every_agreement_is_said(world: World) -> None:
    verdict = world.report(parse_instant("2035-03-02T10:00:00Z")).verdict
    assert verdict.urgency == "none"
    assert verdict.outside.startswith("not covered")


def test_a_customer_cannot_say_the_suppliers_word(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    with pytest.raises(Refusal, match="only the supplier says that"):
        world.tell("solved", ticket.id, TUESDAY, recorded_by="customer")


def test_a_stranger_finds_neither_ticket_nor_log(world: World) -> None:
    ticket = world.report(TUESDAY).ticket
    stranger = Viewer(organisations=frozenset({world.notary.id}))
    with pytest.raises(NoSuchLog):
        world.tell("customer_contact", ticket.id, TUESDAY, viewer=stranger)
    told = Happened(world.to_notary.id, "accepted", TUESDAY, "customer", ticket=ticket.id)
    with pytest.raises(flow.NoSuchTicket):
        flow.take_fact(told=told, viewer=stranger, at=TUESDAY)


def test_what_has_not_happened_yet_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="lies in the future"):
        flow.take_fact(
            told=Happened(world.to_bakery.id, "reported", TUESDAY + HOUR, "supplier"),
            viewer=SYSTEM,
            at=TUESDAY,
        )


def of_log(world: World, code: str, number: int, ticket: str, **more: Any) -> Happened:
    return Happened(
        world.to_bakery.id,
        code,
        TUESDAY + number * MINUTE,
        "supplier",
        foreign=f"other:{ticket}",
        source="other",
        source_id=str(number),
        **more,
    )


def everything_kept() -> list[Any]:
    """All rows of tickets, by what tickets are called: ids are made anew each time."""

    def rows(model: type[models.Model], *but: str) -> list[Any]:
        kept = [each.attname for each in model._meta.concrete_fields]
        names = [each for each in kept if each not in ("id", "ticket_id", "words_id", *but)]
        told = model.objects.seen_by(SYSTEM).values_list("ticket__foreign", *names)
        return sorted(told, key=repr)

    tickets = Ticket.objects.seen_by(SYSTEM).order_by("number")
    leaves = Leaf.objects.seen_by(SYSTEM).order_by("relation_id", "seq")
    return [
        list(tickets.values_list("foreign", "number", "title", "created_at")),
        rows(Fact),
        rows(Words, "salt"),
        rows(Standing),
        rows(Assessment),
        list(leaves.values_list("relation_id", "seq", "kind", "logged_at")),
        list(Head.objects.seen_by(SYSTEM).order_by("relation_id").values_list("size", "ground")),
        list(Obligation.objects.seen_by(SYSTEM).order_by("for_at", "kind").values_list("kind")),
    ]


def test_many_at_once_are_kept_as_one_by_one(world: World) -> None:
    said = {"title": "Mail", "words": "Sinds vanochtend."}
    fields = {"service": "e-mail", "impact": "one_person", "kind": "incident"}
    papers = {**fields, "service": "printers"}
    at_once = [  # of one instant, and about other things
        replace(of_log(world, "reported", 0, name, fields=each, title=name), source_id=name)
        for name, each in (("c", papers), ("d", fields))
    ]
    told = [
        of_log(world, "reported", 0, "a", fields=fields, **said),
        *at_once,
        of_log(world, "reported", 1, "b", fields=papers, title="Papier"),
        of_log(world, "question", 2, "a", id="q", to="customer", words="Welke map?"),
        of_log(world, "answer", 3, "a", of="q", by="customer", words="Alle."),
        of_log(world, "solved", 4, "b"),
        of_log(world, "reported", 0, "a", fields=fields, **said),  # known by then
    ]
    kept = []
    for batches in ([told], [[each] for each in told]):
        with transaction.atomic():
            for batch in batches:
                flow.take_facts(told=batch, viewer=SYSTEM, at=TUESDAY + 5 * MINUTE)
            kept.append(everything_kept())
            transaction.set_rollback(True)
    assert len(kept[0][1]) == 7
    assert kept[0] == kept[1]
