"""The API's description (OpenAPI 3.1), with what holds for all operations written on each."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ninja import NinjaAPI
from ninja.operation import Operation

from afspraak.api.admission import JSON, KEY, body_of
from afspraak.api.auth import ORGANISATION
from afspraak.api.problem import MEDIA, TITLES, Problem
from afspraak.parties.stated import PUBLIC, policy_of

BASE: Final = "/api/v1/"
_ALWAYS: Final = (401, 403, 404, 409, 422, 429, 503)
_WRITES: Final = (400, 412, 413, 415)
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_SECURITY: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token: `afs_...`"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "Somebody who is signed in; writes also need X-CSRFToken.",
    },
}
_ABOUT: Final = """Service contracts whose promises run as clocks.

Everything that is refused is answered as a problem detail (RFC 9457): 422 says every fault of a
request's form, 409 what the contract, the law or the present state does not allow. What is not
there and what you may not see are told alike: 404. A write may carry an `Idempotency-Key`; asked
again it is answered as before. Answers carry an `ETag`; lists go on at `next`. Instants are
RFC 3339 with an offset."""


def described(api: NinjaAPI) -> dict[str, Any]:
    """The whole document; the same for the same code."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=BASE))
    found["info"]["description"] = _ABOUT
    found["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    found["components"]["securitySchemes"] = _SECURITY
    schemas = found["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    by_name = {each.view_func.__name__: each for each in operations(api)}
    for item in found["paths"].values():
        for method in set(item) & set(_METHODS):
            _complete(item[method], method, by_name[item[method]["operationId"]])
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    return found


def operations(api: NinjaAPI) -> Iterator[Operation]:
    """Every operation, as it is bound."""
    for router in api._get_bound_routers():  # noqa: SLF001  (ninja has no public name for them)
        for view in router.path_operations.values():
            yield from view.operations


def _complete(told: dict[str, Any], method: str, operation: Operation) -> None:
    policy = policy_of(operation.view_func)
    is_public, is_write = policy == PUBLIC, method != "get"
    told["x-right"] = str(getattr(policy, "value", policy))
    told["security"] = [] if is_public else [{name: []} for name in _SECURITY]
    parameters = told.setdefault("parameters", [])
    for each in parameters:
        each["schema"] = _without_null(each["schema"])
    if not is_public:
        about = "The one of your organisations for which you act; the first, where none is named."
        parameters.append(_header(ORGANISATION, about, {"type": "string", "format": "uuid"}))
    if is_write:
        form = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        parameters.append(_header(KEY, "The same key is the same request, answered once.", form))
        _body(told, operation)
    responses = told["responses"]
    statuses = (*_ALWAYS, *(_WRITES if is_write else ())) if not is_public else (422, 503)
    for status in sorted(statuses):
        responses.setdefault(str(status), _problem(status))
    for status, answer in responses.items():
        if method == "get" and str(status) == "200":
            answer["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if method == "get":
        responses["304"] = {"description": "Not changed since the `ETag` that was given"}
    told["responses"] = dict(sorted((str(key), value) for key, value in responses.items()))


def _body(told: dict[str, Any], operation: Operation) -> None:
    media, _ = body_of(operation.view_func)
    if media != JSON:
        told["requestBody"] = {
            "required": True,
            "content": {media: {"schema": {"type": "string", "format": "binary"}}},
        }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is given or left out; an address knows no null."""
    kinds = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**kinds[0], "title": schema.get("title", "")} if len(kinds) == 1 else schema


def _header(name: str, about: str, schema: Mapping[str, object]) -> dict[str, object]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": schema}


def _problem(status: int) -> dict[str, object]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": TITLES[status][1], "content": {MEDIA: {"schema": schema}}}


def names(api: NinjaAPI) -> Iterable[str]:
    """The stable names of all operations, sorted."""
    return sorted(each.view_func.__name__ for each in operations(api))
