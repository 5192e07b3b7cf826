"""Rows -> an agreement's whole history, on which a text that is not signed yet can be tried."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.agreements.read import checked
from afspraak.amending.pinches import Counts, counts_of
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.terms import Open, Rule
from afspraak.engine.time import Duration, Refusal
from afspraak.language.document import Document
from afspraak.language.freeze import frozen_of
from afspraak.language.schema_promises import DutyClause
from afspraak.reports.contracts import Contract
from afspraak.reports.contracts_read import contract_of
from afspraak.reports.live import contracts_of, logged_of, services_of
from afspraak.reports.replay import Logged
from afspraak.reports.uptimes import ServiceLog
from afspraak.rights.viewer import Viewer

NAME: Final = "contract"


@dataclass(frozen=True, slots=True)
class History:
    """An agreement's tickets as facts, as of a moment; the versions that were signed, and the one
    that holds now.
    """

    agreement: UUID
    signed: Signed
    contracts: tuple[Contract, ...]
    logs: tuple[Logged, ...]
    services: ServiceLog
    as_of: int

    @property
    def document(self) -> Document:
        """What holds now."""
        return self.signed.document

    @property
    def contract(self) -> Contract:
        """The same as a replay takes it."""
        wanted = f"{self.signed.terms.id}/{self.signed.terms.version}"
        return next(each for each in self.contracts if each.version.id == wanted)

    @property
    def span(self) -> tuple[int, int]:
        """The instants [first, last] that the facts are of."""
        moments = [fact.happened_at for each in self.logs for fact in each.facts]
        return min(moments, default=self.as_of), self.as_of


def signed_now(agreement: Agreement, viewer: Viewer, at: int) -> Signed | None:
    """The version in force; before the first comes into force, the newest that everybody signed."""
    rows = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    signed = [each for each in rows if each.row.agreement_id == agreement.id and each.is_signed]
    newest = newest_in_force((each.version for each in signed), at).get(str(agreement.id))
    by_id = {each.version.id: each for each in signed}
    if newest is not None:
        return by_id[newest.id]
    return max(signed, key=lambda each: each.row.number, default=None)


def history_of(agreement: Agreement, viewer: Viewer, at: int) -> History | None:
    """Everything that was reported under an agreement; None where no version was signed. The viewer
    must be one of its parties: nobody else sees all that is counted.
    """
    signed = signed_now(agreement, viewer, at)
    if signed is None:
        return None
    return History(
        agreement.id,
        signed,
        tuple(contracts_of(agreement, viewer)),
        tuple(logged_of(agreement, viewer)),
        services_of(agreement, viewer, at),
        at,
    )


def counts_in(history: History) -> Counts:
    """What an agreement's clauses came to, month by month: where it pinches."""
    duties = history.document.of_type(DutyClause)
    channels = [(each.id, str(each.one_channel)) for each in duties if each.one_channel]
    return counts_of(
        history.logs, history.contracts, channels, span=history.span, as_of=history.as_of
    )


def next_number(agreement: Agreement, viewer: Viewer) -> int:
    """The number of the version that comes next, signed or not."""
    rows = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    return max(each.row.number for each in rows if each.row.agreement_id == agreement.id) + 1


def contract_in(data: bytes, signed_at: int) -> Contract:
    """A text that is not signed, as if every party signed it then. Raises Refusal while it has
    faults.
    """
    document, faults = checked(data, NAME)
    if document is None:
        raise Refusal(
            "the text has %(n)s faults: mend them first",
            n=str(sum(not each.note for each in faults)),
        )
    document = frozen_of(document)
    return contract_of(document, data, document.id, signed_at=signed_at)


def with_value(contract: Contract, term: str, value: Duration) -> Contract:
    """A contract as if an open term were filled in: what an amendment would write, without its
    text.
    """
    terms = contract.terms
    promises = tuple(
        replace(each, rules=tuple(_filled(rule, term, value) for rule in each.rules))
        for each in terms.promises
    )
    still = tuple(each for each in terms.open_terms if each.clause != term)
    return replace(contract, terms=replace(terms, promises=promises, open_terms=still))


def _filled(rule: Rule, term: str, value: Duration) -> Rule:
    is_it = isinstance(rule.target, Open) and rule.target.term == term
    return replace(rule, target=value) if is_it else rule
