"""What readiness is asked of: a draft, or a version of an agreement; and which text it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.drafts import draft_of, newest_text
from afspraak.agreements.load import Signed, as_signed
from afspraak.agreements.models import Agreement, AgreementVersion, Draft
from afspraak.engine.in_force import newest_in_force
from afspraak.language.document import Document
from afspraak.readiness.answering import read_once
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Subject:
    """Exactly one of the two, and its bytes."""

    draft: Draft | None
    version: AgreementVersion | None
    data: bytes

    @property
    def row(self) -> Draft | AgreementVersion:
        """Whichever it is."""
        found = self.draft or self.version
        assert found is not None
        return found

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said of it: not of a draft that was laid aside."""
        return self.draft is None or self.draft.closed_at is None

    def side_of(self, organisation: UUID) -> str | None:
        """`supplier` or `customer`; None for who is neither."""
        return party_of(self.row, organisation)

    def document(self) -> Document | None:
        """The typed terms; None for a text with faults."""
        return read_once(self.data)

    def said(self) -> Q:
        """The rows about it: its own, and those of the agreement that it amends or runs under. What
        was answered once is not asked again with each version.
        """
        agreement = self.draft.agreement_id if self.draft else None
        if self.version is not None:
            agreement = self.version.agreement_id
        own = Q(draft=self.draft) if self.draft else Q(version=self.version)
        if agreement is None:
            return own
        became = Q(draft__version__agreement_id=agreement)
        return own | Q(version__agreement_id=agreement) | became


def about_draft(draft: UUID, viewer: Viewer) -> Subject:
    """A draft with its newest text. Raises NoSuchDraft."""
    row = draft_of(draft, viewer)
    return Subject(row, None, bytes(newest_text(row.id, viewer).document))


def about_version(version: AgreementVersion) -> Subject:
    """A version of an agreement."""
    return Subject(None, version, bytes(version.document))


def about_agreement(agreement: Agreement, viewer: Viewer, at: int) -> Subject | None:
    """The version in force of an agreement, else its newest; None where it has none."""
    rows = AgreementVersion.objects.seen_by(viewer).filter(agreement=agreement).defer("document")
    return about_signed(as_signed(list(rows), viewer), at)


def about_signed(signed: Sequence[Signed], at: int) -> Subject | None:
    """The same, for who has the versions of an agreement already."""
    if not signed:
        return None
    holds = {each.id for each in newest_in_force([each.version for each in signed], at).values()}
    found = next((each for each in signed if each.version.id in holds), None)
    found = found or max(signed, key=lambda each: each.row.number)
    return Subject(None, found.row, found.data)
