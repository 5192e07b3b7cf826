"""What holds between a supplier and a customer at a moment, ready to be asked and to be said."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from afspraak.agreements.load import Signed, outside_rates
from afspraak.agreements.read import document_of
from afspraak.clocks.load import grounds_known, signed_in
from afspraak.engine.clockwork import Clockwork
from afspraak.engine.in_force import NotCovered, OutsideRate, governing_version
from afspraak.language.document import Document
from afspraak.language.text.lexicon import Lexicon, lexicon_of
from afspraak.language.text.render import page_of
from afspraak.language.text.tree import Page
from afspraak.parties.models import Relation
from afspraak.reports.contracts import Contract
from afspraak.reports.contracts_read import contract_of
from afspraak.reports.texts import Language
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Agreed:
    """The version in force: as it was signed, as it runs, and what it calls things."""

    signed: Signed
    clockwork: Clockwork
    document: Document
    contract: Contract
    words: Lexicon

    @property
    def reference(self) -> str:
        """The agreement's own id."""
        return self.document.id


def agreed_at(relation: Relation, viewer: Viewer, language: Language, at: int) -> Agreed | None:
    """The version that a report made at `at` would fall under; None where there is none (C2)."""
    ground = grounds_known({relation.id: relation.supplier_id}, viewer)[relation.id]
    try:
        version = governing_version(ground.versions, at, at).version
    except NotCovered:
        return None
    return agreed_by(signed_in(ground, version.id), ground.clockwork(version.id), language)


def agreed_by(signed: Signed, clockwork: Clockwork, language: Language) -> Agreed:
    """A version with its words."""
    data = signed.data
    return Agreed(signed, clockwork, document_of(data), contract_in(data), words_in(data, language))


@lru_cache(maxsize=512)
def contract_in(data: bytes) -> Contract:
    """What a page says of a signed document's clauses; read once a process."""
    return contract_of(document_of(data), data, "contract")


@lru_cache(maxsize=512)
def words_in(data: bytes, language: Language) -> Lexicon:
    """What a signed document calls things in a language; read once a process."""
    return lexicon_of(document_of(data), language)


@lru_cache(maxsize=128)
def page_in(data: bytes, language: Language) -> Page:
    """A signed document as people read it: the same for whoever may see its bytes."""
    return page_of(document_of(data), language)


def rate_at(supplier: UUID, viewer: Viewer, at: int) -> OutsideRate | None:
    """What an hour costs outside every agreement at a moment (C2)."""
    rates = outside_rates(supplier, viewer)
    return next((each for each in rates if each.from_at <= at < each.until_at), None)
