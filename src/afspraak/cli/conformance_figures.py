"""The asks that the conformance format lacks, in the same manner: rule, version, share, credit,
availability, due_date.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_credits import ask_credit
from afspraak.cli.conformance_dates import ask_due_date
from afspraak.cli.conformance_read import Table
from afspraak.cli.conformance_rules import ask_rule, ask_version
from afspraak.cli.conformance_shares import ask_share
from afspraak.cli.conformance_uptime import ask_availability

FIGURE_ASKS: Final[Mapping[str, Callable[[Table, Calendars], object]]] = MappingProxyType(
    {
        "rule": ask_rule,
        "version": ask_version,
        "share": ask_share,
        "credit": ask_credit,
        "availability": ask_availability,
        "due_date": ask_due_date,
    },
)
