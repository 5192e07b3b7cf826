"""Drafts: written by both sides in turn, seen by the other once shown, and binding nobody."""

import pytest
from world import START, World, make_world

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.drafts import NoSuchDraft, draft_of, newest_text
from afspraak.agreements.models import Draft
from afspraak.engine.time import Refusal
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import Viewer


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def begun(world: World) -> tuple[Draft, Actor, Viewer]:
    actor = Actor(world.supplier.id, world.people["alice"].id)
    viewer = world.viewer("alice")
    beginning = Beginning("Bakery, next year", Draft.Origin.FILE, b"first: words\n")
    relation = world.to_bakery.id
    draft = flow.begin_draft(
        relation=relation, beginning=beginning, actor=actor, viewer=viewer, at=START
    )
    return draft, actor, viewer


def test_the_other_side_sees_a_draft_when_it_is_shown_and_writes_on(world: World) -> None:
    draft, actor, viewer = begun(world)
    bakers = world.viewer("bob")
    with pytest.raises(NoSuchDraft):
        draft_of(draft.id, bakers)
    flow.show_draft(draft=draft.id, actor=actor, viewer=viewer, at=START)
    assert bytes(newest_text(draft.id, bakers).document) == b"first: words\n"
    bob = Actor(world.bakery.id, world.people["bob"].id)
    told = {"draft": draft.id, "actor": bob, "viewer": bakers, "at": START}
    text = flow.write_on(data=b"other: words\n", after=1, **told)
    assert (text.number, newest_text(draft.id, viewer).id) == (2, text.id)


def test_nobody_writes_over_what_was_not_read(world: World) -> None:
    draft, actor, viewer = begun(world)
    told = {"draft": draft.id, "actor": actor, "viewer": viewer, "at": START}
    flow.write_on(data=b"second\n", after=1, **told)
    with pytest.raises(Refusal, match="text 2 is there"):
        flow.write_on(data=b"third\n", after=1, **told)


def test_what_is_laid_aside_is_written_no_more(world: World) -> None:
    draft, actor, viewer = begun(world)
    flow.lay_aside(draft=draft.id, actor=actor, viewer=viewer, at=START)
    with pytest.raises(Refusal, match="closed"):
        flow.write_on(draft=draft.id, data=b"x", after=1, actor=actor, viewer=viewer, at=START)


def test_a_stranger_sees_no_draft_that_is_shown(world: World) -> None:
    draft, actor, viewer = begun(world)
    flow.show_draft(draft=draft.id, actor=actor, viewer=viewer, at=START)
    with pytest.raises(NoSuchDraft):
        draft_of(draft.id, world.viewer("charlie"))
