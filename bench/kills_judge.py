"""What must be true after any number of kills: each check a line of SQL or a replay, each finding a
sentence.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import connection
from kills_load import Box, Record

from afspraak import flow
from afspraak.ledger.leaf import read_leaf
from afspraak.ledger.tree import Range, leaf_hash
from afspraak.rights.viewer import SYSTEM

NOTHING = {
    "a fact without its leaf": """
        SELECT f.id FROM tickets_fact f LEFT JOIN ledger_leaf l
        ON l.relation_id = f.relation_id AND l.seq = f.seq AND l.subject_id = f.id
        WHERE l.seq IS NULL""",
    "a leaf without its fact": """
        SELECT l.subject_id FROM ledger_leaf l LEFT JOIN tickets_fact f
        ON l.relation_id = f.relation_id AND l.seq = f.seq AND l.subject_id = f.id
        WHERE f.id IS NULL AND l.kind IN ('fact', 'outage', 'evidence')""",
    "words that no fact says": """
        SELECT w.id FROM tickets_words w LEFT JOIN tickets_fact f ON f.words_id = w.id
        WHERE f.id IS NULL""",
    "a ticket without a report": """
        SELECT t.number FROM tickets_ticket t LEFT JOIN tickets_fact f
        ON f.ticket_id = t.id AND f.code = 'reported' WHERE f.id IS NULL""",
    "a ticket without its clocks": """
        SELECT t.number FROM tickets_ticket t
        LEFT JOIN clocks_standing s ON s.ticket_id = t.id
        LEFT JOIN clocks_assessment a ON a.ticket_id = t.id
        WHERE s.ticket_id IS NULL OR a.ticket_id IS NULL""",
    "a look that failed": "SELECT ticket_id FROM clocks_standing WHERE fault <> ''",
    "a number that is missing or twice": """
        SELECT s.last, count(t.id) FROM tickets_numberseries s
        LEFT JOIN tickets_ticket t ON t.supplier_id = s.organisation_id
        GROUP BY s.organisation_id, s.last
        HAVING s.last <> count(t.id) OR s.last <> count(DISTINCT t.number)""",
    "a miss that nobody is told": """
        SELECT a.ticket_id, a.clause, a.cycle FROM clocks_assessment a
        WHERE a.missed_at IS NOT NULL AND NOT EXISTS (SELECT FROM notices_obligation o
            WHERE o.kind = 'missed'
            AND o.subject_key = a.ticket_id || '/' || a.clause || '/' || a.cycle)""",
    "a breach that the customer is not told": """
        SELECT a.ticket_id, a.clause, a.cycle FROM clocks_assessment a
        WHERE a.missed_at IS NOT NULL AND a.promisor = 'supplier' AND NOT EXISTS (
            SELECT FROM notices_obligation o WHERE o.kind = 'breach'
            AND o.subject_key = a.ticket_id || '/' || a.clause || '/' || a.cycle)""",
    "a contact that nobody is told": """
        SELECT f.id FROM tickets_fact f JOIN tickets_ticket t ON t.id = f.ticket_id
        WHERE f.code IN ('supplier_contact', 'question', 'diagnosis', 'expectation', 'workaround',
            'solved') AND f.recorded_by = 'supplier' AND t.reporter_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM notices_obligation o
            WHERE o.kind = 'contact' AND o.subject_key = t.id || '/' || f.id)""",
    "a Message-ID of two notices": """
        SELECT message_id FROM notices_notice WHERE message_id <> ''
        GROUP BY message_id HAVING count(*) > 1""",
    "a notice without its obligation": """
        SELECT n.id FROM notices_notice n JOIN notices_obligation o ON o.id = n.obligation_id
        WHERE o.addressed_at IS NULL""",
}
"""Rows that there may not be, at any moment."""

AT_REST = {
    "an obligation that nobody has addressed": """
        SELECT id FROM notices_obligation WHERE addressed_at IS NULL""",
    "an obligation without a notice": """
        SELECT o.id, o.kind FROM notices_obligation o
        LEFT JOIN notices_notice n ON n.obligation_id = o.id
        WHERE n.id IS NULL AND o.kind <> 'warning'""",
    "a notice that was not sent": """
        SELECT id, state, failure FROM notices_notice WHERE state <> 'sent'""",
    "a job that was given up, and that no minute brings back": """
        SELECT task_name, attempts FROM procrastinate_jobs WHERE status = 'failed'
        AND task_name NOT IN ('afspraak.sweep', 'afspraak.fetch', 'afspraak.alarm',
            'afspraak.revive')""",
}
"""And none of these either, once everything has come to rest."""

BUSY = """
    SELECT (SELECT count(*) FROM notices_obligation WHERE addressed_at IS NULL)
    + (SELECT count(*) FROM notices_notice WHERE state IN ('owed', 'claimed'))
    + (SELECT count(*) FROM clocks_standing WHERE next_look_at < now() + interval '90 seconds')
