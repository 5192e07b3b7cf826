"""Chat: one line through Apprise, to services whose address is fixed.

Apprise makes its own connections, which the one function of `out` cannot watch over. So only those
of its services are let in whose host stands in their code; whoever names a host of their own (a
private Mattermost, a JSON endpoint) uses a webhook, which `out` looks at.
"""

from collections.abc import Callable
from typing import Final

FIXED: Final = ("discord", "gchat", "slack", "tgram", "wxteams")
"""Apprise's schemes whose messages go to the service's own host, whatever the rest of the address
says.
"""
Notify = Callable[[str, str, str], bool]
"""Address, title, text -> whether it was taken."""


def fault_of(url: str) -> str:
    """Why an address cannot be used; nothing where it can."""
    scheme, separator, _ = url.partition("://")
    if not separator or scheme.lower() not in FIXED:
        known = ", ".join(f"{each}://" for each in FIXED)
        return f"a chat's address begins with one of {known}"
    return ""


def notify(url: str, title: str, text: str) -> bool:
    """Say it in a chat; whether it was taken."""
    import apprise  # noqa: PLC0415  (heavy: only who sends reads it)

    speaker = apprise.Apprise()
    return bool(speaker.add(url)) and bool(speaker.notify(title=title, body=text))
