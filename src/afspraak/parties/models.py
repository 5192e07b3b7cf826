"""Rows of who there is: accounts, organisations, people, memberships, relations, tokens."""

from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afspraak.parties.roles import Role
from afspraak.rights.querysets import InternalQuerySet, ScopedQuerySet, SharedQuerySet, between
from afspraak.rights.viewer import Viewer

# Signing in -----------------------------------------------------------------------------------


class AccountManager(BaseUserManager["Account"]):
    """Accounts by their address; read before anybody is known, so without a viewer."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of an address, whatever its case."""
        return self.get(email=(username or "").strip().casefold())


class Account(AbstractBaseUser):
    """What somebody signs in with: an address and a password. Who it is stands in Person."""

    id = models.UUIDField(primary_key=True)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    """Made by the demonstration: skips the second factor, on loopback only."""
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.email


# Organisations and people ---------------------------------------------------------------------


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Its own people, and those it has a relation with."""
        ids = viewer.members_of
        return (
            Q(id__in=ids)
            | Q(as_supplier__customer_id__in=ids)
            | Q(as_customer__supplier_id__in=ids)
            | Q(made_by_id__in=viewer.organisations)
        )

    def seen_by(self, viewer: Viewer) -> "OrganisationQuerySet":
        """Each once, however many relations lead to it."""
        return super().seen_by(viewer).distinct()


class Organisation(models.Model):
    """A supplier, a customer, a third party: what it is, it is in a relation."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    register = models.CharField(max_length=40, blank=True)
    """`kvk:12345678`, `kbo:0123456789`; empty where none is known."""
    language = models.CharField(max_length=2, default="nl")
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="made"
    )
    """Who entered it, and keeps it as long as nobody else has a relation with it; null for one that
    stands by itself."""
    created_at = models.DateTimeField()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            # Once for each who enters it: else one supplier would learn of another's customers.
            models.UniqueConstraint(
                fields=["made_by", "register"],
                condition=~Q(register=""),
                nulls_distinct=False,
                name="parties_register_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(ScopedQuerySet["Person"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The people of organisations that the viewer sees, and who works there from elsewhere."""
        ids = viewer.members_of
        return (
            Q(organisation_id__in=ids)
            | Q(organisation__made_by_id__in=viewer.organisations)
            | Q(memberships__organisation_id__in=viewer.organisations)
            | Q(organisation__as_supplier__customer_id__in=ids)
            | Q(organisation__as_customer__supplier_id__in=viewer.organisations)
        )

    def seen_by(self, viewer: Viewer) -> "PersonQuerySet":
        """Each once, however many relations lead to them."""
        return super().seen_by(viewer).distinct()


class Person(models.Model):
    """Somebody of an organisation, with or without an account."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="nl")
    created_at = models.DateTimeField()
    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=["email"], name="parties_person_email"),)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own roles, and those in an organisation that one sees whole."""
        return Q(person_id=viewer.person) | Q(organisation_id__in=viewer.organisations)


class Membership(models.Model):
    """Which role a person has in an organisation, [from, until)."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(until_at=None),
                name="parties_one_role_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=models.F("from_at")),
                name="parties_membership_span",
            ),
        )


# What stands between two organisations --------------------------------------------------------


class RelationQuerySet(SharedQuerySet["Relation"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Both sides, whatever their role."""
        return between(viewer.members_of)


class Relation(models.Model):
    """A pair of organisations: its ledger, its agreements, its tickets."""

    id = models.UUIDField(primary_key=True)
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="as_supplier")
    customer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="as_customer")
    created_at = models.DateTimeField()
    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["supplier", "customer"], name="parties_one_relation"),
            models.UniqueConstraint(
                fields=["id", "supplier", "customer"], name="parties_relation_key"
            ),
            models.CheckConstraint(
                condition=~Q(supplier=models.F("customer")), name="parties_two_organisations"
            ),
        )
        indexes = (models.Index(fields=["customer"], name="parties_relation_customer"),)

    @property
    def relation_id(self) -> UUID:
        """Its own id, by the name that every row of it gives to it."""
        return self.id


class Shared(models.Model):
    """A row of a relation. The database holds its supplier and customer to those of the relation
    (`policies.true_parties`), so that no row can point into another party's data.
    """

    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    supplier = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class FileEntryQuerySet(SharedQuerySet["FileEntry"]):
    """Both sides keep it, so both sides see it; a customer's user does not."""


class FileEntry(Shared):
    """A line of the customer's file, kept by both sides: dated, and struck out rather than
    changed.
    """

    class Heading(models.TextChoices):
        """What a line is about."""

        BUSINESS = "business", _("what they do")
        SOFTWARE = "software", _("software")
        PROCESS = "process", _("key process")
        PERSON = "person", _("who knows them")

    id = models.UUIDField(primary_key=True)
    heading = models.CharField(max_length=10, choices=Heading.choices)
    body = models.CharField(max_length=500)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = FileEntryQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["relation", "written_at"], name="parties_file_of"),)


# What belongs to one organisation -------------------------------------------------------------


class Internal(models.Model):
    """A row that belongs to one organisation alone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ConsentQuerySet(ScopedQuerySet["Consent"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Who gave it, and who may rely on it."""
        return Q(organisation_id__in=viewer.organisations) | Q(partner_id__in=viewer.organisations)


class Consent(Internal):
    """An organisation lets another one open a relation with it: without it nobody can, save who
    entered it and alone works with it (the database holds to this).
    """

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = ConsentQuerySet.as_manager()


class InvitationQuerySet(InternalQuerySet["Invitation"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """One's own organisation's, and what one sent in the name of a customer."""
        return super().visible_to(viewer) | Q(invited_by_id=viewer.person)


class Invitation(Internal):
    """Somebody is asked to join, by a link that works once, within a day (its hash stands here).

    With an `agreement` the guest becomes an adviser on that one agreement.
    """

    id = models.UUIDField(primary_key=True)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    agreement_id = models.UUIDField(null=True, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    """When it was accepted or withdrawn: from then on it opens nothing."""
    objects = InvitationQuerySet.as_manager()


class Token(Internal):
    """What an integration signs in with: hashed, with fewer rights than its maker, and an end."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=100)
    token_hash = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=12)
    """The first letters, by which a person knows it again."""
    rights = models.JSONField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    objects = InternalQuerySet.as_manager()


class Presence(Internal):
    """Somebody says that they are in, [from, until): the desk sees who can be asked."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="presences")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__gte=models.F("from_at")), name="parties_presence_span"
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "until_at"], name="parties_presence_until"),
        )


class AuditEntry(Internal):
    """What somebody did in an organisation's name, beside the facts: appended, never changed."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    token_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    objects = InternalQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "-at"], name="parties_audit_newest"),)


class Answer(models.Model):
    """What was answered to a request that carries a key: asked again, it is the same answer."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    actor = models.UUIDField()
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    body = models.BinaryField()
    made_at = models.DateTimeField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "actor", "route", "key"], name="parties_answer_once"
            ),
        )


class SeenOn(Internal):
    """On a date (UTC) somebody was here, signed in: once a day, and nothing of what they did."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "on", "person"], name="parties_seen"),
        )
