"""Rows of an archive: papers, what was read in them and confirmed, who takes care of an agreement.

All of it belongs to one organisation alone, until an agreement is made of it.
"""

from django.db import models

from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.models import Internal, Person
from afspraak.rights.querysets import InternalQuerySet


class Paper(Internal):
    """A contract as it lay in the drawer: the file, its text by pages, where the original lies."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    """Of the file, or the reference of a contract of which there is only a line in a list."""
    reference = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Empty: there is no file yet."""
    lies_at = models.CharField(max_length=400, blank=True)
    """Where the paper original lies."""
    told = models.JSONField(default=dict)
    """What a list said of it: field -> value."""
    told_in = models.CharField(max_length=200, blank=True)
    """Which list, and its line."""
    pages = models.JSONField(null=True, blank=True)
    """The text of each page; null: not read yet."""
    reader = models.CharField(max_length=40, blank=True)
    """What read it: `pypdf`, `python-docx`, `tesseract`, `typed`; empty for a picture."""
    fault = models.CharField(max_length=200, blank=True)
    """Why it could not be read."""
    added_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """What was begun from it."""
    set_aside = models.CharField(max_length=200, blank=True)
    """Why nothing is to be made of it."""
    objects = InternalQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=~models.Q(sha256=""),
                name="archive_paper_once",
            ),
            models.UniqueConstraint(fields=["id", "organisation"], name="archive_paper_key"),
        )
        indexes = (models.Index(fields=["organisation", "added_at"], name="archive_papers"),)


class Reading(Internal):
    """A person confirmed a value of a paper, or typed one; appended, and the newest counts."""

    id = models.UUIDField(primary_key=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="readings")
    field = models.CharField(max_length=30)
    value = models.CharField(max_length=400)
    page = models.IntegerField(null=True, blank=True)
    """Where it was read; null for one that was typed."""
    quote = models.CharField(max_length=400, blank=True)
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        ordering = ("confirmed_at", "id")


class Care(Internal):
    """Who of an organisation takes care of an agreement: appended, and the newest counts."""

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        ordering = ("said_at", "id")
