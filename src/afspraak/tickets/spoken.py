"""What one side of a relation says to the other, and which side that is."""

from typing import Final

from afspraak.engine.facts import AUTHORS, CUSTOMER, SUPPLIER

SPOKEN: Final = frozenset(
    {
        "supplier_contact",
        "customer_contact",
        "question",
        "answer",
        "diagnosis",
        "expectation",
        "workaround",
        "solved",
        "reported",
        "rejected",
        "accepted",
    }
)
"""What one side says to the other."""


def side_of(code: str, by: str) -> str:
    """Whose word a fact is: the customer's, or the supplier's and whoever stands behind it."""
    return CUSTOMER if (by or AUTHORS.get(code, "")) == CUSTOMER else SUPPLIER
