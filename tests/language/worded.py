"""Documents with every clause type and every field, of whatever values the schema takes: made to be
put into words.

They need not pass `check`: a credit may hang on any clause, a band may be odd. What they say must
survive the words.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from afspraak.language import schema_frame as frames
from afspraak.language.document import Document
from afspraak.language.schema_base import LEVELS
from afspraak.language.schema_faults import CLAUSE_TYPES
from afspraak.language.text.fields import Field, fields_of
from afspraak.language.values import CURRENCIES

Plain = Any
EMPTY = "\u2013"
"""What an empty cell of a table holds; nobody is called so."""
START = datetime(2001, 1, 1, tzinfo=UTC)

EXACTLY_ONE = {
    "TargetRow": ("value", "open", "best_effort"),
    "Instalment": ("at", "on", "delivery"),
    "CapPart": ("per_month", "per_quarter", "per_year", "per_term"),
    "CreditClause": ("bands", "per_miss"),
    "PenaltyClause": ("bands", "per_miss"),
    "CreditBand": ("below",),
    "TaskRow": ("service", "asset"),
    "DutyClause": ("what",),
}
"""Keys that exclude each other: one of them is given."""

ONLY_WITH = {
    ("HourlyClause", "warn_at"): "ceiling",
    ("HourlyClause", "per"): "ceiling",
    ("MaintenanceClause", "per"): "at_most",
}
"""Keys that say nothing without another one; `check` refuses them."""

UNITS = ("user", "seat", "hour", "printed_page", "maand")
WORDS = (
    "contact_list",
    "who",
    "since_when",
    "wie",
    "a-b",
    "own_word",
    "eigen",
    "hours",
    "training",
)
ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=25
)
NAMES = st.one_of(
    st.sampled_from(
        [
            "E-mail",
            "Back-up en herstel",
            "A, B",
            "1. *x* | y",
            "<b>&amp;</b>",
            "“zo”",
            "# a_b",
            "- min",
        ]
    ),
    ODD,
).filter(lambda text: bool(text.strip()) and text != EMPTY)
PROSE = st.one_of(NAMES, st.lists(NAMES, min_size=1, max_size=4).map("\n".join))


def plural(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def digits(number: int) -> str:
    return str(number)


DURATIONS = st.one_of(
    st.builds("PT{}H{}M{}S".format, st.integers(0, 3000), st.integers(0, 90), st.integers(0, 90)),
    st.integers(1, 400).map(lambda days: plural(days, "working day")),
)
RHYTHMS = st.builds(plural, st.integers(1, 400), st.sampled_from(["day", "week", "month", "year"]))
DATES = st.dates(date(2001, 1, 1), date(2090, 12, 31)).map(str)
CENTS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.builds("{}.{:02}".format, st.integers(0, 10**7), st.integers(0, 99)),
    st.builds("{}.{:04}".format, st.integers(0, 99), st.integers(0, 9999)),
)
MONEY = st.builds(
    "{} {}".format, st.one_of(st.just("EUR"), st.sampled_from(sorted(CURRENCIES))), CENTS
)
SHARES = st.one_of(
    st.integers(0, 100).map("{} %".format),
    st.builds("{}.{:06} %".format, st.integers(0, 99), st.integers(0, 999_999)),
)
CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
INTERVALS = st.tuples(CLOCK, CLOCK).filter(lambda ends: ends[0] != ends[1]).map("-".join)
WEEKS = st.sampled_from(
    [
        {"mon-fri": ["08:30-17:30"]},
        {"mon-sun": ["00:00-24:00"]},
        {"mon": ["22:00-06:00"], "tue-thu": ["09:00-12:00", "13:00-17:15"], "sun": []},
        {"sat-sun": ["00:00-08:00"], "wed": ["10:00-24:00"]},
    ]
)
SCALARS: dict[str, st.SearchStrategy[Plain]] = {
    "count": st.integers(1, 10**6).map(digits),
    "flag": st.sampled_from(["true", "false"]),
    "figure": st.one_of(
        st.integers(0, 10**6).map(str), st.sampled_from(["128.31", "0.5", "1000.125"])
    ),
    "share": SHARES,
    "money": MONEY,
    "amount": st.one_of(SHARES, MONEY),
    "date": DATES,
    "month": st.builds("{}-{:02}".format, st.integers(1990, 2090), st.integers(1, 12)),
    "instant": st.integers(0, 10**9).map(
        lambda late: (START + timedelta(seconds=3 * late)).isoformat()
    ),
    "duration": DURATIONS,
    "rhythm": RHYTHMS,
    "within": st.one_of(DURATIONS, RHYTHMS),
    "interval": INTERVALS,
    "name": NAMES,
    "word": st.sampled_from(WORDS),
    "raw": st.sampled_from(["rij-1", "rij-2", "nl-2025-0007"]),
    "uri": st.sampled_from(
        ["tel:+31201234567", "mailto:a_b@x.example", "https://x.example/a,b?c=%20_d"]
    ),
    "register": st.sampled_from(["kvk:12345678", "kbo:0403170701", "siren:A.B1"]),
    "country": st.sampled_from(["NL", "BE", "DE-BY"]),
    "week": WEEKS,
}


@dataclass
class Shelf:
    """What a document has, to be referred to."""

    parties: list[str]
    services: list[str]
    calendars: list[str]
    words: list[str]
    clauses: list[str]
    assets: list[str]

    def pick(self, kind: str) -> st.SearchStrategy[str]:
        """A reference to one of them."""
        held = {
            "party": self.parties,
            "service": self.services,
            "calendar": self.calendars,
            "clause": self.clauses,
            "price": [*self.services, *self.clauses],
            "asset": self.assets,
        }
        return st.sampled_from(held[kind])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    types = [
        "ownership",
        *draw(st.lists(st.sampled_from(sorted(CLAUSE_TYPES)), min_size=1, max_size=4)),
    ]
    ids = [f"c-{place}" for place in range(len(types))]
    shelf = Shelf(
        parties=["supplier", "customer", "net", "third_party"],
        services=["mail", "werk", "druk"],
        calendars=["kantoor", "altijd"],
        words=list(WORDS),
        clauses=ids,
        assets=["ding"],
    )
    clauses = [clause(draw, kind, place, shelf) for place, kind in zip(ids, types, strict=True)]
    return Document.model_validate({**frame(draw, shelf), "clauses": clauses})


def clause(draw: st.DrawFn, kind: str, clause_id: str, shelf: Shelf) -> Plain:
    model = CLAUSE_TYPES[kind]
    found = part(draw, model, shelf, skipped={"id", "type", "title", "key"})
    title = {"title": {"nl": draw(NAMES)}} if draw(st.booleans()) else {}
    for place, asset in enumerate(found.get("assets", ())):
        asset["id"] = "ding" if (clause_id, place) == ("c-0", 0) else f"{clause_id}-{place}"
    return {"id": clause_id, "type": kind, **title, **found}


def part(
    draw: st.DrawFn, model: type[BaseModel], shelf: Shelf, skipped: set[str] = frozenset()
) -> Plain:  # type: ignore[assignment]
    """Every required key and some of the others, within the model's own rules."""
    one_of = EXACTLY_ONE.get(model.__name__, ())
    one = draw(st.sampled_from(one_of)) if one_of else ""
    found: dict[str, Plain] = {}
    for key, field in fields_of(model).items():
        asked = model.model_fields[field.name].is_required() or key == one
        barred = key in skipped or (key in one_of and key != one)
        barred = barred or ONLY_WITH.get((model.__name__, key), key) not in {*found, key}
        if not barred and (asked or draw(st.booleans())):
            found[key] = value(draw, model, key, field, shelf)
    return found


