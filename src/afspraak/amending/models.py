"""Rows of what changes an agreement: appended and never changed. Each has the next number of its
kind; the newest word counts.
"""

from django.db import models

from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.models import Organisation, Person, Shared
from afspraak.rights.querysets import SharedQuerySet


class Hurt(Shared):
    """The customer's mark on a kind of report: it hurt them when it went wrong, or no longer."""

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField()
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    hurts = models.BooleanField()
    words = models.CharField(max_length=400, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="amending_hurt_once"),
        )


class TermWord(Shared):
    """One side's word on an open term: this value, from then on, for open tickets too or not. Where
    both have said the same, an amendment is drafted; `draft` stands on the word that completed it.
    """

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField()
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    term = models.CharField(max_length=80)
    """The clause that left it open."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Whose word."""
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.CharField(max_length=40)
    """As the contract writes it: `PT4H`, `2 working days`."""
    from_on = models.DateField()
    open_tickets = models.BooleanField()
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="amending_word_once"),
        )


class IndexValue(Shared):
    """The value of an index in a month, as somebody entered or imported it, with where it was read.
    A later row for the same month takes its place; both stay.
    """

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField()
    series = models.CharField(max_length=200)
    """The index as the contract calls it."""
    month = models.DateField()
    """Its first day."""
    value = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Who entered it."""
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["relation", "number"], name="amending_value_once"),
        )
