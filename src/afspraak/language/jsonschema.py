"""The contract's JSON Schema (draft 2020-12) for editors, made from the models that read it."""

import json
from typing import Any, Final

from afspraak.language.document import Document

_TITLE: Final = "A service contract that runs (Afspraak, format 1, law 1)"
_NOISE: Final = ("title", "default")


def json_schema() -> dict[str, Any]:
    """The schema of a contract document. Null is never a value: what is absent is left out."""
    found = Document.model_json_schema(by_alias=True, mode="validation")
    schema = _plain(found)
    assert isinstance(schema, dict)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _TITLE}
    return head | {key: value for key, value in schema.items() if key != "title"}


def text() -> str:
    """The schema as the file that is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _plain(node: Any, *, names: bool = False) -> Any:
    """Without titles, defaults and nulls; `names` while the keys are properties' names and not the
    schema's words.
    """
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _plain(value, names=key in ("properties", "$defs") and not names)
        for key, value in node.items()
        if names or key not in _NOISE
    }
    return kept if names else _closed(_without_null(kept))


def _closed(node: dict[str, Any]) -> dict[str, Any]:
    """A mapping whose keys are of one kind has no others."""
    if "patternProperties" not in node:
        return node
    return {key: value for key, value in node.items() if key != "propertyNames"} | {
        "additionalProperties": False
    }


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` with null becomes what is left; one thing left stands by itself."""
    if "anyOf" not in node:
        return node
    options = [option for option in node["anyOf"] if option != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return rest | options[0] if len(options) == 1 else rest | {"anyOf": options}
