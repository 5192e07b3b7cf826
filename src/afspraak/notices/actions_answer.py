"""The automatic answer to a mail of somebody we do not know: once a day for each address, whatever
comes.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.notices.actions import SEND, defer
from afspraak.notices.address import folded
from afspraak.notices.contact import draft_for_stranger
from afspraak.notices.models import Kind, Notice, NoticeState, Obligation
from afspraak.parties.models import Organisation
from afspraak.rights.viewer import SYSTEM

WINDOW: Final = timedelta(days=2)
"""Whoever decides looks back over this."""


def answer_stranger(*, supplier: Organisation, address: str, language: str, at: int) -> bool:
    """Owe an answer that says only that the mail came; False where one is owed for this day
    already. What decides is the unique key, so that two mails at once are answered once.
    """
    now = datetime_of(at)
    whose = sha256(folded(address).encode()).hexdigest()
    reason = Obligation(
        id=new_id(at),
        supplier=supplier,
        kind=Kind.RECEIPT,
        subject_key=f"stranger/{whose}/{now.date()}",
        for_at=now,
        owed_at=now,
        addressed_at=now,
    )
    Obligation.objects.bulk_create([reason], ignore_conflicts=True)
    if not Obligation.objects.seen_by(SYSTEM).filter(id=reason.id).exists():
        return False
    draft = draft_for_stranger(supplier, language)
    notice = Notice(
        id=new_id(at),
        supplier=supplier,
        obligation=reason,
        sender=supplier,
        address=address,
        language=language,
        title=draft.title,
        body=draft.body,
        state=NoticeState.OWED,
        made_at=now,
        dated_at=now,
        send_after=now,
    )
    Notice.objects.bulk_create([notice])
    defer(SEND)
    return True


def answered_at(*, supplier_id: UUID, address: str, at: int) -> list[datetime]:
    """When automatic answers were made for an address lately."""
    rows = Notice.objects.seen_by(SYSTEM).filter(
        sender_id=supplier_id,
        obligation__kind=Kind.RECEIPT,
        address__iexact=address,
        made_at__gt=datetime_of(at) - WINDOW,
    )
    return list(rows.values_list("made_at", flat=True))
