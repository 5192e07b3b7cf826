"""What the hub of an agreement lists of its life: name, address, a short line on how it stands."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, State
from afspraak.keeping.ending import standing_notice
from afspraak.keeping.load import entries_of, of_end
from afspraak.keeping.models import Subject
from afspraak.parties.identity import Identity
from afspraak.web.addresses import address
from afspraak.web.keeping.seen import places_named


def entries(agreement: Agreement, identity: Identity) -> list[tuple[str, str, str]]:
    """(name, address, how it stands; empty where there is nothing to say)."""
    late = Duty.objects.seen_by(identity.viewer).filter(
        agreement=agreement, state=State.MISSED, satisfied_at=None
    )
    count = late.count()
    stands = ngettext("%(n)s date is late", "%(n)s dates are late", count) % {"n": count}
    rows = entries_of(agreement.pk, identity.viewer, Subject.NOTICE)
    noticed = standing_notice([of_end(each) for each in rows])
    told = {
        "keeping_dates": stands if count else "",
        "keeping_ending": _("notice was given") if noticed else "",
    }
    return [(name, address(url, agreement.pk), told.get(url, "")) for name, url in places_named()]
