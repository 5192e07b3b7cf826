"""Rows of what must be told to whom: owed once, sent once, kept as it was sent."""

from django.db import models
from django.db.models import F, Q

from afspraak.agreements.models import Agreement
from afspraak.parties.models import Internal, Organisation, Person, Relation, Shared
from afspraak.rights.querysets import InternalQuerySet, ScopedQuerySet, SharedQuerySet, between
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Ticket


class Kind(models.TextChoices):
    """What a notice says."""

    WARNING = "warning"
    MISSED = "missed"
    AHEAD = "ahead"
    """A promise will not be kept, said before it is missed."""
    BREACH = "breach"
    DUTY_DUE = "duty_due"
    DUTY_MISSED = "duty_missed"
    REPORT = "report"
    """The period's report is there."""
    CONTACT = "contact"
    RECEIPT = "receipt"
    COMPLAINT = "complaint"
    """Somebody is not content, and wants to be heard."""
    TERM = "term"
    """A term ends, or renews by itself: the last date of notice comes near."""
    QUIET = "quiet"
    """Two organisations hear less of each other than they used to."""
    UNSIGNED = "unsigned"
    """Something was agreed to, and is not signed."""
    MONTH = "month"
    """The monthly check: what agreements lack, and where they pinched."""
    APPROVAL = "approval"
    """A draft waits for somebody's word."""
    ALARM = "alarm"
    DIGEST = "digest"


class ObligationQuerySet(SharedQuerySet["Obligation"]):
    pass


class Told(models.Model):
    """A row that is of a relation, or (an alarm, a digest) of its supplier alone: then it has
    neither relation nor customer, and nobody but the supplier sees it.
    """

    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    supplier = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class Obligation(Told):
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
    told = models.JSONField(null=True)
    """What was found when it was owed, where nobody can find it again later: of a month."""
    for_at = models.DateTimeField()
    owed_at = models.DateTimeField()
    addressed_at = models.DateTimeField(null=True)
    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["relation", "subject_key", "kind"], name="notices_obligation_once"
            ),
            models.UniqueConstraint(
                fields=["supplier", "subject_key", "kind"],
                condition=Q(relation=None),
                name="notices_obligation_of_supplier_once",
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
    GATHERED = "gathered"
    """It is part of a digest, and is sent with it."""
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


class Notice(Told):
    """A message to one person because of an obligation: once.

    `message_id` and `dated_at` are fixed when it becomes owed, `raw` (its bytes) before it is first
    handed over: so a second sending is the same message, and what was sent is kept as it was sent.
    """

    id = models.UUIDField(primary_key=True)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="notices")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """Nobody we know, of an automatic answer to a stranger."""
    address = models.CharField(max_length=320)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    body = models.TextField()
    asks = models.CharField(max_length=20, blank=True)
    """What a draft still lacks: `expectation`, where nobody has said when it will be."""
    is_edited = models.BooleanField(default=False)
    """A person wrote its words: they are never made anew."""
    within = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    """The digest that it is sent in."""
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
    """Why it was not taken, or why a person withheld it."""
    taken_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who sees to it that a draft is decided on."""
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
            models.Index(fields=["recipient", "sent_at"], name="notices_of_recipient"),
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


class TellingQuerySet(SharedQuerySet["Telling"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Everybody of both sides: it is said of them both."""
        return between(viewer.members_of)


class Telling(Shared):
    """How an agreement wants to be told, where its text says nothing of it.

    `breach_by_itself`: a breach notice leaves without waiting for approval. `warn_days`: how many
    days before a dated promise is due its side is told.
    """

    agreement = models.OneToOneField(
        Agreement, on_delete=models.PROTECT, primary_key=True, related_name="telling"
    )
    breach_by_itself = models.BooleanField(default=False)
    warn_days = models.SmallIntegerField(default=14)
    objects = TellingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(warn_days__gte=0, warn_days__lte=365), name="notices_warn_days"
            ),
        )


class ChannelKind(models.TextChoices):
    """How a channel takes what is told."""

    WEBHOOK = "webhook"
    CHAT = "chat"


class Channel(Internal):
    """Where an organisation's programs or its chat are told as well.

    Address and secret are sealed (`sealed.py`): neither the database nor a backup of it shows them.
    `events` are kinds of notices; none means all of them.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    name = models.CharField(max_length=100)
    url = models.BinaryField()
    secret = models.BinaryField(default=b"")
    events = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=400, blank=True)
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["id", "organisation"], name="notices_channel_key"),
        )


class Delivery(Internal):
    """One event on its way to a channel: the same bytes and the same id at every attempt."""

    id = models.UUIDField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField()
    made_at = models.DateTimeField()
    send_after = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True)
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "obligation"], name="notices_delivered_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["send_after"],
                name="notices_to_deliver",
                condition=Q(delivered_at=None, given_up_at=None),
            ),
        )
