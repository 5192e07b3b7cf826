"""Who the command line means, and in whose name it acts: a supplier, one of its customers."""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

import os
from typing import TYPE_CHECKING

from afspraak.cli.faults import fault

if TYPE_CHECKING:
    from afspraak.parties.models import Organisation, Relation


def supplier() -> "Organisation":
    """The supplier whose desk this installation is. Raises HostFault."""
    from afspraak.mail.take import supplier_of
    from afspraak.parties.models import Organisation
    from afspraak.rights.viewer import SYSTEM

    return Organisation.objects.seen_by(SYSTEM).get(id=supplier_of(os.environ))


def organisation(named: str) -> "Organisation":
    """An organisation by its register or its name. Raises UsersFault for none, or several."""
    from django.db.models import Q

    from afspraak.parties.models import Organisation
    from afspraak.rights.viewer import SYSTEM

    rows = Organisation.objects.seen_by(SYSTEM)
    found = list(rows.filter(Q(register=named) | Q(name=named)).order_by("id")[:2]) if named else []
    if len(found) != 1:
        what = (
            "several organisations are called this" if found else "no organisation is called this"
        )
        raise fault(named, what, "give its register, as kvk:12345678, or its whole name")
    return found[0]


def relation(customer: str) -> "Relation":
    """The supplier's relation with a customer. Raises UsersFault."""
    from afspraak.parties.models import Relation
    from afspraak.rights.viewer import SYSTEM

    ours, theirs = supplier(), organisation(customer)
    found = Relation.objects.seen_by(SYSTEM).filter(supplier=ours, customer=theirs).first()
    if found is None:
        raise fault(customer, f"it is no customer of {ours.name}", "open a relation first")
    return found
