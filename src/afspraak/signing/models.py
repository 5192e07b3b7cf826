"""Rows of signing: keys that an organisation confirmed, the files that were signed, and what proves
a signature by passkey. Files and proofs are appended and never changed.
"""

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import AgreementVersion, Signature
from afspraak.parties.models import Internal, Organisation, Person, Relation, Shared
from afspraak.rights.querysets import Row, ScopedQuerySet, SharedQuerySet
from afspraak.rights.viewer import Viewer


class SignerKeyQuerySet(ScopedQuerySet["SignerKey"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """The organisation's own people, and those who sign with it: they check its signatures."""
        known = Relation.objects.seen_by(viewer)
        own = viewer.organisations
        return (
            Q(organisation_id__in=own)
            | Q(organisation_id__in=known.filter(customer_id__in=own).values("supplier_id"))
            | Q(organisation_id__in=known.filter(supplier_id__in=own).values("customer_id"))
        )


class SignerKey(Internal):
    """A certificate that an organisation says is one of its signers', [confirmed, ended)."""

    id = models.UUIDField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of the certificate."""
    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=400)
    issuer = models.CharField(max_length=400)
    certificate = models.BinaryField()
    until_at = models.DateTimeField()
    """Until when the certificate holds by itself."""
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = SignerKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-confirmed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(ended_at=None),
                name="signing_key_confirmed_once",
            ),
        )


class OfVersionQuerySet(SharedQuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Both sides; and the third party that must sign the same version."""
        third = Q(version__agreement__third_party_id__in=viewer.organisations)
        return super().visible_to(viewer) | third


class SigningFile(Shared):
    """A file about the signing of a version, kept by its hash: the paper as it was made, that paper
    as each party signed it, a scan.

    `hands` is what was found in it when it came: whose certificates, which times.
    """

    class Kind(models.TextChoices):
        """What the file is."""

        PAPER = "paper"
        SIGNED = "signed"
        SCAN = "scan"

    id = models.UUIDField(primary_key=True)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="files")
    number = models.IntegerField()
    """0 is the paper; each file that is signed was signed on the one before it."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=100)
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    hands = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Which side brought it."""
    kept_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_at = models.DateTimeField()
    objects = OfVersionQuerySet["SigningFile"].as_manager()

    class Meta:
        ordering = ("version", "number")
        constraints = (
            models.UniqueConstraint(fields=["version", "number"], name="signing_file_once"),
        )


class PasskeyProof(Shared):
    """What a person's passkey signed, and all that is needed to check it without us (`passkey`)."""

    id = models.UUIDField(primary_key=True)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="passkeys")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    evidence = models.BinaryField()
    """As JSON, byte for byte as it was hashed (`Evidence`)."""
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    objects = OfVersionQuerySet["PasskeyProof"].as_manager()
