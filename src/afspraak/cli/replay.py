"""`afspraak replay`: a log under a contract, told in lines, as JSON and as a page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from afspraak.cli.faults import fault
from afspraak.cli.reading import FactsFolder, assumed, contracts_at, facts_at, moment, progress
from afspraak.engine.figures import Tally
from afspraak.reports.as_json import as_json
from afspraak.reports.compare import Comparison, compare
from afspraak.reports.contracts import Contract
from afspraak.reports.groups import groups_of
from afspraak.reports.replay import Logged, Replay, replay
from afspraak.reports.speech import measure
from afspraak.reports.tables import missed, share
from afspraak.reports.texts import Language, Texts
from afspraak.reports.view_promises import headline, key_figures

Engine = Literal["scalar", "columns", "dask"]
"""Which form of the law replays: the scalar one, ticket by ticket, or columns, which count."""

_EVERY: Final = 250


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: paths, and texts that are still to be read. `workers`: processes (0: one for
    each processor); `scheduler`: the address of a cluster (empty: this machine).
    """

    contract: Path
    facts: Path
    as_of: str | None = None
    against: Path | None = None
    strict: bool = False
    signed_at: str | None = None
    assume: tuple[str, ...] = ()
    json: Path | None = None
    html: Path | None = None
    language: Language = "nl"
    engine: Engine = "scalar"
    workers: int = 0
    scheduler: str = ""


def run(wish: Wish) -> Replay:
    """Replays, writes what was asked for, and prints the figures."""
    if wish.workers or wish.scheduler:
        raise fault("--engine scalar", "it runs in one process", "name --engine columns or dask")
    signed_at = moment(wish.signed_at)
    contracts = contracts_at(wish.contract, signed_at)
    against = contracts_at(wish.against, signed_at) if wish.against else []
    folder = facts_at(wish.facts)
    found, comparison = replayed(wish, folder, contracts, against)
    write(wish, folder, found, comparison)
    for line in told(wish, found, comparison):
        print(line)
    return found


def replayed(
    wish: Wish, folder: FactsFolder, contracts: list[Contract], against: list[Contract]
) -> tuple[Replay, Comparison | None]:
    """The replay, and against the other contracts if there are any; with a bar while it runs."""
    as_of = moment(wish.as_of)
    with progress("replay") as tell:
        found, other = replay(
            contracts,
            _counted(folder, tell),
            span=folder.span,
            as_of=as_of,
            strict=wish.strict,
            assumed=assumed(wish.assume),
            against=against,
            log=folder.services(folder.span[1] if as_of is None else as_of),
        )
    return found, compare(found, other) if other is not None else None


def _counted(folder: FactsFolder, tell: Callable[[int, int], None]) -> Iterator[Logged]:
    for place, each in enumerate(folder.tickets()):
        if place % _EVERY == 0:
            tell(place, folder.manifest.tickets)
        yield each


def write(wish: Wish, folder: FactsFolder, found: Replay, comparison: Comparison | None) -> None:
    """The JSON and the page, where they were asked for."""
    if wish.json is not None:
        told = as_json(found, folder.provenance, comparison)
        put(wish.json, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if wish.html is not None:
        from afspraak.reports.page_of import page  # noqa: PLC0415 - the plots take a second to read

        with progress("html"):
            put(
                wish.html,
                page(found, folder.provenance, language=wish.language, comparison=comparison),
            )


def put(path: Path, text: str) -> None:
    """Writes a text, and the folders on the way to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def told(wish: Wish, found: Replay, comparison: Comparison | None) -> Iterator[str]:
    """The figures for a person: the sentence, what it is, a line for each, what was written."""
    texts = Texts(wish.language, found.zone)
    groups = groups_of(found.contracts, texts)
    yield headline(texts, found, groups)
    yield texts.say("page", "strict_label" if found.strict else "whatif_label")
    for each in key_figures(texts, found, groups):
        yield f"  {each.label}: {each.figure} ({each.note})"
    if comparison is not None:
        yield from _against(texts, comparison)
    for path in (wish.json, wish.html):
        if path is not None:
            yield str(path)


def _against(texts: Texts, comparison: Comparison) -> Iterator[str]:
    name = comparison.other.contracts[0].name
    yield texts.say("against", "title", name=name)
    for each in comparison.differences:
        if not each.customer:
            title = measure(texts, each.promisor, each.measure)
            sides = (_side(texts, each.this), _side(texts, each.other))
            yield f"  {title}: {sides[0]} -> {sides[1]}"
    total = comparison.credits[0]
    currency = comparison.this.contracts[0].terms.currency
    money = (texts.money(amount, currency) for amount in (total.this, total.other))
    yield f"  {texts.say('against', 'credits')}: {' -> '.join(money)}"


def _side(texts: Texts, counted: Tally | None) -> str:
    if counted is None:
        return texts.say("against", "absent")
    return f"{share(texts, counted).text}, {missed(texts, counted.missed).text}"
