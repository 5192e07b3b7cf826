"""What notices say in one language (`texts/<language>.toml`): data with named slots, never code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from afspraak.engine.time import local_date, zone_of
from afspraak.language.text.times import show_date, show_instant
from afspraak.language.text.words import LANGS, Lang, fill, values_of


class Texts:
    """One language and one zone; every word of a notice goes through here."""

    __slots__ = ("_tables", "lang", "zone")

    def __init__(self, lang: Lang, zone: str) -> None:
        self.lang: Lang = lang
        self.zone = zone
        self._tables = _tables(lang)

    def say(self, table: str, word: str, **slots: str) -> str:
        """A text with its slots filled; what is filled in is not looked at again."""
        return fill(self._tables[table][word].strip("\n"), **slots)

    def either(self, table: str, word: str, otherwise: str, **slots: str) -> str:
        """The same, by another word where the table has no such one."""
        return self.say(table, word if word in self._tables[table] else otherwise, **slots)

    def moment(self, at: int) -> str:
        """`dinsdag 2 maart 2027 om 12:00`, on the wall of the zone."""
        return show_instant(at, self.zone, values_of(self.lang))

    def day(self, due_at: int) -> str:
        """`15 april 2027`: the date that ends at an instant."""
        return show_date(local_date(zone_of(self.zone), due_at - 1), values_of(self.lang))


def lang_of(language: str) -> Lang:
    """A person's language, Dutch where it is none of ours."""
    return next((lang for lang in LANGS if lang == language), "nl")


@cache
def _tables(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    text = files("afspraak.notices").joinpath(f"texts/{lang}.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, str]]", tomllib.loads(text))
