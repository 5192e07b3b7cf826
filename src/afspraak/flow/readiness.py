"""The walk of readiness: what either side says of a question, noted; and the step that refuses a
signature as long as a point is neither answered nor openly left by all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.engine.time import Refusal
from afspraak.flow.drafts import begin_draft
from afspraak.language.text.words import Lang
from afspraak.ledger.said import Row, logged, put_in
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.readiness import actions
from afspraak.readiness.about import Subject, about_draft, about_version
from afspraak.readiness.actions import Answering, TermsRead, Weighed
from afspraak.readiness.load import open_points
from afspraak.readiness.models import GeneralTerms, PointAnswer, Weighing
from afspraak.readiness.proposing import proposed_text
from afspraak.readiness.questions import ListKey
from afspraak.rights.viewer import Viewer

MOST_NAMED = 5
"""Open points that a refusal names one by one."""


class NotReady(Refusal):
    """What cannot be signed yet; `points` are the names of what is open."""

    def __init__(self, points: tuple[str, ...]) -> None:
        named = ", ".join(points[:MOST_NAMED])
        super().__init__(
            "%(count)s points are neither answered nor openly left by both (%(named)s):"
            " go through them on the page of readiness",
            count=str(len(points)),
            named=f"{named} …" if len(points) > MOST_NAMED else named,
        )
        self.points = points


def refuse_unready(*, about: Draft | AgreementVersion, viewer: Viewer) -> None:
    """The step before a draft becomes a version that can be signed, and before a version is signed.

    Raises NotReady, naming the open points.
    """
    subject = about_draft(about.id, viewer) if isinstance(about, Draft) else about_version(about)
    points = open_points(subject, viewer)
    if points:
        raise NotReady(points)


def say_point(*, subject: Subject, answering: Answering, actor: Actor, at: int) -> PointAnswer:
    """A side answers a question, would leave it open, or asks again. Raises Refusal."""
    with _saying(subject, "answer_point", actor, at) as said:
        row = actions.answer_point(subject=subject, answering=answering, actor=actor, at=at)
        said(row, question=answering.question, how=answering.kind)
    return row


def state_list(*, subject: Subject, about: ListKey, choice: str, actor: Actor, at: int) -> None:
    """A side states whether a list applies. Raises Refusal."""
    with _saying(subject, "state_list", actor, at) as said:
        row = actions.state_fact(subject=subject, about=about, choice=choice, actor=actor, at=at)
        said(row, about=about, choice=choice)


def accept_point(*, subject: Subject, what: PointAnswer | Weighing, actor: Actor, at: int) -> None:
    """A side accepts what the other proposed. Raises Refusal."""
    with _saying(subject, "accept_point", actor, at) as said:
        row = actions.accept(subject=subject, what=what, actor=actor, at=at)
        said(row, accepted=str(what.id))


def bring_in_terms(*, subject: Subject, read: TermsRead, actor: Actor, at: int) -> GeneralTerms:
    """General terms, kept and read, to be weighed. Raises Refusal."""
    with _saying(subject, "bring_in_terms", actor, at) as said:
        row = actions.keep_terms(subject=subject, read=read, actor=actor, at=at)
        said(row, sha256=read.sha256)
    return row


def weigh_terms(*, subject: Subject, weighed: Weighed, actor: Actor, at: int) -> Weighing:
    """A side proposes which text wins. Raises Refusal."""
    with _saying(subject, "weigh_terms", actor, at) as said:
        row = actions.weigh(subject=subject, weighed=weighed, actor=actor, at=at)
        said(row, wins=str(weighed.wins))
    return row


def propose_amendment(
    *, subject: Subject, lang: Lang, name: str, actor: Actor, viewer: Viewer, at: int
) -> Draft:
    """Begin an amendment of a running agreement from its own text, with a comment for each gap."""
    version = subject.version
    if version is None:
        raise Refusal("a draft is mended in its own text: no amendment is needed")
    _refuse_stranger(subject, actor)
    points = open_points(subject, viewer)
    if not points:
        raise Refusal("nothing is open: there is no gap to propose anything for")
    beginning = Beginning(
        name, Draft.Origin.PROPOSAL, proposed_text(version, points, lang, viewer, at),
        version.agreement,
    )  # fmt: skip
    return begin_draft(
        relation=version.relation_id, beginning=beginning, actor=actor, viewer=viewer, at=at
    )


def _refuse_stranger(subject: Subject, actor: Actor) -> None:
    if subject.side_of(actor.organisation) is None:
        raise Refusal("only the two parties themselves say how ready it is")


@contextmanager
def _saying(subject: Subject, action: str, actor: Actor, at: int) -> Iterator[Callable[..., None]]:
    """One of the two sides says something before a signature: in one transaction on their log. It
    gives what writes down the row that says so, in the audit and as a leaf: codes and ids, for
    words stay in the rows, which are appended.
    """
    _refuse_stranger(subject, actor)
    side = subject.side_of(actor.organisation) or ""
    kind = "draft" if subject.draft else "agreement_version"
    on = subject.row.id
    with logged(subject.row, at) as log:

        def said(row: Row, **detail: str) -> None:
            put_in(log, row, action, {"subject": str(on), "side": side, **detail})
            note_in_audit(actor=actor, action=action, subject=kind, subject_id=on, at=at, **detail)

        yield said