def value(draw: st.DrawFn, model: type[BaseModel], key: str, field: Field, shelf: Shelf) -> Plain:
    if field.model is not None and field.kind == "model":
        inner = field.model
        if not field.many:
            return part(draw, inner, shelf)
        return [part(draw, inner, shelf) for _ in range(draw(st.integers(1, 3)))]
    each = one_value(draw, model, key, field, shelf)
    if field.many or field.pair:
        size = (2, 2) if field.pair and not field.many else (1, 3)
        return draw(st.lists(each, min_size=size[0], max_size=size[1]))
    return draw(each)


def one_value(  # noqa: PLR0911 - one for each sort of value
    draw: st.DrawFn, model: type[BaseModel], key: str, field: Field, shelf: Shelf
) -> st.SearchStrategy[Plain]:
    if field.kind == "enum":
        return st.sampled_from(words_of(model, field.name))
    if field.kind == "when":
        return st.just(when(draw, shelf))
    if key == "best_effort":
        return st.just("true")
    if field.kind == "count" and field.many and field.pair:
        return st.tuples(SCALARS["count"], SCALARS["count"]).map(list)
    if field.kind == "rate":
        ends = st.sampled_from(["", " / month", " / quarter", " / year"])
        units = st.sampled_from([f" / {unit}" for unit in UNITS])
        return st.builds("{}{}{}".format, MONEY, units, ends)
    if key in ("note", "text", "wish", "fallback") or (key == "what" and field.kind == "name"):
        return PROSE
    return SCALARS[field.kind] if field.kind in SCALARS else shelf.pick(field.kind)


