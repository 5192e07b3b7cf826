"""A ticket's line says how late what leads it is, whatever was missed on it before."""

from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override

from afspraak.engine.time import HOUR, MINUTE, SECOND, parse_instant
from afspraak.rights.viewer import SYSTEM
from afspraak.web.rows import Badge, Line, Works, _row
from afspraak.web.speaking import Speaking

NOW = parse_instant("2027-03-02T10:00:00+01:00")
NOBODY = UUID(int=0)


def badge(**told: Any) -> Badge:
    ids = dict.fromkeys(("ticket_id", "relation_id", "supplier_id", "customer_id"), NOBODY)
    words = dict.fromkeys(
        ("leads", "service", "level", "priority", "turn", "outside", "number", "title"), ""
    )
    plain = {**ids, **words, "version_id": None, "is_frozen": False, "is_late": False, "due": None}
    with override("nl"):
        line = Line(**{**plain, **told})
        return _row(line, "", Works({}, SYSTEM), Speaking("Europe/Amsterdam", NOW)).badge


def test_what_still_runs_is_not_shown_as_late() -> None:
    """A first response was missed; the solution is due in two hours."""
    found = badge(is_late=True, due=NOW + 2 * HOUR)
    assert (found.tone, found.word) == ("running", "nog 2:00")


@pytest.mark.parametrize(
    ("ago", "word"), [(25 * MINUTE, "0:25 te laat"), (59 * SECOND, "te laat"), (1, "te laat")]
)
def test_less_than_a_minute_is_no_figure(ago: int, word: str) -> None:
    found = badge(is_late=True, due=NOW - ago)
    assert (found.tone, found.word) == ("late", word)
