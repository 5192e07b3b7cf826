"""Between whom a row is: the three columns that every row of a relation carries."""

from typing import Protocol
from uuid import UUID


class Between(Protocol):
    """A row of a relation, or the relation itself."""

    @property
    def relation_id(self) -> UUID:
        """Its relation."""

    @property
    def supplier_id(self) -> UUID:
        """Its supplier."""

    @property
    def customer_id(self) -> UUID:
        """Its customer."""


def parties_of(row: Between) -> dict[str, UUID]:
    """The same relation and sides, for a row that hangs under this one."""
    return {
        "relation_id": row.relation_id,
        "supplier_id": row.supplier_id,
        "customer_id": row.customer_id,
    }
