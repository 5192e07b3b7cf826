"""Finding rows by a few letters of what stands in them: each word somewhere in it, or, where none
has them all, something that is written almost so. Only among the rows that a viewer sees.
"""

from typing import Any, Final, TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL

Row = TypeVar("Row", bound=Model)
NEAR: Final = 0.45
"""From this part of common trigrams on, words count as the same with a typing error."""
MOST_WORDS: Final = 8
RECENT: Final = 5_000
"""Among so many of the newest rows typing errors are forgiven."""


def found_in(
    rows: QuerySet[Row],
    words: str,
    most: int,
    newest: tuple[str, ...] = (),
    *,
    is_forgiving: bool = True,
) -> list[Row]:
    """At most so many rows, the likeliest first. `newest` is the order in which large tables are
    searched for what is only almost so; without it all rows are. Not `is_forgiving`: a typing error
    finds nothing, which is quick.
    """
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return []
    plain = rows.annotate(plain=_plain_of(rows.model))
    has_all = Q()
    for word in asked:
        has_all &= Q(plain__contains=_asked(word))
    near = TrigramWordSimilarity(_asked(" ".join(asked)), F("plain"))
    found = list(plain.filter(has_all).annotate(near=near).order_by("-near", "pk")[:most])
    if found or not is_forgiving:
        return found
    among = Q(pk__in=rows.order_by(*newest).values("pk")[:RECENT]) if newest else Q()
    alike = plain.filter(among).annotate(near=near).filter(near__gte=NEAR)
    return list(alike.order_by("-near", "pk")[:most])


def _plain_of(model: type[Model]) -> RawSQL:
    """The column that the database keeps by itself."""
    return RawSQL(f'"{model._meta.db_table}"."plain"', [], output_field=TextField())  # noqa: S611  (names of our own model only)


def _asked(words: str) -> Any:
    return Func(Value(words), function="search_plain", output_field=TextField())
