"""Rows of what must be told to whom: owed once, sent once, kept as it was sent."""

from django.db import models
from django.db.models import F, Q

from afspraak.agreements.models import Agreement
from afspraak.parties.models import Organisation, Person, Shared
from afspraak.rights.querysets import ScopedQuerySet, SharedQuerySet
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Ticket


class Kind(models.TextChoices):
    """What a notice says."""

    WARNING = "warning"
    MISSED = "missed"
    BREACH = "breach"
    DUTY_DUE = "duty_due"
    DUTY_MISSED = "duty_missed"
    CONTACT = "contact"
    RECEIPT = "receipt"


class ObligationQuerySet(SharedQuerySet["Obligation"]):
    pass


class Obligation(Shared):
    """Somebody must be told: one row per (subject, kind), made in the transaction that made it so.

    Who that is, and in which words, is found out afterwards, by a worker that sees both sides.
    `subject_key` names ticket or agreement, clause, cycle; `for_at` is the computed instant.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    clause = models.CharField(max_length=80, blank=True)
    subject_key = models.CharField(max_length=200)
    percent = models.SmallIntegerField(default=100)
    """The step of the escalation ladder that is reached."""
    for_at = models.DateTimeField()
    owed_at = models.DateTimeField()
    addressed_at = models.DateTimeField(null=True)
    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["relation", "subject_key", "kind"], name="notices_obligation_once"
            ),
            models.UniqueConstraint(fields=["id", "relation"], name="notices_obligation_key"),
        )
        indexes = (
            models.Index(
                fields=["owed_at"], name="notices_to_address", condition=Q(addressed_at=None)
            ),
        )


class NoticeState(models.TextChoices):
    """Where a notice is on its way."""

    DRAFT = "draft"
    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The organisation that sends it, always; the one it was sent to, once it was."""
        ids = viewer.organisations
        seen = Q(sender_id__in=ids) | Q(recipient_organisation_id__in=ids, state=NoticeState.SENT)
        if viewer.person:
            seen |= Q(recipient_id=viewer.person, state=NoticeState.SENT)
        return seen


class Notice(Shared):
    """A message to one person because of an obligation: once.

    `message_id` and `dated_at` are fixed when it
    becomes owed, so that a second sending is the same message. `raw` is what was sent.
    """

    id = models.UUIDField(primary_key=True)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="notices")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=320)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=NoticeState.choices)
    made_at = models.DateTimeField()
    send_after = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    message_id = models.CharField(max_length=200, blank=True)
    dated_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    raw = models.BinaryField(default=b"")
    failure = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["obligation", "recipient"], name="notices_once"),
            models.CheckConstraint(
                condition=Q(sender=F("supplier")) | Q(sender=F("customer")),
                name="notices_sender_inside",
            ),
            models.CheckConstraint(
                condition=Q(recipient_organisation=F("supplier"))
                | Q(recipient_organisation=F("customer")),
                name="notices_recipient_inside",
            ),
        )
        indexes = (
            models.Index(
                fields=["send_after"],
                name="notices_to_send",
                condition=Q(state__in=[NoticeState.OWED, NoticeState.CLAIMED]),
            ),
            models.Index(fields=["ticket", "made_at"], name="notices_of_ticket"),
        )


class HabitQuerySet(ScopedQuerySet["Habit"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own, and those of one's colleagues."""
        return Q(person_id=viewer.person) | Q(person__organisation_id__in=viewer.organisations)


class Habit(models.Model):
    """How a person wants to be told: hours, a digest, at most so many a day."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, primary_key=True, related_name="habit"
    )
    from_minute = models.SmallIntegerField(default=0)
    until_minute = models.SmallIntegerField(default=1440)
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    weekdays_only = models.BooleanField(default=False)
    digest = models.BooleanField(default=False)
    most_a_day = models.SmallIntegerField(default=100)
    objects = HabitQuerySet.as_manager()
