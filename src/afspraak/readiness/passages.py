"""Passages of general terms that bear on what the agreement says: found by the words of a subject,
each with the clauses that it touches. They are offered to be weighed; nobody is told who
wins. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from afspraak.language.document import Document

SubjectKey = Literal[
    "precedence",
    "liability",
    "price",
    "term",
    "payment",
    "times",
    "changes",
    "force_majeure",
    "suspension",
    "ownership",
    "exit",
]

WORDS: Final[dict[SubjectKey, str]] = {
    "precedence": r"prevaleren|voorrang|gaan v[oó]{2}r|priment|préval|prevail|precedence",
    "liability": r"aansprakelijk|schadevergoeding|responsabilité|liability|liable|damages",
    "price": r"prijsverhoging|prijzen te (?:wijzigen|verhogen)|indexering|indexer|"
    r"augmenter ses prix|index(?:ation|ed)|increase (?:its|the) prices",
    "term": r"stilzwijgend|opzegtermijn|opzegging|tacite|préavis|résiliation|tacit|"
    r"notice period|terminat",
    "payment": r"betalingstermijn|vervaldatum|wettelijke rente|délai de paiement|"
    r"intérêts de retard|payment term|late payment|interest",
    "times": r"indicatie[fv]|streef(?:datum|termijn)|fatale termijn|naar beste|inspannings|"
    r"à titre indicatif|obligation de moyens|indicative|best effort|reasonable efforts",
    "changes": r"eenzijdig|voorwaarden te wijzigen|unilatéral|modifier les (?:présentes )?"
    r"conditions|unilateral|(?:amend|change) these terms",
    "force_majeure": r"overmacht|force majeure|beyond (?:its|our) control",
    "suspension": r"opschort|suspen[ds]",
    "ownership": r"intellectuele eigendom|eigendomsvoorbehoud|propriété intellectuelle|"
    r"réserve de propriété|intellectual property|retention of title",
    "exit": r"teruggave van gegevens|einde van de overeenkomst|restitution des données|"
    r"return of data|exit",
}
"""A subject -> the words by which it is found, in three languages, without regard to case."""

TOUCHES: Final[dict[SubjectKey, tuple[str, ...]]] = {
    "precedence": (),
    "liability": ("penalty", "credit", "cap"),
    "price": ("indexation",),
    "term": ("exit",),
    "payment": ("payment",),
    "times": ("ticket_promise", "availability", "delivery"),
    "changes": (),
    "force_majeure": ("relief",),
    "suspension": ("payment",),
    "ownership": ("ownership",),
    "exit": ("exit",),
}
"""A subject -> the types of clause that say something of it."""

LONGEST: Final = 1_200
MOST: Final = 60
_FOUND: Final = {key: re.compile(words, re.IGNORECASE) for key, words in WORDS.items()}
_BREAK: Final = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:\d{1,2}\.|artikel |article ))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the general terms, what it is about, and the clauses that it touches."""

    page: int
    text: str
    subject: SubjectKey | Literal[""]
    """Empty: somebody copied it."""
    clauses: tuple[str, ...]


def passages_of(pages: Sequence[str], document: Document | None) -> tuple[Passage, ...]:
    """The paragraphs that bear on something, in their order; at most `MOST`."""
    found: list[Passage] = []
    for number, page in enumerate(pages, 1):
        for text in _paragraphs(page):
            key = _subject(text)
            if key is not None:
                found.append(Passage(number, text, key, _touched(key, document)))
    return tuple(found[:MOST])


def _paragraphs(page: str) -> Iterator[str]:
    """Between blank lines, and before each numbered article; one line each."""
    for part in _BREAK.split(page):
        text = " ".join(part.split())[:LONGEST]
        if text:
            yield text


def _subject(text: str) -> SubjectKey | None:
    """What a paragraph is about: the subject whose words it has first."""
    hits = [(found.start(), key) for key, words in _FOUND.items() if (found := words.search(text))]
    return min(hits)[1] if hits else None


def _touched(key: SubjectKey, document: Document | None) -> tuple[str, ...]:
    if document is None:
        return ()
    return tuple(each.id for each in document.clauses if each.type in TOUCHES[key])
