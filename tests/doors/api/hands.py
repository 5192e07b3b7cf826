"""What the tests of the API hold in hand: tokens, requests, reports, and the moment that it is."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection
from django.test import Client
from world import START, World

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.models import Token
from afspraak.parties.roles import Right

FAR = datetime_of(START).replace(year=2100)


def take_role(role: str) -> None:
    """From here on, until the test's transaction ends, in a role of the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE afspraak_{role}")


@dataclass
class Hand:
    """Somebody's way to the API: by a token, as a program; answers as values."""

    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told: dict[str, Any] = {}
        if body is not None:
            is_raw = isinstance(body, bytes)
            told["data"] = body if is_raw else json.dumps(body)
            told["content_type"] = headers.pop("content_type", "application/json")
        if self.secret:
            headers = {"Authorization": f"Bearer {self.secret}", **headers}
        path = path if path.startswith("/api") else f"/api/v1/{path}"
        return self.client.generic(method, path, headers=headers, **told)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)


def signed_in(world: World, name: str) -> Client:
    """The browser of one of the people, who has signed in."""
    client = Client(raise_request_exception=False)
    take_role("system")  # signing in is another door's matter
    client.force_login(
        world.people[name].account,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    take_role("app")
    return client


def give_token(world: World, name: str, *rights: Right) -> str:
    """A token made by one of the people, with all rights unless some are named."""
    person = world.people[name]
    secret = f"afs_{name}_{len(rights)}"
    Token.objects.bulk_create(
        [
            Token(
                id=new_id(START),
                organisation_id=person.organisation_id,
                name=name,
                token_hash=sha256(secret.encode()).digest(),
                hint=secret[:8],
                rights=[each.value for each in rights or tuple(Right)],
                made_by=person,
                created_at=datetime_of(START),
                expires_at=FAR,
            )
        ]
    )
    return secret


def a_report(world: World, **more: Any) -> dict[str, Any]:
    """A report of the bakery's."""
    told = {
        "relation": str(world.to_bakery.id),
        "title": "Mail komt niet aan",
        "words": "Sinds vanochtend.",
        "service": "e-mail",
        "impact": "one_person",
        "kind": "incident",
    }
    return {**told, **more}
