"""What changed between two texts of a draft, and for whom each change is better
(`/drafts/<id>/changes/`); who owes what, and what each clause is worth a year
(`/drafts/<id>/balance/`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from afspraak import flow
from afspraak.agreements.models import AgreementVersion, DraftText
from afspraak.engine.time import Refusal, datetime_of, instant_of, zone_of
from afspraak.language.begin import thawed
from afspraak.language.document import Document
from afspraak.language.terms_of import terms_of
from afspraak.language.text.amounts import show_money
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.words import Lang, values_of
from afspraak.making.actions import Cost
from afspraak.making.balance import Balance, Duty, SideCount, balance_of
from afspraak.making.better import ORDER, Weighed, tally, weighed
from afspraak.making.history import cases_of, telling
from afspraak.making.load import costs_of
from afspraak.making.opened import opened
from afspraak.making.worth import FEW, Case, consequences, standstill
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.amending.seen import FRESH, once_in_a_while
from afspraak.web.filled import text_of
from afspraak.web.making.seen import Seen, framed, seen
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit

SIDES: Final = {
    "supplier": gettext_noop("better for the supplier"),
    "customer": gettext_noop("better for the customer"),
    "both": gettext_noop("partly for each"),
    "neither": gettext_noop("for neither"),
    "untold": gettext_noop("cannot be told"),
}
FOLLOWS: Final = {
    "credit": gettext_noop("a credit"),
    "penalty": gettext_noop("a penalty"),
    "relief": gettext_noop("misses of the other are relieved"),
    "bonus": gettext_noop("a bonus where it is kept better"),
    "interest": gettext_noop("interest"),
    "early_end": gettext_noop("a way out before the end"),
}


# What changed -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be compared: the signed version, or one of the draft's."""

    key: str
    name: str


@require_safe
@stated(Right.NEGOTIATE)
def changes(request: Visit, draft: UUID) -> HttpResponse:
    """From one text to another; first from what stands, or from the first text."""
    there = seen(request, draft)
    standing = _standing(there)
    texts = _texts(there, standing)
    keys = [each.key for each in texts]
    old = _asked(request, "from", keys, keys[0])
    new = _asked(request, "to", keys, keys[-1])
    before, after = (_document(there, each, standing) for each in (old, new))
    found = weighed(before, after, there.lang) if before and after else None
    told = framed(there, "draft_changes") | {
        "texts": texts,
        "old": old,
        "new": new,
        "parts": _parts(found or []),
        "counted": _counted(found or []),
        "cannot": found is None,
    }
    return render(request, "making/changes.html", told)


def _asked(request: Visit, name: str, known: list[str], usual: str) -> str:
    told = request.GET.get(name, "")
    return told if told in known else usual


def _texts(there: Seen, standing: AgreementVersion | None) -> list[Text]:
    """The version that it would amend, then the draft's own texts."""
    found = []
    if standing is not None:
        found.append(Text("v", _("version %(n)s, as it stands") % {"n": standing.number}))
    rows = DraftText.objects.seen_by(there.identity.viewer).filter(draft=there.draft)
    for number, at in rows.values_list("number", "written_at"):
        slots = {"n": number, "at": there.speaking.moment(instant_of(at))}
        found.append(Text(str(number), _("text %(n)s, %(at)s") % slots))
    return found


def _standing(there: Seen) -> AgreementVersion | None:
    agreement = there.draft.agreement
    if agreement is None:
        return None
    rows = AgreementVersion.objects.seen_by(there.identity.viewer).filter(agreement=agreement)
    return rows.order_by("-number").first()


def _document(there: Seen, key: str, standing: AgreementVersion | None) -> Document | None:
    """A text as far as it can be read. Of one with faults that is not enough to compare it."""
    if key == "v":
        return None if standing is None else opened(thawed(bytes(standing.document))).document
    rows = DraftText.objects.seen_by(there.identity.viewer).filter(draft=there.draft)
    row = rows.filter(number=int(key)).first()
    return None if row is None else opened(bytes(row.document)).readable


@dataclass(frozen=True, slots=True)
class Part:
    """The changes of one clause, or of one part of the frame."""

    title: str
    number: str
    changes: tuple[Weighed, ...]


def _parts(found: list[Weighed]) -> list[Part]:
    parts: dict[tuple[str, str], list[Weighed]] = {}
    for each in found:
        parts.setdefault((each.title, each.number), []).append(each)
    return [Part(title, number, tuple(each)) for (title, number), each in parts.items()]


def _counted(found: list[Weighed]) -> list[tuple[str, str, int]]:
    """(kind, in words, how many), each kind named."""
    counted = tally(found)
    return [(each, _(SIDES[each]), counted[each]) for each in ORDER]


