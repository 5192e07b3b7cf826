"""Rows that can be dropped and made again from the facts and the signed versions, unchanged."""

from typing import Final

from django.db import models
from django.db.models import Q

from afspraak.agreements.models import Agreement, AgreementVersion
from afspraak.clocks.pulse import Sign
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.parties.models import Relation, Shared
from afspraak.rights.querysets import Row, SharedQuerySet, between
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import OfTicketQuerySet, Ticket


class State(models.TextChoices):
    """A1's states of a clock."""

    RUNNING = "running"
    PAUSED = "paused"
    MEASURING = "measuring"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


_RANKED_BY: Final = (
    "relation", "supplier", "customer", "version", "leads", "service", "level", "priority",
    "looked_at",
)  # fmt: skip


def _queue(name: str, *equal: str) -> models.Index:
    """What is open with these columns equal, in the order of the queue: what runs by its due
    instant, what has none by its ticket, what is frozen apart. Whatever is asked, a page of the
    queue is one piece of one of these, however many are open. What ranking needs, and what the
    policy asks of a row, stands in it too: five hundred rows are read from a dozen pages, and not
    from five hundred places of the table.
    """
    fields = [*equal, "is_frozen", "due_at", "ticket"]
    rest = [each for each in _RANKED_BY if each not in fields]
    return models.Index(fields=fields, include=rest, name=name, condition=Q(is_open=True))


class Standing(Shared):
    """How a ticket stands: one row a ticket, which the queue and the watch read.

    `due_at` is the earliest due instant of a running clock of the supplier; `turn` says whose turn
    it is; `next_look_at` when something may change by itself: a deadline, a warning.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    service = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    site = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField()
    is_frozen = models.BooleanField()
    is_late = models.BooleanField()
    turn = models.CharField(max_length=12, blank=True)
    due_at = models.DateTimeField(null=True)
    leads = models.CharField(max_length=80, blank=True)
    """The clause whose clock is due first."""
    outside = models.CharField(max_length=400, blank=True)
    """Why no agreement governs the ticket, in the law's own words (C2); empty where one does."""
    reported_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=400, blank=True)
    """Why the last look failed; the ticket is looked at again later, and others are not held up."""
    objects = OfTicketQuerySet.as_manager()

    class Meta:
        indexes = (
            _queue("clocks_queue", "supplier"),
            _queue("clocks_queue_customer", "customer"),
            _queue("clocks_queue_agreement", "agreement"),
            _queue("clocks_queue_service", "supplier", "service"),
            _queue("clocks_queue_level", "supplier", "level"),
            _queue("clocks_queue_priority", "supplier", "priority"),
            _queue("clocks_queue_kind", "supplier", "kind"),
            _queue("clocks_queue_turn", "supplier", "turn"),
            _queue("clocks_queue_late", "supplier", "is_late"),
            models.Index(
                fields=["customer", "-solved_at", "ticket"],
                name="clocks_solved_customer",
                condition=Q(is_open=False),
            ),
            models.Index(
                fields=["next_look_at"], name="clocks_next", condition=Q(next_look_at__isnull=False)
            ),
            models.Index(fields=["agreement", "reported_at"], name="clocks_of_agreement"),
        )


