"""What the fields of clauses and their choices are called: data, in one file."""

from functools import cache
from typing import Any

from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.words import LANGS, Lang
from afspraak.making.helped import read


def label_of(part: str, key: str, lang: Lang) -> str:
    """What a field of a part is called: `part` is the word of its class, as `target_row`."""
    return _said("fields", part, key, lang) or key


def choice_of(key: str, value: str, lexicon: Lexicon) -> str:
    """What a choice of a closed list is called: by our words, else by the contract language's."""
    found = _said("choices", key, value, lexicon.lang)
    names = (key, "period", "level", "languages", "consequences")
    known = (lexicon.enums[name].names for name in names if name in lexicon.enums)
    return found or next((each[value] for each in known if value in each), value)


def hint_of(name: str, lang: Lang) -> str:
    """How several values are written in one field."""
    return _said("hints", "", name, lang)


def _said(table: str, part: str, key: str, lang: Lang) -> str:
    texts = _table(table)
    found = texts.get(f"{part}.{key}", texts.get(key))
    return str(found[LANGS.index(lang)]) if found else ""


@cache
def _table(name: str) -> Any:
    return read("labels.yaml")[name]
