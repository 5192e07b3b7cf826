"""Export: everything that one sees, a line of JSON each (NDJSON), as long as it takes."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import StreamingHttpResponse
from ninja import Router
from pydantic import BaseModel
from pydantic_core import to_json

from afspraak.agreements.models import Agreement, AgreementVersion, Signature
from afspraak.api.agreements import signed_of
from afspraak.api.auth import Call
from afspraak.api.clocks import clock_shown
from afspraak.api.kinds import shown
from afspraak.api.notes import note_shown
from afspraak.api.notices import notice_shown
from afspraak.api.organisations import organisation_shown, relation_shown
from afspraak.api.people import person_shown
from afspraak.api.shown_agreements import (
    VersionShown,
    agreement_shown,
    signature_shown,
    version_shown,
)
from afspraak.api.shown_tickets import fact_shown, ticket_shown
from afspraak.clocks.models import Assessment
from afspraak.notices.models import Notice
from afspraak.parties.identity import Identity, seeing
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.querysets import ScopedQuerySet
from afspraak.tickets.models import Fact, Note, Ticket

router = Router()
AT_ONCE: Final = 1_000
Show = Callable[[Any, Identity], BaseModel]


@router.get("/export")
@stated(Right.EXPORT)
def export_all(request: Call) -> StreamingHttpResponse:
    """Everything that you see, one JSON object a line: `{"kind": ..., "value": ...}`, each value as
    the other addresses have it. The first line says when, the last one how many there were.
    """
    answer = StreamingHttpResponse(
        lines(request.identity, request.at), content_type="application/x-ndjson"
    )
    answer["Content-Disposition"] = "attachment; filename=afspraak.ndjson"
    return answer


def lines(identity: Identity, at: int) -> Iterator[bytes]:
    """The lines, under the asker's own eyes; an interrupted export has no last line."""
    with seeing(identity):
        yield _line("export", {"at": shown(at), "organisation": identity.organisation})
        count = 0
        for kind, rows, show in _parts(identity):
            for row in rows.seen_by(identity.viewer).order_by("pk").iterator(AT_ONCE):
                count += 1
                yield _line(kind, show(row, identity))
        yield _line("end", {"lines": count})


def _line(kind: str, value: object) -> bytes:
    return to_json({"kind": kind, "value": value}) + b"\n"


def _parts(identity: Identity) -> list[tuple[str, ScopedQuerySet[Any], Show]]:
    """What is exported, in the order in which it points back; each part asks for its own right."""
    may = identity.may
    parts: list[tuple[Right, str, Any, Show]] = [
        (Right.READ_PARTIES, "organisation", Organisation.objects, _alone(organisation_shown)),
        (Right.READ_PARTIES, "person", Person.objects, _alone(person_shown)),
        (Right.READ_PARTIES, "relation", Relation.objects, _alone(relation_shown)),
        (Right.READ_AGREEMENTS, "agreement", Agreement.objects, agreement_shown),
        (Right.READ_AGREEMENTS, "version", AgreementVersion.objects, _version),
        (Right.READ_AGREEMENTS, "signature", Signature.objects, _alone(signature_shown)),
        (Right.READ_TICKETS, "ticket", Ticket.objects.select_related("standing"), ticket_shown),
        (Right.READ_TICKETS, "fact", Fact.objects.select_related("words"), fact_shown),
        (Right.READ_TICKETS, "clock", Assessment.objects, _alone(clock_shown)),
        (Right.READ_TICKETS, "note", Note.objects, _alone(note_shown)),
        (Right.READ_NOTICES, "notice", Notice.objects, notice_shown),
    ]
    return [(kind, rows, show) for right, kind, rows, show in parts if may(right)]


def _alone(show: Callable[[Any], BaseModel]) -> Show:
    return lambda row, _identity: show(row)


class DocumentShown(BaseModel):
    """A version with its very bytes, as text: they are UTF-8."""

    version: VersionShown
    document: str


def _version(row: AgreementVersion, identity: Identity) -> BaseModel:
    told = version_shown(row, signed_of(row, identity.viewer))
    return DocumentShown(version=told, document=bytes(row.document).decode())
