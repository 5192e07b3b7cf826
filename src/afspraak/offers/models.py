"""Rows of what is said before a contract is signed. What somebody said is appended, never changed;
what is one organisation's own (costs, a note of its own) is seen by that one alone.
"""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import AgreementVersion, Catalogue, Draft
from afspraak.offers.models_promised import Side
from afspraak.parties.models import Internal, Organisation, Person, Shared
from afspraak.rights.querysets import InternalQuerySet, Row, ScopedQuerySet, SharedQuerySet
from afspraak.rights.viewer import Viewer

# The catalogue ------------------------------------------------------------------------------------


class OpenCatalogueQuerySet(ScopedQuerySet["OpenCatalogue"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own; and the one whose address somebody has presented, while it is open."""
        shown = Q(address_hash=viewer.presented) if viewer.presented else Q(pk__in=())
        own = Q(organisation_id__in=viewer.organisations)
        return own | (shown & Q(closed_at__isnull=True))


class OpenCatalogue(Internal):
    """A catalogue that its supplier shows to anybody who has its address, until it is closed."""

    id = models.UUIDField(primary_key=True)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=60)
    """The last part of the page's address: chosen, or drawn so that nobody guesses it."""
    address_hash = models.BinaryField(max_length=32)
    shows_prices = models.BooleanField()
    opened_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = OpenCatalogueQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["address_hash"],
                condition=Q(closed_at=None),
                name="offers_one_page_an_address",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(closed_at=None), name="offers_one_open_page"
            ),
        )


class LevelCost(Internal):
    """What a service at a level costs its supplier to keep, per unit and month, as somebody entered
    it: `hours` of work at `per_hour`, and `other` (licences, lines). The newest counts.
    """

    id = models.UUIDField(primary_key=True)
    service = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    hours = models.DecimalField(max_digits=10, decimal_places=3)
    per_hour = models.DecimalField(max_digits=10, decimal_places=2)
    other = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=400, blank=True)
    entered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["organisation", "service", "level", "-entered_at"], name="offers_costs"
            ),
        )


# A wish that fits no level ------------------------------------------------------------------------


class Wish(Shared):
    """What a customer wants that no level gives: what deviates from the level that comes nearest.

    `target` is a duration as a contract writes it, for a `measure` (of one `priority`, or of all);
    `week` are other opening hours, weekdays -> intervals.
    """

    id = models.UUIDField(primary_key=True)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which of the two sides wrote it down."""
    service = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    measure = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    week = models.JSONField(default=dict)
    words = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        constraints = (models.UniqueConstraint(fields=["id", "relation"], name="offers_wish_key"),)
        indexes = (
            models.Index(fields=["supplier", "-asked_at"], name="offers_wishes_supplier"),
            models.Index(fields=["customer", "-asked_at"], name="offers_wishes_customer"),
        )


class Upkeep(Internal):
    """What the exception costs its supplier in a year: the figures that were entered, the lines
    that follow from them, and their sum. Nobody grants a wish whose upkeep was not computed.
    """

    id = models.UUIDField(primary_key=True)
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField()
    lines = models.JSONField()
    total = models.DecimalField(max_digits=24, decimal_places=2)
    currency = models.CharField(max_length=3)
    computed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    computed_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()


class Grant(Shared):
    """What the supplier decided about a wish: granted for so much a year, in the draft that says
    so, or not, and why.
    """

    id = models.UUIDField(primary_key=True)
    wish = models.OneToOneField(Wish, on_delete=models.PROTECT, related_name="grant")
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_granted = models.BooleanField()
    yearly = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    words = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()


# Offers -------------------------------------------------------------------------------------------


class OfferQuerySet(SharedQuerySet["Offer"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever makes it; the customer from when it is shown."""
        ids = viewer.organisations
        return Q(supplier_id__in=ids) | Q(customer_id__in=ids, shown_at__isnull=False)


class Offer(Shared):
    """Levels side by side for one customer, valid until the end of a date: it binds nobody before
    it is accepted. Its lines are appended with it, and stay what they are.
    """

    id = models.UUIDField(primary_key=True)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    words = models.CharField(max_length=2000, blank=True)
    currency = models.CharField(max_length=3)
    valid_on = models.DateField()
    """The last date on which it can be accepted."""
    made_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        constraints = (models.UniqueConstraint(fields=["id", "relation"], name="offers_offer_key"),)
        indexes = (
            models.Index(fields=["supplier", "-made_at"], name="offers_of_supplier"),
            models.Index(fields=["customer", "-made_at"], name="offers_of_customer"),
        )


class OfOfferQuerySet(ScopedQuerySet[Row]):
    """What hangs under an offer is seen by who sees the offer."""

    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever makes it; the customer from when it is shown."""
        ids = viewer.organisations
        return Q(supplier_id__in=ids) | Q(customer_id__in=ids, offer__shown_at__isnull=False)


class OfferLine(Shared):
    """A service at a level for so many units: its rate as the catalogue writes it (`EUR 4.50 / user
    / month`), and what that comes to in a month.
    """

    id = models.UUIDField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines")
    service = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    units = models.IntegerField()
    fee = models.CharField(max_length=60)
    monthly = models.DecimalField(max_digits=20, decimal_places=2)
    start_up = models.DecimalField(max_digits=20, decimal_places=2)
    objects = OfOfferQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["offer", "service", "level"], name="offers_line_once"),
        )


class OfferEvent(Shared):
    """What happened to an offer: shown, seen for the first time, asked about, answered."""

    class What(models.TextChoices):
        """What it is."""

        SHOWN = "shown", "shown"
        SEEN = "seen", "seen"
        ASKED = "asked", "asked"
        SAID = "said", "answered"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=What.choices)
    level = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=2000, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    objects = OfOfferQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")


# Agreed to, and not signed ------------------------------------------------------------------------


class Assent(Shared):
    """Somebody agreed before anything was signed: not in force here, and it may bind all the same.

    `giver` is the side that agreed; `by_name` who of them, as the other side knows them.
    """

    class How(models.TextChoices):
        """In which way it was said."""

        OFFER = "offer", "an offer accepted"
        CALL = "call", "by telephone"
        MAIL = "mail", "in a mail"
        HANDSHAKE = "handshake", "a handshake"
        WORK = "work", "work that began"

    id = models.UUIDField(primary_key=True)
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.CharField(max_length=20, blank=True)
    how = models.CharField(max_length=10, choices=How.choices)
    giver = models.CharField(max_length=10, choices=Side.choices)
    by_name = models.CharField(max_length=200)
    words = models.CharField(max_length=2000)
    agreed_at = models.DateTimeField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side wrote it down."""
    recorded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ("-agreed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=["id", "relation"], name="offers_assent_key"),
        )
        indexes = (
            models.Index(fields=["relation", "-agreed_at"], name="offers_assents"),
            models.Index(fields=["supplier"], name="offers_assents_supplier"),
            models.Index(fields=["customer"], name="offers_assents_customer"),
        )


class AssentEnd(Shared):
    """What became of an assent: a contract names it as replaced (a draft's, or a version's), or it
    was let go, and why. The newest counts.
    """

    id = models.UUIDField(primary_key=True)
    assent = models.ForeignKey(Assent, on_delete=models.PROTECT, related_name="ends")
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
    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
