"""Rows of what is said while an agreement lives, appended; and of whose agenda has its dates."""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import Agreement
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.ledger.leaf import SALT_BYTES
from afspraak.parties.models import Internal, Person, Shared
from afspraak.rights.querysets import ScopedQuerySet, SharedQuerySet
from afspraak.rights.viewer import Viewer


class Subject(models.TextChoices):
    """What an entry is about."""

    EVIDENCE = "evidence"
    PERSON = "person"
    THING = "thing"
    NOTICE = "notice"
    STEP = "step"


class Entry(Shared):
    """Something that a side said of an agreement's people, things or end, or a paper that it
    handed in: appended, never changed. How any of it stands is derived (`team`, `things`,
    `ending`).

    `key` names what of the subject (a person, a label, a step; the first entry of a swap or a
    notice), `what` what happened to it, `on` the date that it is about. `sha256` is of the file
    beside it, kept by `host.files`.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=10, choices=Subject.choices)
    key = models.CharField(max_length=200)
    what = models.CharField(max_length=30)
    side = models.CharField(max_length=12)
    """Who says it: `supplier` or `customer`."""
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    on = models.DateField(null=True)
    data = models.JSONField(default=dict)
    words = models.CharField(max_length=2000, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    salt = models.BinaryField(max_length=SALT_BYTES, default=bytes)
    """What hides its words, names and figures in the log's leaf; none for a paper beside a fact."""
    recorded_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(side__in=(SUPPLIER, CUSTOMER)), name="keeping_entry_side"
            ),
        )
        indexes = (
            models.Index(fields=["agreement", "subject", "recorded_at"], name="keeping_entry_of"),
        )


class FeedQuerySet(ScopedQuerySet["Feed"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own; and the one whose secret is presented."""
        own = Q(person_id=viewer.person) if viewer.person else Q(pk__in=())
        shown = Q(secret_hash=viewer.presented) if viewer.presented else Q(pk__in=())
        return own | shown


class Feed(Internal):
    """A secret address at which somebody's agenda fetches their dates; only its hash stands here.
    What it shows is what that person may see when it is fetched.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField()
    """Of that person: found out anew at each fetch, so nothing lasts longer than their rights."""
    language = models.CharField(max_length=2)
    only_own = models.BooleanField()
    """Only what they own, and what nobody owns on their side."""
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    objects = FeedQuerySet.as_manager()
