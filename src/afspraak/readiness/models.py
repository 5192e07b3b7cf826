"""Rows of what was said about readiness: by whom, for which side, when; appended, never changed.

Each is about a draft, or about a version of an agreement: what runs and what was imported is gone
through in the same way. Both organisations see it; a customer's user and an adviser do not.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.parties.models import Organisation, Person, Shared
from afspraak.rights.querysets import Row, ScopedQuerySet, between
from afspraak.rights.viewer import Viewer


class AboutQuerySet(ScopedQuerySet[Row]):
    """What is about a draft is seen by who sees the draft, the rest by both organisations."""

    def visible_to(self, viewer: Viewer) -> Q:
        """Of a draft: who writes it; the other side from when it is shown."""
        ids = viewer.organisations
        of_draft = Q(draft__organisation_id__in=ids) | Q(draft__shown_at__isnull=False)
        return between(ids) & (Q(draft__isnull=True) | of_draft)


class About(Shared):
    """What a side said, and about what: exactly one of `draft` and `version`."""

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side said it."""
    said_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()
    objects = AboutQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("said_at", "id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(draft__isnull=True) ^ Q(version__isnull=True),
                name="%(app_label)s_%(class)s_about_one",
            ),
        )

    @property
    def side(self) -> str:
        """`supplier` or `customer`."""
        return "supplier" if self.organisation_id == self.supplier_id else "customer"


class StatedFact(About):
    """Whether a list applies, as a side stated it; the newest counts."""

    subject = models.CharField(max_length=20)
    choice = models.CharField(max_length=20)


class PointAnswer(About):
    """A side's word on a question; the newest counts, and `asked` opens it again."""

    class Kind(models.TextChoices):
        """How it is answered."""

        CLAUSE = "clause"
        ELSEWHERE = "elsewhere"
        LEFT = "left"
        ASKED = "asked"

    question = models.CharField(max_length=60)
    """`budget.price`."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=1000, blank=True)
    where = models.CharField(max_length=200, blank=True)
    """A clause's id, or in which paper it stands."""

    class Meta(About.Meta):
        constraints = (
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["id", "relation"], name="readiness_answer_key"),
        )


class GeneralTerms(About):
    """General terms as they were handed in, kept by what they hold, with the text read from them:
    a list of pages.
    """

    name = models.CharField(max_length=200)
    dated_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    pages = models.JSONField()
    reader = models.CharField(max_length=40, blank=True)

    class Meta(About.Meta):
        constraints = (
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["id", "relation"], name="readiness_terms_key"),
        )


class Weighing(About):
    """A passage of the general terms against the agreement: which of the two wins, as a side
    proposes it; agreed once both sides have accepted it. The newest on a
    passage counts.
    """

    class Wins(models.TextChoices):
        """What holds."""

        AGREEMENT = "agreement"
        TERMS = "terms"
        BOTH = "both"

    terms = models.ForeignKey(GeneralTerms, on_delete=models.PROTECT, related_name="weighings")
    page = models.IntegerField()
    passage = models.CharField(max_length=1200)
    clause = models.CharField(max_length=80, blank=True)
    """The clause's id; empty: the agreement says nothing of it."""
    wins = models.CharField(max_length=10, choices=Wins.choices)
    words = models.CharField(max_length=1000, blank=True)

    class Meta(About.Meta):
        constraints = (
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["id", "relation"], name="readiness_weighing_key"),
        )


class Accepted(About):
    """A side accepts what the other proposed: that something is left open, or which text wins."""

    answer = models.ForeignKey(
        PointAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted"
    )
    weighing = models.ForeignKey(
        Weighing, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted"
    )

    class Meta(About.Meta):
        constraints = (
            *About.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answer__isnull=True) ^ Q(weighing__isnull=True),
                name="readiness_accepted_one",
            ),
            models.UniqueConstraint(
                fields=["answer", "organisation"],
                condition=Q(answer__isnull=False),
                name="readiness_accepted_answer_once",
            ),
            models.UniqueConstraint(
                fields=["weighing", "organisation"],
                condition=Q(weighing__isnull=False),
                name="readiness_accepted_weighing_once",
            ),
        )
