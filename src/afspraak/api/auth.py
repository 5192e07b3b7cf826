"""Who asks: a bearer token, or the person who is signed in; and for which organisation."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from ninja.utils import check_csrf

from afspraak.agreements.identity import identify as identify_member
from afspraak.api.problem import Refused
from afspraak.parties.actions_answers import Keyed
from afspraak.parties.identity import Identity, identify_token
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden

ORGANISATION: Final = "Afspraak-Organisation"
"""The header that says for which of their organisations somebody acts."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Call(HttpRequest):
    """A request as operations see it: by whom, and when (microseconds), read once at the door."""

    at: int
    identity: Identity
    keyed: Keyed | None
    """A write by its key (`Idempotency-Key`)."""
    worked: object
    """What an operation did before its transaction (`admission.works_first`)."""


def identify(request: HttpRequest, at: int) -> Identity | None:
    """Who asks; None for nobody. A token goes before a session; a wrong token is not made good by
    one. Raises Forbidden for an organisation that is not theirs, or a write without its CSRF token.
    """
    acting = _acting(request)
    header = request.headers.get("Authorization")
    if header is not None:
        found = identify_token(_bearer(header), at)
    elif request.user.is_authenticated:
        found = identify_member(request.user.pk, at, acting)
        if found is not None and request.method not in SAFE and check_csrf(request) is not None:
            raise Forbidden("a write by a session needs its CSRF token, in X-CSRFToken")
    else:
        return None
    if found is not None and acting is not None and acting != found.organisation:
        raise Forbidden("you have no role in the organisation that Afspraak-Organisation names")
    return found


def _bearer(header: str) -> str:
    """The token of an Authorization header; empty, and so unknown, for any other scheme."""
    scheme, _, token = header.partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and token.isascii() else ""


def _acting(request: HttpRequest) -> UUID | None:
    named = request.headers.get(ORGANISATION)
    if named is None:
        return None
    try:
        return UUID(named)
    except ValueError:
        raise Refused(422, "invalid", f"{ORGANISATION}: write the organisation's id") from None


def need(identity: Identity, right: Right) -> None:
    """A right that only some uses of an operation ask for. Raises Forbidden."""
    if not identity.may(right):
        raise Forbidden(f"this asks for the right {right.value}")


def sees_money(identity: Identity) -> bool:
    """Whether prices and costs are shown: not to a customer's user."""
    return identity.organisation in identity.viewer.organisations


def works_for(identity: Identity, supplier: UUID) -> bool:
    """Whether they act for the supplier of what they look at: its internal fields are theirs."""
    return identity.organisation == supplier and sees_money(identity)
