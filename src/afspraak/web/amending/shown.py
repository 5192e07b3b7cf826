"""Effects of a text in words and figures: one table for whoever tries a text on the past."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from afspraak.amending.effects import Came, Effects
from afspraak.reports.tables import Cell, Table, missed, table
from afspraak.reports.texts import Texts


@dataclass(frozen=True, slots=True)
class EffectsShown:
    """What it came to: in one line, and month by month; what could not be judged, if anything."""

    line: str
    table: Table | None
    unjudged: str


def effects_shown(effects: Effects, texts: Texts, caption: str) -> EffectsShown:
    """Misses and credits under today's text and under the other."""
    return EffectsShown(
        _line(effects, texts),
        _table(effects, texts, caption) if effects.months else None,
        _unjudged(effects, texts),
    )


def _line(effects: Effects, texts: Texts) -> str:
    if not effects.months:
        return _("Nothing fell due in that time.")
    today, then = effects.today, effects.then
    slots = {
        "missed": texts.number(then.tally.missed),
        "cases": texts.number(then.tally.cases),
        "credits": texts.money(then.credits, effects.currency),
        "was_missed": texts.number(today.tally.missed),
        "was_cases": texts.number(today.tally.cases),
        "was_credits": texts.money(today.credits, effects.currency),
    }
    return (
        _(
            "With this text %(missed)s of %(cases)s promises would have been missed, and"
            " %(credits)s owed in credits; with the text of today it is %(was_missed)s of"
            " %(was_cases)s, and %(was_credits)s."
        )
        % slots
    )


def _table(effects: Effects, texts: Texts, caption: str) -> Table:
    rows = [
        _row(texts.month(each.on, year=True), each.today, each.then, effects.currency, texts)
        for each in effects.months
    ]
    rows.append(_row(_("Together"), effects.today, effects.then, effects.currency, texts))
    head = [
        _("Month"),
        _("Due, text of today"),
        _("Missed"),
        _("Credits"),
        _("Due, this text"),
        _("Missed"),
        _("Credits"),
    ]
    return table(caption, head, rows, total=True)


def _row(name: str, today: Came, then: Came, currency: str, texts: Texts) -> list[Cell]:
    cells = [Cell(name, "head")]
    for came in (today, then):
        cells.append(Cell(texts.number(came.tally.cases), "num"))
        cells.append(missed(texts, came.tally.missed))
        cells.append(Cell(texts.money(came.credits, currency) if came.credits else "–", "num"))  # noqa: RUF001
    return cells


def _unjudged(effects: Effects, texts: Texts) -> str:
    one, other = effects.unjudged
    if not one and not other:
        return ""
    return _(
        "Without an answer: %(one)s times under the text of today, %(other)s times under this one."
    ) % {"one": texts.number(one), "other": texts.number(other)}
