"""Every route that there is: pages by the URLconf, operations of the API by its own list."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from django.urls import get_resolver

from afspraak.parties.stated import Policy, policy_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\{(?:\w+:)?(\w+)\}|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Route:
    """An address with holes for ids, the methods it takes, and its stated policy."""

    path: str
    methods: tuple[str, ...]
    policy: Policy | None
    is_api: bool = False
    queries: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = field(default=None, compare=False, hash=False)

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of what must be filled in."""
        return tuple(next(filter(None, each.groups())) for each in PARAMETER.finditer(self.path))

    def filled(self, value: Callable[[str], str]) -> str:
        """The path with a value in each hole."""
        return PARAMETER.sub(lambda m: value(next(filter(None, m.groups()))), self.path)


def every_route() -> list[Route]:
    """All of them."""
    return [*_pages(get_resolver().url_patterns, "/"), *_operations()]


def _pages(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for each in patterns:
        path = prefix + str(each.pattern).removeprefix("^").removesuffix("$")
        if path.startswith("/api/"):
            continue
        if hasattr(each, "url_patterns"):
            yield from _pages(each.url_patterns, path)
        else:
            yield Route(path, METHODS, policy_of(each.callback))


def _operations() -> Iterator[Route]:
    """What ninja serves; nothing while there is no API."""
    if find_spec("afspraak.api") is None or find_spec("afspraak.api.app") is None:
        return
    from afspraak.api.app import api  # noqa: PLC0415  (it need not be there)

    prefix = next(
        "/" + str(each.pattern)
        for each in get_resolver().url_patterns
        if "api/" in str(each.pattern)
    )
    for start, router in api._routers:
        for path, view in router.path_operations.items():
            whole = f"{prefix}/{start}/{path}"
            for operation in view.operations:
                yield Route(
                    re.sub("/+", "/", whole),
                    tuple(operation.methods),
                    policy_of(operation.view_func),
                    is_api=True,
                    queries=_names(operation, "query"),
                    body=_schema(operation),
                )


def _names(operation: Any, source: str) -> tuple[str, ...]:
    return tuple(
        name
        for model in operation.models
        if model.__ninja_param_source__ == source
        for name in model.__ninja_flatten_map__
    )


def _schema(operation: Any) -> Mapping[str, Any] | None:
    for model in operation.models:
        if model.__ninja_param_source__ == "body":
            found: Mapping[str, Any] = model.model_json_schema(by_alias=True)
            return found
    return None


def sample(schema: Mapping[str, Any], ids: Mapping[str, Any]) -> Any:
    """A value that a JSON schema takes, with ids where its names ask for them."""
    found = _value(schema, "", schema.get("$defs", {}), ids)
    return next(iter(found.values())) if len(schema.get("properties", {})) == 1 else found


def _value(
    each: Mapping[str, Any], name: str, whole: Mapping[str, Any], ids: Mapping[str, Any]
) -> Any:
    if "$ref" in each:
        return _value(whole[each["$ref"].rsplit("/", 1)[-1]], name, whole, ids)
    if "anyOf" in each:
        return _value(each["anyOf"][0], name, whole, ids)
    if "enum" in each or "const" in each:
        return each.get("const", [*each.get("enum", ()), ""][0])
    if each.get("type") == "object":
        wanted = each.get("properties", {})
        needed = set(each.get("required", ())) | {key for key in wanted if key in ids}
        return {k: _value(to, k, whole, ids) for k, to in wanted.items() if k in needed}
    if each.get("type") == "array":
        return [_value(each["items"], name, whole, ids)] if "items" in each else []
    return _plain(each, name, ids)


def _plain(each: Mapping[str, Any], name: str, ids: Mapping[str, Any]) -> Any:
    if name in ids or each.get("format") == "uuid":
        return str(ids.get(name, next(iter(ids.values()))))
    texts = {"date-time": "2027-03-02T09:00:00Z", "date": "2027-03-02"}
    kinds = {"integer": each.get("minimum", 1), "number": 1, "boolean": False}
    return kinds.get(each.get("type", ""), texts.get(each.get("format", ""), "x"))
