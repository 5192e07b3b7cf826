"""Rows about agreements in the making: what both sides said, who sits at the table, what those who
must do it think of it, what standstill costs. What was said is appended and never changed.
"""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import Draft, OfDraftQuerySet
from afspraak.parties.models import Internal, Organisation, Person, Shared
from afspraak.rights.querysets import InternalQuerySet, ScopedQuerySet
from afspraak.rights.viewer import Viewer


class Said(Shared):
    """Something that a person of one side said of a draft, in a position."""

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side."""
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.CharField(max_length=120, blank=True)
    """What the person was at the table when it was said."""
    said_at = models.DateTimeField()

    class Meta:
        abstract = True


class Remark(Said):
    """A remark beside a clause; without one, about the whole."""

    clause = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    objects = OfDraftQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["draft", "said_at"], name="making_remarks"),)


class Proposal(Said):
    """What a side would rather have there: the clause as it would be written, or in words. Only the
    other side can accept it.
    """

    clause = models.CharField(max_length=80)
    after = models.IntegerField()
    """The number of the text that it was made upon."""
    source = models.TextField(blank=True)
    """The clause as YAML; empty: in words only."""
    words = models.TextField(blank=True)
    objects = OfDraftQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["draft", "said_at"], name="making_proposals"),)
        constraints = (
            models.UniqueConstraint(fields=["id", "relation"], name="making_proposal_key"),
        )


class Reply(Said):
    """What became of a proposal: once, and for good."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="reply")
    is_accepted = models.BooleanField()
    is_withdrawn = models.BooleanField()
    """By the side that made it."""
    why = models.CharField(max_length=1000, blank=True)
    objects = OfDraftQuerySet.as_manager()


class Seat(Shared):
    """Somebody at the table: who negotiates or signs for a side, in which position, by which
    mandate. A seat is left, and not removed.
    """

    class Part(models.TextChoices):
        """What somebody does there."""

        NEGOTIATES = "negotiates"
        SIGNS = "signs"

    class Mandate(models.TextChoices):
        """By what somebody may bind the side; the words are the contract language's own."""

        NONE = "", ""
        STATUTORY = "statutory"
        PROXY = "proxy"
        BOARD_DECISION = "board_decision"

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=120)
    part = models.CharField(max_length=10, choices=Part.choices)
    mandate = models.CharField(max_length=14, choices=Mandate.choices, blank=True)
    seated_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    objects = OfDraftQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["draft", "seated_at"], name="making_seats"),)


class Confirmation(Internal):
    """Whether somebody who must do it thinks that a promise can be kept: the supplier's own. It is
    of the clause with this fingerprint; a clause that changed needs another one.
    """

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_confirmed = models.BooleanField()
    why = models.CharField(max_length=1000, blank=True)
    beside = models.CharField(max_length=200, blank=True)
    """What history showed when it was said, as `71 % of 212`."""
    said_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["draft", "said_at"], name="making_confirmations"),)


class StandstillQuerySet(ScopedQuerySet["Standstill"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Whose cost it is; the other side only where it is shown."""
        ids = viewer.organisations
        sides = Q(draft__supplier_id__in=ids) | Q(draft__customer_id__in=ids)
        shown = Q(is_shown=True, draft__shown_at__isnull=False)
        return Q(organisation_id__in=ids) | (shown & sides)


class Standstill(Internal):
    """What an hour without a service costs the customer, by the customer's own account."""

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)
    per_hour = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    is_shown = models.BooleanField()
    """Whether the other side may see it."""
    told_at = models.DateTimeField()
    objects = StandstillQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["draft", "organisation", "service"], name="making_standstill_once"
            ),
        )
