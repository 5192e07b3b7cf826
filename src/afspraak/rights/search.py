"""Finding rows by a few letters of what stands in them: each word somewhere in it, or, where none
has them all, something that is written almost so. Only among the rows that a viewer sees.
"""

from typing import Any, Final, TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL

from afspraak.rights.postgresql.base import kept_plans

Row = TypeVar("Row", bound=Model)
NEAR: Final = 0.45
"""From this part of common trigrams on, words count as the same with a typing error."""
MOST_WORDS: Final = 8


def found_in(rows: QuerySet[Row], words: str, most: int, *, is_forgiving: bool = True) -> list[Row]:
    """At most so many rows, the likeliest first; typing errors are forgiven, unless it is not to be
    (a label is typed off). All rows are read: for tables that stay small; people and tickets have
    ways of their own (`parties.found`, `tickets.found`).
    """
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return []
    plain = rows.annotate(plain=_plain_of(rows.model))
    has_all = Q()
    for word in asked:
        has_all &= Q(plain__contains=_asked(word))
    near = TrigramWordSimilarity(_asked(" ".join(asked)), F("plain"))
    with kept_plans():
        found = list(plain.filter(has_all).annotate(near=near).order_by("-near", "pk")[:most])
        if found or not is_forgiving:
            return found
        alike = plain.annotate(near=near).filter(near__gte=NEAR)
        return list(alike.order_by("-near", "pk")[:most])


def _plain_of(model: type[Model]) -> RawSQL:
    """The column that the database keeps by itself."""
    return RawSQL(f'"{model._meta.db_table}"."plain"', [], output_field=TextField())  # noqa: S611  (names of our own model only)


def _asked(words: str) -> Any:
    return Func(Value(words), function="search_plain", output_field=TextField())
