"""Rows of standings as lines: the one place where pages beside the queue ask for them."""

from django.db.models import QuerySet

from afspraak.clocks.models import Standing
from afspraak.rights.viewer import Viewer
from afspraak.web.rows import TicketRow, rows_of
from afspraak.web.speaking import Speaking


def shown_lines(rows: QuerySet[Standing], viewer: Viewer, speaking: Speaking) -> list[TicketRow]:
    """In their order."""
    return rows_of(list(rows), viewer, speaking)
