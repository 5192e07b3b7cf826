"""Between whom a row is, by the three columns that every row of a relation carries."""

from typing import Protocol
from uuid import UUID

from afspraak.engine.facts import CUSTOMER, SUPPLIER


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


def party_of(row: Between, organisation: UUID) -> str | None:
    """Which of its sides an organisation is, as the law calls them; None for a stranger."""
    return {row.supplier_id: SUPPLIER, row.customer_id: CUSTOMER}.get(organisation)
