"""The living style page (`/stijl/`): every component as it is, with words that were made up, in the
reader's language.
"""

from fractions import Fraction
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import HOUR, ServiceTime
from afspraak.parties.stated import SIGNED_IN, stated
from afspraak.reports.bars import Piece, bar
from afspraak.reports.speech import capital, measure
from afspraak.reports.tables import Cell, Table, table
from afspraak.reports.texts import Texts
from afspraak.web.at_risk import Rate
from afspraak.web.clock_shown import ClockShown
from afspraak.web.own import speaking_to
from afspraak.web.rows import Badge
from afspraak.web.saying import Line, Sentence
from afspraak.web.setup import DONE, OPEN, WAITING, Stands, Step
from afspraak.web.speaking import Speaking
from afspraak.web.timeline import Event
from afspraak.web.visit import Visit, known
from afspraak.web.week import LEVELS

CALLER: Final = "S. de Wit"
AGENT: Final = "Noor"
HOUR_BY_HOUR: Final = ("09:00 - 10:00 1:00", "10:00 - 11:00 1:00", "11:00 - 12:00 1:00")


@require_safe
@stated(SIGNED_IN)
def style(request: Visit) -> HttpResponse:
    """All of them on one page."""
    speaking = speaking_to(known(request), request.at)
    texts = speaking.texts
    told = {
        "badges": badges(),
        "levels": [(each, texts.word("level", each)) for each in LEVELS],
        "verdicts": verdicts(speaking),
        "clocks": clocks(speaking),
        "events": events(texts),
        "attached": [{"name": "0x80072746.txt", "url": "#", "size": "2 kB", "who": CALLER}],
        "rates": [
            Rate(texts.share(Fraction(5308, 5630)), texts.number(5308), texts.number(5630)),
            Rate("", "8", "12"),
        ],
        "quarter": texts.say("form", "quarter", n="4", year="2026"),
        "table": figures(texts),
        "solving": solving(texts),
        "services": [_("E-mail"), _("Till")],
        "steps": steps(),
        "tickets": "",
        "ours": _("with us"),
        "theirs": _("with the customer"),
    }
    return render(request, "desk/style.html", told)


def answering(texts: Texts) -> str:
    """What the promise of a first response is called."""
    return measure(texts, SUPPLIER, "first_response")


def solving(texts: Texts) -> str:
    """What the promise of a solution is called."""
    return measure(texts, SUPPLIER, "resolution")


def clause(texts: Texts, number: str) -> str:
    """`Clause 3.4`."""
    return capital(texts.say("form", "clause", number=number))


def within(speaking: Speaking, hours: int) -> str:
    """`within 4 hours`."""
    return _("within %(target)s") % {"target": speaking.long(ServiceTime(hours * HOUR))}


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


def verdicts(speaking: Speaking) -> list[Sentence]:
    """Every tone."""
    texts, at, left = speaking.texts, {"at": "14:14"}, {"left": "2:10"}
    told = {"promise": solving(texts), "target": speaking.long(ServiceTime(4 * HOUR)), **at}
    line = Line(_("%(promise)s: within %(target)s, before %(at)s") % told, clause(texts, "3.4"))
    about = " · ".join((capital(texts.word("level", "gold")), _("E-mail"), "P1"))
    return [
        Sentence("now", "late", _("Drop everything: solved before %(at)s") % at, about, (line,)),
        Sentence("soon", "running", _("Answer first: before %(at)s") % at, about, (line,)),
        Sentence("plan", "running", _("Plan it: solved before %(at)s") % at, about, (line,)),
        Sentence("frozen", "frozen", _("Frozen: %(left)s left once there is an answer") % left),
        Sentence("none", "none", _("Not covered")),
        Sentence("kept", "kept", _("Solved"), about),
    ]


def clocks(speaking: Speaking) -> list[ClockShown]:
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
    found, texts = badges(), speaking.texts
    told = f"{HOUR_BY_HOUR[0]}. {clause(texts, '3.4')}."
    signed = (f"3.4 {solving(texts)}",)
    return [
        ClockShown(answering(texts), within(speaking, 2), found[4], kept, told),
        ClockShown(
            solving(texts), within(speaking, 3), found[0], late, told,
            why=HOUR_BY_HOUR, signed=signed,
        ),
        ClockShown(solving(texts), within(speaking, 8), found[3], third, told),
    ]  # fmt: skip


def figures(texts: Texts) -> Table:
    """Counts with the way to what is behind them."""
    rows = [
        [
            Cell(answering(texts), "head"),
            Cell("261", "num", link="/"),
            Cell("▲ 21", "late", link="/"),
        ],
        [Cell(solving(texts), "head"), Cell("256", "num", "", "/"), Cell("0", "num")],
    ]
    return table(_("Figures"), [_("Promise"), _("kept"), _("missed")], rows)


def steps() -> list[Step]:
    """Done, waiting for others, next, later."""
    others = ngettext("%(n)s colleague", "%(n)s colleagues", 2) % {"n": 2}
    waits = _("%s waits for its signatures or its first day") % "nl-2027-0001"
    mail = _("Reports come in by mail, and answers find their ticket.")
    rings = _("As if the phone rang: the verdict stands there before anything is saved.")
    missing = _("See what is missing")
    return [
        Step("a", _("A colleague"), "", Stands(DONE, others), "", "/"),
        Step("b", _("Its agreement"), "", Stands(WAITING, waits), "", ""),
        Step("c", _("Mail"), mail, Stands(OPEN), missing, "/", is_next=True),
        Step("d", _("Try a report"), rings, Stands(OPEN), _("To the desk"), "/"),
    ]


def events(texts: Texts) -> list[Event]:
    """Both sides, and a note of one's own."""
    reported, answered = (texts.word("fact", each) for each in ("reported", "supplier_contact"))
    seen = _("Seen before at another customer.")
    return [
        Event(
            "08:34", "", reported, CALLER, _("The VPN refuses since this morning."), "by-customer"
        ),
        Event("08:38", "", answered, AGENT, _("I am looking with you from here.")),
        Event("08:41", "", _("Internal note"), AGENT, seen, "inside"),
    ]
