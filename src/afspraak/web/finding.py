"""Who is on the line: customers, people, agreements, devices and tickets by a few letters or
figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode

from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.agreements.models import Agreement, Thing
from afspraak.engine.time import datetime_of
from afspraak.parties.found import found_people
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Person
from afspraak.rights.search import found_in
from afspraak.tickets.found import found_tickets
from afspraak.tickets.models import Ticket
from afspraak.web.agreed import agreed_at
from afspraak.web.speaking import language
from afspraak.web.things import owner_of

Row = TypeVar("Row", bound=Model)
MOST: Final = 5
"""Of each kind; who types one more letter sees others."""
LEAST_FIGURES: Final = 3
LONGEST: Final = 100
_FIGURES: Final = re.compile(r"[\d\s()+./-]+")


@dataclass(frozen=True, slots=True)
class Found:
    """One line of what was found: what it is called, what tells it apart, where it leads."""

    name: str
    beside: str
    url: str


def find(words: str, identity: Identity, at: int) -> list[Found]:
    """People first: they are the ones who call. Only what the acting supplier serves."""
    asked = " ".join(words.replace("\0", " ").split())[:LONGEST]
    if len(asked) < 2:  # noqa: PLR2004 - one letter finds everybody
        return []
    found = [*_people(asked, identity), *_organisations(asked, identity)]
    found += [*_agreements(asked, identity), *_things(asked, identity, at)]
    is_alone = not found and not _figures_of(asked)
    return [*found, *_tickets(asked, identity, is_alone=is_alone)]


def _people(asked: str, identity: Identity) -> Iterator[Found]:
    rows = Person.objects.seen_by(identity.viewer).filter(
        organisation__as_customer__supplier_id=identity.organisation
    )
    figures = _figures_of(asked)
    rows = rows.select_related("organisation")
    for each in found_people(rows, asked, MOST, figures=figures):
        beside = " · ".join(filter(None, (each.organisation.name, each.phone)))
        yield Found(each.name, beside, desk_url(customer=each.organisation_id, person=each.pk))


def _organisations(asked: str, identity: Identity) -> Iterator[Found]:
    rows = Organisation.objects.seen_by(identity.viewer).filter(
        as_customer__supplier_id=identity.organisation
    )
    for each in _by_words_or_phone(rows, asked):
        beside = " · ".join(filter(None, (each.phone, each.address))) or _("customer")
        yield Found(each.name, beside, desk_url(customer=each.pk))


def _agreements(asked: str, identity: Identity) -> Iterator[Found]:
    agreements = Agreement.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation
    )
    for each in found_in(agreements.select_related("customer"), asked, MOST):
        beside = f"{_('agreement')} · {each.customer.name}"
        yield Found(each.reference, beside, desk_url(customer=each.customer_id))


def _things(asked: str, identity: Identity, at: int) -> Iterator[Found]:
    """A device or system by its label, of the version that holds now."""
    rows = Thing.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation,
        version__from_at__lte=datetime_of(at),
        version__until_at__gt=datetime_of(at),
    )
    related = ("relation", "customer")
    for each in found_in(rows.select_related(*related), asked, MOST, is_forgiving=False):
        agreed = agreed_at(each.relation, identity.viewer, language(), at)
        if agreed is not None and agreed.signed.row.pk == each.version_id:
            beside = f"{each.key} · {owner_of(agreed, each.owner)} · {each.customer.name}"
            told = {"asset": each.key} | ({"service": each.service} if each.service else {})
            yield Found(each.name, beside, desk_url(customer=each.customer_id, **told))


def _tickets(asked: str, identity: Identity, *, is_alone: bool) -> Iterator[Found]:
    """By far the most rows: here typing errors are forgiven only where nothing else was meant; a
    telephone number that nobody has is no ticket.
    """
    rows = Ticket.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    found = found_tickets(
        rows.select_related("customer"), asked, MOST,
        organisations=[identity.organisation], is_forgiving=is_alone,
    )  # fmt: skip
    for row in found:
        beside = f"{row.number} · {row.customer.name}"
        yield Found(row.title or row.number, beside, reverse("ticket", args=[row.number]))


def _by_words_or_phone(rows: QuerySet[Row], asked: str) -> list[Row]:
    """By a number where only figures were typed, however it is written; else by words."""
    figures = _figures_of(asked)
    if not figures:
        return found_in(rows, asked, MOST)
    only = Func(
        F("phone"), Value(r"\D"), Value(""), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    return list(rows.annotate(figures=only).filter(Q(figures__contains=figures))[:MOST])


def _figures_of(asked: str) -> str:
    """The figures of what may be a telephone number, without what it may begin with."""
    figures = re.sub(r"\D", "", asked).lstrip("0")
    return figures if _FIGURES.fullmatch(asked) and len(figures) >= LEAST_FIGURES else ""


def desk_url(**told: object) -> str:
    """The desk with somebody on the line."""
    return f"{reverse('desk')}?{urlencode({name: str(each) for name, each in told.items()})}"
