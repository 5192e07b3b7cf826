"""Both organisations see what was said; of a draft only who sees the draft. Nothing is changed."""

from django.db import migrations
from django.db.migrations import RunSQL

from afspraak.rights.policies import (
    BETWEEN,
    INTERNAL,
    append_only,
    by_a_party,
    person_inside,
    same_relation,
    true_parties,
)

UNDER = """(draft_id IS NULL
    OR EXISTS (SELECT 1 FROM agreements_draft seen WHERE seen.id = draft_id OFFSET 0))"""
SEEN = f"({BETWEEN} AND {UNDER})"
SAID = f"({INTERNAL} AND {SEEN})"
"""Nobody speaks for the other side."""

TABLES = ("statedfact", "pointanswer", "generalterms", "weighing", "accepted")
POINTERS = (
    ("weighing", "terms_id", "readiness_generalterms"),
    ("accepted", "answer_id", "readiness_pointanswer"),
    ("accepted", "weighing_id", "readiness_weighing"),
)


def kept(table: str) -> list[RunSQL]:
    return [
        *append_only(table, reads=SEEN, writes=SAID),
        true_parties(table),
        same_relation(table, "draft_id", "agreements_draft"),
        same_relation(table, "version_id", "agreements_agreementversion"),
        by_a_party(table),
        person_inside(table, "said_by_id", "supplier_id", "customer_id"),
    ]


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_initial"), ("agreements", "0006_drafts")]
    operations = [
        *(step for table in TABLES for step in kept(f"readiness_{table}")),
        *(same_relation(f"readiness_{table}", *pointer) for table, *pointer in POINTERS),
    ]
