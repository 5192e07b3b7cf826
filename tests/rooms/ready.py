"""A draft or a version made ready to be signed, as two hurried parties would: no list applies, and
what no clause answers is openly left by both.
"""

from uuid import UUID

from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.flow.readiness import accept_point, say_point, state_list
from afspraak.parties.actions import Actor
from afspraak.readiness.about import about_draft, about_version
from afspraak.readiness.actions import Answering
from afspraak.readiness.load import open_points
from afspraak.readiness.questions import LIST_KEYS
from afspraak.rights.viewer import SYSTEM


def make_ready(about: Draft | AgreementVersion, *, supplier: UUID, customer: UUID, at: int) -> None:
    """Each of the two says what it must. They are organisations: nobody in particular speaks."""
    is_draft = isinstance(about, Draft)
    subject = about_draft(about.id, SYSTEM) if is_draft else about_version(about)
    ours, theirs = Actor(supplier), Actor(customer)
    for key in LIST_KEYS:
        state_list(subject=subject, about=key, choice="no", actor=theirs, at=at)
    for point in open_points(subject, SYSTEM):
        left = say_point(
            subject=subject, answering=Answering(point, "left", "later"), actor=ours, at=at
        )
        accept_point(subject=subject, what=left, actor=theirs, at=at)
    assert open_points(subject, SYSTEM) == ()
