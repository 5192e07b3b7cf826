"""Whether somebody may sign for a party, as the document itself says: what to warn of. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from afspraak.language.document import Document
from afspraak.language.schema_frame import Signer


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at before somebody signs. `about` is a name or a sum."""

    kind: Literal["nobody_named", "not_named", "jointly", "up_to"]
    name: str
    about: str = ""


def same_name(one: str, other: str) -> bool:
    """Whether two names read alike: capitals and spaces do not matter."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def signer_of(document: Document, party: str, name: str) -> Signer | None:
    """The signer of a party whom the document names so."""
    signers = document.parties[party].signers if party in document.parties else ()
    return next((each for each in signers if same_name(each.name, name)), None)


def doubts_about(document: Document, party: str, name: str) -> Iterator[Doubt]:
    """What to warn of when somebody of this name signs for a party."""
    if not document.parties[party].signers:
        yield Doubt("nobody_named", name)
        return
    signer = signer_of(document, party, name)
    if signer is None:
        named = ", ".join(each.name for each in document.parties[party].signers)
        yield Doubt("not_named", name, named)
        return
    if signer.jointly_with:
        yield Doubt("jointly", name, signer.jointly_with)
    if signer.up_to:
        yield Doubt("up_to", name, f"{signer.up_to.amount} {signer.up_to.currency}")
