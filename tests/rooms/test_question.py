"""A question whose SQL is made once answers as the QuerySet that it was made of."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import models
from world import HOUR, TUESDAY, World, make_world

from afspraak.engine.time import datetime_of
from afspraak.ledger.actions import NoSuchLog, open_logs
from afspraak.rights.insert import new_row
from afspraak.rights.planned import once_answered, planned, together
from afspraak.rights.querysets import ScopedQuerySet, Unscoped
from afspraak.rights.question import MOST_KNOWN, Question
from afspraak.rights.viewer import NOBODY, SYSTEM, Viewer
from afspraak.tickets.models import Fact, Ticket, Words

pytestmark = pytest.mark.usefixtures("as_system")


def told_by(viewer: Viewer, relations: list, words: str, at: object) -> ScopedQuerySet[Fact]:
    return (
        Fact.objects.seen_by(viewer)
        .filter(relation_id__in=relations, words__body=words, happened_at__lte=at)
        .select_related("ticket", "words")
        .order_by("seq")
    )


@pytest.fixture
def world(as_system: None) -> World:
    made = make_world()
    for hour in range(3):
        made.report(TUESDAY + hour * HOUR, words="Het doet niets.")
    made.report(TUESDAY, words="Iets anders.")
    return made


EYES: dict[str, Callable[[World], Viewer]] = {
    "system": lambda _: SYSTEM,
    "nobody": lambda _: NOBODY,
    "supplier": lambda w: Viewer(organisations=frozenset({w.supplier.id})),
    "both": lambda w: Viewer(organisations=frozenset({w.supplier.id, w.bakery.id})),
    "user": lambda w: Viewer(limited=frozenset({w.bakery.id}), person=w.people["bob_user"].id),
    "stranger": lambda _: Viewer(organisations=frozenset({uuid4()}), person=uuid4()),
}


def test_every_viewer_sees_what_the_queryset_shows(world: World) -> None:
    question = Question(told_by)
    last = Fact.objects.seen_by(SYSTEM).order_by("-happened_at")[1].happened_at
    for eyes in EYES.values():
        viewer = eyes(world)
        for relations in ([world.to_bakery.id], [uuid4(), world.to_bakery.id], []):
            given = {"relations": relations, "words": "Het doet niets.", "at": last}
            wanted, found = list(told_by(viewer, **given)), question(viewer, **given)
            assert found == wanted
            assert [each.ticket.title for each in found] == [row.ticket.title for row in wanted]
            assert [each.data for each in found] == [row.data for row in wanted]
    assert len(question(SYSTEM, relations=[world.to_bakery.id], words="Iets anders.", at=last)) == 1


def test_what_is_asked_in_too_many_shapes_is_asked_as_usual(world: World) -> None:
    question = Question(lambda viewer, ids: Ticket.objects.seen_by(viewer).filter(pk__in=ids))
    own = [each.pk for each in Ticket.objects.seen_by(SYSTEM)]
    for count in range(MOST_KNOWN + 3):
        found = question(SYSTEM, ids=[*own, *(uuid4() for _ in range(count))])
        assert {each.pk for each in found} == set(own)


def test_without_a_viewer_nothing_is_asked(world: World) -> None:
    question = Question(lambda viewer, row: Ticket.objects.filter(pk=row))  # noqa: ARG005
    with pytest.raises(Unscoped):
        question(SYSTEM, row=uuid4())


def test_what_is_sent_together_is_answered_at_the_end(world: World) -> None:
    seen: list[int] = []
    with together():
        cursor = planned()
        cursor.execute("SELECT generate_series(1, %s)", [3])
        once_answered(lambda: seen.append(cursor.rowcount))
        with together():
            assert not seen
    assert seen == [3]
    with pytest.raises(NoSuchLog), together():
        open_logs(relations=[uuid4()], viewer=SYSTEM, at=TUESDAY)


def test_questions_that_are_sent_together_are_read_afterwards(world: World) -> None:
    tickets = Question(lambda viewer, title: Ticket.objects.seen_by(viewer).filter(title=title))
    stranger = EYES["stranger"](world)
    with together():
        found = tickets.sent(SYSTEM, title="Mail komt niet aan")
        none = tickets.sent(stranger, title="Mail komt niet aan")
        empty = Question(told_by).sent(SYSTEM, relations=[], words="", at=datetime_of(TUESDAY))
    assert (len(found()), none(), empty()) == (4, [], [])


@pytest.mark.parametrize("model", [Ticket, Fact, Words])
def test_a_row_made_at_once_says_what_django_would(model: type[models.Model]) -> None:
    names = {each.attname: each for each in model._meta.concrete_fields}
    told = {name: each.get_default() for name, each in names.items() if callable(each.default)}
    mine, theirs = new_row(model, told), model(**told)
    assert {name: mine.__dict__[name] for name in names} == {
        name: theirs.__dict__[name] for name in names
    }
    assert mine._state.adding
