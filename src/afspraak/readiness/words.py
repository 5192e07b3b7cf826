"""What the questions say in each language (`texts/<language>.toml`): data, never code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from afspraak.language.text.words import LANGS, Lang


def say(lang: Lang, table: str, word: str) -> str:
    """A text; a KeyError for one that no file has, which the tests find first."""
    return tables(lang)[table][word]


def lang_of(language: str) -> Lang:
    """One of ours; Dutch where it is none."""
    return next((lang for lang in LANGS if lang == language), "nl")


@cache
def tables(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    """Every text of a language, by table and word."""
    text = files("afspraak.readiness").joinpath(f"texts/{lang}.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, str]]", tomllib.loads(text))
