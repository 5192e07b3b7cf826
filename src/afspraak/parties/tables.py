"""The fields that tables of many rooms have, for their migrations: what `models.Shared` gives, and
pointers to rows that stay.
"""

from typing import Any, TypeAlias

from django.db import models

Field: TypeAlias = tuple[str, models.ForeignKey[Any, Any]]


def between_parties() -> list[Field]:
    """Those of `Shared`: the relation, and its two sides. A composite key holds the three together
    (`policies.true_parties`); none has an index of its own.
    """
    return [
        points_to("relation", "parties.relation", db_index=False),
        points_to("supplier", "parties.organisation", db_index=False),
        points_to("customer", "parties.organisation", db_index=False),
    ]


def points_to(
    name: str,
    target: str,
    *,
    may_lack: bool = False,
    related_name: str = "+",
    db_index: bool = True,
) -> Field:
    """A foreign key to a row that is not removed while this one points to it. `may_lack`: in rows
    and in forms it may stay empty.
    """
    key: models.ForeignKey[Any, Any] = models.ForeignKey(
        target,
        on_delete=models.PROTECT,
        related_name=related_name,
        null=may_lack,
        blank=may_lack,
        db_index=db_index,
    )
    return name, key
