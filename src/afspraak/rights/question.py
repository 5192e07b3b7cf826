"""What is asked with every report: Django makes its SQL once a process, PostgreSQL plans it once a
session. In their usual way these two took more than half of a report's time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model
from django.db.models.query import get_related_populators

from afspraak.engine.time import EPOCH
from afspraak.rights.planned import planned
from afspraak.rights.querysets import ScopedQuerySet
from afspraak.rights.viewer import Viewer

Row = TypeVar("Row", bound=Model)
Given = Any  # an id, a text, an instant, bytes, or a list of one kind of these
Place = tuple[str, int]
"""A given value by its name, and its place where it is one of a list."""
MOST_KNOWN: Final = 64
"""Shapes of one question that are kept; what has another is asked in Django's usual way."""
_IDS: Final = ("organisations", "limited", "agreements")


@dataclass(frozen=True, slots=True)
class _Made(Generic[Row]):
    """A question's SQL, what stands at each of its places, and how its answer is read."""

    sql: str
    places: tuple[Place | None, ...]
    told: tuple[Any, ...]
    read: Callable[[list[tuple[Any, ...]]], list[Row]]


class Question(Generic[Row]):
    """A QuerySet that is asked again and again with other values. `ask` builds it for a viewer and
    what is given by name; the values may decide what it answers, and never how it is built. A list
    is what a column may be one of (`__in`).
    """

    def __init__(self, ask: Callable[..., ScopedQuerySet[Row]]) -> None:
        self._ask = ask
        self._made: dict[tuple[object, ...], _Made[Row]] = {}

    def __call__(self, viewer: Viewer, **given: Given) -> list[Row]:
        """The rows that this viewer sees."""
        return self.sent(viewer, **given)()

    def sent(self, viewer: Viewer, **given: Given) -> Callable[[], list[Row]]:
        """The same, to be read later: of what is sent `together` once all of it is answered."""
        given = {name: _filled(value) for name, value in given.items()}
        values = {**_of_viewer(viewer), **given}
        shape = (viewer.is_system, *((name, _length(each)) for name, each in values.items()))
        made = self._made.get(shape)
        if made is None:
            if len(self._made) >= MOST_KNOWN:
                found = list(self._ask(viewer, **given))
                return lambda: found
            made = self._made[shape] = self._make(viewer, values, given)
        if not made.sql:
            return list
        wanted = [
            told if place is None else _at(values, place)
            for place, told in zip(made.places, made.told, strict=True)
        ]
        cursor = planned()
        cursor.execute(made.sql, wanted)

        def read() -> list[Row]:
            with cursor:
                return made.read(cursor.fetchall())

        return read

    def _make(
        self, viewer: Viewer, values: Mapping[str, Given], given: Mapping[str, Given]
    ) -> _Made[Row]:
        """Asked with marks in the place of values: where each mark ends up, its value goes."""
        marks = count(1)
        marked = {name: _marked(each, marks) for name, each in values.items()}
        eyes = Viewer(
            organisations=frozenset(marked["organisations"]),
            limited=frozenset(marked["limited"]),
            agreements=frozenset(marked["agreements"]),
            person=marked["person"],
            is_system=viewer.is_system,
        )
        rows = self._ask(eyes, **{name: marked[name] for name in given})
        compiler = rows.compiler()
        try:
            sql, told = compiler.as_sql()
        except EmptyResultSet:  # Django sees that it finds nothing: nobody needs to be asked
            return _Made("", (), (), lambda _: [])
        found = {mark: place for name, each in marked.items() for mark, place in _marks(name, each)}
        places = tuple(found.get(_plain(each)) for each in told)
        return _Made(sql, places, tuple(told), _reader(compiler))


def _of_viewer(viewer: Viewer) -> dict[str, Given]:
    ids = {name: sorted(getattr(viewer, name)) for name in _IDS}
    return {**ids, "person": viewer.person}


def _filled(value: Given) -> Given:
    """A list, filled up with its last to a power of two: what a column is one of may be said twice,
    and each length is a statement of its own.
    """
    if not isinstance(value, list) or not value:
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _length(value: Given) -> int | None:
    """What of a value the SQL depends on: whether it is there, and how many it is."""
    if isinstance(value, list):
        return len(value)
    return None if value is None else -1


def _at(values: Mapping[str, Given], place: Place) -> Given:
    name, number = place
    value = values[name]
    return value[number] if isinstance(value, list) else value


def _marked(value: Given, marks: Iterator[int]) -> Given:
    """A value of the same kind that stands nowhere else."""
    if isinstance(value, list):
        return [_marked(each, marks) for each in value]
    if value is None:
        return None
    number = next(marks)
    if isinstance(value, UUID):
        return UUID(int=number)
    if isinstance(value, str):
        return f"\x00{number}"
    if isinstance(value, bytes):
        return b"\x00%d" % number
    return EPOCH + timedelta(microseconds=number)


def _marks(name: str, marked: Given) -> list[tuple[Given, Place]]:
    if isinstance(marked, list):
        return [(each, (name, number)) for number, each in enumerate(marked)]
    return [] if marked is None else [(marked, (name, 0))]


def _plain(told: Any) -> Any:
    """A value as it was given: Django wraps bytes, and some things of its own compare with none."""
    if isinstance(told, psycopg.Binary):
        return bytes(told.obj)
    return told if isinstance(told, UUID | str | bytes) or hasattr(told, "tzinfo") else None


def _reader(compiler: Any) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
    """Rows of the database -> rows of the model, with what was asked for beside them, as Django's
    own iteration makes them.
    """
    select, klass, _ = compiler.select, compiler.klass_info, compiler.annotation_col_map
    model, chosen = klass["model"], klass["select_fields"]
    start, end = chosen[0], chosen[-1] + 1
    names = [each[0].target.attname for each in select[start:end]]
    related = get_related_populators(klass, select, connection.alias)  # type: ignore[call-arg]  # 5.2's
    converters = compiler.get_converters([each[0] for each in select])

    def read(rows: list[tuple[Any, ...]]) -> list[Any]:
        found = []
        converted = compiler.apply_converters(rows, converters) if converters else rows
        for row in converted:
            made = model.from_db(connection.alias, names, row[start:end])
            for each in related:
                each.populate(row, made)
            found.append(made)
        return found

    return read
