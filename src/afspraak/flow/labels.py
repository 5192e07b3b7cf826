"""Which service of which agreement a monitor's label stands for."""

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.engine.time import Refusal
from afspraak.intake.actions import watch_label
from afspraak.rights.viewer import Viewer

LABEL_CHARS = 300


def map_label(*, label: str, agreement: Agreement, service: str, viewer: Viewer, at: int) -> None:
    """A label stands for a service from now on; again is the same as once. Raises Refusal for a
    service that no version of the agreement has: availability would count it for nothing.
    """
    if not label.strip() or len(label) > LABEL_CHARS:
        raise Refusal(f"a label has 1 to {LABEL_CHARS} characters: take the monitor's own word")
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    mine = [each.terms for each in signed if each.row.agreement_id == agreement.id]
    known = {name for terms in mine for name in terms.fields.values.get("service", ())}
    if service not in known:
        raise Refusal(
            f"{agreement.reference} has no service {service!r}: it has {', '.join(sorted(known))}"
        )
    watch_label(
        organisation=agreement.supplier_id,
        label=label,
        relation=agreement.relation_id,
        agreement=agreement.id,
        service=service,
        at=at,
    )
