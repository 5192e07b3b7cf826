"""Rows of agreements: what was signed is appended and never changed."""

from django.db import models
from django.db.models import Q

from afspraak.parties.models import Internal, Organisation, Person, Relation, Shared
from afspraak.rights.querysets import InternalQuerySet, Row, ScopedQuerySet, SharedQuerySet, between
from afspraak.rights.viewer import Viewer


class AgreementQuerySet(SharedQuerySet["Agreement"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Its parties (a third one too), and whom one of them invited to it."""
        ids = viewer.members_of
        return between(ids) | Q(third_party_id__in=ids) | Q(id__in=viewer.agreements)


class Agreement(Shared):
    """One agreement of a relation, through all its versions."""

    id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=80)
    """The document's own id, as `nl-2026-0042`."""
    name = models.CharField(max_length=200)
    third_party = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    under = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    """The agreement that this one lets its supplier keep (an OLA, a third party's contract)."""
    under_clause = models.CharField(max_length=80, blank=True)
    """The promise in it that this one stands behind; empty: any."""
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ("reference",)
        constraints = (
            models.UniqueConstraint(
                fields=["relation", "reference"], name="agreements_reference_once"
            ),
            models.UniqueConstraint(fields=["id", "relation"], name="agreements_agreement_key"),
        )
        indexes = (
            models.Index(fields=["supplier", "reference"], name="agreements_of_supplier"),
            models.Index(fields=["customer"], name="agreements_of_customer"),
            models.Index(fields=["third_party"], name="agreements_of_third_party"),
        )

    def __str__(self) -> str:
        return self.reference


class OfAgreementQuerySet(ScopedQuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Q:
        """What hangs under an agreement is seen by who sees the agreement."""
        ids = viewer.members_of
        return (
            between(ids)
            | Q(agreement__third_party_id__in=ids)
            | Q(agreement_id__in=viewer.agreements)
        )


class AgreementVersion(Shared):
    """The bytes that are signed, and what stands in them: appended, never changed (C1).

    `document` is the truth; the columns beside it are read from it. `from_at` and `until_at` bound
    the term in the agreement's zone.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    law = models.IntegerField()
    language = models.CharField(max_length=2)
    parties = models.JSONField()
    """The keys of the parties that must sign: two, at times three (C2)."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    open_tickets = models.BooleanField()
    signed_late = models.BooleanField()
    recorded_at = models.DateTimeField()
    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        ordering = ("agreement", "number")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="agreements_version_once"),
            models.UniqueConstraint(fields=["id", "relation"], name="agreements_version_key"),
        )


class Proof(models.TextChoices):
    """How we know that a party signed."""

    PAPER = "paper"
    PDF = "pdf"
    PASSKEY = "passkey"
    RECORDED = "recorded"


class Signature(Shared):
    """A party signed these bytes (C2): appended, never changed."""

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="signatures"
    )
    party = models.CharField(max_length=80)
    """The party's key in the document."""
    by_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    """Of the document that was signed: that of its version, or the row is refused."""
    proof = models.CharField(max_length=20, choices=Proof.choices)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=400, blank=True)
    signed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "party"], name="agreements_signed_once"),
        )


class Adviser(models.Model):
    """Somebody whom one party invited to see one agreement, [from, until)."""

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="advisers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="advises")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Who invited."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    objects = InternalQuerySet.as_manager()


class OutsideHourQuerySet(ScopedQuerySet["OutsideHour"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The supplier's own people, and its customers: they are told it before work begins."""
        ids = viewer.members_of
        return Q(organisation_id__in=ids) | Q(
            organisation_id__in=Relation.objects.seen_by(viewer).values("supplier_id")
        )


class OutsideHour(Internal):
    """What an hour of the supplier costs outside every agreement, [from, until) (C2, T8)."""

    id = models.UUIDField(primary_key=True)
    per_hour = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    objects = OutsideHourQuerySet.as_manager()


class CatalogueQuerySet(ScopedQuerySet["Catalogue"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The supplier's own people, and its customers: but for their users, who see no prices."""
        served = Relation.objects.seen_by(viewer).filter(customer_id__in=viewer.organisations)
        return Q(organisation_id__in=viewer.organisations) | Q(
            organisation_id__in=served.values("supplier_id")
        )


class Catalogue(Internal):
    """What a supplier offers, at which level, for which price: its bytes, appended and never
    changed. Contracts copy from it, so a newer one changes no agreement.
    """

    id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=80)
    """The document's own id, as `noord-ict-2027`."""
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    from_on = models.DateField()
    until_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = CatalogueQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "sha256"], name="agreements_catalogue_once"
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "-recorded_at"], name="agreements_catalogues"),
        )


