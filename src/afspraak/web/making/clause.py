"""A clause as a form (`/drafts/<id>/clause/<clause>/`), with its text live beside it: saved as the
draft's next text, or proposed to the other side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.nodes import Plain
from afspraak.language.text.faults import said
from afspraak.language.text.lexicon import clause_types, lexicon_of
from afspraak.making import edit
from afspraak.making.chosen import beginning
from afspraak.making.form import Entry, Group, Made, faults_in, filled, form_of
from afspraak.making.helped import helps
from afspraak.making.opened import id_of, markup_of, sayable, with_clause
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of, text_of
from afspraak.web.making.draft import KINDS, back, write_on
from afspraak.web.making.seen import Seen, framed, seen
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong, in the reader's language; `place` is the field's, empty for the whole."""

    place: str
    fact: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A clause as it was filled in: its text where it can be read, and what is wrong with it."""

    values: Mapping[str, Plain]
    entries: tuple[Entry, ...]
    markup: SafeString
    beside: tuple[Told, ...]
    above: tuple[Told, ...]

    @property
    def whole(self) -> Group:
        """The form, with what is seldom needed apart."""
        return Group("", "", self.entries)


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def clause(request: Visit, draft: UUID, clause: str) -> HttpResponse:
    """The form; posted, saved or proposed."""
    there = seen(request, draft, request.POST if request.method == "POST" else request.GET)
    values = there.opened.values_of(clause)
    if values is None or values.get("type") not in KINDS:
        raise Http404
    return _form(request, there, values, clause)


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def add(request: Visit, draft: UUID, kind: str) -> HttpResponse:
    """The same for a clause that is not there yet."""
    there = seen(request, draft, request.POST if request.method == "POST" else request.GET)
    if kind not in KINDS:
        raise Http404
    taken = tuple(id_of(node) for node in there.opened.nodes())
    return _form(request, there, beginning(kind, taken), "")


def _form(request: Visit, there: Seen, was: Mapping[str, Plain], name: str) -> HttpResponse:
    if there.opened.draft is None:
        return back(there)
    if request.method != "POST":
        return _page(request, there, tried(there, was, name), name)
    found = tried(there, was, name, request)
    what = one_of(request.POST, "do", ("save", "propose"))
    if not what:
        return _page(request, there, found, name)
    try:
        return _kept(request, there, found, name, what)
    except Refusal as refusal:
        return _page(request, there, found, name, refused(refusal))


def _kept(request: Visit, there: Seen, found: Tried, name: str, what: str) -> HttpResponse:
    """Saved as the next text, or proposed. A clause that cannot be read is neither."""
    if found.beside:
        return _page(request, there, found, name, _("Mend what is marked below, then save again."))
    why = text_of(request.POST, "why", 400)
    if what == "propose" and name:
        source = edit.written(found.values)
        flow.propose(draft=there.draft.pk, clause=name, source=source, words=why, **there.ours)
        messages.success(
            request, _("Proposed. The text stays as it is until the other side accepts.")
        )
        return back(there, name)
    place = there.opened.place_of(name) if name else None
    if place is None:
        data = edit.added(there.opened.data, found.values, None)
    else:
        data = edit.changed(there.opened.data, place, found.values)
    if data != there.opened.data:
        write_on(request, there, data, why)
        messages.success(request, _("Saved as the next text."))
    return back(there, str(found.values["id"]))


@require_POST
@stated(Right.NEGOTIATE)
def check(request: Visit, draft: UUID, clause: str) -> HttpResponse:
    """The clause's text as it was filled in, and what is wrong with it; nothing is kept."""
    there = seen(request, draft, request.POST)
    values = there.opened.values_of(clause)
    if values is None or values.get("type") not in KINDS or there.opened.draft is None:
        raise Http404
    found = tried(there, values, clause, request)
    return render(request, "making/live.html", {"tried": found, "lang": there.lang})


@require_POST
@stated(Right.NEGOTIATE)
def check_new(request: Visit, draft: UUID, kind: str) -> HttpResponse:
    """The same for a clause that is not there yet."""
    there = seen(request, draft, request.POST)
    if kind not in KINDS or there.opened.draft is None:
        raise Http404
    taken = tuple(id_of(node) for node in there.opened.nodes())
    found = tried(there, beginning(kind, taken), "", request)
    return render(request, "making/live.html", {"tried": found, "lang": there.lang})


def tried(there: Seen, was: Mapping[str, Plain], name: str, request: Visit | None = None) -> Tried:
    """A clause as it stands, or as it was filled in."""
    assert there.opened.draft is not None
    document = there.opened.readable or there.opened.draft.document
    lexicon = lexicon_of(document, there.lang)
    posted = {} if request is None else dict(request.POST.lists())
    made = Made(document, lexicon, posted=posted)
    values = was if request is None else filled(was, made)
    read, wrong = faults_in(values)
    entries = form_of(values, Made(document, lexicon, wrong))
    beside = tuple(_told(place, each) for place, some in wrong.items() for each in some)
    if read is None:
        return Tried(values, entries, mark_safe(""), beside, ())
    place = there.opened.place_of(name) if name else None
    whole, faults = with_clause(there.opened, place, read)  # type: ignore[arg-type]  # one of them
    above = [each for each in faults if not each.note and each.clause == values.get("id")]
    markup = _markup(whole, str(values["id"]), there)
    return Tried(values, entries, mark_safe(markup), beside, tuple(_told("", e) for e in above))  # noqa: S308  (every span is escaped where it is written)


def _markup(whole: Document, name: str, there: Seen) -> str:
    """The clause as people read it; nothing where it names a clause that is not there."""
    document = sayable(whole)
    found = next((each for each in document.clauses if each.id == name), None)
    return "" if found is None else markup_of(found, lexicon_of(document, there.lang))


def _told(place: str, fault: Fault) -> Told:
    lang = language()
    fact, remedy = (said(text, lang) or text for text in (fault.fact, fault.remedy))
    return Told(place, fact, remedy)


def _page(request: Visit, there: Seen, found: Tried, name: str, fault: str = "") -> HttpResponse:
    kind = str(found.values["type"])
    args = [there.draft.pk, name or kind]
    told = framed(there, "draft") | {
        "tried": found,
        "clause": name,
        "kind": kind,
        "title": clause_types(language())[kind],
        "help": helps(language())[kind],
        "check_url": reverse("draft_check" if name else "draft_check_new", args=args),
        "fault": fault,
        "why": text_of(request.POST, "why", 400),
        "after": request.POST.get("after", "") or there.text.number,
    }
    return render(request, "making/clause.html", told, status=422 if fault else 200)
