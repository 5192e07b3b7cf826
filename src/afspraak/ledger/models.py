"""The relation's append-only log as rows: its head, and a leaf for each thing that happened."""

from django.db import models
from django.db.models import Q

from afspraak.rights.querysets import SharedQuerySet, between
from afspraak.rights.viewer import Viewer


class HeadQuerySet(SharedQuerySet["Head"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Everybody of both sides: a customer's user reports too."""
        return between(viewer.members_of)


class Head(models.Model):
    """Where a relation's log stands: locked first by everything that appends, one at a time.

    `logged_at` never goes back (SEMANTICS F2); `edge` is the right edge of the Merkle tree
    (RFC 9162), from which the root follows.
    """

    relation_id = models.UUIDField(primary_key=True)
    supplier_id = models.UUIDField()
    customer_id = models.UUIDField()
    size = models.BigIntegerField(default=0)
    logged_at = models.DateTimeField(null=True)
    ground = models.IntegerField(default=0)
    """Grows when what the relation's tickets are judged by changes (a version, a signature, a
    calendar's cover, a ladder, a rate): what was read of it before can be kept until then.
    """
    edge = models.BinaryField(default=b"")
    objects = HeadQuerySet.as_manager()


class Leaf(models.Model):
    """One entry of a relation's log: the canonical bytes that were hashed, and their place."""

    relation_id = models.UUIDField()
    supplier_id = models.UUIDField()
    customer_id = models.UUIDField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    body = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    logged_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("relation_id", "seq")
    objects = SharedQuerySet.as_manager()
