"""What a kind of clause means, the trap in it, and the question to ask: data, a file a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from afspraak.language.text.words import Lang


@dataclass(frozen=True, slots=True)
class Help:
    """What stands beside a clause."""

    means: str
    trap: str
    ask: str


@cache
def helps(lang: Lang) -> Mapping[str, Help]:
    """Clause type -> what stands beside it."""
    return {kind: Help(**each) for kind, each in read(f"{lang}.yaml").items()}


def read(name: str) -> Mapping[str, Any]:
    """A file of texts of this room."""
    text = files("afspraak.making").joinpath("texts", name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = YAML(typ="base", pure=True).load(text)
    return found
