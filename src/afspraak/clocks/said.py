"""Rows -> what was told of an agreement's services: outages and maintenance (A4)."""

from uuid import UUID

from afspraak.clocks.uptime import Said
from afspraak.engine.time import instant_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import SERVICE_CODES
from afspraak.tickets.stored import facts_of_agreements


def services_said(agreement: UUID, viewer: Viewer) -> list[Said]:
    """What was told of an agreement's services."""
    return [
        Said(
            code=fact.code,
            service=fact.data.get("more", {}).get("service", ""),
            happened_at=instant_of(fact.happened_at),
            recorded_at=instant_of(fact.recorded_at),
            position=fact.seq,
            id=fact.data.get("id") or str(fact.id),
            of=fact.data.get("of", ""),
            more=fact.data.get("more", {}),
        )
        for fact in facts_of_agreements([agreement], sorted(SERVICE_CODES), viewer)
    ]
