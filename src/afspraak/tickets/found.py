"""Tickets by their number, or by words among the newest: however many there are."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.prepared import Prepared
from afspraak.rights.search import MOST_WORDS
from afspraak.tickets.models import Ticket

_NUMBERED: Final = Prepared(
    "tickets_numbered",
    ("uuid", "text[]"),
    "SELECT id FROM tickets_ticket WHERE supplier_id = $1 AND number = ANY ($2)",
)
_NEWEST: Final = """SELECT id FROM (
    SELECT id, plain FROM tickets_ticket WHERE {side}_id = $1 ORDER BY created_at DESC LIMIT 5000
) newest WHERE plain LIKE ALL (search_patterns($2)) LIMIT $3"""
_ALMOST: Final = """SELECT id FROM (
    SELECT id, word_similarity(search_plain(array_to_string($2, ' ')), plain) AS near FROM (
        SELECT id, plain FROM tickets_ticket WHERE {side}_id = $1
        ORDER BY created_at DESC LIMIT 1000) newest
) alike WHERE near >= 0.45 ORDER BY near DESC LIMIT $3"""
_TYPES: Final = ("uuid", "text[]", "integer")
_SIDES: Final = ("supplier", "customer")
_WORDED: Final = [
    [Prepared(f"tickets_{name}_{side}", _TYPES, words.format(side=side)) for side in _SIDES]
    for name, words in (("newest", _NEWEST), ("almost", _ALMOST))
]


def found_tickets(
    rows: QuerySet[Ticket],
    words: str,
    most: int,
    *,
    organisations: Iterable[UUID],
    is_forgiving: bool = True,
) -> list[Ticket]:
    """At most so many of these rows, of tickets in which these organisations stand: one that has
    this number, whenever it was made; then those of the newest five thousand that have each word in
    their number or title, the newest first. Where there are none and it `is_forgiving`, those of
    the newest thousand that are written almost so.
    """
    asked, ours = words.split()[:MOST_WORDS], list(organisations)
    if not asked:
        return []
    number = [words.strip(), words.strip().upper()]
    ids = [row[0] for each in ours for row in _NUMBERED.ask(each, number)]
    for sides in _WORDED if is_forgiving else _WORDED[:1]:
        if len(ids) < most:
            ids += [row[0] for each in ours for one in sides for row in one.ask(each, asked, most)]
        if ids:
            break
    if not ids:
        return []
    with kept_plans():
        seen = {each.pk: each for each in rows.filter(pk__one_of=ids)}
    return [seen[each] for each in dict.fromkeys(ids) if each in seen][:most]