def words_of(model: type[BaseModel], name: str) -> list[str]:
    """The words of a closed list, from the schema itself."""
    schema = model.model_json_schema()
    found = schema["properties"][
        name if name in schema["properties"] else name.split("_", maxsplit=1)[0]
    ]
    choices = [found, *found.get("anyOf", []), found.get("items", {})]
    return next(
        [str(word) for word in each["enum"]] if "enum" in each else [each["const"]]
        for each in choices
        if "enum" in each or "const" in each
    )


def when(draw: st.DrawFn, shelf: Shelf) -> Plain:
    fields = {
        "service": shelf.pick("service"),
        "level": st.sampled_from(LEVELS),
        "priority": st.sampled_from(["P1", "P2", "hoog"]),
        "kind": st.sampled_from(["incident", "eigen"]),
        "site": st.sampled_from(["winkel", "depot"]),
    }
    chosen = draw(st.lists(st.sampled_from(list(fields)), unique=True, max_size=3))
    return {name: draw(fields[name]) for name in chosen}


def frame(draw: st.DrawFn, shelf: Shelf) -> dict[str, Plain]:
    """Parties, term, calendars, services with names as people may write them."""

    def some(model: type[BaseModel], *skipped: str) -> Plain:
        return part(draw, model, shelf, skipped=set(skipped))

    odd = {key: {"nl": draw(NAMES), "fr": draw(NAMES)} for key in ("winkel", "eigen", "own_word")}
    roles = {"supplier": {}, "customer": {}, "net": {"role": "third_party"}}
    services = {
        key: {**some(frames.Service, "name"), "name": {"nl": draw(NAMES)}} for key in shelf.services
    }
    calendars = {key: calendar(draw) for key in shelf.calendars}
    optional = {
        "jurisdiction": frames.Jurisdiction,
        "version": frames.Version,
        "frozen": frames.Frozen,
    }
    return {
        "afspraak": "1",
        "law": "1",
        "id": "gemaakt",
        "language": draw(st.sampled_from(["nl", "fr", "en"])),
        "currency": "EUR",
        "zone": "Europe/Brussels",
        "parties": {
            key: {**some(frames.Party, "role", "contacts"), **role} for key, role in roles.items()
        },
        "term": some(frames.Term),
        "calendars": calendars,
        "priorities": ["P1", "P2", "hoog"],
        "priority_from": [some(frames.PriorityRow) for _ in range(draw(st.integers(0, 3)))],
        "ticket_kinds": ["incident", "eigen"],
        "sites": ["winkel", "depot"],
        "names": odd,
        "services": services,
        **{
            key: {"holidays": "0.109", "tzdata": "2026a"} if key == "frozen" else some(model)
            for key, model in optional.items()
            if draw(st.booleans())
        },
    }


def calendar(draw: st.DrawFn) -> Plain:
    holidays = {"2027-01-01": "Nieuwjaar", "2027-04-05": "Paasmaandag", "2028-01-01": "Nieuwjaar"}
    found = {
        "zone": "Europe/Brussels",
        "week": draw(WEEKS),
        "cover": ["2027-01-01", "2031-01-01"],
        "closed": draw(st.lists(DATES, max_size=3, unique=True)),
        "exceptions": draw(
            st.dictionaries(
                DATES, st.sampled_from([[], ["09:00-12:00"], ["22:00-06:00"]]), max_size=3
            )
        ),
    }
    if draw(st.booleans()):
        found["name"] = {"nl": draw(NAMES)}
    if draw(st.booleans()):
        found |= {
            "holidays": draw(st.sampled_from(["NL", "BE", "DE-BY"])),
            "holiday_dates": holidays,
        }
    return found
