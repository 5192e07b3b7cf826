"""A contract's dates moved by whole weeks, so that a demonstration can end today. The public
holidays are those of where the dates come to lie.
"""

import re
from datetime import date, timedelta
from typing import Any, Final

_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_WRITTEN_BY_FREEZE: Final = ("frozen", "holiday_dates")


def moved_tree(node: Any, weeks: int) -> Any:
    """The tree of a document with every date moved, keys and values alike; what `freeze` wrote is
    left out, to be written anew.
    """
    if isinstance(node, str):
        return moved_date(node, weeks) if re.fullmatch(_DATE, node) else node
    if isinstance(node, list):
        return [moved_tree(item, weeks) for item in node]
    return {
        moved_tree(key, weeks): moved_tree(value, weeks)
        for key, value in node.items()
        if key not in _WRITTEN_BY_FREEZE
    }


def moved_date(text: str, weeks: int) -> str:
    """`2027-01-01` so many weeks later (earlier, where negative)."""
    return (date.fromisoformat(text) + timedelta(weeks=weeks)).isoformat()
