"""A document as YAML text, every value in its exact form: `check` reads it back equal."""

import io
import re
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from afspraak.language.document import Document

_BARE: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9_-]+( [A-Za-z0-9./][A-Za-z0-9./%_-]*)*|[0-9]+ [%a-z][a-z ]*"
)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_WORDS: Final = frozenset(["null", "true", "false", "yes", "no", "on", "off"])


def write(document: Document) -> bytes:
    """UTF-8 YAML 1.2 with what was stated, in the schema's order.

    What another reader could take for something else than it is stands in quotes.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.BytesIO()
    yaml.dump(_part(document.model_dump(mode="json", by_alias=True, exclude_unset=True)), stream)
    return stream.getvalue()


def _part(value: Any) -> Any:
    if isinstance(value, dict):
        return {scalar_of(key): _part(item) for key, item in value.items()}
    if not isinstance(value, list | tuple):
        return scalar_of(str(value))
    items = CommentedSeq(_part(item) for item in value)
    if not any(isinstance(item, dict) for item in items):
        items.fa.set_flow_style()
    return items


def scalar_of(text: str) -> str | int | bool:
    """A text as a writer of YAML takes it: numbers and truth values bare, as an editor knows them;
    text in quotes unless it can be nothing else.
    """
    if _NUMBER.fullmatch(text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    if _BARE.fullmatch(text) and text.lower() not in _WORDS and not _COUNTRY.fullmatch(text):
        return text
    quoted: str = DoubleQuotedScalarString(text)
    return quoted
