"""People by a few letters or figures, however many there are (`migrations/0007_search_people`)."""

from typing import Final

from django.db.models import QuerySet

from afspraak.parties.models import Person
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.prepared import Prepared
from afspraak.rights.search import MOST_WORDS

CANDIDATES: Final = 40
"""So many of the likeliest are looked at; which of them are asked for, the rows say."""
_FOUND: Final = Prepared(
    "people_found",
    ("text[]", "text", "integer"),
    "SELECT person FROM parties_found($1, $2, $3)",
)


def found_people(
    rows: QuerySet[Person], words: str, most: int, *, figures: str = ""
) -> list[Person]:
    """At most so many of these rows, the likeliest first: those that have each word somewhere or,
    where there are none, something that is written almost so. `figures`: by their telephone number
    instead. The database says who may be meant; the rows, who of them is seen.
    """
    asked = words.split()[:MOST_WORDS]
    if not asked and not figures:
        return []
    ids = [row[0] for row in _FOUND.ask(asked, figures, CANDIDATES)]
    if not ids:
        return []
    with kept_plans():
        seen = {each.pk: each for each in rows.filter(pk__one_of=ids)}
    return [seen[each] for each in ids if each in seen][:most]
