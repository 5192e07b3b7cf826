"""Negotiations as rows: what both sides say, what becomes of it, who sits there, who sees what."""

from typing import Any

import pytest
from world import START, TUESDAY, World, make_world

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import Draft
from afspraak.engine.time import Refusal, datetime_of, zone_of
from afspraak.language.text.templates import template_bytes
from afspraak.making import edit
from afspraak.making.actions import Cost, Judged, Seated
from afspraak.making.history import cases_of
from afspraak.making.load import by_clause, confirmed, costs_of, said_of, seats_of, turn_of
from afspraak.making.models import Seat
from afspraak.making.opened import opened
from afspraak.parties.actions import Actor

SEATED = Seated("Bob", "bedrijfsleider", Seat.Part.SIGNS, Seat.Mandate.NONE)


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def by(world: World, name: str) -> dict[str, Any]:
    """Who does something."""
    person = world.people[name]
    actor = Actor(person.organisation_id, person.id)
    return {"actor": actor, "viewer": world.viewer(name), "at": START}


def shown(world: World) -> Draft:
    """A draft that both sides see."""
    beginning = Beginning("2028", Draft.Origin.TEMPLATE, template_bytes("msp-vier-niveaus"))
    draft = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, **by(world, "coen"))
    flow.show_draft(draft=draft.id, **by(world, "coen"))
    draft.refresh_from_db()
    return draft


def proposed(world: World, draft: Draft, value: str = "2 working days") -> Any:
    """Bob would rather answer later."""
    data = bytes(newest_text(draft.id, world.viewer("bob")).document)
    values = opened(data).values_of("antwoorden")
    assert values is not None
    source = edit.written({**values, "targets": [{"value": value}]})
    told = {"draft": draft.id, "clause": "antwoorden", "source": source, "words": "Wij zijn klein."}
    return flow.propose(**told, **by(world, "bob"))


def test_a_proposal_that_the_other_side_accepts_is_the_next_text(world: World) -> None:
    draft = shown(world)
    made = proposed(world, draft)
    text = newest_text(draft.id, world.viewer("coen"))
    words = said_of([draft.id], world.viewer("coen"))[draft.id]
    assert turn_of(draft, words, text) == world.supplier.id
    with pytest.raises(Refusal, match="only the other side"):
        flow.accept(proposal=made.id, **by(world, "bob"))
    after = flow.accept(proposal=made.id, why="Goed.", **by(world, "coen"))
    assert after is not None
    values = opened(bytes(after.document)).values_of("antwoorden")
    assert values is not None
    assert values["targets"] == [{"value": "2 working days"}]
    assert bytes(after.document).startswith(bytes(text.document)[:200])
    with pytest.raises(Refusal, match="answered already"):
        flow.decline(proposal=made.id, why="Toch niet.", **by(world, "coen"))
    word = by_clause(said_of([draft.id], world.viewer("bob"))[draft.id])["antwoorden"][0]
    assert word.reply is not None
    assert (word.is_open, word.reply.is_accepted, word.reply.why) == (False, True, "Goed.")


def test_declining_has_a_reason_and_taking_back_needs_none(world: World) -> None:
    draft = shown(world)
    made = proposed(world, draft)
    with pytest.raises(Refusal, match="say why"):
        flow.decline(proposal=made.id, why="", **by(world, "coen"))
    flow.decline(proposal=made.id, why="Te laat.", **by(world, "coen"))
    own = proposed(world, draft, "3 working days")
    flow.decline(proposal=own.id, why="", **by(world, "bob"))
    words = said_of([draft.id], world.viewer("bob"))[draft.id]
    answered = {each.id: each.reply for each in words}
    assert {key: reply and reply.is_withdrawn for key, reply in answered.items()} == {
        made.id: False,
        own.id: True,
    }
    assert newest_text(draft.id, world.viewer("bob")).number == 1


