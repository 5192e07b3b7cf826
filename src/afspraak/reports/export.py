"""Everything that a viewer sees, table by table: what stands in them is an allow-list, and the rows
are those that both walls let through.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from afspraak.agreements.models import (
    Agreement,
    AgreementVersion,
    Catalogue,
    OutsideHour,
    Signature,
)
from afspraak.clocks.models import Assessment, Duty, Standing
from afspraak.intake.models import Attachment, Incoming, Loaded, Watched
from afspraak.ledger.models import Leaf
from afspraak.notices.models import Notice
from afspraak.parties.models import Membership, Organisation, Person, Relation
from afspraak.parties.roles import Right
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact, MajorIncident, Note, Reached, Ticket

AT_ONCE: Final = 2_000
NOTHING: Final[frozenset[str]] = frozenset()
Row = dict[str, Any]
"""A row by its columns: text, numbers, truth, instants in UTC, dates; JSON as it was kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of an export: its name, the right to see it, whose rows, which columns, in which
    order. What stands in `inside` is null for all but the supplier's own people.
    """

    name: str
    right: Right
    model: type[Model]
    columns: tuple[str, ...]
    order: tuple[str, ...]
    inside: frozenset[str]

    @property
    def related(self) -> tuple[str, ...]:
        """What must be read along."""
        return tuple(sorted({each.partition("__")[0] for each in self.columns if "__" in each}))


def _part(
    name: str,
    right: Right,
    model: type[Model],
    columns: str,
    *,
    order: str = "pk",
    inside: str = "",
) -> Part:
    told = tuple(columns.split()), tuple(order.split()), frozenset(inside.split())
    return Part(name, right, model, *told)


_OF_RELATION: Final = "relation_id supplier_id customer_id"
PARTS: Final = (
    _part(
        "organisations",
        Right.READ_PARTIES,
        Organisation,
        "id name register language zone phone address",
    ),
    _part("people", Right.READ_PARTIES, Person, "id organisation_id name email phone language"),
    _part(
        "memberships",
        Right.MANAGE_PEOPLE,
        Membership,
        "id person_id organisation_id role from_at until_at",
    ),
    _part("relations", Right.READ_PARTIES, Relation, "id supplier_id customer_id created_at"),
    _part(
        "agreements",
        Right.READ_AGREEMENTS,
        Agreement,
        f"id {_OF_RELATION} reference name third_party_id under_id under_clause created_at",
        inside="under_id under_clause",
    ),
    _part(
        "versions",
        Right.READ_AGREEMENTS,
        AgreementVersion,
        f"id {_OF_RELATION} agreement_id number sha256 law language parties from_at until_at"
        " open_tickets signed_late recorded_at document",
    ),
    _part(
        "signatures",
        Right.READ_AGREEMENTS,
        Signature,
        f"id {_OF_RELATION} agreement_id version_id party by_name sha256 proof note signed_at"
        " recorded_at",
    ),
    _part(
        "catalogues",
        Right.READ_AGREEMENTS,
        Catalogue,
        "id organisation_id reference sha256 from_on until_on recorded_at document",
    ),
    _part(
        "hours_outside",
        Right.READ_AGREEMENTS,
        OutsideHour,
        "id organisation_id per_hour currency from_at until_at",
    ),
    _part(
        "tickets",
        Right.READ_TICKETS,
        Ticket,
        f"id {_OF_RELATION} number title reporter_id third_party_of_id foreign created_at",
    ),
    _part(
        "facts",
        Right.READ_TICKETS,
        Fact,
        f"id {_OF_RELATION} seq logged_at subject ticket_id agreement_id code happened_at"
        " recorded_at by recorded_by person_id data words__body source source_id is_imported",
        order="relation_id seq",
    ),
    _part(
        "standings",
        Right.READ_TICKETS,
        Standing,
        f"ticket_id {_OF_RELATION} agreement_id version_id service level priority kind site is_open"
        " is_frozen is_late turn due_at leads outside reported_at solved_at looked_at fault",
        inside="fault",
    ),
    _part(
        "clocks",
        Right.READ_TICKETS,
        Assessment,
        f"ticket_id clause cycle {_OF_RELATION} agreement_id version_id measure promisor state"
        " is_relieved on_trial start_at due_at satisfied_at missed_at target spent service level"
        " priority",
        order="ticket_id clause cycle",
    ),
    _part(
        "duties",
        Right.READ_AGREEMENTS,
        Duty,
        f"agreement_id clause planned_on {_OF_RELATION} what promisor due_on due_at state"
        " satisfied_at delays",
        order="agreement_id clause planned_on",
    ),
    _part(
        "attachments",
        Right.READ_TICKETS,
        Attachment,
        f"id {_OF_RELATION} ticket_id fact_id place name content_type size sha256",
    ),
    _part(
        "notes", Right.READ_TICKETS, Note, "id organisation_id ticket_id person_id body written_at"
    ),
    _part(
        "incidents",
        Right.READ_TICKETS,
        MajorIncident,
        "id organisation_id name opened_at closed_at",
    ),
    _part(
        "reached", Right.READ_TICKETS, Reached, "id organisation_id incident_id ticket_id joined_at"
    ),
    _part(
        "notices",
        Right.READ_NOTICES,
        Notice,
        f"id {_OF_RELATION} ticket_id sender_id recipient_organisation_id recipient_id address"
        " language title body state made_at sent_at message_id",
    ),
    _part(
        "mails",
        Right.WORK_TICKETS,
        Incoming,
        "id organisation_id name sha256 size received_at state why detail message_id sender"
        " sender_name subject is_verified relation_id ticket_id fact_id settled_at settled_by_id",
    ),
    _part(
        "monitors",
        Right.WRITE_SERVICES,
        Watched,
        "id organisation_id label agreement_id service made_at ended_at",
    ),
    _part(
        "imports",
        Right.WORK_TICKETS,
        Loaded,
        "id organisation_id source input_name input_sha256 facts_sha256 customers said tickets"
        " facts repeated is_whole loaded_at loaded_by",
    ),
    _part(
        "ledger",
        Right.READ_TICKETS,
        Leaf,
        f"{_OF_RELATION} seq kind subject_id body leaf_hash logged_at",
        order="relation_id seq",
    ),
)
"""In the order in which they point back."""

_BYTES: Final[dict[str, Callable[[bytes], str]]] = {
    "document": bytes.decode,
    "body": bytes.decode,
    "leaf_hash": bytes.hex,
}
"""What is kept as bytes: text as it was signed and as it was hashed, hashes by their digits."""


def rows_of(part: Part, viewer: Viewer) -> Iterator[Row]:
    """The rows of a table that a viewer sees, a few thousand in memory at a time."""
    rows = part.model.objects.seen_by(viewer)  # type: ignore[attr-defined]  # each has it
    rows = rows.select_related(*part.related) if part.related else rows
    for row in rows.order_by(*part.order).iterator(AT_ONCE):
        hidden = part.inside if part.inside and not _is_inside(row, viewer) else NOTHING
        yield {
            name.replace("__", "_"): None if name in hidden else _value(row, name)
            for name in part.columns
        }


def _is_inside(row: Any, viewer: Viewer) -> bool:
    return viewer.is_system or row.supplier_id in viewer.organisations


def _value(row: Model, name: str) -> Any:
    found: Any = row
    for step in name.split("__"):
        found = getattr(found, step) if found is not None else None
    if isinstance(found, UUID | Decimal):
        return str(found)
    if isinstance(found, bytes | memoryview):
        return _BYTES[name](bytes(found))
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in ISO 8601 with Z."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
