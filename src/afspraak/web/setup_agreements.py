"""Agreements from YAML (`/setup/agreements/`): what there is, and the editor, in which a new text
begins from a template or from what stands and is brought in as a version that nobody has signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraak import flow
from afspraak.agreements.load import as_signed
from afspraak.agreements.models import Agreement, AgreementVersion
from afspraak.engine.in_force import Version, newest_in_force
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.language.begin import numbered, thawed, with_values
from afspraak.language.freeze import freeze
from afspraak.language.nodes import Path
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.drafting import LONGEST, NAME, Checked, checked_contract, draft_of, spoken
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 300
TEMPLATES: Final = {
    "kleine-reseller": gettext_noop("A small reseller"),
    "msp-vier-niveaus": gettext_noop("Four levels and made to measure"),
    "met-derde-partij": gettext_noop("With a third party between"),
    "sla-2-0": gettext_noop("A target that is still open"),
}
"""What a template is for, as its name alone does not say."""


# What there is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list: when it holds, and how it stands."""

    row: AgreementVersion
    other: str
    from_on: str
    until_on: str
    badge: Badge


@require_safe
@stated(Right.WRITE_AGREEMENTS)
def agreements(request: Visit) -> HttpResponse:
    """Every version of one's own agreements, and where to begin a new one."""
    identity = known(request)
    sought = text_of(request.GET, "q", 80)
    told = {
        "rows": _rows(identity, sought, speaking_to(identity, request.at)),
        "sought": sought,
        "relations": relations_of(identity),
        "templates": templates(),
    }
    return render(request, "agreements/list.html", told)


def templates() -> list[tuple[str, str]]:
    """(name, what it is for)."""
    return [(name, _(TEMPLATES.get(name, name))) for name in template_names()]


def relations_of(identity: Identity) -> list[tuple[UUID, str]]:
    """(relation, the other side), by the other's name."""
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    rows = Relation.objects.seen_by(identity.viewer).filter(own)
    found = [
        (row.pk, other_of(row, identity).name)
        for row in rows.select_related("supplier", "customer")
    ]
    return sorted(found, key=lambda each: each[1].casefold())


def other_of(relation: Relation | Agreement | AgreementVersion, identity: Identity) -> Organisation:
    """The side that one does not act for."""
    is_customer = relation.customer_id == identity.organisation
    return relation.supplier if is_customer else relation.customer


def _rows(identity: Identity, sought: str, speaking: Speaking) -> list[VersionRow]:
    """By the other side, then by agreement, newest version first."""
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    rows = AgreementVersion.objects.seen_by(identity.viewer).filter(own).defer("document")
    if sought:
        named = Q(supplier__name__icontains=sought) | Q(customer__name__icontains=sought)
        rows = rows.filter(named | Q(agreement__reference__icontains=sought))
    rows = rows.select_related("agreement", "supplier", "customer")
    found = list(rows.order_by("customer__name", "agreement__reference", "-number")[:MOST])
    signed = [each.version for each in as_signed(found, identity.viewer)]
    newest, zone = newest_in_force(signed, speaking.at), zone_of(speaking.zone)
    shown = []
    for row, version in zip(found, signed, strict=True):
        dates = (each.astimezone(zone).date() for each in (row.from_at, row.until_at))
        from_on, until_on = map(speaking.texts.on_date, dates)
        badge = state_of(version, newest, speaking)
        shown.append(VersionRow(row, other_of(row, identity).name, from_on, until_on, badge))
    return shown


def state_of(version: Version, newest: Mapping[str, Version], speaking: Speaking) -> Badge:
    """How a version stands now. `newest` is the one in force of each agreement (C1)."""
    lacking = [each for each in version.parties if each not in version.signed_at]
    if lacking:
        who = speaking.texts.together([party_name(each) for each in lacking])
        return Badge("soon", "running", _("waits for the signature of %(who)s") % {"who": who})
    holds = newest.get(version.agreement, version)
    if version.age < holds.age:
        return Badge("none", "none", _("replaced"))
    if version.in_force_at > speaking.at:
        return Badge("running", "running", _("signed, not yet in force"))
    if version.until_at <= speaking.at:
        return Badge("none", "none", _("ended"))
    return Badge("kept", "kept", _("in force"))


def party_name(party: str) -> str:
    """A party's key as people say it."""
    names = {"supplier": _("the supplier"), "customer": _("the customer")}
    return names.get(party, party)


