"""What would be promised: the verdict line before a ticket exists. Nothing is stored."""

from uuid import UUID

from afspraak.clocks.judge import judge
from afspraak.clocks.load import grounds_known
from afspraak.clocks.verdict import Verdict, verdict_of
from afspraak.engine.facts import Fact
from afspraak.flow.impacts import with_priority
from afspraak.ledger.actions import NoSuchLog
from afspraak.parties.models import Relation
from afspraak.rights.viewer import Viewer


def would_promise(
    *,
    supplier: UUID,
    customer: UUID,
    service: str,
    impact: str,
    kind: str = "",
    site: str | None = None,
    viewer: Viewer,
    at: int,
) -> Verdict:
    """The verdict on a report made at `at`. Raises Refusal for an impact that the contract does not
    know, NoSuchLog for organisations without a relation that the viewer sees.
    """
    relation = (
        Relation.objects.seen_by(viewer).filter(supplier_id=supplier, customer_id=customer).first()
    )
    if relation is None:
        raise NoSuchLog("there is no relation between these two")
    ground = grounds_known({relation.id: supplier}, viewer)[relation.id]
    stated = {"service": service, "impact": impact, "kind": kind, "site": site or ""}
    fields = with_priority({k: v for k, v in stated.items() if v}, ground, at, at)
    report = Fact("reported", at, at, 0, fields=fields)
    return verdict_of(judge([report], ground, at))
