"""The demonstration's agreement that waits for a signature: the supplier has signed on paper, and
it is the customer's turn.
"""

from uuid import UUID

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.models import AgreementVersion
from afspraak.cli.demo_people import STAFF
from afspraak.language.begin import with_values
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM


def offer_one(*, supplier: UUID, person: UUID, customer: str, at: int) -> None:
    """A second agreement with a customer, in the words of its first."""
    rows = AgreementVersion.objects.seen_by(SYSTEM).filter(supplier_id=supplier)
    stands = rows.filter(customer__name=customer).select_related("agreement").first()
    assert stands is not None, "the customer's first agreement was signed before this"
    reference = f"{stands.agreement.reference}-b"
    actor = Actor(supplier, person)
    version = flow.bring_in_version(
        relation=stands.relation_id,
        data=with_values(bytes(stands.document), {("id",): reference}),
        name="contract",
        actor=actor,
        viewer=SYSTEM,
        at=at,
    )
    signing = Signing(
        party="supplier",
        by_name=STAFF[0].name,
        sha256=version.sha256,
        signed_at=at,
        note="voorbeeld: getekend aan tafel, het origineel ligt op kantoor",
    )
    flow.sign_on_paper(
        version=version.id, signing=signing, scan=None, actor=actor, viewer=SYSTEM, at=at
    )
