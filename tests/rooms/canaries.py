"""Rows in every table for every party, each text with a mark by which its owners are known again.

Two suppliers and four customers: Noord serves the bakery and the notary, Zuid the bakery and the
florist, and Glasnet lays Noord's cables. A mark `kanarie-noord-bakery-...` belongs to these two; it
may be found in an answer only where one of them is looking.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from afspraak.engine.time import instant_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import add_organisation
from afspraak.parties.models import Organisation, Relation

Column = Any  # a field of a model
ROOMS = (
    "ledger",
    "parties",
    "agreements",
    "tickets",
    "clocks",
    "notices",
    "intake",
    "making",
    "signing",
    "offers",
    "readiness",
    "archive",
    "amending",
    "keeping",
)
MADE = datetime(2027, 1, 4, 8, tzinfo=UTC)
AT = instant_of(MADE)
MARK = re.compile(r"kanarie(?:-[a-z]+){1,2}-\d+")
ENOUGH = 30
"""A shorter text has no room for a mark."""

SERVES = (
    ("noord", "bakery"),
    ("noord", "notary"),
    ("zuid", "bakery"),
    ("zuid", "florist"),
    ("glasnet", "noord"),
)


@dataclass
class Aviary:
    """Every row that was made: by the names of its owners, then by model."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    rows: dict[tuple[str, ...], dict[type[models.Model], models.Model]] = field(
        default_factory=dict
    )
    marks: int = 0

    def mark(self, owners: tuple[str, ...]) -> str:
        """A new text of these owners."""
        self.marks += 1
        return f"kanarie-{'-'.join(owners)}-{self.marks}"

    def row(self, model: type[models.Model], *owners: str) -> Any:
        """The row of a model that these own."""
        return self.rows[owners][model]

    def every(self) -> Iterator[tuple[tuple[str, ...], models.Model]]:
        """All rows, with the names of their owners."""
        for owners, made in self.rows.items():
            for row in made.values():
                yield owners, row


def our_models() -> list[type[models.Model]]:
    """The models of all rooms, those first that others point to."""
    left = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    ordered: list[type[models.Model]] = []
    while left:
        ready = [each for each in left if all(to in ordered or to is each for to in targets(each))]
        assert ready, left
        ordered += ready
        left = [each for each in left if each not in ready]
    return ordered


def targets(model: type[models.Model]) -> list[type[models.Model]]:
    """What the model's rows point to."""
    keys = (each for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey))
    return [key.related_model for key in keys]


def is_shared(model: type[models.Model]) -> bool:
    """Whether its rows belong to a relation."""
    return "relation_id" in {each.attname for each in model._meta.concrete_fields}


def fill() -> Aviary:
    """Every table, for every party and every relation."""
    aviary = Aviary()
    for name in dict.fromkeys(name for pair in SERVES for name in pair):
        aviary.organisations[name] = add_organisation(
            name=aviary.mark((name,)), register=aviary.mark((name,)), at=AT
        )
        aviary.rows[name,] = {Organisation: aviary.organisations[name]}
    every = [each for each in our_models() if each not in (Organisation, *ALONE)]
    relations = [Relation, *filter(is_shared, every)]
    first = made_first(every, relations)
    for name in aviary.organisations:
        for model in first:
            make(aviary, model, (name,))
    for pair in SERVES:
        aviary.rows[pair] = {}
        for model in relations:
            make(aviary, model, pair)
    for model in every:
        if model not in (*relations, *first):
            for pair in SERVES:
                make(aviary, model, pair)
    return aviary


def made_first(
    every: list[type[models.Model]], relations: list[type[models.Model]]
) -> list[type[models.Model]]:
    """What points to no row of a pair, nor to what does."""
    late = {*relations}
    for model in every:
        if set(targets(model)) & late:
            late.add(model)
    return [each for each in every if each not in late]


ALONE = {apps.get_model("clocks", "Beat")}
"""Rows of no party."""


def make(aviary: Aviary, model: type[models.Model], owners: tuple[str, ...]) -> models.Model:
    """One row, every field of it filled."""
    row = model(**values_for(aviary, model, owners))
    model._base_manager.bulk_create([row])
    aviary.rows[owners][model] = row
    return row


