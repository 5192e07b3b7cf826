"""Whom the demonstration serves: the made year's forty customers, or the one behind a real log."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Final

from afspraak.cli.demo_rows import Side
from afspraak.engine.time import datetime_of
from afspraak.language.begin import with_values
from afspraak.language.document import Document
from afspraak.language.freeze import freeze
from afspraak.language.nodes import Path
from afspraak.language.schema_promises import OpenTermClause
from afspraak.tickets.sample_contracts import contract_of, register_of
from afspraak.tickets.sample_customers import CUSTOMERS
from afspraak.tickets.sample_year import monthly_reports

QUIET: Final = "uitgeverij-de-zetlijn"
"""Who says less and less to the supplier, so that it is seen what is done about it."""
_LATER: Final = timedelta(weeks=41)
"""From the spring of the made year to just after its end."""
_YEARS: Final = timedelta(days=4 * 366)
_SOME_DATE: Final = rb"\d{4}-\d{2}-\d{2}"


def made_sides(seed: int, weeks: int) -> Iterator[Side]:
    """The made year's customers, each with its contract moved."""
    for customer in CUSTOMERS:
        data, document = contract_of(customer, seed, monthly_reports(customer), weeks)
        yield Side(
            name=customer.name,
            slug=customer.slug,
            register=register_of(customer),
            manager=customer.signer,
            contract=with_values(data, _still_measured(document)),
            log_name=customer.name,
            is_quiet=customer.slug == QUIET,
        )


def _still_measured(document: Document) -> dict[Path, str]:
    """The dates of a contract's first open term, so late that it is being measured when the year
    ends; those of the others have passed by then.
    """
    places = [place for place, each in enumerate(document.clauses) if each.type == "open_term"]
    if not places:
        return {}
    term = document.clauses[places[0]]
    assert isinstance(term, OpenTermClause)
    found: dict[Path, date] = {("fill_on",): term.fill_on}
    if term.trial is not None:
        found |= {("trial", "from"): term.trial.from_on, ("trial", "until"): term.trial.until_on}
    clause: Path = ("clauses", places[0])
    return {(*clause, *path): (on + _LATER).isoformat() for path, on in found.items()}


def side_of_log(first_at: int) -> Side:
    """The one customer of a log of which nothing else is known, from before its first report."""
    from_on = datetime_of(first_at).date() - timedelta(days=31)
    return Side(
        name="De klant uit het log",
        slug="log",
        register="",
        manager="Kim de Wit",
        contract=_contract(from_on),
        log_name="",
    )


def _contract(from_on: date) -> bytes:
    """The demonstration's silver contract over the dates of the log and some years beyond."""
    data = files("afspraak.cli").joinpath("demo_contracts", "zilver.yaml").read_bytes()
    until_on = from_on + _YEARS
    dates = {b"2027-01-01": from_on, b"2028-01-01": until_on - timedelta(days=366)}
    dates[b"2029-01-01"] = until_on

    def moved(found: re.Match[bytes]) -> bytes:
        return dates[found[0]].isoformat().encode()

    frozen, faults = freeze(re.sub(_SOME_DATE, moved, data), "zilver.yaml")
    assert frozen is not None, faults
    return frozen
