"""Rows of what was reported and what happened: facts are appended and never changed (F1-F3)."""

from django.db import models
from django.db.models import F, Q

from afspraak.agreements.models import Agreement
from afspraak.parties.models import Internal, Organisation, Person, Shared
from afspraak.rights.querysets import InternalQuerySet, Row, ScopedQuerySet, SharedQuerySet, between
from afspraak.rights.viewer import Viewer


class NumberSeries(models.Model):
    """The last number given to a ticket of a supplier: no gaps, so locked until it is used."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True)
    prefix = models.CharField(max_length=12, blank=True)
    last = models.IntegerField(default=0)
    objects = InternalQuerySet.as_manager()


class TicketQuerySet(SharedQuerySet["Ticket"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Both sides; of a customer's user only what he reported himself."""
        own = Q(customer_id__in=viewer.limited, reporter_id=viewer.person)
        is_user = viewer.person and viewer.limited
        return between(viewer.organisations) | (own if is_user else Q(pk__in=()))


class Ticket(Shared):
    """One report and all that follows: its name. What happened stands in its facts."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24)
    title = models.CharField(max_length=300)
    reporter = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    third_party_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="put_to_others",
        db_index=False,
    )
    """The ticket whose question to a third party this one is, under their own agreement (C5)."""
    foreign = models.CharField(max_length=200, blank=True)
    """What another system calls it, as `servicenow:INC0000045`."""
    created_at = models.DateTimeField()
    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["supplier", "number"], name="tickets_number_once"),
            models.UniqueConstraint(fields=["id", "relation"], name="tickets_ticket_key"),
            models.UniqueConstraint(fields=["id", "supplier"], name="tickets_ticket_of_supplier"),
            models.UniqueConstraint(
                fields=["relation", "foreign"],
                condition=~Q(foreign=""),
                name="tickets_foreign_once",
            ),
        )
        indexes = (
            models.Index(fields=["supplier", "-created_at"], name="tickets_newest"),
            models.Index(fields=["customer", "-created_at"], name="tickets_of_customer"),
            models.Index(
                fields=["reporter"],
                name="tickets_of_reporter",
                condition=Q(reporter__isnull=False),
            ),
            models.Index(
                fields=["third_party_of"],
                name="tickets_put_to_others",
                condition=Q(third_party_of__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.number


class OfTicketQuerySet(ScopedQuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Both sides; a customer's user what belongs to a ticket of his own: only for him is the
        ticket looked up.
        """
        seen = between(viewer.organisations)
        if viewer.person and viewer.limited:
            seen |= Q(customer_id__in=viewer.limited, ticket__reporter_id=viewer.person)
        return seen


class Words(Shared):
    """What somebody wrote: the log holds only its salted hash, so that it can be erased."""

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    salt = models.BinaryField(max_length=16)
    body = models.TextField()
    erased_at = models.DateTimeField(null=True, blank=True)
    objects = OfTicketQuerySet.as_manager()


class Subject(models.TextChoices):
    """What a fact is about (F1)."""

    TICKET = "ticket"
    SERVICE = "service"
    PROMISE = "promise"
    AGREEMENT = "agreement"


class FactQuerySet(OfTicketQuerySet["Fact"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """As of a ticket; facts of agreements, services and promises by everybody of both sides."""
        return super().visible_to(viewer) | (Q(ticket=None) & between(viewer.members_of))


class Fact(Shared):
    """Something happened: appended once per (source, source_id), never changed (F1, F2).

    `happened_at` and `recorded_at` are F2's two times; `seq` and `logged_at` its place in the
    relation's log, which nobody chooses. `data` holds what the code asks for, by the names of the
    engine's fact.
    """

    id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    logged_at = models.DateTimeField()
    subject = models.CharField(max_length=10, choices=Subject.choices)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, related_name="facts", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="facts", db_index=False
    )
    code = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=12, blank=True)
    recorded_by = models.CharField(max_length=12)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    words = models.ForeignKey(
        Words, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=200)
    is_imported = models.BooleanField(default=False)
    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ("relation", "seq")
        constraints = (
            models.UniqueConstraint(fields=["relation", "seq"], name="tickets_fact_place"),
            models.UniqueConstraint(
                fields=["relation", "source", "source_id"], name="tickets_fact_once"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__lte=F("logged_at")), name="tickets_fact_recorded"
            ),
            models.CheckConstraint(
                condition=Q(subject="ticket", ticket__isnull=False)
                | (~Q(subject="ticket") & Q(ticket__isnull=True)),
                name="tickets_fact_subject",
            ),
        )
        indexes = (
            models.Index(fields=["ticket", "seq"], name="tickets_fact_of_ticket"),
            models.Index(
                fields=["person", "-logged_at"],
                include=["ticket", "supplier", "customer"],
                name="tickets_fact_of_person",
                condition=Q(person__isnull=False),
            ),
            models.Index(
                fields=["agreement", "code"],
                name="tickets_fact_of_agreement",
                condition=Q(ticket=None),
            ),
        )


class Note(Internal):
    """What one side writes for itself beside a ticket: never seen by the other."""

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    written_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()


class MajorIncident(Internal):
    """One cause of many tickets, also of several customers (K12): the supplier's own list."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["id", "organisation"], name="tickets_incident_key"),
        )


class Reached(Internal):
    """A ticket that belongs to a major incident."""

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(MajorIncident, on_delete=models.PROTECT, related_name="reached")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="causes")
    joined_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "ticket"], name="tickets_reached_once"),
        )


# What a desk keeps beside its tickets -------------------------------------------------------------


class ReplyTemplate(Internal):
    """A reply that is given often, in three languages; names in braces stand for the ticket's own
    (`{name}`, `{number}`, `{title}`, `{me}`) and are filled in once, when it is chosen.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=100)
    nl = models.TextField(blank=True)
    fr = models.TextField(blank=True)
    en = models.TextField(blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = InternalQuerySet.as_manager()


class BookingQuerySet(ScopedQuerySet["Booking"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The supplier's own; the customer sees what is charged by the hour."""
        own = Q(customer_id__in=viewer.organisations)
        if viewer.person:
            own |= Q(customer_id__in=viewer.limited, ticket__reporter_id=viewer.person)
        return Q(supplier_id__in=viewer.organisations) | (Q(is_shared=True) & own)


class Booking(Shared):
    """Time that somebody worked on a ticket: appended; a mistake is taken back by a booking of as
    many minutes below zero. `is_shared`: under a clause that charges by the hour (`clause`), so
    that the customer sees it.
    """

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    worked_on = models.DateField()
    minutes = models.IntegerField()
    what = models.CharField(max_length=300)
    clause = models.CharField(max_length=80, blank=True)
    is_shared = models.BooleanField()
    booked_at = models.DateTimeField()
    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(minutes=0), name="tickets_booking_minutes"),
        )


class SavedViewQuerySet(InternalQuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own, and what colleagues share."""
        own = Q(person_id=viewer.person) if viewer.person else Q(pk__in=())
        return super().visible_to(viewer) & (Q(is_shared=True) | own)


class SavedView(Internal):
    """Filters of the queue under a name, as its address has them."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=400, blank=True)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
