"""Every route states its policy: who may call it at all. A route without one fails the tests."""

from collections.abc import Callable
from typing import Final, Literal, ParamSpec, TypeVar

from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right

Given = ParamSpec("Given")
Result = TypeVar("Result")
Policy = Right | Literal["public", "signed_in"]
PUBLIC: Final = "public"
"""Anybody, also who is not signed in: pages to sign in with, probes, the API's own description."""
SIGNED_IN: Final = "signed_in"
"""Whoever is known; what they see is what their viewer sees."""


class Forbidden(PermissionError):
    """Known, but without the right that the route asks for."""


class Unknown(PermissionError):
    """Nobody is signed in, and no valid token was presented."""


def stated(policy: Policy) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Write a route's policy on it; doors read it with `policy_of` and apply it with `admit`."""

    def write(view: Callable[Given, Result]) -> Callable[Given, Result]:
        view.policy = policy  # type: ignore[attr-defined]  # read back by policy_of
        return view

    return write


def policy_of(view: object) -> Policy | None:
    """The policy that a route states, through what wraps it; None where it states none."""
    while view is not None:
        found: Policy | None = getattr(view, "policy", None)
        if found is not None:
            return found
        view = getattr(view, "__wrapped__", None)
    return None


def admit(policy: Policy, identity: Identity | None) -> None:
    """Raises Unknown or Forbidden for whom the policy does not let in."""
    if policy == PUBLIC:
        return
    if identity is None:
        raise Unknown("sign in, or present a token that is valid")
    if policy != SIGNED_IN and not identity.may(Right(policy)):
        raise Forbidden(f"this asks for the right {policy}")
