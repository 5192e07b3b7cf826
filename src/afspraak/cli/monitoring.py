"""The doors of monitors' labels: which service of which customer each stands for."""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

from afspraak.cli.faults import fault
from afspraak.cli.mailing import now
from afspraak.cli.ready import make_ready


def map_label(label: str, customer: str, agreement: str, service: str) -> None:
    """A label stands for a service from now on. Raises UsersFault for one that no version has."""
    make_ready("system")
    from afspraak.agreements.models import Agreement
    from afspraak.cli.whose import relation
    from afspraak.flow.labels import map_label as store
    from afspraak.parties.actions import Actor
    from afspraak.rights.viewer import SYSTEM

    theirs = relation(customer)
    rows = Agreement.objects.seen_by(SYSTEM).filter(relation=theirs)
    found = rows.filter(reference=agreement).first()
    if found is None:
        known = ", ".join(rows.order_by("reference").values_list("reference", flat=True))
        raise fault(agreement, "there is no such agreement", f"{customer} has: {known or 'none'}")
    actor = Actor(found.supplier_id)
    store(label=label, agreement=found, service=service, actor=actor, viewer=SYSTEM, at=now())
    print(f"{label}: {service} of {found.reference}")


def unmap_label(label: str) -> None:
    """A label stands for nothing any more."""
    make_ready("system")
    from afspraak.cli.whose import supplier
    from afspraak.flow.labels import unmap_label as end
    from afspraak.parties.actions import Actor
    from afspraak.rights.viewer import SYSTEM

    ended = end(label=label, actor=Actor(supplier().id), viewer=SYSTEM, at=now())
    if not ended:
        raise fault(label, "it stands for nothing", "see `monitor list`")
    print(f"{label}: {ended} ended")


def list_labels() -> None:
    """A line for each service that a label stands for."""
    make_ready("system")
    from afspraak.cli.whose import supplier
    from afspraak.intake.models import Watched
    from afspraak.rights.viewer import SYSTEM

    rows = Watched.objects.seen_by(SYSTEM).filter(organisation=supplier(), ended_at=None)
    for each in rows.select_related("agreement__customer").order_by("label", "service"):
        print(
            f"{each.label}  {each.agreement.customer.name}  {each.agreement.reference}"
            f"  {each.service}"
        )
