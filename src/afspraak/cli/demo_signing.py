"""The demonstration's agreement that waits for a signature: drafted, gone through by both sides,
offered, and signed by the supplier on paper; it is the customer's turn.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.cli.demo_people import STAFF
from afspraak.engine.time import HOUR
from afspraak.flow.readiness import accept_point, say_point, state_list
from afspraak.language.begin import with_values
from afspraak.parties.actions import Actor
from afspraak.readiness.about import Subject, about_draft
from afspraak.readiness.actions import Answering
from afspraak.readiness.load import open_points
from afspraak.readiness.questions import LIST_KEYS, ListKey
from afspraak.rights.viewer import SYSTEM

STATED: Final[Mapping[ListKey, str]] = {"gdpr": "no", "nis2": "no", "dora": "no", "data_act": "no"}


def offer_one(*, supplier: UUID, person: UUID, customer: str, at: int) -> None:
    """A second agreement with a customer, in the words of its first."""
    rows = AgreementVersion.objects.seen_by(SYSTEM).filter(supplier_id=supplier)
    stands = rows.filter(customer__name=customer).select_related("agreement").first()
    assert stands is not None, "the customer's first agreement was signed before this"
    reference = f"{stands.agreement.reference}-b"
    data = with_values(bytes(stands.document), {("id",): reference})
    actor = Actor(supplier, person)
    draft = flow.begin_draft(
        relation=stands.relation_id,
        beginning=Beginning(f"{customer} ({reference})", Draft.Origin.AGREEMENT, data),
        actor=actor,
        viewer=SYSTEM,
        at=at - 3 * HOUR,
    )
    flow.show_draft(draft=draft.id, actor=actor, viewer=SYSTEM, at=at - 3 * HOUR)
    _go_through(about_draft(draft.id, SYSTEM), actor, at - 2 * HOUR)
    version = flow.offer_for_signing(draft=draft.id, actor=actor, viewer=SYSTEM, at=at - HOUR)
    signing = Signing(
        party="supplier",
        by_name=STAFF[0].name,
        sha256=version.sha256,
        signed_at=at,
        note="voorbeeld: getekend aan tafel, het origineel ligt op kantoor",
    )
    flow.sign_on_paper(
        version=version.id, signing=signing, scan=None, actor=actor, viewer=SYSTEM, at=at
    )


def _go_through(subject: Subject, ours: Actor, at: int) -> None:
    """Both have gone through every point: what no clause answers is openly left by both."""
    theirs = Actor(subject.row.customer_id)
    for about in LIST_KEYS:
        state_list(subject=subject, about=about, choice=STATED[about], actor=theirs, at=at)
    for point in open_points(subject, SYSTEM):
        left = Answering(point, "left", "Zoals het nu al gaat onder de lopende overeenkomst.")
        said = say_point(subject=subject, answering=left, actor=ours, at=at)
        accept_point(subject=subject, what=said, actor=theirs, at=at + HOUR // 2)
