"""Questions that nearly every request asks: written by hand, and planned once a connection.

PostgreSQL keeps the plan under a name (`PREPARE`), and makes it anew by itself where tables or the
role have changed; who looks is read when it is run, so one plan serves all eyes.
"""

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from afspraak.rights.postgresql.base import DatabaseWrapper


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question under its name: the types of its values, and the statement with `$1`, `$2`."""

    name: str
    types: tuple[str, ...]
    statement: str

    def ask(self, *values: Any) -> list[tuple[Any, ...]]:
        """Its rows, with the eyes of who looks."""
        here = _here()
        with here.cursor() as cursor:
            if self.name not in here.prepared:
                cursor.execute(f"PREPARE {self.name} ({', '.join(self.types)}) AS {self.statement}")
                here.prepared.add(self.name)
            marks = ", ".join("%s" for _ in values)
            cursor.execute(f"EXECUTE {self.name} ({marks})", values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


def _here() -> DatabaseWrapper:
    """This thread's connection."""
    found = connections[DEFAULT_DB_ALIAS]
    assert isinstance(found, DatabaseWrapper)
    return found