def test_what_was_written_since_is_not_undone_by_accepting(world: World) -> None:
    draft = shown(world)
    made = proposed(world, draft)
    data = bytes(newest_text(draft.id, world.viewer("coen")).document)
    there = opened(data)
    values, at = there.values_of("antwoorden"), there.place_of("antwoorden")
    assert values is not None
    assert at is not None
    changed = edit.changed(data, at, {**values, "note": "Ook per mail."})
    flow.write_on(draft=draft.id, data=changed, after=1, **by(world, "coen"))
    with pytest.raises(Refusal, match="propose it anew"):
        flow.accept(proposal=made.id, **by(world, "coen"))


def test_a_remark_is_said_in_the_position_one_sits_in(world: World) -> None:
    draft = shown(world)
    flow.seat(draft=draft.id, seated=SEATED, **by(world, "bob"))
    flow.remark(draft=draft.id, clause="oplossen", words="Te traag.", **by(world, "bob"))
    word = said_of([draft.id], world.viewer("coen"))[draft.id][0]
    assert (word.name, word.position, word.words) == ("Bob", "bedrijfsleider", "Te traag.")
    with pytest.raises(Refusal, match="say what you remark"):
        flow.remark(draft=draft.id, clause="", words="", **by(world, "bob"))
    there = seats_of(draft, world.viewer("coen"))
    with pytest.raises(flow.NoSuchProposal):
        flow.unseat(seat=there[0].id, **by(world, "coen"))
    flow.unseat(seat=there[0].id, **by(world, "bob"))
    assert seats_of(draft, world.viewer("coen")) == []


def test_what_a_side_keeps_to_itself_the_other_does_not_see(world: World) -> None:
    draft = shown(world)
    judged = Judged("oplossen", "0" * 64, is_confirmed=False, why="Te krap.", beside="5/9")
    flow.confirm_promise(draft=draft.id, judged=judged, **by(world, "agnes"))
    assert confirmed(draft, world.viewer("coen"))["0" * 64].why == "Te krap."
    assert confirmed(draft, world.viewer("bob")) == {}
    with pytest.raises(Refusal, match="work for the supplier"):
        flow.confirm_promise(draft=draft.id, judged=judged, **by(world, "bob"))
    cost = Cost("e-mail", 250, "EUR", is_shown=False)  # type: ignore[arg-type]
    flow.tell_standstill(draft=draft.id, cost=cost, **by(world, "bob"))
    assert costs_of(draft, world.viewer("coen")) == {}
    cost = Cost("e-mail", 300, "EUR", is_shown=True)  # type: ignore[arg-type]
    flow.tell_standstill(draft=draft.id, cost=cost, **by(world, "bob"))
    assert costs_of(draft, world.viewer("coen"))["e-mail"].per_hour == 300
    with pytest.raises(Refusal, match="only the customer"):
        flow.tell_standstill(draft=draft.id, cost=cost, **by(world, "coen"))


def test_a_stranger_speaks_of_nothing_and_a_closed_draft_is_spoken_of_no_more(
    world: World,
) -> None:
    draft = shown(world)
    made = proposed(world, draft)
    with pytest.raises(flow.NoSuchProposal):
        flow.accept(proposal=made.id, **by(world, "charlie"))
    flow.lay_aside(draft=draft.id, **by(world, "coen"))
    with pytest.raises(Refusal, match="closed"):
        flow.remark(draft=draft.id, clause="", words="Jammer.", **by(world, "bob"))


def test_history_is_what_became_of_promises(world: World) -> None:
    world.report(START)
    flow.look(at=TUESDAY)
    found = cases_of(
        supplier=world.supplier.id,
        customer=world.bakery.id,
        viewer=world.viewer("coen"),
        at=datetime_of(TUESDAY),
        zone=zone_of("Europe/Amsterdam"),
    )
    assert {"first_response", "resolution"} <= {each.measure for each in found}
    assert all(each.spent is None for each in found)
