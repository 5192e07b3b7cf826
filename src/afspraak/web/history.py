"""Every fact of a ticket (`/t/<number>/feiten/`), with both its times and its place in the log."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.engine.facts import AUTHORS, CUSTOMER, SUPPLIER
from afspraak.engine.time import instant_of
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact
from afspraak.web.acts import id_of
from afspraak.web.ticket import Shown, shown_of
from afspraak.web.timeline import changes_in_words, what_of, words_of
from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """A fact as it was kept: when it happened, when it was written down, by whom, and where."""

    place: int
    happened: str
    recorded: str
    logged: str
    what: str
    who: str
    recorded_by: str
    words: str
    notes: tuple[str, ...]


@require_safe
@stated(Right.READ_TICKETS)
def history(request: Visit, number: str) -> HttpResponse:
    """The page."""
    shown = shown_of(request, number)
    told = {
        "ticket": shown.ticket,
        "lines": [_line(row, shown) for row in shown.stands.rows],
        "zone": shown.speaking.zone,
        "now": shown.speaking.now(),
    }
    return render(request, "desk/history.html", told)


def _line(row: Fact, shown: Shown) -> Line:
    texts = shown.speaking.texts
    parties = {SUPPLIER: shown.ticket.supplier.name, CUSTOMER: shown.ticket.customer.name}
    by = row.by or AUTHORS.get(row.code, "")
    happened, recorded = instant_of(row.happened_at), instant_of(row.recorded_at)
    logged = instant_of(row.logged_at)
    return Line(
        place=row.seq,
        happened=texts.full(happened),
        recorded=texts.full(recorded),
        logged="" if texts.full(logged) == texts.full(recorded) else texts.full(logged),
        what=what_of(row, shown.speaking),
        who=row.person.name if row.person else parties.get(by, texts.word("party", by)),
        recorded_by=parties.get(row.recorded_by, row.recorded_by),
        words=words_of(row),
        notes=tuple(_notes(row, shown)),
    )


def _notes(row: Fact, shown: Shown) -> Iterator[str]:
    """What it names, what it changes, what it waits for."""
    named = row.data.get("of")
    other = next((each for each in shown.stands.rows if named and id_of(each) == named), None)
    if other is not None:
        yield _("about no. %(place)s") % {"place": other.seq}
    if changes := row.data.get("set"):
        yield changes_in_words(changes, shown.speaking)
    if row.seq in shown.stands.settled.waiting:
        yield _("waits for the other side's word")
    if row.is_imported:
        yield _("Brought in from another system.")
