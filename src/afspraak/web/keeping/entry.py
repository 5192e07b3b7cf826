"""What the hub of an agreement lists of its life: name, address, a short line on how it stands."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, State
from afspraak.keeping.ending import standing_notice
from afspraak.keeping.load import entries_of, of_end
from afspraak.keeping.models import Subject
from afspraak.parties.identity import Identity


def entries(agreement: Agreement, identity: Identity) -> list[tuple[str, str, str]]:
    """(name, address, how it stands; empty where there is nothing to say)."""
    late = Duty.objects.seen_by(identity.viewer).filter(
        agreement=agreement, state=State.MISSED, satisfied_at=None
    )
    count = late.count()
    stands = ngettext("%(n)s date is late", "%(n)s dates are late", count) % {"n": count}
    rows = entries_of(agreement.pk, identity.viewer, Subject.NOTICE)
    noticed = standing_notice([of_end(each) for each in rows])
    named = (
        (_("Dates"), "keeping_dates", stands if count else ""),
        (_("Deliveries"), "keeping_deliveries", ""),
        (_("The people"), "keeping_team", ""),
        (_("Who owns what"), "keeping_assets", ""),
        (_("The end"), "keeping_ending", _("notice was given") if noticed else ""),
    )
    return [(name, reverse(url, args=[agreement.pk]), told) for name, url, told in named]
