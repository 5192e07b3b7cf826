"""Many rows of a table in one statement, new or anew: what a whole batch of facts is written with.

The rows travel as one JSON text, which PostgreSQL reads by the table's own types: no SQL is built
from values, and policies, constraints and triggers hold as for any other insert.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeVar

from django.db.models import NOT_PROVIDED, BinaryField, Model
from django.db.models.base import ModelState
from pydantic_core import to_json

from afspraak.rights.planned import once_answered, planned

Row = TypeVar("Row", bound=Model)

_MOST: Final = 5_000
"""Rows in one statement."""


Values = Mapping[str, Any]
"""A row by its columns."""
AS_TOLD: Final[Mapping[str, str]] = {}
"""Every column as the row says it."""


def new_row(model: type[Row], values: Values) -> Row:
    """A row that is not in the database yet, from its columns by their attributes' names; what is
    not named has its default. Django's own making asks every field one by one, which took a tenth
    of a batch of reports.
    """
    row = model.__new__(model)
    row.__dict__.update(_defaults(model))
    row.__dict__.update(values)
    row.__dict__["_state"] = ModelState()
    return row


def know(row: Model, name: str, other: Model) -> None:
    """What `row.name` stands for is at hand: nobody needs to ask the database for it."""
    row._state.fields_cache[name] = other  # noqa: SLF001  (where Django keeps what was read)


@cache
def _defaults(model: type[Model]) -> Values:
    """What a row says where nothing is told. What would be made anew for each row must be told."""
    fields = (each for each in model._meta.concrete_fields if each.column is not None)
    return {
        each.attname: each.get_default()
        for each in fields
        if each.default is NOT_PROVIDED or not callable(each.default)
    }


def insert_rows(rows: Sequence[Model], *, instead: Mapping[str, str] = AS_TOLD) -> None:
    """Insert rows of one table, as they are. Raises IntegrityError for a row that is there.
    `instead`: what a column gets in SQL, of the row as `told`, where that is not what the row says.
    """
    if rows:
        columns, values_of = _shape(type(rows[0]))
        told = [dict(zip(columns, values_of(row.__dict__), strict=True)) for row in rows]
        insert_values(type(rows[0]), told, instead=instead)


def insert_values(
    model: type[Model], rows: Sequence[Values], *, instead: Mapping[str, str] = AS_TOLD
) -> None:
    """The same for rows that nobody needed as objects; each names the same columns."""
    for start in range(0, len(rows), _MOST):
        _insert(model, rows[start : start + _MOST], instead)


def rewrite_rows(rows: Sequence[Model], *, key: Sequence[str], every: bool = False) -> None:
    """Make rows of one table say what these say, in one statement: those with the same key columns.
    Policies hold as for any other update: what the role does not see it does not change. `every`:
    each of them must be there.
    """
    if not rows:
        return
    model = type(rows[0])
    columns, values_of = _shape(model)
    told = [dict(zip(columns, values_of(row.__dict__), strict=True)) for row in rows]
    for at in range(0, len(told), _MOST):
        _rewrite(model, told[at : at + _MOST], key, every=every)


def _rewrite(
    model: type[Model], rows: Sequence[Values], key: Sequence[str], *, every: bool
) -> None:
    table = model._meta.db_table
    put = ", ".join(f'"{column}" = new."{column}"' for column in rows[0] if column not in key)
    same = " AND ".join(f'old."{column}" = new."{column}"' for column in key)
    cursor = planned()
    cursor.execute(
        f'UPDATE "{table}" AS old SET {put}'  # noqa: S608  (names of our own models)
        f' FROM json_populate_recordset(NULL::"{table}", %s::json) AS new WHERE {same}',
        [_text(model, rows)],
    )

    def check() -> None:
        with cursor:
            is_whole = cursor.rowcount == len(rows)
            assert is_whole or not every, f"{table}: rows that must be there are gone"

    once_answered(check)


def _insert(model: type[Model], rows: Sequence[Values], instead: Mapping[str, str]) -> None:
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in rows[0])
    values = ", ".join(instead.get(column, f'told."{column}"') for column in rows[0])
    with planned() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names})'  # noqa: S608  (names of our own models)
            f' SELECT {values} FROM json_populate_recordset(NULL::"{table}", %s::json) AS told',
            [_text(model, rows)],
        )


@cache
def _shape(model: type[Model]) -> tuple[tuple[str, ...], Callable[[Values], tuple[Any, ...]]]:
    """A table's columns, and what reads their values from a row's own attributes."""
    fields = [field for field in model._meta.concrete_fields if field.column is not None]
    values_of: Callable[[Values], tuple[Any, ...]] = itemgetter(*(each.attname for each in fields))
    return tuple(str(field.column) for field in fields), values_of


def _text(model: type[Model], rows: Sequence[Values]) -> str:
    """The rows as one JSON text, in PostgreSQL's own words where JSON has none."""
    if binary := _binary(model):
        rows = [{**row, **{name: _hex(row[name]) for name in binary}} for row in rows]
    return to_json(rows).decode()


def _hex(value: bytes) -> str:
    return "\\x" + bytes(value).hex()


@cache
def _binary(model: type[Model]) -> tuple[str, ...]:
    """The columns of bytes, of which JSON knows nothing."""
    fields = model._meta.concrete_fields
    return tuple(str(each.column) for each in fields if isinstance(each, BinaryField))
