"""Dated promises as lines: what, whose, who sees to it, until when, and how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.models import Agreement
from afspraak.agreements.owners import owners_of
from afspraak.clocks.in_force import Held, held_at
from afspraak.clocks.models import Duty, State
from afspraak.parties.identity import Identity
from afspraak.parties.models import Person
from afspraak.reports.speech import capital
from afspraak.rights.parties import party_of
from afspraak.web.agreed import contract_in, words_in
from afspraak.web.keeping.seen import by_whom
from afspraak.web.overseen import titles_in
from afspraak.web.report import badge_of
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of
from afspraak.web.speaking import Speaking, language


@dataclass(frozen=True, slots=True)
class DateLine:
    """A dated promise. `anchor` is its place on a page; `is_own`: of the side that one acts for."""

    anchor: str
    agreement: UUID
    reference: str
    other: str
    title: str
    clause: str
    key: str
    what: str
    whose: str
    side: str
    owner: str
    owner_id: UUID | None
    on: date
    planned_on: date
    due: str
    moved: str
    badge: Badge
    is_own: bool
    is_open: bool


class Lines:
    """What is asked once for all lines of a page: agreements, their texts, who owns what."""

    def __init__(
        self, agreements: Iterable[Agreement], identity: Identity, speaking: Speaking
    ) -> None:
        self.rows = {each.pk: each for each in agreements}
        self._identity, self._speaking = identity, speaking
        relations = {each.relation_id: each.supplier_id for each in self.rows.values()}
        held = held_at(relations, identity.viewer, speaking.at)
        self.held: Mapping[UUID, Held] = {each.agreement: each for each in held}
        self.owners = owners_of(self.rows, identity.viewer)

    def line(self, row: Duty) -> DateLine:
        """One of them."""
        agreement, speaking = self.rows[row.agreement_id], self._speaking
        side = party_of(agreement, self._identity.organisation) or ""
        owner = self._owner(row, agreement, side)
        return DateLine(
            anchor=f"d-{str(row.agreement_id)[-12:]}-{row.clause}-{row.planned_on:%Y%m%d}",
            agreement=row.agreement_id,
            reference=agreement.reference,
            other=(agreement.supplier if side == "customer" else agreement.customer).name,
            title=self.title(row),
            clause=self.clause(row),
            key=row.clause,
            what=row.what,
            whose=by_whom(row.promisor, side),
            side=row.promisor,
            owner=owner.name if owner else "",
            owner_id=owner.pk if owner else None,
            on=row.due_on,
            planned_on=row.planned_on,
            due=speaking.texts.on_date(row.due_on),
            moved=moved(row, self.titles(row.agreement_id)),
            badge=badge_of(row, speaking),
            is_own=bool(side) and row.promisor in (side, "both"),
            is_open=row.satisfied_at is None and row.state != State.MET,
        )

    def _owner(self, row: Duty, agreement: Agreement, side: str) -> Person | None:
        """Of the side whose promise it is; of one's own where it is of both."""
        sides = {"supplier": agreement.supplier_id, "customer": agreement.customer_id}
        whose = sides.get(side if row.promisor == "both" else row.promisor)
        return None if whose is None else self.owners.get((row.agreement_id, row.clause, whose))

    def titles(self, agreement: UUID) -> Mapping[str, str]:
        """What the version in force calls its clauses."""
        held = self.held.get(agreement)
        signed = held.signed if held else None
        return titles_in(signed.data, language()) if signed else {}

    def title(self, row: Duty) -> str:
        """Its own title; the kind of promise where the version in force has no such clause."""
        titles = self.titles(row.agreement_id)
        return titles.get(row.clause) or capital(row.what.replace("_", " "))

    def clause(self, row: Duty) -> str:
        """`Clause 3.2`; empty where the version in force has none such."""
        held = self.held.get(row.agreement_id)
        if held is None or held.signed is None or row.clause not in self.titles(row.agreement_id):
            return ""
        return clause_of(contract_in(held.signed.data), row.clause, self._speaking)

    def kind(self, agreement: UUID, what: str) -> str:
        """A kind of promise as people say it."""
        own = {"delivery": _("delivery"), "fill_in": _("open promise to fill in")}
        held = self.held.get(agreement)
        if what in own or held is None or held.signed is None:
            return own.get(what) or what.replace("_", " ")
        return words_in(held.signed.data, language()).words.show(what)


def moved(row: Duty, titles: Mapping[str, str]) -> str:
    """Whose delay moved it, and by how many days."""
    told = []
    for each in row.delays:
        days = ngettext("%(n)s day", "%(n)s days", each["days"]) % {"n": each["days"]}
        because = titles.get(each["because"], each["because"])
        told.append(_("moved %(days)s by %(because)s") % {"days": days, "because": because})
    return ", ".join(told)
