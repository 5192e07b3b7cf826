"""Between whom a row is: the three columns that every row of a relation carries."""

from typing import Any, Protocol
from uuid import UUID


class Between(Protocol):
    """A row of a relation, or the relation itself."""

    pk: Any

    @property
    def supplier_id(self) -> UUID:
        """Its supplier."""

    @property
    def customer_id(self) -> UUID:
        """Its customer."""


def parties_of(row: Between) -> dict[str, UUID]:
    """The same relation and sides for a row that hangs under this one. A relation is its own."""
    relation: UUID = getattr(row, "relation_id", None) or row.pk
    return {
        "relation_id": relation,
        "supplier_id": row.supplier_id,
        "customer_id": row.customer_id,
    }
