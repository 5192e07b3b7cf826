"""The settings of mail that comes in, read from an environment that a door hands in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, unquote

from afspraak.mail.identity import Trust
from afspraak.mail.imap import Mailbox
from afspraak.mail.message import LIMITS, Limits
from afspraak.notices.settings import CA, SettingRefused, server_url
from afspraak.notices.smtp import Tls

IMAP: Final = "AFSPRAAK_MAIL_IMAP_URL"
AUTHSERV: Final = "AFSPRAAK_MAIL_AUTHSERV_ID"
HOPS: Final = "AFSPRAAK_MAIL_OWN_HOPS"
MOST: Final = "AFSPRAAK_MAIL_MAX_BYTES"

_IMAP: Final = {
    "imap": (Tls.NONE, 143),
    "imap+starttls": (Tls.STARTTLS, 143),
    "imaps": (Tls.IMPLICIT, 993),
}


def mailbox(environ: Mapping[str, str]) -> Mailbox | None:
    """Where mail is fetched: `imaps://user:password@host/FOLDER?done=FOLDER`; None: nowhere."""
    value = environ.get(IMAP, "")
    if not value:
        return None
    parts, tls, port = server_url(IMAP, value, _IMAP)
    if not parts.username or parts.password is None:
        raise SettingRefused(f"{IMAP}: give user:password@ before the host, percent-encoded")
    asked = parse_qs(parts.query)
    if asked.keys() - {"done"}:
        raise SettingRefused(f"{IMAP}: after the ? only done=FOLDER is known")
    return Mailbox(
        host=parts.hostname or "",
        port=port,
        tls=tls,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done_folder=asked.get("done", [None])[0],
        ca_file=environ.get(CA) or None,
        most_bytes=limits(environ).raw_bytes,
    )


def trust(environ: Mapping[str, str]) -> Trust | None:
    """Whose word about senders counts; None: nobody's, and every sender is unverified."""
    name = environ.get(AUTHSERV, "").strip()
    return Trust(name, _number(environ, HOPS, 1)) if name else None


def limits(environ: Mapping[str, str]) -> Limits:
    """What one mail may cost."""
    return replace(LIMITS, raw_bytes=_number(environ, MOST, LIMITS.raw_bytes))


def _number(environ: Mapping[str, str], setting: str, default: int) -> int:
    value = environ.get(setting, "") or str(default)
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise SettingRefused(f"{setting}: {value!r}: give a whole number from 1")
    return int(value)
