"""What counts as a mail address: plain ASCII, read alike by every reader."""

import re
from typing import Final

LOCAL_CHARS: Final = 64
DOMAIN_CHARS: Final = 253
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def plain_address(text: str) -> str | None:
    """`local@domain` in plain ASCII, the domain in lower case; None for anything else."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > LOCAL_CHARS or len(domain) > DOMAIN_CHARS:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004  (host and top)
        return None
    return f"{local}@{domain.lower()}" if _LOCAL.fullmatch(local) else None


def folded(address: str) -> str:
    """An address for comparing: nobody gives two people names that differ in capitals only."""
    return address.lower()
