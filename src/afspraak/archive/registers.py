"""Numbers of the trade registers, as they are written; those that have check digits are checked."""

import re
from collections.abc import Iterator
from typing import Final

_KVK: Final = re.compile(
    r"(?:kvk|k\.v\.k\.|handelsregister)[^\d\n]{0,40}(\d{8})(?!\d)", re.IGNORECASE
)
_KBO: Final = re.compile(r"(?<![\d.])(?:BE\s?)?([01]\d{3})[. ]?(\d{3})[. ]?(\d{3})(?![\d])")
_MODULUS: Final = 97


def registers_in(text: str) -> Iterator[tuple[str, int, int]]:
    """(`kvk:12345678`, from, to): each number with where it stands. A Dutch number has no check
    digits, so it counts only behind its register's name.
    """
    for found in _KVK.finditer(text):
        yield f"kvk:{found[1]}", found.start(), found.end()
    for found in _KBO.finditer(text):
        digits = "".join(found.groups())
        if is_kbo(digits):
            yield f"kbo:{digits}", found.start(), found.end()


def is_kbo(digits: str) -> bool:
    """Whether ten digits are a Belgian enterprise number: the last two are 97 less the rest."""
    return (
        len(digits) == len("0123456789")
        and digits[0] in "01"
        and _MODULUS - int(digits[:8]) % _MODULUS == int(digits[8:])
    )
