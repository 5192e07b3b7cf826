"""A checked contract document -> the contract that a replay runs on."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from afspraak.engine.hours import Calendar
from afspraak.engine.terms import Terms
from afspraak.language.document import Document
from afspraak.language.schema_base import Text
from afspraak.language.terms_of import calendars_of, terms_of
from afspraak.reports.contracts import Contract


def contract_of(
    document: Document, data: bytes, name: str, *, signed_at: int | None = None
) -> Contract:
    """The contract of a document and of the bytes that it was read from; `name` is how its file is
    called. Its calendars can be widened with the holidays of their own country.
    """

    def wider(_terms: Terms, cover: tuple[date, date]) -> Mapping[str, Calendar]:
        return calendars_of(document, cover)

    return Contract(
        terms=terms_of(document),
        name=name,
        sha256=sha256(data).hexdigest(),
        customers=_customers(document, name),
        parties={reference: party.name for reference, party in document.parties.items()},
        titles={clause.id: _texts(clause.title) for clause in document.clauses if clause.title},
        services={key: _texts(service.name) for key, service in document.services.items()},
        wider=wider,
        signed_at=signed_at,
    )


def _customers(document: Document, name: str) -> frozenset[str]:
    """What a log may call the customer: its name, its number in the register, the contract's id, or
    the name of the file.
    """
    customer = document.parties["customer"]
    names = (customer.name, customer.register_number, document.id, name)
    return frozenset(str(each).casefold() for each in names if each)


def _texts(text: Text) -> Mapping[str, str]:
    return {language: told for language, told in text if told}
