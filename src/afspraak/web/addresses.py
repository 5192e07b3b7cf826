"""Where pages stand: an address follows from a page's name and what it is about, and never changes
while a process runs; a page with a hundred lines asks for a hundred of them.
"""

from functools import lru_cache
from typing import Final
from uuid import UUID

from django.urls import reverse

KEPT: Final = 20_000


@lru_cache(maxsize=KEPT)
def address(name: str, *about: UUID | str | int) -> str:
    """The path of a page, by its name and what it is about."""
    return reverse(name, args=about)
