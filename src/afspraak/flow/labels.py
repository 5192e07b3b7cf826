"""Which service of which agreement a monitor's label stands for."""

from django.db import transaction

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.engine.time import Refusal
from afspraak.intake.actions import unwatch_label, watch_label
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import Viewer

LABEL_CHARS = 300


def map_label(
    *, label: str, agreement: Agreement, service: str, actor: Actor, viewer: Viewer, at: int
) -> None:
    """A label stands for a service from now on; again is the same as once. Raises Refusal for a
    service that no version of the agreement has: availability would count it for nothing.
    """
    if not label.strip() or len(label) > LABEL_CHARS:
        raise Refusal(
            "a label has 1 to %(most)s characters: take the monitor's own word",
            most=str(LABEL_CHARS),
        )
    with transaction.atomic():
        _refuse_unknown(agreement, service, viewer)
        watch_label(
            organisation=agreement.supplier_id,
            label=label,
            relation=agreement.relation_id,
            agreement=agreement.id,
            service=service,
            at=at,
        )
        note_in_audit(
            actor=actor,
            action="map_label",
            subject="agreement",
            subject_id=agreement.id,
            at=at,
            label=label,
            service=service,
        )


def _refuse_unknown(agreement: Agreement, service: str, viewer: Viewer) -> None:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    mine = [each.terms for each in signed if each.row.agreement_id == agreement.id]
    known = {name for terms in mine for name in terms.fields.values.get("service", ())}
    if service not in known:
        raise Refusal(
            "%(agreement)s has no service %(service)s: it has %(known)s",
            agreement=agreement.reference,
            service=service or "-",
            known=", ".join(sorted(known)) or "-",
        )


def unmap_label(*, label: str, actor: Actor, viewer: Viewer, at: int) -> int:
    """A label stands for nothing any more; for how many services it stood."""
    with transaction.atomic():
        ended = unwatch_label(organisation=actor.organisation, label=label, viewer=viewer, at=at)
        if ended:
            note_in_audit(actor=actor, action="unmap_label", subject="label", at=at, label=label)
    return ended
