"""The API: its routers, its way of reading and writing JSON, and what it answers when refusing."""

import json
from functools import cache
from typing import Any, Final, cast

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny
from pydantic_core import to_json

from afspraak import __version__
from afspraak.api import routers
from afspraak.api.admission import admitted
from afspraak.api.openapi import described
from afspraak.api.problem import problem_of
from afspraak.parties.stated import PUBLIC, stated

DEPTH: Final = 32
"""Lists and objects inside each other, at most."""


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no key twice, not nested without end."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """What stands in the body. Raises HttpError for what cannot be read."""
        try:
            told = json.loads(
                request.body, object_pairs_hook=_object, parse_constant=_refuse_constant
            )
            _check_depth(told, DEPTH)
        except (ValueError, RecursionError) as fault:
            raise HttpError(400, f"This is no JSON that can be read: {str(fault)[:200]}") from None
        return cast("DictStrAny", told)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands in an object twice")
    return found


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _check_depth(told: object, left: int) -> None:
    if not isinstance(told, dict | list):
        return
    if not left:
        raise ValueError(f"it is nested deeper than {DEPTH}")
    for part in told.values() if isinstance(told, dict) else told:
        _check_depth(part, left - 1)


class Renderer(BaseRenderer):
    """JSON in UTF-8, made by pydantic."""

    media_type = "application/json"

    def render(
        self,
        request: HttpRequest,  # noqa: ARG002  (its caller names them)
        data: Any,
        *,
        response_status: int,  # noqa: ARG002  (ninja's own signature)
    ) -> Any:
        """The bytes of an answer."""
        return to_json(data)


class Door(NinjaAPI):
    """The API with our own words for its operations: the function's name."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The stable name of an operation."""
        return operation.view_func.__name__


def made_api() -> Door:
    """The API with all its routers, every operation admitted in one place."""
    made = Door(
        title="Afspraak",
        version=__version__,
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
        renderer=Renderer(),
    )
    for fault in (Exception, HttpError, ValidationError, DatabaseError):
        made.add_exception_handler(fault, problem_of)
    made.add_decorator(admitted, mode="view")
    for tag, router in routers.ALL:
        made.add_router("", router, tags=[tag])
    made.add_router("", _description(made), tags=["description"])
    return made


def _description(door: Door) -> Router:
    router = Router()
    made = cache(lambda: described(door))  # the same for the same code, and a second's work

    @router.get("/openapi.json", response=dict[str, Any])
    @stated(PUBLIC)
    def get_description(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  (every view has it)
        """This description, in OpenAPI 3.1."""
        return made()

    return router


api = made_api()


def urls() -> tuple[list[URLResolver | URLPattern], str]:
    """Its addresses, below the place where they are put; ninja's home page is not among them."""
    patterns, _, namespace = api.urls
    return [each for each in patterns if getattr(each, "name", "") != "api-root"], namespace
