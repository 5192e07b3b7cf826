"""Rows of what came in: each mail once, whatever became of it; files beside facts; and which of our
services a monitor means.
"""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import Agreement
from afspraak.notices.models import Notice
from afspraak.parties.models import Internal, Person, Relation, Shared
from afspraak.rights.querysets import InternalQuerySet
from afspraak.tickets.models import Fact, OfTicketQuerySet, Ticket


class State(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting"
    """Stored, and not yet read: nothing is lost from here on."""
    PLACED = "placed"
    """It became a fact on a ticket, or a ticket."""
    REPEATED = "repeated"
    """The same mail had come before, by another way."""
    SET_APART = "set_apart"
    """A person decides: `why` says what was missing."""
    IGNORED = "ignored"
    """A machine's: kept, and no ticket."""
    RETURNED = "returned"
    """A mail of ours that could not be delivered."""
    DISMISSED = "dismissed"
    """A person decided that nothing comes of it."""


class Why(models.TextChoices):
    """Why a mail was set apart."""

    UNREADABLE = "unreadable"
    NO_SENDER = "no_sender"
    UNVERIFIED = "unverified"
    UNKNOWN_SENDER = "unknown_sender"
    SEVERAL_CUSTOMERS = "several_customers"
    OWN_PEOPLE = "own_people"
    FOREIGN_TOKEN = "foreign_token"  # noqa: S105  (a reason, and no secret)
    NOT_OF_TICKET = "not_of_ticket"
    ID_REUSED = "id_reused"
    REFUSED = "refused"
    FAULT = "fault"


class Incoming(Internal):
    """A mail as it came to a supplier's desk: its people see it, nobody else.

    The raw bytes lie in the files under `sha256`, which tells a mail from every other: a name at a
    mail server can be given anew, bytes cannot. `size` is the whole mail's, where only its
    beginning was fetched. Sender, subject and Message-ID are what the mail claims.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=600)
    """By which way it came, as `imap:desk@host/INBOX;1;17`, `pipe`, `http`."""
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, choices=Why.choices, blank=True)
    detail = models.CharField(max_length=400, blank=True)
    attempts = models.SmallIntegerField(default=0)
    message_id = models.CharField(max_length=260, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False)
    said_sha256 = models.CharField(max_length=64, blank=True)
    """Of what it says, without the marks of its way: two mails under one Message-ID are compared.
    """
    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, related_name="mails", db_index=False
    )
    fact = models.ForeignKey(
        Fact, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Of a mail that was returned: which one it was."""
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who decided, where a person did."""
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "sha256"], name="intake_mail_once"),
        )
        indexes = (
            models.Index(
                fields=["received_at"],
                name="intake_to_read",
                condition=Q(state=State.WAITING),
            ),
            models.Index(
                fields=["organisation", "-received_at"],
                name="intake_to_decide",
                condition=Q(state=State.SET_APART),
            ),
            models.Index(fields=["ticket", "received_at"], name="intake_of_ticket"),
            models.Index(fields=["organisation", "message_id"], name="intake_by_message_id"),
        )


class Attachment(Shared):
    """A file that came with a fact: both sides see it, a user his own tickets'.

    Its bytes lie in the files under `sha256`; name and type are what the sender claims, so it is
    only ever served as something to keep, never as something to show.
    """

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="attachments", db_index=False
    )
    fact = models.ForeignKey(
        Fact, on_delete=models.PROTECT, related_name="attachments", db_index=False
    )
    place = models.SmallIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=150)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    objects = OfTicketQuerySet["Attachment"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["fact", "place"], name="intake_attachment_once"),
        )
        indexes = (models.Index(fields=["ticket"], name="intake_attachments"),)


class Watched(Internal):
    """What a monitor calls a service, and whose service that is: a supplier's own table.

    One label may stand for services of several customers: an outage of it is theirs all.
    """

    id = models.UUIDField(primary_key=True)
    label = models.CharField(max_length=300)
    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "label", "agreement", "service"],
                condition=Q(ended_at=None),
                name="intake_watched_once",
            ),
        )


class Loaded(Internal):
    """Where an import's facts came from: which file, read by which mapping, brought in by whom,
    when.

    `said` holds what the folder's own manifest says of it, `customers` which name led to whom.
    """

    id = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=60)
    input_name = models.CharField(max_length=300)
    input_sha256 = models.CharField(max_length=64, blank=True)
    facts_sha256 = models.CharField(max_length=64)
    customers = models.JSONField()
    said = models.JSONField()
    tickets = models.IntegerField()
    facts = models.IntegerField()
    repeated = models.IntegerField()
    is_whole = models.BooleanField(default=False)
    """It was not cut off: again brings in the rest."""
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    objects = InternalQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "-loaded_at"], name="intake_loads"),)
