"""The settings of what goes out, read from an environment that a door hands in."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from afspraak.notices.address import plain_address
from afspraak.notices.reply_token import DESK_CHARS, Keys, KeysRefused, keys_of
from afspraak.notices.smtp import Server, Tls

ADDRESS: Final = "AFSPRAAK_MAIL_ADDRESS"
ORGANISATION: Final = "AFSPRAAK_MAIL_ORGANISATION"
SMTP: Final = "AFSPRAAK_MAIL_SMTP_URL"
KEYS: Final = "AFSPRAAK_MAIL_TOKEN_KEYS"
CA: Final = "AFSPRAAK_MAIL_CA_FILE"

_HERE: Final = {"localhost", "127.0.0.1", "::1"}
_SMTP: Final = {
    "smtp": (Tls.NONE, 25),
    "smtp+starttls": (Tls.STARTTLS, 587),
    "smtps": (Tls.IMPLICIT, 465),
}


class SettingRefused(ValueError):
    """A setting that cannot be used; the message names it, and never shows a password."""


def desk_address(environ: Mapping[str, str]) -> str | None:
    """The address of the desk: who mails come from, and whom they are answered to."""
    value = environ.get(ADDRESS, "")
    if not value:
        return None
    address = plain_address(value)
    if address is None or len(address.partition("@")[0]) > DESK_CHARS:
        raise SettingRefused(
            f"{ADDRESS}: {value!r}: give one plain address, at most {DESK_CHARS} characters "
            "before the @"
        )
    return address


def desk_organisation(environ: Mapping[str, str]) -> str:
    """The register number of the supplier whose desk it is; empty where there is only one."""
    return environ.get(ORGANISATION, "").strip()


def smtp_server(environ: Mapping[str, str]) -> Server | None:
    """The server that takes our mail; None where none is set: then no mail leaves."""
    value = environ.get(SMTP, "")
    if not value:
        return None
    parts, tls, port = server_url(SMTP, value, _SMTP)
    return Server(
        host=parts.hostname or "",
        port=port,
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=environ.get(CA) or None,
    )


def token_keys(environ: Mapping[str, str]) -> Keys | None:
    """The keys of reply tokens; None where none are set: then no thread is known again."""
    value = environ.get(KEYS, "")
    if not value:
        return None
    try:
        return keys_of(value)
    except KeysRefused as refusal:
        raise SettingRefused(f"{KEYS}: {refusal}") from refusal


def server_url(
    setting: str, value: str, schemes: Mapping[str, tuple[Tls, int]]
) -> tuple[SplitResult, Tls, int]:
    """A server's URL in its parts, how it is protected, and its port. Raises SettingRefused."""
    try:
        parts = urlsplit(value)
        given = parts.port
    except ValueError as error:
        raise SettingRefused(f"{setting}: not a URL: mend it") from error
    if parts.scheme not in schemes or not parts.hostname:
        known = ", ".join(f"{scheme}://" for scheme in schemes)
        raise SettingRefused(f"{setting}: give {known} and a host")
    tls, port = schemes[parts.scheme]
    if tls is Tls.NONE and parts.hostname not in _HERE:
        raise SettingRefused(
            f"{setting}: {parts.hostname} is another machine: protect the connection, with "
            f"{' or '.join(f'{scheme}://' for scheme, (kind, _) in schemes.items() if kind != tls)}"
        )
    return parts, tls, given or port
