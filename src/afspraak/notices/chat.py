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


def is_fixed(url: str) -> bool:
    """Whether an address is one of a service whose host is its own."""
    scheme, separator, _ = url.partition("://")
    return bool(separator) and scheme.lower() in FIXED


def notify(url: str, title: str, text: str) -> bool:
    """Say it in a chat; whether it was taken."""
    import apprise  # noqa: PLC0415  (heavy: only who sends reads it)

    speaker = apprise.Apprise()
    return bool(speaker.add(url)) and bool(speaker.notify(title=title, body=text))
