"""Secrets at rest: sealed with a key of this installation, bound to the row that they stand in."""

from secrets import token_bytes
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from afspraak.engine.time import Refusal
from afspraak.host.data import secret

NONCE: Final = 12
KEY: Final = "channels"


def seal(text: str, row: UUID) -> bytes:
    """A text as it may lie in the database: another one each time, that opens in this row only."""
    nonce = token_bytes(NONCE)
    return nonce + AESGCM(secret(KEY)).encrypt(nonce, text.encode("utf-8"), row.bytes)


def unseal(sealed: bytes, row: UUID) -> str:
    """The text again. Raises Refusal where key or row are not those that sealed it."""
    try:
        plain = AESGCM(secret(KEY)).decrypt(sealed[:NONCE], sealed[NONCE:], row.bytes)
    except InvalidTag:
        raise Refusal(
            "a channel's address cannot be read: it was sealed with another key;"
            " bring the key back from a backup, or give the address anew"
        ) from None
    return plain.decode("utf-8")
