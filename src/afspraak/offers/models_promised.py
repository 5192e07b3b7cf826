"""Rows of promises made on the way, and of what became of each."""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.parties.models import Organisation, Person, Shared
from afspraak.rights.querysets import Row, ScopedQuerySet, SharedQuerySet, between
from afspraak.rights.viewer import Viewer


class Side(models.TextChoices):
    """Which of the two sides said it."""

    SUPPLIER = "supplier", "the supplier"
    CUSTOMER = "customer", "the customer"


class PledgeQuerySet(SharedQuerySet["Pledge"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever wrote it down; the other side from when it is shown."""
        ids = viewer.organisations
        return Q(organisation_id__in=ids) | (between(ids) & Q(shown_at__isnull=False))


class Pledge(Shared):
    """What somebody promised on the way: who to whom, when, where, and what shows it."""

    class Place(models.TextChoices):
        """Where it was said."""

        MAIL = "mail", "in a mail"
        CALL = "call", "by telephone"
        MEETING = "meeting", "at a meeting"
        DINNER = "dinner", "at a dinner"
        OFFER = "offer", "in an offer"
        OTHER = "other", "elsewhere"

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side wrote it down."""
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The contract in the making that it belongs to, where one is named."""
    promisor = models.CharField(max_length=10, choices=Side.choices)
    by_name = models.CharField(max_length=200)
    to_name = models.CharField(max_length=200, blank=True)
    said_on = models.DateField()
    place = models.CharField(max_length=10, choices=Place.choices)
    words = models.CharField(max_length=2000)
    evidence = models.CharField(max_length=1000, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ("-said_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["id", "relation"], name="offers_pledge_key"),
        )
        indexes = (
            models.Index(fields=["supplier", "-said_on"], name="offers_pledges_supplier"),
            models.Index(fields=["customer", "-said_on"], name="offers_pledges_customer"),
        )


class OfPledgeQuerySet(ScopedQuerySet[Row]):
    """What hangs under a promise is seen by who sees the promise."""

    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever wrote it down; the other side from when it is shown."""
        ids = viewer.organisations
        return Q(pledge__organisation_id__in=ids) | (
            between(ids) & Q(pledge__shown_at__isnull=False)
        )


class PledgeEnd(Shared):
    """How a promise ends: as a clause of a contract, or declined by a side, openly and with why."""

    class How(models.TextChoices):
        """In which of the two ways."""

        CLAUSE = "clause", "it stands in a clause"
        DECLINED = "declined", "declined"

    id = models.UUIDField(primary_key=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="ends")
    how = models.CharField(max_length=10, choices=How.choices)
    clause = models.CharField(max_length=80, blank=True)
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=1000, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    objects = OfPledgeQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