class AssessmentQuerySet(OfTicketQuerySet["Assessment"]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Both sides, a user his own; an adviser those under the agreement he was invited to."""
        return super().visible_to(viewer) | Q(agreement_id__in=viewer.agreements)


class Assessment(Shared):
    """What became of one cycle of a promise on a ticket, as of `Standing.looked_at`."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="assessments", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clause = models.CharField(max_length=80)
    cycle = models.IntegerField()
    measure = models.CharField(max_length=20)
    promisor = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices)
    is_relieved = models.BooleanField(default=False)
    on_trial = models.BooleanField(default=False)
    start_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    satisfied_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    target = models.CharField(max_length=40, blank=True)
    spent = models.CharField(max_length=40, blank=True)
    """As shown (T1): `PT2H30M` or `1 working day`."""
    service = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=20, blank=True)
    pk = models.CompositePrimaryKey("ticket_id", "clause", "cycle")
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["agreement", "due_at"], name="clocks_of_period"),
            models.Index(
                fields=["supplier", "missed_at"],
                name="clocks_missed",
                condition=Q(missed_at__isnull=False),
            ),
            models.Index(
                fields=["relation"],
                include=["ticket", "supplier", "customer", "agreement"],
                name="clocks_overdue",
                condition=Q(promisor=CUSTOMER, missed_at__isnull=False, satisfied_at=None),
            ),
            models.Index(
                fields=["supplier", "due_at"],
                include=["state", "measure", "ticket", "customer", "agreement"],
                name="clocks_kept",
                condition=Q(promisor=SUPPLIER, on_trial=False, state__in=("met", "missed")),
            ),
        )


class DutyQuerySet(SharedQuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Q:
        """Every member of both sides: whose duty it is, they shall know."""
        return between(viewer.members_of) | Q(agreement_id__in=viewer.agreements)


class Duty(Shared):
    """A dated promise of an agreement (K10): a report, a delivery, a fill-in date."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="duties", db_index=False
    )
    clause = models.CharField(max_length=80)
    planned_on = models.DateField()
    """The date that the contract names; `due_on` is where others' delays have moved it."""
    due_on = models.DateField()
    what = models.CharField(max_length=80)
    promisor = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices)
    satisfied_at = models.DateTimeField(null=True)
    delays = models.JSONField(default=list)
    """What moved it: [{days, because, party}], the first step first (K10)."""
    pk = models.CompositePrimaryKey("agreement_id", "clause", "planned_on")
    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"], name="clocks_duty_due", condition=Q(state=State.RUNNING)
            ),
        )


class Outlook(Shared):
    """When an agreement's dated promises were last looked at, and when to look next: one row for
    each agreement that was laid out.
    """

    agreement = models.OneToOneField(
        Agreement, on_delete=models.PROTECT, primary_key=True, related_name="outlook"
    )
    looked_at = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=400, blank=True)
    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["next_look_at"],
                name="clocks_outlook_next",
                condition=Q(next_look_at__isnull=False),
            ),
        )


class Beat(models.Model):
    """When each watcher last looked: an alarm rises where no one does."""

    watcher = models.CharField(max_length=80, primary_key=True)
    """`machine:process`."""
    machine = models.CharField(max_length=60, blank=True)
    looked_at = models.DateTimeField()
    lag_seconds = models.IntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    """When its machine's clock was found to have jumped forward; no watcher there records misses
    until somebody confirms the time.
    """
    objects = models.Manager()


class Pulse(Shared):
    """How a relation stands against its own first months: one row for each that was looked at.

    `signs`: [{what, side, first, lately}], counts of whole months; `quiet`: what of them lies below
    half of what was usual, as `what/side`. Counts only: nobody's name, nobody's days.
    """

    relation = models.OneToOneField(
        Relation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    looked_at = models.DateTimeField()
    signs = models.JSONField(default=list)
    quiet = models.JSONField(default=list)
    quiet_since = models.DateField(null=True)
    """The first day of the month in which it was found to be quiet; null while it is not."""
    objects = SharedQuerySet.as_manager()

    @property
    def quiet_signs(self) -> list[Sign]:
        """What of it is quiet, with its counts."""
        kept = [
            Sign(each["what"], each["side"], tuple(each["first"]), tuple(each["lately"]))
            for each in self.signs
        ]
        return [each for each in kept if each.name in self.quiet]

    class Meta:
        indexes = (
            models.Index(
                fields=["supplier", "quiet_since"],
                name="clocks_quiet",
                condition=Q(quiet_since__isnull=False),
            ),
        )
