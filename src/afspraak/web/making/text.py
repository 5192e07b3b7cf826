"""A draft's text in the editor (`/drafts/<id>/text/`): the same editor as that of agreements, with
every fault beside its line; saved as the draft's next text, faults and all.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from afspraak.engine.time import Refusal
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.drafting import LONGEST, Checked, checked_contract, draft_of, spoken
from afspraak.web.filled import text_of
from afspraak.web.making.draft import back, write_on
from afspraak.web.making.seen import Seen, framed, seen
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import words_of_editor
from afspraak.web.visit import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def edit(request: Visit, draft: UUID) -> HttpResponse:
    """The text as it stands; posted, the same with all that is wrong with it."""
    is_post = request.method == "POST"
    there = seen(request, draft, request.POST if is_post else request.GET)
    text = draft_of(request.POST) if is_post else there.opened.data.decode("utf-8", "replace")
    return _page(request, there, text, _checked(request, there, text))


@require_POST
@stated(Right.NEGOTIATE)
def check(request: Visit, draft: UUID) -> HttpResponse:
    """What is wrong with a text, as a part of the page; nothing is kept."""
    there = seen(request, draft, request.POST)
    told = {"checked": _checked(request, there, draft_of(request.POST))}
    return render(request, "agreements/checked.html", told)


@require_POST
@stated(Right.NEGOTIATE)
def save(request: Visit, draft: UUID) -> HttpResponse:
    """The draft's next text. It may have faults: it binds nobody, and the page says them."""
    there = seen(request, draft, request.POST)
    text = draft_of(request.POST)
    if len(text.encode()) > LONGEST:
        return _page(request, there, text, _checked(request, there, text), status=422)
    try:
        write_on(request, there, text.encode(), text_of(request.POST, "why", 400))
    except Refusal as refusal:
        checked = _checked(request, there, text)
        return _page(request, there, text, checked, fault=refused(refusal), status=422)
    messages.success(request, _("Saved as the next text."))
    return back(there)


def _checked(request: Visit, there: Seen, text: str) -> Checked:
    row, viewer = there.draft, there.identity.viewer
    told = request.POST if request.method == "POST" else request.GET
    return checked_contract(text, row.relation, viewer, spoken(told))


def _page(
    request: Visit, there: Seen, text: str, checked: Checked, *, fault: str = "", status: int = 200
) -> HttpResponse:
    told = framed(there, "draft") | {
        "text": text,
        "number": request.POST.get("after", "") or there.text.number,
        "checked": checked,
        "fault": fault,
        "most": LONGEST,
        "words": words_of_editor(),
    }
    return render(request, "making/text.html", told, status=status)
