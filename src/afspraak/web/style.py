"""The living style page (`/stijl/`): every component as it is, with words that were made up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.engine.time import HOUR
from afspraak.parties.stated import SIGNED_IN, stated
from afspraak.reports.bars import Piece, bar
from afspraak.reports.tables import Cell, Table, table
from afspraak.web.at_risk import Rate
from afspraak.web.clock_shown import ClockShown
from afspraak.web.own import speaking_to
from afspraak.web.rows import Badge
from afspraak.web.saying import Line, Sentence
from afspraak.web.setup import DONE, OPEN, WAITING, Stands, Step
from afspraak.web.timeline import Event
from afspraak.web.visit import Visit, known
from afspraak.web.week import LEVELS


@require_safe
@stated(SIGNED_IN)
def style(request: Visit) -> HttpResponse:
    """All of them on one page."""
    texts = speaking_to(known(request), request.at).texts
    told = {
        "badges": badges(),
        "levels": [(each, texts.word("level", each)) for each in LEVELS],
        "verdicts": verdicts(),
        "clocks": clocks(),
        "events": events(),
        "attached": [{"name": "foutmelding.txt", "url": "#", "size": "2 kB", "who": "S. de Wit"}],
        "rates": [Rate("94,2 %", "5.308", "5.630"), Rate("", "8", "12")],
        "quarter": "4e kwartaal",
        "table": figures(),
        "steps": steps(),
        "tickets": "",
        "ours": _("with us"),
        "theirs": _("with the customer"),
    }
    return render(request, "desk/style.html", told)


def badges() -> list[Badge]:
    """Every state."""
    return [
        Badge("late", "late", _("%(time)s too late") % {"time": "0:25"}),
        Badge("soon", "running", _("%(time)s left") % {"time": "0:41"}),
        Badge("running", "running", _("%(time)s left") % {"time": "3:20"}),
        Badge("frozen", "frozen", _("frozen")),
        Badge("kept", "kept", _("kept")),
        Badge("none", "none", _("not covered")),
    ]


def verdicts() -> list[Sentence]:
    """Every tone."""
    lines = (Line("Oplossing: binnen 4 uur, vóór 14:14", "Clausule 3.4"),)
    about = "Goud · E-mail · P1"
    at, left = {"at": "14:14"}, {"left": "2:10"}
    return [
        Sentence("now", "late", _("Drop everything: solved before %(at)s") % at, about, lines),
        Sentence("soon", "running", _("Answer first: before %(at)s") % at, about, lines),
        Sentence("plan", "running", _("Plan it: solved before %(at)s") % at, about, lines),
        Sentence("frozen", "frozen", _("Frozen: %(left)s left once there is an answer") % left),
        Sentence("none", "none", _("Not covered")),
        Sentence("kept", "kept", _("Solved"), about),
    ]


def clocks() -> list[ClockShown]:
    """A clock that was kept, one that is late after a question, one with a third party."""
    kept = bar([Piece("supplier", HOUR)], "1:00", promisor="supplier", whole=4 * HOUR)
    late = bar(
        [Piece("supplier", HOUR), Piece("customer", HOUR), Piece("late", HOUR)],
        "1:00, 1:00, 1:00",
        promisor="supplier",
    )
    third = bar(
        [Piece("supplier", HOUR), Piece("third_party", 2 * HOUR), Piece("acceptance", HOUR)],
        "1:00, 2:00, 1:00",
        promisor="supplier",
        whole=8 * HOUR,
    )
    found = badges()
    return [
        ClockShown("Eerste reactie", "2 uur", found[4], kept, "09:00 - 10:00 1:00. Clausule 3.1."),
        ClockShown(
            "Oplossing",
            "3 uur",
            found[0],
            late,
            "09:00 - 10:00 1:00. Clausule 3.4.",
            why=("09:00 - 10:00 1:00", "10:00 - 11:00 1:00", "11:00 - 12:00 1:00"),
            signed=("3.4 Oplossing",),
        ),
        ClockShown("Oplossing", "8 uur", found[3], third, "09:00 - 10:00 1:00. Clausule 3.4."),
    ]


def figures() -> Table:
    """Counts with the way to what is behind them."""
    rows = [
        [
            Cell("Eerste reactie", "head"),
            Cell("261", "num", link="/"),
            Cell("▲ 21", "late", link="/"),
        ],
        [Cell("Oplossing", "head"), Cell("256", "num", "", "/"), Cell("0", "num")],
    ]
    return table(_("Figures"), [_("Promise"), _("kept"), _("missed")], rows)


def steps() -> list[Step]:
    """Done, waiting for others, next, later."""
    return [
        Step("a", "Een collega", "", Stands(DONE, "2 collega's"), "", "/"),
        Step("b", "De overeenkomst", "", Stands(WAITING, "wacht op handtekeningen"), "", ""),
        Step("c", "Mail", "Meldingen komen per mail.", Stands(OPEN), "Bekijken", "/", is_next=True),
        Step("d", "Een melding", "Alsof de telefoon gaat.", Stands(OPEN), "Naar de balie", "/"),
    ]


def events() -> list[Event]:
    """Both sides, and a note of one's own."""
    return [
        Event("08:34", "", "Gemeld", "S. de Wit", "De VPN weigert.", "by-customer"),
        Event("08:38", "", "Reactie", "Noor", "Ik kijk mee op afstand."),
        Event("08:41", "", "Notitie", "Noor", "Eerder gezien bij de notaris.", "inside"),
    ]
