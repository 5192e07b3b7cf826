"""One agreement as these pages see it: who looks, for which side, and what its text says."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from afspraak.agreements.models import Agreement
from afspraak.clocks.in_force import held_at
from afspraak.clocks.load import signed_in
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.hours import Hours
from afspraak.engine.time import Refusal, Rhythm, local_date, parse_date, zone_of
from afspraak.host.files import keep_file
from afspraak.intake.kinds import kind_of
from afspraak.keeping.actions import Paper
from afspraak.keeping.within import Within
from afspraak.language.text.times import show_duration, show_rhythm
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.rights.parties import party_of
from afspraak.web.addresses import address
from afspraak.web.agreed import Agreed, agreed_by
from afspraak.web.filled import text_of
from afspraak.web.kept import read_handed
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known


@dataclass(frozen=True, slots=True)
class Life:
    """An agreement and who looks at it. `side` is the one that they act for; empty: neither."""

    agreement: Agreement
    identity: Identity
    side: str
    agreed: Agreed | None
    is_in_force: bool
    speaking: Speaking

    @property
    def other(self) -> Organisation:
        """The side that one does not act for."""
        is_customer = self.side == CUSTOMER
        return self.agreement.supplier if is_customer else self.agreement.customer

    @property
    def hours(self) -> Hours | None:
        """Those of the usual calendar, in which working time is counted."""
        if self.agreed is None:
            return None
        return self.agreed.clockwork.hours.get(self.agreed.document.usual_calendar or "")

    @property
    def sees_all(self) -> bool:
        """Whether they see what the two sides said: their users and advisers see its text only."""
        return bool(self.side) and self.identity.organisation in self.identity.viewer.organisations

    @property
    def places(self) -> list[tuple[str, str]]:
        """The pages of its life: name and address."""
        return [(name, address(url, self.agreement.pk)) for name, url in places_named()]

    def is_own(self, promisor: str) -> bool:
        """Whether a promise is of the side that one acts for."""
        return bool(self.side) and promisor in (self.side, "both")

    def name_of(self, side: str) -> str:
        """A side by the name of its organisation."""
        names = {SUPPLIER: self.agreement.supplier.name, CUSTOMER: self.agreement.customer.name}
        return names.get(side) or by_whom(side, self.side)


def places_named() -> list[tuple[str, str]]:
    """The pages of an agreement's life, in their order: what each is called, and the page's own
    name.
    """
    return [
        (_("Dates"), "keeping_dates"),
        (_("Deliveries"), "keeping_deliveries"),
        (_("The people"), "keeping_team"),
        (_("Who owns what"), "keeping_assets"),
        (_("The end"), "keeping_ending"),
    ]


def by_whom(promisor: str, side: str) -> str:
    """Whose promise it is, seen from a side."""
    if promisor == "both":
        return _("of both")
    if promisor not in (SUPPLIER, CUSTOMER):
        return _("a third party's")
    if not side:
        return _("the supplier's") if promisor == SUPPLIER else _("the customer's")
    return _("ours") if promisor == side else _("theirs")


def life_of(request: Visit, agreement: UUID) -> Life:
    """An agreement that they may see; with the version in force, else with the newest signed."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer)
    row = rows.filter(pk=agreement).select_related("relation", "supplier", "customer").first()
    if row is None:
        raise Http404
    agreed, is_in_force = agreed_on(row, identity, request.at)
    zone = agreed.document.zone if agreed else row.customer.zone
    side = party_of(row, identity.organisation) or ""
    return Life(row, identity, side, agreed, is_in_force, Speaking(zone, request.at))


def for_a_side(life: Life) -> Life:
    """For who acts for one of the two; everybody else is refused."""
    if not life.sees_all:
        raise PermissionDenied
    return life


def agreed_on(row: Agreement, identity: Identity, at: int) -> tuple[Agreed | None, bool]:
    """The version in force; else the newest that everybody signed, and that it is not in force."""
    held = held_at({row.relation_id: row.supplier_id}, identity.viewer, at)
    mine = next((each for each in held if each.agreement == row.pk), None)
    if mine is None:
        return None, False
    signed = mine.signed
    if signed is None:
        every = [signed_in(mine.ground, each.id) for each in mine.ground.versions]
        ours = [each for each in every if each.row.agreement_id == row.pk and each.is_signed]
        signed = max(ours, key=lambda each: each.version.age, default=None)
    if signed is None:
        return None, False
    clockwork = mine.ground.clockwork(signed.version.id)
    return agreed_by(signed, clockwork, language()), mine.signed is not None


def paper_in(request: Visit, name: str = "file") -> Paper | None:
    """The file that was handed in, kept; None where none was. Raises Refusal."""
    file = request.FILES.get(name)
    if file is None or not file.name:
        return None
    called, content = read_handed(file)
    kind_of(called, content)
    return Paper(keep_file(content), called)


def today_of(life: Life) -> date:
    """Today on the wall of the agreement."""
    return local_date(zone_of(life.speaking.zone), life.speaking.at)


def words_in(request: Visit, name: str = "words") -> str:
    """What somebody wrote beside it."""
    return text_of(request.POST, name, 2000)


def said_within(within: Within, agreed: Agreed) -> str:
    """`1 month`, `3 working days`, in the reader's language."""
    values = agreed.words.values
    if isinstance(within, Rhythm):
        return show_rhythm(within, values)
    return show_duration(within, values)


def date_in(told: QueryDict, name: str) -> date | None:
    """A date as a browser sends it; None for what is none."""
    try:
        found = parse_date(told.get(name, ""))
    except Refusal:
        return None
    return found if 2000 <= found.year < 2200 else None  # noqa: PLR2004  (what a contract spans)