"""
"""What is still on its way."""


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def busy() -> int:
    return int(rows(BUSY)[0][0])


def findings(record: Record, box: Box, *, at_rest: bool) -> Iterator[str]:
    """Everything that is not as it must be. `at_rest`: nothing is written, nothing on its way."""
    yield from record.faults
    for what, statement in {**NOTHING, **(AT_REST if at_rest else {})}.items():
        found = rows(statement)
        if found:
            yield f"{what}: {len(found)}, the first {found[0]}"
    yield from _facts(record)
    yield from _ledgers()
    yield from _mails(box, at_rest=at_rest)
    rebuilt = flow.rebuild(viewer=SYSTEM)
    if rebuilt.differences:
        yield f"rebuild: {rebuilt.differences} differences in {rebuilt.tickets} tickets"


def _facts(record: Record) -> Iterator[str]:
    """What was acknowledged is there, and nothing else is."""
    there = {str(each) for (each,) in rows("SELECT id FROM tickets_fact")}
    with record.lock:
        told, keys, sources = set(record.facts), dict(record.keys), dict(record.sources)
    if lost := told - there:
        yield f"acknowledged and lost: {len(lost)} facts, as {min(lost)}"
    if more := there - told:
        yield f"there and never acknowledged: {len(more)} facts, as {min(more)}"
    kept = dict(rows("SELECT key, count(*) FROM parties_answer GROUP BY key"))
    if wrong := [each for each in keys if kept.get(each) != 1]:
        yield f"keys without their one answer: {len(wrong)}, as {wrong[0]}"
    named = rows("SELECT source_id, id::text FROM tickets_fact WHERE source = 'kills'")
    if dict(named) != sources or len(named) != len(sources):
        yield f"sources: {len(named)} facts of {len(sources)} that were told"


def _ledgers() -> Iterator[str]:
    """Each relation's log: no gap, no time that goes back, every byte hashed as it stands."""
    for relation, size, edge in rows("SELECT relation_id, size, edge FROM ledger_head"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq, body, leaf_hash FROM ledger_leaf WHERE relation_id = %s ORDER BY seq",
                [relation],
            )
            leaves = cursor.fetchall()
        tree, times = Range(), []
        for place, (seq, body, hashed) in enumerate(leaves):
            entry = read_leaf(bytes(body))
            if seq != place or entry.seq != seq or leaf_hash(bytes(body)) != bytes(hashed):
                yield f"ledger of {relation}: leaf {place} is not what stands there"
                return
            times.append(entry.logged_at)
            tree = tree.append(bytes(hashed))
        if any(later < earlier for earlier, later in pairwise(times)):
            yield f"ledger of {relation}: a time goes back"
        if size != len(leaves) or tree.to_bytes() != bytes(edge):
            yield f"ledger of {relation}: the head says {size}, there are {len(leaves)} leaves"


def _mails(box: Box, *, at_rest: bool) -> Iterator[str]:
    """One notice, one Message-ID, one text; at rest: what was sent has come, and nothing else."""
    found = rows("SELECT message_id, address, raw, state FROM notices_notice WHERE raw <> ''")
    ours = {name: (address, bytes(raw), state) for name, address, raw, state in found}
    for name, copies in list(box.taken.items()):
        if len({raw for _, raw in copies}) > 1:
            yield f"{name}: came with different bytes"
        if name not in ours:
            yield f"{name}: came and is nobody's notice"
        elif {to for to, _ in copies} != {ours[name][0]} or copies[0][1] != ours[name][1]:
            yield f"{name}: is not what was kept"
    if not at_rest:
        return
    sent = {name for name, (_, _, state) in ours.items() if state == "sent"}
    if lost := sent - set(box.taken):
        yield f"{len(lost)} notices are said to be sent and never came, as {min(lost)}"
