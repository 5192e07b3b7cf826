"""What pydantic found, in a contract manager's words: each error as a fault with its line, fact and
remedy.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from afspraak.language.document import Clause, Document
from afspraak.language.faults import Fault
from afspraak.language.nodes import Key, Node, Path, line_of, place_of
from afspraak.language.values import Wrong, quoted

Error = Any
"""One of pydantic's error details: type, loc, msg, input, ctx."""

CLAUSE_TYPES: Final[dict[str, type[BaseModel]]] = {
    get_args(model.model_fields["type"].annotation)[0]: model
    for model in get_args(get_args(Clause)[0])
}
"""The word that `type` holds -> the clause's class."""


def faults_of(error: ValidationError, root: Node, file: str) -> Iterator[tuple[Path, Fault]]:
    """Each error as a fault, with its path in the document (the names of clause types left out)."""
    for each in error.errors(include_url=False):
        path = _path(each["loc"])
        fact, remedy = _told(each, path)
        yield path, Fault(file, line_of(root, path), place_of(root, path), fact, remedy)


def _path(loc: Sequence[Key]) -> Path:
    """A place as pydantic names it, without the type behind a clause's index, without key marks."""
    steps = (*loc[:2], *loc[3:]) if loc[:1] == ("clauses",) else loc
    return tuple(step for step in steps if step != "[key]")


def _told(error: Error, path: Path) -> tuple[str, str]:
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, Wrong):
        named = path and isinstance(path[-1], str) and path[0] != path[-1]
        return f"{f'`{path[-1]}`: ' if named else ''}{wrong.fact}", wrong.remedy
    telling = _TELLING.get(error["type"])
    if telling is not None:
        return telling(error, path)
    return str(error["msg"]), "write what the schema asks for here"


def _unknown(_: Error, path: Path) -> tuple[str, str]:
    known = known_keys(path[:-1])
    near = get_close_matches(str(path[-1]), known, n=1)
    remedy = (
        f"did you mean `{near[0]}`?" if near else f"remove it; known here are {', '.join(known)}"
    )
    return f"the key {quoted(str(path[-1]))} is unknown here", remedy


def _missing(_: Error, path: Path) -> tuple[str, str]:
    return f"`{path[-1]}` is missing", "add it"


def _literal(error: Error, path: Path) -> tuple[str, str]:
    found = error["input"]
    shown = quoted(found) if isinstance(found, str) else "a list or a mapping"
    return f"{shown} is no value of `{path[-1]}`", f"write {error['ctx']['expected']}".replace(
        "'", ""
    )


def _tag(error: Error, _: Path) -> tuple[str, str]:
    tag = str(error["ctx"].get("tag", ""))
    near = get_close_matches(tag, CLAUSE_TYPES, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"write one of {', '.join(CLAUSE_TYPES)}"
    return f"there is no clause type {quoted(tag)}", remedy


def _no_tag(_: Error, __: Path) -> tuple[str, str]:
    return "the clause has no `type`", f"add one of {', '.join(CLAUSE_TYPES)}"


def _shape(expected: str, remedy: str) -> Callable[[Error, Path], tuple[str, str]]:
    def tell(error: Error, path: Path) -> tuple[str, str]:
        shown = quoted(error["input"]) if isinstance(error["input"], str) else "something else"
        return f"{shown} stands where {expected} is expected (`{path[-1]}`)", remedy

    return tell


def _few(_: Error, path: Path) -> tuple[str, str]:
    return f"`{path[-1]}` has too few values", "add at least one"


_MAPPING: Final = _shape("a mapping", "write keys and values, as {key: value}")
_LIST: Final = _shape("a list", "write a list, as [one, two]")
_TELLING: Final[dict[str, Callable[[Error, Path], tuple[str, str]]]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "literal_error": _literal,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "too_short": _few,
}


# Which keys a place knows ------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def known_keys(path: Path) -> tuple[str, ...]:
    """The keys that may stand in the mapping at a path, as they are written; looked up once for all
    that are unknown there.
    """
    keys: dict[str, None] = {}
    for model in _models(Document, path):
        keys |= dict.fromkeys(field.alias or name for name, field in model.model_fields.items())
    return tuple(keys)


def _models(annotation: Any, path: Path) -> Iterator[type[BaseModel]]:
    """The models that may stand where a path leads to, starting from an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            yield annotation
        for name, field in annotation.model_fields.items():
            if path and (field.alias or name) == path[0]:
                yield from _models(field.annotation, path[1:])
        return
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (tuple, dict):
        for part in parts:
            yield from _models(part, path[1:])
    elif origin in (Union, UnionType):
        for part in parts:
            yield from _models(part, path)
    elif hasattr(annotation, "__metadata__"):
        yield from _models(parts[0], path)
