"""What a supplier offers, ready to be shown: a catalogue's document with its words, read once a
process.
"""

from dataclasses import dataclass
from functools import lru_cache

from afspraak.language.catalogue import Catalogue, check_catalogue
from afspraak.language.text.catalogue import catalogue_words
from afspraak.language.text.lexicon import Lexicon
from afspraak.reports.texts import Language


@dataclass(frozen=True, slots=True)
class Offered:
    """A catalogue and what it calls things."""

    catalogue: Catalogue
    words: Lexicon


@lru_cache(maxsize=64)
def offered_in(data: bytes, language: Language) -> Offered:
    """What stands in stored bytes. They were checked before: a fault is ours."""
    catalogue, faults = check_catalogue(data, "catalogue")
    assert catalogue is not None, faults
    return Offered(catalogue, catalogue_words(catalogue, language))
