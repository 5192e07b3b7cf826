"""What a document's things are called in one language: parties, services, calendars, clauses,
words; and back.

Every name is unique among its kind, so that what stands in the text can only mean one thing: two
things with one name get their keys behind it, as `Printers [printers-2]`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from afspraak.language.document import Document
from afspraak.language.schema_consequences import BonusClause, CreditClause, PenaltyClause
from afspraak.language.schema_people import OwnershipClause
from afspraak.language.terms_money import period_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.words import Lang, UnreadableError, Values, fill, texts_of, values_of

FIELDS: Final = ("service", "level", "priority", "kind", "site")


@dataclass(frozen=True, slots=True)
class Names:
    """Keys and what they are called, one to one. An `opened` list also takes words that it does not
    know.
    """

    names: Mapping[str, str]
    opened: bool = False
    keys: Mapping[str, str] = field(init=False)
    expression: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", {name: key for key, name in self.names.items()})
        object.__setattr__(self, "expression", self._expression())
        assert len(self.keys) == len(self.names), "two things have one name"

    def show(self, key: str) -> str:
        """The name of a key. A word without a name stands for itself, in brackets where that is
        another's name.
        """
        name = self.names.get(key)
        return name if name is not None else f"[{key}]" if key in self.keys else key

    def key(self, name: str) -> str:
        """The inverse of `show`."""
        found = self.keys.get(name)
        return name.removeprefix("[").removesuffix("]") if found is None else found

    def _expression(self) -> str:
        """A regular expression for any of the names, the longest first."""
        longest = map(re.escape, sorted(self.keys, key=len, reverse=True))
        return (
            "(?:"
            + "|".join((*longest, r"\[?[A-Za-z][A-Za-z0-9_-]*\]?" if self.opened else "(?!)"))
            + ")"
        )


def unique(named: Mapping[str, str]) -> Names:
    """The names, with the key behind each that another thing has too, or that is another thing's
    key.
    """
    counts = Counter(named.values())
    taken = {name for name, count in counts.items() if count > 1}
    return Names(
        {
            key: f"{name} [{key}]" if name in taken or (name != key and name in named) else name
            for key, name in named.items()
        }
    )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All names of a document in a language, the language's words, and how it writes values.

    `own` are the words and parties that the document itself gave a name.
    """

    lang: Lang
    values: Values
    zone: str
    currency: str
    parties: Names
    services: Names
    calendars: Names
    clauses: Names
    words: Names
    units: Names
    prices: Names
    assets: Names
    countries: Names
    own: frozenset[str]
    enums: Mapping[str, Names]
    conditions: Mapping[str, str]
    periods: Mapping[str, str]
    phrases: Mapping[str, str]

    def of_field(self, name: str) -> Names:
        """The names of a condition's field (C3)."""
        return {"service": self.services, "level": self.enums["level"]}.get(name, self.words)


def lexicon_of(document: Document, lang: Lang) -> Lexicon:
    """The names of everything that the document speaks about."""
    words = texts_of(lang, "words")
    known = _texts(words, "words")
    enums = cast("Mapping[str, Mapping[str, str]]", words["enums"])
    return Lexicon(
        lang=lang,
        values=values_of(lang),
        zone=document.zone,
        currency=document.currency,
        parties=_parties(document, _texts(words, "party")),
        services=unique(_services(document, lang)),
        calendars=unique(
            {
                key: each.name.get(lang, document.language) if each.name else key
                for key, each in document.calendars.items()
            }
        ),
        clauses=Names(clause_names(document, lang)),
        words=_words(document, lang, known),
        units=Names({**enums["period"], **_texts(words, "units")}, opened=True),
        prices=unique(_services(document, lang) | clause_names(document, lang)),
        assets=unique(
            {
                each.id: each.name
                for clause in document.of_type(OwnershipClause)
                for each in clause.assets
            }
        ),
        countries=Names(_texts(words, "countries"), opened=True),
        own=frozenset(document.names).union(set(document.parties) - set(_texts(words, "party"))),
        enums={name: Names(table) for name, table in enums.items()},
        conditions=_texts(words, "conditions"),
        periods={
            clause.id: period_of(document, clause)
            for clause in document.clauses
            if isinstance(clause, CreditClause | BonusClause | PenaltyClause)
        },
        phrases=_texts(words, "phrases"),
    )


def _services(document: Document, lang: Lang) -> dict[str, str]:
    return {key: each.name.get(lang, document.language) for key, each in document.services.items()}


def clause_types(lang: Lang) -> Mapping[str, str]:
    """Clause type -> what it is called."""
    texts = texts_of(lang, "words")
    return {"ticket_promise": str(texts["ticket_promise"]), **_texts(texts, "titles")}


def clause_titles(document: Document, lang: Lang) -> dict[str, str]:
    """Clause id -> its title: its own, else its type's."""
    texts = texts_of(lang, "words")
    titles, measures = _texts(texts, "titles"), _texts(texts, "measure_titles")
    return {
        clause.id: clause.title.get(lang, document.language)
        if clause.title
        else measures[clause.measure]
        if clause.type == "ticket_promise"
        else titles[clause.type]
        for clause in document.clauses
    }


def clause_names(document: Document, lang: Lang) -> dict[str, str]:
    """Clause id -> `clausule 3 (Oplossing)`."""
    pattern = _texts(texts_of(lang, "words"), "phrases")["clause"]
    titles, numbers = clause_titles(document, lang), clause_numbers(document)
    return {key: fill(pattern, number=numbers[key], title=title) for key, title in titles.items()}


def _texts(tree: Mapping[str, object], name: str) -> Mapping[str, str]:
    return cast("Mapping[str, str]", tree[name])


def _parties(document: Document, patterns: Mapping[str, str]) -> Names:
    """Supplier and customer by their role, any other party by its name; `third_party` is whoever
    has that role.
    """
    named = {key: fill(pattern, name="") for key, pattern in patterns.items() if key != "other"}
    others = {
        key: fill(patterns["other"], name=party.name)
        for key, party in document.parties.items()
        if key not in named
    }
    return unique(named | others)


def _words(document: Document, lang: Lang, known: Mapping[str, str]) -> Names:
    """The open words: by the document's own names, else by ours."""
    own = {key: text.get(lang, document.language) for key, text in document.names.items()}
    return Names(unique({**known, **own}).names, opened=True)


def split_list(text: str, item: str, values: Values) -> list[str]:
    """The inverse of `both` for items of a pattern: `A, B en C` -> A, B, C."""
    found: list[str] = []
    joint = f"(?:{re.escape(values.comma)}|{re.escape(values.both)})"
    more = re.compile(f"({item})(?:{joint}(?P<rest>.+))?", re.DOTALL)
    whole = re.compile(f"(?:{item})(?:{joint}(?:{item}))*", re.DOTALL)
    rest: str | None = text
    while rest is not None:
        match = more.fullmatch(rest)
        if match is None or not whole.fullmatch(rest):
            raise UnreadableError(f"{text!r} is not a list of what is known here")
        found.append(match[1])
        rest = match["rest"]
    return found