def values_for(
    aviary: Aviary, model: type[models.Model], owners: tuple[str, ...]
) -> dict[str, Any]:
    """What stands in each column."""
    own = OVERRIDES.get(model.__name__, {})
    values: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        if each.name in own:
            made = own[each.name]
            values[each.attname] = made(aviary, owners) if callable(made) else made
        elif isinstance(each, models.ForeignKey):
            values[each.attname] = pointed(aviary, each, owners)
        elif not each.auto_created:
            values[each.attname] = value_of(aviary, each, owners)
    return values


def pointed(aviary: Aviary, key: Any, owners: tuple[str, ...]) -> Any:
    """The owners' own row that a key points to."""
    if key.name in ("customer", "recipient_organisation", "partner"):
        return aviary.organisations[owners[-1]].pk
    if key.null and key.related_model is key.model:
        return None
    if key.name == "recipient":
        return aviary.rows[owners[-1],][key.related_model].pk
    if key.related_model in aviary.rows[owners]:
        return aviary.rows[owners][key.related_model].pk
    return aviary.rows[owners[0],][key.related_model].pk


def value_of(aviary: Aviary, each: Column, owners: tuple[str, ...]) -> Any:
    """A value of a field's own kind; a mark where one has room."""
    if each.attname in ("supplier_id", "customer_id"):
        return aviary.organisations[owners[0 if each.attname == "supplier_id" else -1]].pk
    if each.attname == "relation_id":
        return aviary.rows[owners][Relation].pk
    if each.choices:
        return each.choices[0][0]
    for kind, made in BY_KIND.items():
        if isinstance(each, kind):
            return made(aviary, each, owners)
    raise AssertionError(each)


def text(aviary: Aviary, each: Column, owners: tuple[str, ...]) -> str:
    if each.max_length is None or each.max_length >= ENOUGH:
        return aviary.mark(owners)
    return {"language": "nl", "currency": "EUR"}.get(each.name, f"{aviary.marks % 997}")


Made = Callable[[Aviary, Column, tuple[str, ...]], Any]
BY_KIND: dict[type[Column], Made] = {
    models.UUIDField: lambda _a, _f, _o: new_id(AT),
    models.EmailField: lambda a, _f, o: f"{a.mark(o)}@kanarie.example",
    models.CharField: text,
    models.TextField: text,
    models.BinaryField: lambda a, _f, o: a.mark(o).encode(),
    models.JSONField: lambda a, _f, o: {"mark": a.mark(o)},
    models.DecimalField: lambda _a, _f, _o: Decimal("95.00"),
    models.BooleanField: lambda _a, _f, _o: False,
    models.DateTimeField: lambda _a, _f, _o: MADE,
    models.DateField: lambda _a, _f, _o: date(2027, 1, 4),
    models.IntegerField: lambda _a, _f, _o: 1,
}

OVERRIDES: dict[str, dict[str, Any]] = {
    "Account": {"last_login": None, "is_active": True},
    "Organisation": {"made_by": None},
    "Membership": {"role": "admin", "until_at": None},
    "Consent": {"ended_at": None},
    "Invitation": {"agreement_id": None, "used_at": None, "role": "agent"},
    "Token": {
        "ended_at": None,
        "rights": ["tickets:read"],
        "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
    },
    "AuditEntry": {"person_id": lambda a, o: a.rows[o][apps.get_model("parties", "Person")].pk},
    "Agreement": {"under": None, "third_party": None},
    "AgreementVersion": {"until_at": datetime(2099, 1, 1, tzinfo=UTC)},
    "Adviser": {"until_at": None},
    "Ticket": {"third_party_of": None},
    "Words": {"erased_at": None},
    "Fact": {"subject": "ticket", "code": "reported", "recorded_by": "supplier", "by": "customer"},
    "MajorIncident": {"closed_at": None},
    "Assessment": {"state": "running", "is_relieved": False},
    "Standing": {"next_look_at": None, "is_open": True},
    "Notice": {"state": "sent"},
    "Head": {"edge": b""},
    "Incoming": {"state": "set_apart", "why": "unverified"},
    "Watched": {"ended_at": None},
    "SignerKey": {"fingerprint": "9"},
    "OpenCatalogue": {"closed_at": None},
    "Paper": {"draft": None, "set_aside": ""},
    "StatedFact": {"draft": None},
    "PointAnswer": {"draft": None},
    "GeneralTerms": {"draft": None},
    "Weighing": {"draft": None},
    "Accepted": {"draft": None, "weighing": None},
    "Entry": {"side": "supplier"},
    "Feed": {
        "account": lambda a, o: a.rows[o][apps.get_model("parties", "Account")].pk,
        "ended_at": None,
    },
}
