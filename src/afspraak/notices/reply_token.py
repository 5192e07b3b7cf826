"""Reply tokens: which ticket a mail answers, provable only for the one whom we wrote to.

A token is base32 of: key version (1 byte), ticket (16 bytes), a MAC over version, ticket and the
recipient's address (10 bytes, HMAC-SHA-256 cut off). It stands in the address that is replied to,
`desk+TOKEN@host`, and in the Message-ID, where a thread's References bring it back. It does not
expire: threads live long. It dies with its key's version.

80 bits: whoever guesses has to send a mail for each guess, and gains at most a line on a ticket.
A token is not a proof of who writes (identity.py is): it only says which thread, and that we once
wrote to this address about it.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from afspraak.notices.address import LOCAL_CHARS, folded, plain_address

MAC_BYTES: Final = 10
KEY_BYTES: Final = 32  # at least
_TICKET_BYTES: Final = 16
_BYTES: Final = 1 + _TICKET_BYTES + MAC_BYTES
TOKEN_CHARS: Final = -(-_BYTES * 8 // 5)  # 44: letters and the digits 2 to 7, in lower case
DESK_CHARS: Final = LOCAL_CHARS - 1 - TOKEN_CHARS  # what is left for the name before the plus
_PURPOSE: Final = b"afspraak reply token\0"
_TOKEN: Final = re.compile(rf"[a-z2-7]{{{TOKEN_CHARS}}}", re.IGNORECASE | re.ASCII)
_IN_ID: Final = re.compile(rf"<({_TOKEN.pattern})\.", re.IGNORECASE | re.ASCII)


class KeysRefused(ValueError):
    """The setting that holds the keys cannot be read."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys by version, 0 to 255, and the version that new tokens are made with.

    Taking a version out revokes every token made with it.
    """

    current: int
    by_version: Mapping[int, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.by_version:
            raise KeysRefused(f"reply tokens: there is no key of version {self.current}: add it")
        for version, key in self.by_version.items():
            if version not in range(256):
                raise KeysRefused(f"reply tokens: key version {version}: take one from 0 to 255")
            if len(key) < KEY_BYTES:
                raise KeysRefused(
                    f"reply tokens: key {version} has {len(key)} bytes: give at least {KEY_BYTES}"
                )


def keys_of(setting: str) -> Keys:
    """The keys in a setting, `VERSION:BASE64` parted by commas, the current one first.

    Raises KeysRefused.
    """
    keys: dict[int, bytes] = {}
    for at, part in enumerate(setting.split(","), 1):
        version, colon, key = part.strip().partition(":")
        try:
            number = int(version)
            keys_bytes = base64.b64decode(key, validate=True)
        except (ValueError, binascii.Error) as error:
            raise KeysRefused(f"reply tokens: key {at} is not VERSION:BASE64: mend it") from error
        if not colon or number in keys:
            raise KeysRefused(f"reply tokens: key {at}: each version once, as VERSION:BASE64")
        keys[number] = keys_bytes
    return Keys(next(iter(keys)), keys)


def token(keys: Keys, *, ticket: UUID, recipient: str) -> str:
    """The token for answers of this recipient about this ticket."""
    mac = _mac(keys.by_version[keys.current], keys.current, ticket, recipient)
    whole = bytes([keys.current]) + ticket.bytes + mac
    return base64.b32encode(whole).decode("ascii").rstrip("=").lower()


def ticket_of(keys: Keys, found: str, *, sender: str) -> UUID | None:
    """The ticket of a token that we gave to this sender; None for every other token."""
    whole = _bytes_of(found)
    if whole is None:
        return None
    version, ticket = whole[0], UUID(bytes=whole[1 : 1 + _TICKET_BYTES])
    key = keys.by_version.get(version)
    expected = _mac(key or bytes(KEY_BYTES), version, ticket, sender)
    is_ours = hmac.compare_digest(expected, whole[1 + _TICKET_BYTES :])
    return ticket if is_ours and key is not None else None


def reply_address(desk: str, made: str) -> str:
    """`desk+TOKEN@host`. Raises ValueError for a desk's address with no room for a token."""
    local, _, host = (plain_address(desk) or "").rpartition("@")
    if not local or len(local) > DESK_CHARS:
        raise ValueError(
            f"the desk's address {desk!r}: give a plain address, at most {DESK_CHARS} characters "
            "before the @"
        )
    return f"{local}+{made}@{host}"


def message_id(made: str, unique: str, host: str) -> str:
    """A Message-ID that carries a token; `unique` tells the messages of a thread apart."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", unique):
        raise ValueError(f"{unique!r} cannot stand in a Message-ID: letters, digits and - only")
    return f"<{made}.{unique}@{host}>"


def tokens_in(
    *, desk: str, recipients: Iterable[str], references: Iterable[str]
) -> tuple[str, ...]:
    """What looks like a token in a mail's addresses, then in its references, each once."""
    found = [*_in_addresses(desk, recipients), *_in_references(desk, references)]
    return tuple(dict.fromkeys(map(str.lower, found)))


def _in_addresses(desk: str, recipients: Iterable[str]) -> Iterator[str]:
    local, _, host = folded(desk).rpartition("@")
    for address in map(folded, recipients):
        their_local, _, their_host = address.rpartition("@")
        name, _, extension = their_local.rpartition("+")
        if (name, their_host) == (local, host) and _TOKEN.fullmatch(extension):
            yield extension


def _in_references(desk: str, references: Iterable[str]) -> Iterator[str]:
    ending = f"@{folded(desk).rpartition('@')[2]}>"
    for reference in references:
        found = _IN_ID.match(reference)
        if found and folded(reference).endswith(ending):
            yield found[1]


def _mac(key: bytes, version: int, ticket: UUID, recipient: str) -> bytes:
    said = _PURPOSE + bytes([version]) + ticket.bytes + folded(recipient).encode("utf-8")
    return hmac.digest(key, said, hashlib.sha256)[:MAC_BYTES]


def _bytes_of(found: str) -> bytes | None:
    """A token's bytes; None unless it is written as we write them, capitals aside."""
    if not _TOKEN.fullmatch(found):
        return None
    padded = found.upper() + "=" * (-TOKEN_CHARS % 8)
    whole = base64.b32decode(padded)
    written = base64.b32encode(whole).decode("ascii").rstrip("=")
    return whole if written == found.upper() else None  # spare bits are not ours to ignore