# Rights and duties, and what they are worth -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worth:
    """What a clause comes to in a year, to whom."""

    clause: str
    number: str
    title: str
    amount: str
    told: str


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def balance(request: Visit, draft: UUID) -> HttpResponse:
    """Both sides beside each other; posted, what an hour of standstill costs the customer."""
    there = seen(request, draft, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _balance(request, there)
    try:
        _told_cost(request, there)
    except Refusal as refusal:
        return _balance(request, there, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("draft_balance", args=[there.draft.pk]) + "#worth")


def _told_cost(request: Visit, there: Seen) -> None:
    document = there.opened.readable
    service = text_of(request.POST, "service", 80)
    if document is None or service not in document.services:
        raise Http404
    told = text_of(request.POST, "per_hour", 20).replace(",", ".")
    try:
        amount = Decimal(told)
    except InvalidOperation as fault:
        raise Refusal(_("Give a sum, as 250 or 250.00.")) from fault
    if not amount.is_finite() or not 0 <= amount < Decimal(10**9) or amount != round(amount, 2):
        raise Refusal(_("Give a sum, as 250 or 250.00."))
    is_shown = request.POST.get("is_shown") == "yes"
    cost = Cost(service, amount, document.currency, is_shown)
    flow.tell_standstill(draft=there.draft.pk, cost=cost, **there.ours)


def _balance(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    document = there.opened.readable
    costs = costs_of(there.draft, there.identity.viewer)
    told = framed(there, "draft_balance") | {"fault": fault, "costs": costs}
    if document is not None:
        lexicon = lexicon_of(document, there.lang)
        found = balance_of(document, there.lang)
        told |= {
            "sides": _sides(found, there),
            "one_sided": _one_sided(found, there),
            "services": [
                (key, lexicon.services.show(key), costs.get(key)) for key in document.services
            ],
        }
    year = _worth(there, {key: each.per_hour for key, each in costs.items()})
    told |= {"worth": year.worth, "worth_why": year.why, "worth_cases": year.cases}
    return render(request, "making/balance.html", told, status=422 if fault else 200)


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty, and what happens where it is not kept, in words."""

    duty: Duty
    follows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side, by name."""

    name: str
    count: SideCount
    duties: tuple[DutyShown, ...]


def _sides(balance: Balance, there: Seen) -> list[SideShown]:
    found = []
    for name, count in (
        (there.draft.supplier.name, balance.supplier),
        (there.draft.customer.name, balance.customer),
    ):
        duties = (
            DutyShown(each, tuple((_(FOLLOWS[one.kind]), one.number) for one in each.follows))
            for each in count.duties
        )
        found.append(SideShown(name, count, tuple(duties)))
    return found


def _one_sided(balance: Balance, there: Seen) -> list[tuple[str, str]]:
    names = {"supplier": there.draft.supplier.name, "customer": there.draft.customer.name}
    return [(_(FOLLOWS[kind]), names[side]) for kind, side in balance.one_sided]


@dataclass(frozen=True, slots=True)
class Year:
    """All of it in a year; `why`: what to bear in mind; `cases`: how many it rests on."""

    worth: tuple[Worth, ...]
    why: str
    cases: str = ""


def _worth(there: Seen, per_hour: Mapping[str, Decimal]) -> Year:
    """In a year like the last one. Only a text without faults can be tried on it."""
    document = there.opened.document
    if document is None:
        return Year((), _("A text with faults cannot be tried on last year."))
    cases, is_own = history_of(there, document)
    if not cases:
        return Year((), _("No history: there is nothing to try it on."))
    terms = terms_of(document)
    titles = titles_of(document, there.lang)
    found = []
    for clause, amount in consequences(terms, cases).items():
        told = _("on the tickets of last year, before the caps of the agreement")
        found.append(_one_worth(clause, amount, told, titles, document))
    for clause, amount in standstill(terms, cases, per_hour).items():
        told = _("standstill beyond the target, at what an hour costs the customer")
        found.append(_one_worth(clause, amount, told, titles, document))
    why = "" if is_own else _("Tried on tickets of all customers: this one has too few.")
    return Year(tuple(found), why, there.speaking.texts.number(len(cases)))


def worth_beside(there: Seen) -> dict[str, list[Worth]]:
    """What each clause comes to, by clause: reckoned once for a text, a reader and what they say of
    standstill, for some minutes.
    """
    costs = costs_of(there.draft, there.identity.viewer)
    per_hour = {key: each.per_hour for key, each in costs.items()}
    known = (there.draft.pk, there.text.number, there.identity.viewer, tuple(per_hour.items()))

    def made() -> dict[str, list[Worth]]:
        found: dict[str, list[Worth]] = {}
        for each in _worth(there, per_hour).worth:
            found.setdefault(each.clause, []).append(each)
        return found

    return once_in_a_while(("worth", *known, language(), there.speaking.at // FRESH), made)


def _one_worth(
    clause: str,
    amount: Decimal,
    told: str,
    titles: Mapping[str, tuple[str, str]],
    document: Document,
) -> Worth:
    number, title = titles[clause]
    return Worth(
        clause, number, title, show_money(amount, document.currency, values_of(language())), told
    )


def titles_of(document: Document, lang: Lang) -> dict[str, tuple[str, str]]:
    """Clause -> its number and its title."""
    numbers = clause_numbers(document)
    return {key: (numbers[key], each) for key, each in clause_titles(document, lang).items()}


def history_of(there: Seen, document: Document) -> tuple[list[Case], bool]:
    """Last year's cases of this customer, or, for the supplier, of all where those are too few."""
    draft, viewer = there.draft, there.identity.viewer

    def of(customer: UUID | None) -> list[Case]:
        return cases_of(
            supplier=draft.supplier_id,
            customer=customer,
            viewer=viewer,
            at=datetime_of(there.speaking.at),
            zone=zone_of(document.zone),
        )

    own = of(draft.customer_id)
    return telling(own, of(None) if there.is_supplier and len(own) < FEW else own)
