"""What every term in the text means, with one example each that the running rule computed.

The words stand in `texts/<lang>/definitions.yaml`; a term is defined if the contract uses it, which
is when its example finds something to show.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, cast

from afspraak.engine.time import Refusal
from afspraak.language.document import Document
from afspraak.language.text import (
    examples_clocks,
    examples_dates,
    examples_figures,
    examples_reports,
)
from afspraak.language.text.frame import page_words
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.stage import Stage
from afspraak.language.text.tree import Aside, Block, Heading, Lines, capital, ours
from afspraak.language.text.words import fill, texts_of

Example = Callable[[Stage], Mapping[str, str] | None]

EXAMPLES: Final[Mapping[str, Example]] = {
    "ticket": examples_reports.ticket,
    "priority": examples_reports.priority,
    "reclassified": examples_reports.reclassified,
    "service_time": examples_clocks.service_time,
    "clock_time": examples_clocks.clock_time,
    "working_day": examples_clocks.working_day,
    "first_response": partial(examples_clocks.measure, name="first_response"),
    "next_response": partial(examples_clocks.measure, name="next_response"),
    "diagnosis": partial(examples_clocks.measure, name="diagnosis"),
    "resolution": partial(examples_clocks.measure, name="resolution"),
    "expectation": partial(examples_clocks.measure, name="expectation"),
    "answer": partial(examples_clocks.measure, name="answer"),
    "pause": examples_clocks.pause,
    "third_party": examples_reports.third_party,
    "acceptance": examples_clocks.acceptance,
    "best_effort": examples_reports.best_effort,
    "open_term": examples_clocks.open_term,
    "trial": examples_clocks.trial,
    "share": examples_figures.share,
    "availability": examples_figures.availability,
    "maintenance": examples_dates.maintenance,
    "credit": partial(examples_figures.consequence, kind="credit"),
    "downtime": examples_figures.downtime,
    "bonus": partial(examples_figures.consequence, kind="bonus"),
    "penalty": partial(examples_figures.consequence, kind="penalty"),
    "cap": examples_figures.cap,
    "relief": examples_clocks.relief,
    "recurring": examples_dates.recurring,
    "delivery": examples_dates.delivery,
    "due_date": examples_dates.due_date,
    "guarantee": examples_dates.guarantee,
    "renewal": examples_dates.renewal,
    "payment": examples_dates.payment,
    "prepaid": examples_figures.prepaid,
    "ceiling": examples_figures.ceiling,
    "indexation": examples_figures.indexation,
    "leaving": examples_dates.leaving,
}
"""Each term that can be defined, in the order of the text."""


def definitions(document: Document, lexicon: Lexicon) -> list[Block]:
    """The terms that the contract uses: what they mean, and an example."""
    texts = cast("Mapping[str, Mapping[str, str]]", texts_of(lexicon.lang, "definitions"))
    stage = Stage(document, lexicon)
    heading = Heading(2, ours(page_words(lexicon)["definitions"]), anchor="definitions")
    return [heading, *_definitions(stage, texts, page_words(lexicon)["example"])]


def _definitions(
    stage: Stage, texts: Mapping[str, Mapping[str, str]], label: str
) -> Iterator[Block]:
    for name, example in EXAMPLES.items():
        slots = _shown(example, stage)
        if slots is None:
            continue
        yield Heading(3, ours(texts[name]["term"]), anchor=f"word-{name}")
        yield Lines((ours(texts[name]["means"]),))
        yield Aside(label, (capital(ours(fill(texts[name]["example"], **slots))),), "example")


def _shown(example: Example, stage: Stage) -> Mapping[str, str] | None:
    """The example's values; none where the calendars don't reach far enough to play it (T8)."""
    try:
        return example(stage)
    except Refusal:
        return None
