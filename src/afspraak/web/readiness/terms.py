"""The supplier's general terms beside the clauses (`.../readiness/terms/`): which of them wins."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraak.engine.time import Refusal
from afspraak.flow.readiness import bring_in_terms, weigh_terms
from afspraak.host.files import keep_file
from afspraak.intake.kinds import kind_of
from afspraak.intake.papers import read_paper
from afspraak.language.text.words import LANGS, Lang
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.readiness.actions import TermsRead
from afspraak.readiness.actions import Weighed as Proposed
from afspraak.readiness.answering import Found, Quoting, quoting_of
from afspraak.readiness.load import Readiness, Weighed, readiness_of
from afspraak.readiness.models import GeneralTerms, Weighing
from afspraak.readiness.passages import Passage, passages_of
from afspraak.readiness.words import say
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.kept import read_handed, to_keep
from afspraak.web.readiness.asked import Asked, asked_of
from afspraak.web.readiness.shown import MOST_QUOTED, Quoted, clauses_shown
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known

ENDS: Final = (".pdf", ".docx")
MOST_PAGES: Final = 9_999


@dataclass(frozen=True, slots=True)
class PassageShown:
    """A passage beside the clauses that it touches, and how it was weighed. `accepts`: the
    proposal that one's own side can accept.
    """

    terms: UUID
    page: int
    text: str
    subject: str
    quotes: tuple[Quoted, ...]
    clause: str
    badge: Badge | None
    wins: str
    words: str
    pk: UUID | None
    accepts: UUID | None


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def terms(request: Visit, agreement: UUID | None = None, draft: UUID | None = None) -> HttpResponse:
    """The page; posted, general terms that are handed in."""
    asked = asked_of(request, agreement, draft)
    if request.method != "POST":
        return _page(request, asked)
    try:
        read = _handed_in(request)
        bring_in_terms(subject=asked.subject, read=read, actor=known(request).actor, at=request.at)
    except Refusal as refusal:
        return _page(request, asked, refused(refusal))
    messages.success(request, _("Saved."))
    return asked.back(end="_terms")


def _handed_in(request: Visit) -> TermsRead:
    """What was chosen: kept as it is, and read in a limited child."""
    name, content = read_handed(request.FILES.get("file"))
    if not name.casefold().endswith(ENDS):
        raise Refusal(_("General terms are read from a PDF or a DOCX: send one of these."))
    kind_of(name, content)
    paper = read_paper(content)
    return TermsRead(
        name=name,
        sha256=keep_file(content),
        language=one_of(request.POST, "language", LANGS) or "nl",
        pages=paper.pages,
        reader=paper.reader,
        dated_on=_date(text_of(request.POST, "dated_on", 10)),
    )


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(_("That is no date: write it as 2027-03-31.")) from None


@require_POST
@stated(Right.NEGOTIATE)
def weigh(request: Visit, agreement: UUID | None = None, draft: UUID | None = None) -> HttpResponse:
    """Propose which of two texts wins."""
    asked, identity, told = asked_of(request, agreement, draft), known(request), request.POST
    rows = GeneralTerms.objects.seen_by(identity.viewer).filter(asked.subject.said())
    sought = uuid_of(told, "terms")
    row = rows.filter(pk=sought).first() if sought else None
    if row is None:
        raise Http404
    wins = one_of(told, "wins", Weighing.Wins.values)
    if not wins:
        return _page(request, asked, _("Which of the two holds? Choose one."))
    clause = text_of(told, "clause", 80)
    known_clauses = dict(clauses_shown(asked.subject.document(), language()))
    if clause and clause not in known_clauses:
        return _page(request, asked, _("The text has no such clause: choose one that it has."))
    page = text_of(told, "page", 4)
    weighed = Proposed(
        terms=row,
        page=min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() else 1,
        passage=" ".join(text_of(told, "passage", 1200).split()),
        clause=clause,
        wins=Weighing.Wins(wins),
        words=text_of(told, "words", 1000),
    )
    try:
        made = weigh_terms(
            subject=asked.subject, weighed=weighed, actor=identity.actor, at=request.at
        )
    except Refusal as refusal:
        return _page(request, asked, refused(refusal))
    messages.success(request, _("Proposed. It holds once the other side accepts it."))
    return asked.back(f"w-{made.pk}", "_terms")


@require_safe
@stated(Right.NEGOTIATE)
def file(request: Visit, terms: UUID) -> HttpResponse:
    """The bytes that were handed in, as something to keep."""
    row = GeneralTerms.objects.seen_by(known(request).viewer).filter(pk=terms).first()
    if row is None:
        raise Http404
    return to_keep(row.sha256, row.name)


# The page -----------------------------------------------------------------------------------------


def _page(request: Visit, asked: Asked, fault: str = "") -> HttpResponse:
    found, lang = readiness_of(asked.subject, known(request).viewer), language()
    told = {
        "asked": asked,
        "back_url": asked.url(),
        "weigh_url": asked.url("_weigh"),
        "accept_url": asked.url("_accept"),
        "terms": [(row, _passages(row, found, asked, lang)) for row in found.terms],
        "languages": [("nl", "Nederlands"), ("fr", "Français"), ("en", "English")],
        "clauses": clauses_shown(found.document, lang),
        "is_open": asked.subject.is_open,
        "fault": fault,
    }
    return render(request, "readiness/terms.html", told, status=422 if fault else 200)


def _passages(row: GeneralTerms, found: Readiness, asked: Asked, lang: Lang) -> list[PassageShown]:
    """Those that were found and those that somebody copied, each with its newest weighing."""
    weighed = {each.row.passage: each for each in found.weighed if each.row.terms_id == row.pk}
    offered = passages_of(row.pages, found.document)
    texts = {each.text for each in offered}
    copied = [
        Passage(each.row.page, text, "", ()) for text, each in weighed.items() if text not in texts
    ]
    beside = Beside(row.pk, quoting_of(asked.subject.data, lang), asked.side, lang)
    return [_shown(each, weighed.get(each.text), beside) for each in (*offered, *copied)]


@dataclass(frozen=True, slots=True)
class Beside:
    """What every passage of some general terms is shown beside."""

    terms: UUID
    quoting: Quoting | None
    side: str
    lang: Lang


def _shown(each: Passage, weighed: Weighed | None, beside: Beside) -> PassageShown:
    row = weighed.row if weighed else None
    clauses = (row.clause,) if row and row.clause else each.clauses
    return PassageShown(
        terms=beside.terms,
        page=each.page,
        text=each.text,
        subject=say(beside.lang, "passage", each.subject) if each.subject else "",
        quotes=_quotes(clauses, beside),
        clause=row.clause if row else next(iter(clauses), ""),
        badge=_badge(weighed, beside.side) if weighed else None,
        wins=row.wins if row else "",
        words=row.words if row else "",
        pk=row.pk if row else None,
        accepts=row.pk if weighed and row and beside.side not in weighed.accepted else None,
    )


def _quotes(clauses: tuple[str, ...], beside: Beside) -> tuple[Quoted, ...]:
    """The clauses that a passage touches, as far as the text still has them."""
    if beside.quoting is None:
        return ()
    there = {each.id for each in beside.quoting.document.clauses}
    return tuple(
        Quoted(*beside.quoting.of(Found(each, is_clause=True)))
        for each in clauses[:MOST_QUOTED]
        if each in there
    )


def _badge(weighed: Weighed, side: str) -> Badge:
    if weighed.is_agreed:
        return Badge("kept", "kept", _("agreed by both"))
    told = _("waits for the other side") if side in weighed.accepted else _("waits for your word")
    return Badge("soon", "running", told)
