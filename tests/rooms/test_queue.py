"""The queue's questions: whatever is asked, one piece of one index is read, and no more of it than
is shown.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import take_role
from django.db import connection
from world import World, make_world

from afspraak.api.paging import after
from afspraak.clocks.models import Standing
from afspraak.clocks.queue import ORDER, queue
from afspraak.rights.viewer import viewing

OPEN = 4_000
PAGE = 51

MANY = """
WITH made AS (
    INSERT INTO tickets_ticket (id, relation_id, supplier_id, customer_id, number, title,
        "foreign", created_at)
    SELECT gen_random_uuid(), r.id, r.supplier_id, r.customer_id, 'X-' || n, 'Een melding', '',
        '2027-03-02T09:00Z'
    FROM generate_series(1, %s) n
    JOIN parties_relation r ON r.id = CASE WHEN n %% 5 = 0 THEN %s ELSE %s END::uuid
    RETURNING *
), numbered AS (SELECT *, substr(number, 3)::integer AS n FROM made)
INSERT INTO clocks_standing (ticket_id, relation_id, supplier_id, customer_id, agreement_id,
    service, level, priority, kind, site, is_open, is_frozen, is_late, turn, due_at, leads,
    outside, looked_at, fault)
SELECT t.id, t.relation_id, t.supplier_id, t.customer_id,
    (SELECT a.id FROM agreements_agreement a WHERE a.relation_id = t.relation_id),
    CASE WHEN n %% 3 = 0 THEN 'e-mail' ELSE 'printers' END,
    CASE WHEN n %% 3 = 0 THEN 'gold' ELSE 'bronze' END,
    'P' || 1 + n %% 4, CASE WHEN n %% 3 = 1 THEN 'request' ELSE 'incident' END, '', true,
    n %% 4 = 3, n %% 2 = 0, CASE WHEN n %% 4 = 3 THEN 'customer' ELSE 'supplier' END,
    CASE WHEN n %% 4 < 2 THEN timestamptz '2027-03-02T10:00Z' + n %% 997 * interval '7 minutes' END,
    '', '', '2027-03-02T09:00Z', ''
FROM numbered t
"""


@pytest.fixture
def many(db: None) -> Iterator[World]:
    """A world in which very much is open, seen as the application sees it. Its rows are no cache of
    any facts.
    """
    world = make_world()
    with connection.cursor() as cursor:
        cursor.execute(MANY, [OPEN, world.to_notary.id, world.to_bakery.id])
        cursor.execute("ANALYZE clocks_standing; ANALYZE tickets_ticket")
    take_role("app")
    with viewing(world.viewer("agnes")):
        yield world


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def read_by(rows: Any) -> tuple[set[str], int, set[str]]:
    """The indexes of standings that a question reads, how many rows it reads of them, and the kinds
    of steps.
    """
    (plan,) = json.loads(rows.explain(analyze=True, format="json"))
    found = list(nodes(plan["Plan"]))
    scans = [each for each in found if each.get("Relation Name") == "clocks_standing"]
    seen = sum(each["Actual Rows"] + each.get("Rows Removed by Filter", 0) for each in scans)
    return {each.get("Index Name", "") for each in scans}, seen, {e["Node Type"] for e in found}


FILTERS: dict[str, dict[str, Any]] = {
    "clocks_queue": {},
    "clocks_queue_service": {"service": "e-mail"},
    "clocks_queue_level": {"level": "gold"},
    "clocks_queue_priority": {"priority": "P1"},
    "clocks_queue_kind": {"kind": "request"},
    "clocks_queue_turn": {"turn": "supplier"},
    "clocks_queue_late": {"is_late": True},
}


@pytest.mark.parametrize("index", FILTERS)
def test_every_filter_is_a_piece_of_its_index(many: World, index: str) -> None:
    agnes = many.viewer("agnes")
    asked = queue("running", viewer=agnes, organisation=many.supplier.id, **FILTERS[index])
    assert read_by(asked[:PAGE])[:2] == ({index}, PAGE)
    assert not {"Seq Scan", "Sort", "Incremental Sort"} & read_by(asked[:PAGE])[2]
    rows = list(asked[:PAGE])
    assert rows == sorted(rows, key=lambda row: (row.due_at, row.ticket_id))
    assert all(
        getattr(row, name) == value for row in rows for name, value in FILTERS[index].items()
    )


@pytest.mark.parametrize("part", ["frozen", "without_deadline"])
def test_what_stands_apart_is_a_piece_too(many: World, part: Any) -> None:
    asked = queue(part, viewer=many.viewer("agnes"), organisation=many.supplier.id)
    indexes, seen, steps = read_by(asked[:PAGE])
    assert (indexes, seen) == ({"clocks_queue"}, PAGE)
    assert "Sort" not in steps
    assert {row.is_frozen for row in asked[:PAGE]} == {part == "frozen"}


def test_a_customers_and_an_agreements_are_pieces(many: World) -> None:
    agnes, ours = many.viewer("agnes"), many.supplier.id
    by_customer = queue("running", viewer=agnes, organisation=ours, customer_id=many.notary.id)
    assert read_by(by_customer[:PAGE])[:2] == ({"clocks_queue_customer"}, PAGE)
    agreement = many.versions["notary"].agreement_id
    by_agreement = queue("running", viewer=agnes, organisation=ours, agreement_id=agreement)
    assert read_by(by_agreement[:PAGE])[:2] == ({"clocks_queue_agreement"}, PAGE)


def test_a_page_far_down_is_not_read_from_the_top(many: World) -> None:
    asked = queue("running", viewer=many.viewer("agnes"), organisation=many.supplier.id)
    place = asked.values_list(*ORDER)[1_000]
    indexes, seen, steps = read_by(asked.filter(after(ORDER, place))[:PAGE])
    assert indexes == {"clocks_queue"}
    assert seen <= PAGE + OPEN // 997 + 1  # and what is due at that very instant
    assert "Sort" not in steps
    whole = list(asked.values_list("ticket_id", flat=True)[1_001 : 1_001 + PAGE])
    found = asked.filter(after(ORDER, place)).values_list("ticket_id", flat=True)[:PAGE]
    assert list(found) == whole


def test_nobody_elses_queue_is_seen(many: World) -> None:
    with viewing(many.viewer("charlie")):
        rows = queue("running", viewer=many.viewer("charlie"), organisation=many.supplier.id)
        assert {row.customer_id for row in rows[:OPEN]} == {many.notary.id}
    assert Standing.objects.seen_by(many.viewer("agnes")).count() == OPEN
