"""An agreement in the making, so that the demonstration's drafts are not empty: a renewal that both
sides talk over.
"""

from datetime import timedelta
from uuid import UUID

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.engine.time import HOUR, datetime_of
from afspraak.language.begin import numbered, thawed
from afspraak.making import edit
from afspraak.making.actions import Seated
from afspraak.making.models import Seat
from afspraak.making.opened import id_of, opened, type_of
from afspraak.parties.actions import Actor
from afspraak.parties.models import Membership
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM


def add_drafts(at: int) -> None:
    """A renewal with the first customer, begun a day ago, in which the customer is waited for."""
    version = AgreementVersion.objects.seen_by(SYSTEM).select_related("agreement").first()
    if version is None:
        return
    ours = _speaker(version.supplier_id, Role.CONTRACT_MANAGER)
    theirs = _speaker(version.customer_id, Role.CUSTOMER_MANAGER)
    if ours is None or theirs is None:
        return
    begun = at - 20 * HOUR
    on = (datetime_of(at) + timedelta(days=60)).date()
    data = numbered(thawed(bytes(version.document)), version.number + 1, on)
    beginning = Beginning("Verlenging", Draft.Origin.AGREEMENT, data, version.agreement)
    relation = version.relation_id
    draft = flow.begin_draft(
        relation=relation, beginning=beginning, actor=ours, viewer=SYSTEM, at=begun
    ).id
    flow.show_draft(draft=draft, actor=ours, viewer=SYSTEM, at=begun)
    seated = Seated("J. Smit", "inkoper", Seat.Part.SIGNS, Seat.Mandate.NONE)
    flow.seat(draft=draft, seated=seated, actor=theirs, viewer=SYSTEM, at=begun + HOUR)
    _talk(draft=draft, data=data, ours=ours, theirs=theirs, at=begun + 2 * HOUR)


def _talk(*, draft: UUID, data: bytes, ours: Actor, theirs: Actor, at: int) -> None:
    """The customer asks; the supplier proposes a report each month."""
    there = opened(data)
    by_type = {type_of(node): id_of(node) for node in there.nodes()}
    promise = by_type.get("ticket_promise", "")
    words = "Vrijdagmiddag is bij ons het drukst. Geldt dit dan ook?"
    flow.remark(draft=draft, clause=promise, words=words, actor=theirs, viewer=SYSTEM, at=at)
    report = by_type.get("reporting")
    values = there.values_of(report) if report else None
    if report and values is not None:
        flow.propose(
            draft=draft,
            clause=report,
            source=edit.written({**values, "every": "1 month"}),
            words="Elke maand een verslag, dan zien we het eerder.",
            actor=ours,
            viewer=SYSTEM,
            at=at + HOUR,
        )


def _speaker(organisation: UUID, role: Role) -> Actor | None:
    """Somebody there with a role."""
    rows = Membership.objects.seen_by(SYSTEM).filter(organisation_id=organisation, role=role)
    row = rows.first()
    return None if row is None else Actor(row.organisation_id, row.person_id)