# The editor --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def edit(request: Visit) -> HttpResponse:
    """A text to begin with; posted, the same text with all that is wrong with it."""
    identity = known(request)
    if request.method == "POST":
        relation = relation_in(request.POST, identity)
        text = draft_of(request.POST)
    else:
        relation, text = _begun(request, identity)
    checked = checked_contract(text, relation, identity.viewer, spoken(request.POST))
    return _page(request, relation, text, checked)


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def check(request: Visit) -> HttpResponse:
    """What is wrong with a text, as a part of the page; nothing is kept."""
    identity = known(request)
    relation = relation_in(request.POST, identity)
    text, lang = draft_of(request.POST), spoken(request.POST)
    told = {"checked": checked_contract(text, relation, identity.viewer, lang)}
    return render(request, "agreements/checked.html", told)


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def save(request: Visit) -> HttpResponse:
    """Bring the text in, its holidays written out: a version that governs nothing before every
    party has signed it.
    """
    identity = known(request)
    relation, text = relation_in(request.POST, identity), draft_of(request.POST)
    lang = spoken(request.POST)
    checked = checked_contract(text, relation, identity.viewer, lang)
    if not checked.is_sound:
        return _page(request, relation, text, checked, status=422)
    frozen, faults = freeze(text.encode(), NAME)
    if frozen is None:
        checked = checked_contract(text, relation, identity.viewer, lang, faults)
        return _page(request, relation, text, checked, status=422)
    try:
        version = flow.bring_in_version(
            relation=relation.pk,
            data=frozen,
            name=NAME,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, relation, text, checked, fault=refused(refusal), status=422)
    messages.success(request, _("Brought in. It governs nothing before every party has signed it."))
    return HttpResponseRedirect(reverse("setup_version", args=[version.pk]))


def relation_in(told: QueryDict, identity: Identity) -> Relation:
    """The relation that is named, if it is one of the organisation that one acts for."""
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier", "customer")
    asked = uuid_of(told, "relation")
    row = rows.filter(pk=asked).first() if asked else None
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    return row


def _begun(request: Visit, identity: Identity) -> tuple[Relation, str]:
    """A version that stands, with the next number; else a template with the names filled in."""
    version = uuid_of(request.GET, "version")
    on = local_date(zone_of(own_zone(identity, request.at)), request.at)
    if version is not None:
        row = version_in(version, identity)
        rows = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement=row.agreement)
        highest = max(rows.values_list("number", flat=True))
        data = numbered(thawed(bytes(row.document)), highest + 1, on + timedelta(days=1))
        return row.relation, data.decode()
    relation = relation_in(request.GET, identity)
    name = one_of(request.GET, "template", template_names()) or template_names()[0]
    return relation, begun_from_template(name, relation, identity, request.at)


def begun_from_template(name: str, relation: Relation, identity: Identity, at: int) -> str:
    """A template between these two, under an id that none of one's agreements has."""
    on = local_date(zone_of(own_zone(identity, at)), at)
    return with_values(template_bytes(name), _names(relation, identity, on.year)).decode()


def _names(relation: Relation, identity: Identity, year: int) -> dict[Path, str]:
    """Who the two are, and an id that none of one's agreements has."""
    references = Agreement.objects.seen_by(identity.viewer).values_list("reference", flat=True)
    taken, number = set(references), 1
    while (reference := f"nl-{year}-{number:04d}") in taken:
        number += 1
    found: dict[Path, str] = {("id",): reference}
    for party in ("supplier", "customer"):
        row = getattr(relation, party)
        found["parties", party, "name"] = row.name
        if row.register:
            found["parties", party, "register"] = row.register
    return found


def version_in(version: UUID, identity: Identity) -> AgreementVersion:
    """A version of an agreement of the organisation that one acts for."""
    rows = AgreementVersion.objects.seen_by(identity.viewer).select_related(
        "agreement", "relation__supplier", "relation__customer", "supplier", "customer"
    )
    row = rows.filter(pk=version).first()
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    return row


def _page(
    request: Visit,
    relation: Relation,
    text: str,
    checked: Checked,
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    told = {
        "relation": relation,
        "other": other_of(relation, known(request)),
        "text": text,
        "checked": checked,
        "fault": fault,
        "most": LONGEST,
        "words": words_of_editor(),
    }
    return render(request, "agreements/edit.html", told, status=status)


def words_of_editor() -> dict[str, str]:
    """What the editor itself says, in its own English -> in the reader's language."""
    return {
        "Find": _("Find"),
        "Replace": _("Replace with"),
        "next": _("next"),
        "previous": _("previous"),
        "all": _("all"),
        "match case": _("match case"),
        "regexp": _("pattern"),
        "by word": _("whole words"),
        "replace": _("replace"),
        "replace all": _("replace all"),
        "close": _("Close"),
        "Diagnostics": _("Faults"),
        "No diagnostics": _("No faults"),
        "Go to line": _("Go to line"),
        "go": _("go"),
    }
