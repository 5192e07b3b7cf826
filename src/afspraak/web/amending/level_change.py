"""A change of level within the term: what the catalogue's other levels would have given and cost on
the customer's own last year.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from afspraak.agreements.models import Catalogue as CatalogueRow
from afspraak.amending.levels import Held, Other, levels_of
from afspraak.engine.time import DAY, Refusal
from afspraak.language.catalogue import Catalogue, check_catalogue
from afspraak.language.text.lexicon import lexicon_of
from afspraak.reports.replay import Logged
from afspraak.reports.tables import Cell, Table, missed, table
from afspraak.web.amending.seen import Seen, once_in_a_while
from afspraak.web.refusing import refused
from afspraak.web.speaking import language

YEAR: Final = 365 * DAY


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One service at every level; or why there is nothing to compare."""

    services: tuple[tuple[str, str, bool], ...]
    """(key, name, whether it is shown)."""
    tickets: str
    table: Table | None
    why: str


def level_change(there: Seen, service: str) -> LevelChange:
    """Of the service that is asked for, else of the first that has a fee."""
    services = there.history.document.services
    chosen = service if service in services else next(iter(services), "")
    words = lexicon_of(there.history.document, language())
    named = tuple((key, words.services.show(key), key == chosen) for key in services)
    catalogue = once_in_a_while(("catalogue", *there.key), lambda: newest_catalogue(there))
    if catalogue is None or chosen not in catalogue.services:
        why = _("The catalogue of the supplier does not offer this service at other levels.")
        return LevelChange(named, "", None, why)
    logs = [each for each in there.history.logs if _is_of(there, each, chosen)]
    tickets = there.speaking.texts.number(len(logs))
    key = ("levels", *there.key, chosen)
    try:
        found = once_in_a_while(key, lambda: _levels(there, catalogue, chosen, logs))
    except Refusal as refusal:
        return LevelChange(named, tickets, None, refused(refusal))
    return LevelChange(named, tickets, _table(there, found), "")


def newest_catalogue(there: Seen) -> Catalogue | None:
    """What the supplier offers, in the same money."""
    rows = CatalogueRow.objects.seen_by(there.identity.viewer)
    row = rows.filter(organisation_id=there.agreement.supplier_id).order_by("-recorded_at").first()
    if row is None:
        return None
    catalogue, _faults = check_catalogue(bytes(row.document), "catalogue")
    is_same = catalogue is not None and catalogue.currency == there.history.document.currency
    return catalogue if is_same else None


def _is_of(there: Seen, logged: Logged, service: str) -> bool:
    """Whether a report of the last year is of a service."""
    since = there.history.as_of - YEAR
    first = next((each for each in logged.facts if each.code == "reported"), None)
    return (
        first is not None and first.fields.get("service") == service and first.happened_at >= since
    )


def _levels(there: Seen, catalogue: Catalogue, key: str, logs: list[Logged]) -> list[Other]:
    history = there.history
    service = history.document.services[key]
    fee = history.signed.terms.monthly_fees.get(key)
    held = Held(key, service.level, service.units, fee or Decimal(0))
    return levels_of(
        logs, history.contract, catalogue, held, span=history.span, as_of=history.as_of
    )


def _table(there: Seen, found: list[Other]) -> Table:
    texts, currency = there.speaking.texts, there.history.document.currency
    rows = [
        [
            Cell(
                texts.word("level", each.level),
                "head",
                _("what you have now") if each.is_held else "",
            ),
            Cell(texts.money(each.fee, currency), "num"),
            Cell(texts.number(each.came.tally.cases), "num"),
            missed(texts, each.came.tally.missed),
            Cell(texts.money(each.came.credits, currency), "num"),
        ]
        for each in found
    ]
    head = [_("Level"), _("Fee a year"), _("Promises due"), _("Missed"), _("Credits")]
    return table(_("Your own last year at each level"), head, rows)
