"""Sessions as Django keeps them, read by a question that is planned already."""

from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.sessions.backends import db

from afspraak.rights.prepared import Prepared

_KEPT: Final = Prepared(
    "session_kept",
    ("text", "timestamptz"),
    "SELECT session_data FROM django_session WHERE session_key = $1 AND expire_date > $2",
)


class SessionStore(db.SessionStore):
    """What Django's own does, with one row read another way."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, where it has ended."""
        rows = _KEPT.ask(self.session_key or "", datetime.now(UTC))
        if rows:
            return self.decode(rows[0][0])
        self._session_key = None
        return {}
