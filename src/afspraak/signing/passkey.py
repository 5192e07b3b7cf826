"""A signature by passkey (WebAuthn): a person's own authenticator signs a statement about the very
bytes, after it has made sure that it is them. Pure, and checked offline in the same way.

The challenge is the hash of the statement; the statement holds the hashes of the contract and of
its paper, the version, the party, the person, and a number that was never used before.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from afspraak.engine.time import Refusal

PURPOSE: Final = "afspraak: I sign this agreement"
REQUIRED: Final = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed. `nonce` makes each one new, so that no answer can be shown twice."""

    version: str
    sha256: str
    paper_sha256: str
    party: str
    person: str
    name: str
    nonce: str
    purpose: str = PURPOSE

    @property
    def data(self) -> bytes:
        """Its bytes: JSON, keys in order, nothing between."""
        told = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return told.encode()

    @property
    def challenge(self) -> bytes:
        """What the authenticator is asked to sign."""
        return sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A statement with its signature. All bytes in base64."""

    statement: str
    credential_id: str
    public_key: str
    authenticator_data: str
    client_data: str
    signature: str
    rp_id: str
    origin: str

    @property
    def data(self) -> bytes:
        """As it is kept and hashed."""
        return json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False).encode()


def fresh() -> str:
    """A number that was never used before."""
    return secrets.token_hex(16)


def asked(
    statement: Statement, credentials: Sequence[AttestedCredentialData], rp_id: str
) -> dict[str, Any]:
    """What a browser is asked, in its own words (JSON)."""
    return {
        "challenge": websafe_encode(statement.challenge),
        "rpId": rp_id,
        "timeout": 120_000,
        "userVerification": REQUIRED.value,
        "allowCredentials": [
            {"type": "public-key", "id": websafe_encode(each.credential_id)} for each in credentials
        ],
    }


def evidence_of(
    answer: Mapping[str, Any],
    statement: Statement,
    credentials: Sequence[AttestedCredentialData],
    *,
    rp_id: str,
    origin: str,
) -> Evidence:
    """The proof in a browser's answer. Raises Refusal for one that does not hold."""
    try:
        response = AuthenticationResponse.from_dict(answer)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Refusal("the passkey gave no answer that can be read: try again") from error
    own = [each for each in credentials if each.credential_id == response.raw_id]
    if not own:
        raise Refusal("this passkey is not one of yours here: register it under Second factor")
    found = Evidence(
        statement=statement.data.decode(),
        credential_id=_text(response.raw_id),
        public_key=_text(cbor.encode(dict(own[0].public_key))),
        authenticator_data=_text(bytes(response.response.authenticator_data)),
        client_data=_text(bytes(response.response.client_data)),
        signature=_text(response.response.signature),
        rp_id=rp_id,
        origin=origin,
    )
    if fault_of(found.data):
        raise Refusal("the passkey did not sign this very text, or did not check that it was you")
    return found


def fault_of(data: bytes) -> str:
    """What is wrong with evidence as it was kept; empty where it proves what it states."""
    try:
        told = Evidence(**json.loads(data))
        statement = json.loads(told.statement)
        if statement.get("purpose") != PURPOSE:
            return "the statement is not about an agreement"
        public = cbor.decode(b64decode(told.public_key))
        if not isinstance(public, Mapping):
            return "the public key cannot be read"
        key = CoseKey.parse(public)
        credential = AttestedCredentialData.create(Aaguid.NONE, b64decode(told.credential_id), key)
        _server(told).authenticate_complete(_state(told), [credential], _response(told))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        return str(error) or type(error).__name__
    return ""


def _server(told: Evidence) -> Fido2Server:
    rp = PublicKeyCredentialRpEntity(name="Afspraak", id=told.rp_id)
    return Fido2Server(rp, verify_origin=lambda origin: bool(origin == told.origin))


def _state(told: Evidence) -> dict[str, Any]:
    challenge = sha256(told.statement.encode()).digest()
    return {"challenge": websafe_encode(challenge), "user_verification": REQUIRED}


def _response(told: Evidence) -> dict[str, Any]:
    """As a browser gave it."""
    raw = websafe_encode(b64decode(told.credential_id))
    parts = {
        "clientDataJSON": told.client_data,
        "authenticatorData": told.authenticator_data,
        "signature": told.signature,
    }
    return {
        "id": raw,
        "rawId": raw,
        "type": "public-key",
        "response": {name: websafe_encode(b64decode(each)) for name, each in parts.items()},
        "clientExtensionResults": {},
    }


def _text(data: bytes) -> str:
    return b64encode(data).decode()
