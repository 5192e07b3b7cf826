"""One draft (`/drafts/<id>/`): the text clause by clause, beside each what it means, what both
sides said of it, and what can be done.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.time import Refusal, instant_of
from afspraak.language.schema_faults import CLAUSE_TYPES
from afspraak.language.text.lexicon import clause_types
from afspraak.making import edit
from afspraak.making.helped import Help, helps
from afspraak.making.load import Word, by_clause
from afspraak.making.opened import ClauseShown, shown_clauses
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.making.seen import Seen, framed, said, seen, stage
from afspraak.web.making.weighed import Worth, worth_beside
from afspraak.web.once import FIELD, fresh, once
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit

_NUMBER: Final = re.compile("[0-9]{1,6}")
STEPS: Final = ("up", "down", "remove")
SAYS: Final = ("remark", "propose", "accept", "decline")


@dataclass(frozen=True, slots=True)
class WordShown:
    """One thing that was said, as a page shows it."""

    word: Word
    at: str
    is_own: bool
    side: str
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A clause with all that stands beside it."""

    clause: ClauseShown
    markup: SafeString
    help: Help | None
    thread: tuple[WordShown, ...]
    worth: Sequence[Worth]
    opens_chapter: bool


@require_safe
@stated(Right.NEGOTIATE)
def draft(request: Visit, draft: UUID) -> HttpResponse:
    """The page."""
    return page(request, seen(request, draft))


def page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    """The text, with a fault above it where something was refused."""
    words = said(there)
    threads = by_clause(words)
    clauses = shown_clauses(there.opened.data, there.lang)
    texts, worth = helps(language()), worth_beside(there)
    shown, before = [], ""
    for each in clauses:
        thread = threads.pop(each.id, [])
        shown.append(
            Beside(
                each,
                mark_safe(each.markup),  # noqa: S308  (every span was escaped where it was written)
                texts.get(each.type),
                tuple(word_shown(word, there) for word in thread),
                worth.get(each.id, ()),
                bool(each.chapter) and each.chapter != before,
            )
        )
        before = each.chapter
    left = [word_shown(word, there) for thread in threads.values() for word in thread]
    told = framed(there, "draft") | {
        "clauses": shown,
        "whole": left,
        "stage": stage(there, words),
        "faults": sum(not each.note for each in there.opened.faults),
        "fault": fault,
        "once": fresh,  # a call: each form of the page has its own
        "field": FIELD,
        "kinds": sorted(clause_types(language()).items(), key=lambda each: each[1].casefold()),
    }
    return render(request, "making/draft.html", told, status=422 if fault else 200)


def word_shown(word: Word, there: Seen) -> WordShown:
    """Who said it, when, and what became of it."""
    draft, moment = there.draft, there.speaking.moment
    side = draft.supplier if word.organisation == draft.supplier_id else draft.customer
    answered = ""
    if word.reply is not None:
        slots = {
            "who": word.reply.person.name if word.reply.person else "",
            "at": moment(instant_of(word.reply.said_at)),
        }
        told = _("declined by %(who)s, %(at)s")
        if word.reply.is_accepted:
            told = _("accepted by %(who)s, %(at)s")
        elif word.reply.is_withdrawn:
            told = _("taken back by %(who)s, %(at)s")
        answered = told % slots
    is_own = word.organisation == there.identity.organisation
    return WordShown(word, moment(instant_of(word.said_at)), is_own, side.name, answered)


# What can be done ---------------------------------------------------------------------------------


@require_POST
@stated(Right.NEGOTIATE)
def change(request: Visit, draft: UUID) -> HttpResponse:
    """Move a clause, take one out, show the draft to the other side, lay it aside."""
    there = seen(request, draft, request.POST)
    ours = there.ours
    what = one_of(request.POST, "do", (*STEPS, "show", "aside"))
    try:
        if what == "show":
            flow.show_draft(draft=draft, **ours)
            messages.success(request, _("The other side sees it from now on."))
        elif what == "aside":
            flow.lay_aside(draft=draft, **ours)
            messages.success(request, _("Laid aside. What was said of it stays."))
        else:
            _step(request, there, what)
    except Refusal as refusal:
        return page(request, there, refused(refusal))
    return back(there, text_of(request.POST, "clause", 80) if what in ("up", "down") else "")


def _step(request: Visit, there: Seen, what: str) -> None:
    clause = text_of(request.POST, "clause", 80)
    place = there.opened.place_of(clause)
    if place is None or not what:
        raise Http404
    data = there.opened.data
    if what == "remove":
        changed = edit.removed(data, place)
        why = _("%(clause)s taken out") % {"clause": clause}
    else:
        changed = edit.moved(data, place, -1 if what == "up" else 1)
        why = _("%(clause)s moved") % {"clause": clause}
    if changed != data:
        write_on(request, there, changed, why)


def write_on(request: Visit, there: Seen, data: bytes, why: str) -> None:
    """The draft's next text, written on from the one that the form was made of. Raises Refusal."""
    after = request.POST.get("after", "")
    flow.write_on(
        draft=there.draft.pk,
        data=data,
        after=int(after) if _NUMBER.fullmatch(after) else 0,
        why=why,
        **there.ours,
    )


def back(there: Seen, clause: str = "") -> HttpResponse:
    """To the text, at the clause."""
    place = f"#c-{clause}" if clause else ""
    url = reverse("draft", args=[there.draft.pk])
    return HttpResponseRedirect(f"{url}?lang={there.lang}{place}")


@require_POST
@stated(Right.NEGOTIATE)
def say(request: Visit, draft: UUID) -> HttpResponse:
    """A remark, a proposal in words, or an answer to the other side's proposal."""
    there = seen(request, draft, request.POST)
    what = one_of(request.POST, "do", SAYS)
    try:
        once(request, lambda: _said(request, there, what))
    except Refusal as refusal:
        return page(request, there, refused(refusal))
    except flow.NoSuchProposal as fault:
        raise Http404 from fault
    return back(there, text_of(request.POST, "clause", 80))


def _said(request: Visit, there: Seen, what: str) -> None:
    """What was said stays for good: a form that is sent twice is heard once."""
    told = request.POST
    ours = there.ours
    words = text_of(told, "words", 4000)
    clause = text_of(told, "clause", 80)
    if what in ("remark", "propose"):
        if clause and there.opened.place_of(clause) is None:
            raise Http404
        if what == "remark":
            flow.remark(draft=there.draft.pk, clause=clause, words=words, **ours)
        else:
            flow.propose(draft=there.draft.pk, clause=clause, source="", words=words, **ours)
        return
    proposal = uuid_of(told, "proposal")
    if proposal is None or not what:
        raise Http404
    if what == "accept":
        flow.accept(proposal=proposal, why=words, **ours)
        messages.success(request, _("Accepted: it is kept who agreed to it, and when."))
    else:
        flow.decline(proposal=proposal, why=words, **ours)


KINDS: Final = tuple(CLAUSE_TYPES)
"""What can be added."""