class EscalationStepQuerySet(SharedQuerySet["EscalationStep"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Everybody of both sides: their tickets' next look depends on it."""
        return between(viewer.members_of)


class EscalationStep(Shared):
    """When a promise of an agreement comes near, whom of the supplier to tell: part of the target
    spent, in percent (100: missed), and the role.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="ladder")
    percent = models.SmallIntegerField()
    role = models.CharField(max_length=20)
    objects = EscalationStepQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["agreement", "percent", "role"], name="agreements_step_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="agreements_step_percent"
            ),
        )


class Thing(Shared):
    """A device or system that a version names, by its label: whose it is, for which service. Read
    from the document when the version comes in, so that the desk finds it by a few letters.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="things")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=80)
    """The party's key in the document."""
    service = models.CharField(max_length=80, blank=True)
    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "key"], name="agreements_thing_once"),
        )
        indexes = (models.Index(fields=["supplier"], name="agreements_things"),)


class PromiseOwner(Shared):
    """Who sees to a dated promise for its side from a moment on: appended, never changed; the
    newest row of a clause and a side holds. Without a person nobody does any more.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clause = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Whose promise it is, and whose person: one of the two sides."""
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    from_at = models.DateTimeField()
    objects = SharedQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["agreement", "clause"], name="agreements_promise_owner"),)


class DraftQuerySet(SharedQuerySet["Draft"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever writes it; the other side from when it is shown."""
        ids = viewer.organisations
        return Q(organisation_id__in=ids) | (between(ids) & Q(shown_at__isnull=False))


class Draft(Shared):
    """An agreement in the making, or an amendment of one: it binds nobody. Its text stands in
    `DraftText`, a row for each time it was written.
    """

    class Origin(models.TextChoices):
        """What it was begun from."""

        CATALOGUE = "catalogue"
        TEMPLATE = "template"
        AGREEMENT = "agreement"
        FILE = "file"
        PROPOSAL = "proposal"
        ARCHIVE = "archive"

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which of the two sides writes it."""
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    """The agreement that it would amend or renew; None: a new one."""
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    begun_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    """From when the other side sees it."""
    closed_at = models.DateTimeField(null=True, blank=True)
    """When it was laid aside, or became a version that can be signed."""
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-begun_at",)
        constraints = (
            models.UniqueConstraint(fields=["id", "relation"], name="agreements_draft_key"),
        )
        indexes = (
            models.Index(fields=["supplier", "-begun_at"], name="agreements_drafts_supplier"),
            models.Index(fields=["customer", "-begun_at"], name="agreements_drafts_customer"),
        )


class OfDraftQuerySet(ScopedQuerySet[Row]):
    """What hangs under a draft is seen by who sees the draft."""

    def visible_to(self, viewer: Viewer) -> Q:
        """Whoever writes it; the other side from when it is shown."""
        ids = viewer.organisations
        return Q(draft__organisation_id__in=ids) | (between(ids) & Q(draft__shown_at__isnull=False))


class DraftText(Shared):
    """A draft as somebody wrote it: appended, never changed. It may have faults; what is signed has
    none.
    """

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="texts")
    number = models.IntegerField()
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side wrote it."""
    written_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=400, blank=True)
    written_at = models.DateTimeField()
    objects = OfDraftQuerySet.as_manager()

    class Meta:
        ordering = ("draft", "number")
        constraints = (
            models.UniqueConstraint(fields=["draft", "number"], name="agreements_draft_text_once"),
        )
