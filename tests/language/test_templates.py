"""The templates: sound, freezable, together of every clause type; page one and every word with its
example.
"""

import re
from functools import cache

import pytest

from afspraak.engine.terms import governing_rule
from afspraak.engine.time import ServiceTime
from afspraak.language.catalogue import Catalogue, check_catalogue, service_at
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.freeze import freeze
from afspraak.language.schema_faults import CLAUSE_TYPES
from afspraak.language.terms_of import terms_of
from afspraak.language.text.catalogue import render_catalogue, render_catalogue_html
from afspraak.language.text.definitions import EXAMPLES
from afspraak.language.text.render import render_text
from afspraak.language.text.sections import Grid, Section, sections_of
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.text.words import LANGS, Lang, texts_of

NAMES = ("kleine-reseller", "met-derde-partij", "msp-vier-niveaus", "sla-2-0")
BY_NAME = pytest.mark.parametrize("name", NAMES)
BY_LANG = pytest.mark.parametrize("lang", LANGS)


@cache
def document_of(name: str) -> Document:
    document, faults = check(template_bytes(name), name)
    assert document is not None, faults
    return document


@cache
def catalogue() -> Catalogue:
    found, faults = check_catalogue(template_bytes("catalogus"), "catalogus.yaml")
    assert found is not None, faults
    return found


def test_the_templates_are_known_by_name() -> None:
    assert template_names() == NAMES
    with pytest.raises(FileNotFoundError, match="no template nergens"):
        template_bytes("nergens")


@BY_NAME
def test_a_template_is_sound_and_can_be_frozen(name: str) -> None:
    _, faults = check(template_bytes(name), name)
    assert [each for each in faults if not each.note] == []
    frozen, _ = freeze(template_bytes(name), name)
    assert frozen is not None
    again, faults = check(frozen, name)
    assert again is not None, faults
    assert again.frozen is not None


def test_together_they_use_every_clause_type() -> None:
    used = {clause.type for name in NAMES for clause in document_of(name).clauses}
    assert used == set(CLAUSE_TYPES)


def test_the_full_template_has_four_levels_and_custom() -> None:
    levels = {service.level for service in document_of("msp-vier-niveaus").services.values()}
    assert levels == {"bronze", "silver", "gold", "platinum", "custom"}


# Page one --------------------------------------------------------------------------------------


def first_page(name: str, lang: Lang) -> list[Section]:
    sections = sections_of(render_text(document_of(name), lang))
    end = next(place for place, each in enumerate(sections) if each.title == _word(lang, "parties"))
    return sections[:end]


def _word(lang: Lang, name: str) -> str:
    found = texts_of(lang, "page")[name]
    assert isinstance(found, str)
    return found


@BY_LANG
@BY_NAME
def test_page_one_has_the_number_to_call_and_every_key_clause(name: str, lang: Lang) -> None:
    document = document_of(name)
    contact = document.parties["supplier"].contact or ""
    shown = str(first_page(name, lang))
    assert contact.removeprefix("tel:") in shown
    numbers = terms_of(document).numbers
    for clause in document.clauses:
        assert (f"({numbers[clause.id]})" in shown) == clause.key, clause.id


@BY_NAME
def test_page_one_promises_what_the_engine_finds(name: str) -> None:
    document, terms = document_of(name), terms_of(document_of(name))
    grids = [
        each
        for section in first_page(name, "nl")
        for each in section.contents
        if isinstance(each, Grid)
    ]
    for promise in terms.promises:
        key = document.clause(promise.clause).key and promise.rules
        grid = next(
            (each for each in grids if f"({terms.numbers[promise.clause]})" in each.head[0]), None
        )
        assert (grid is not None) == bool(key)
        for row in grid.rows if grid else ():
            for service, named in document.services.items():
                if row[0] != "alle diensten" and f"{named.name.get('nl')} (" not in row[0]:
                    continue
                for priority, cell in zip(document.priorities, row[1:], strict=False):
                    case = {"service": service, "priority": priority}
                    case |= {"kind": "incident"} if document.ticket_kinds else {}
                    target = governing_rule(terms.fields, promise.rules, case).target
                    if isinstance(target, ServiceTime) and target.microseconds % 3_600_000_000 == 0:
                        assert f"{target.microseconds // 3_600_000_000} uur" in cell


# Words and their examples ----------------------------------------------------------------------

DEFINED = {
    "kleine-reseller": {
        "service_time",
        "working_day",
        "resolution",
        "pause",
        "acceptance",
        "credit",
    }
    | {"best_effort", "renewal", "payment", "ceiling", "indexation", "reclassified"},
    "met-derde-partij": {"clock_time", "third_party", "availability", "downtime", "relief", "share"}
    | {"recurring", "due_date", "maintenance", "answer"},
    "sla-2-0": {"open_term", "trial", "next_response", "credit", "recurring"},
    "msp-vier-niveaus": set(EXAMPLES) - {"third_party", "best_effort", "open_term", "trial"},
}


def definitions(name: str, lang: Lang) -> dict[str, Section]:
    titles = {
        str(each["term"]): word
        for word, each in texts_of(lang, "definitions").items()
        if isinstance(each, dict)
    }
    sections = sections_of(render_text(document_of(name), lang))
    start = next(p for p, each in enumerate(sections) if each.title == _word(lang, "definitions"))
    found: dict[str, Section] = {}
    for section in sections[start + 1 :]:
        if section.level == 2:
            break
        found[titles[section.title]] = section
    return found


@BY_LANG
@BY_NAME
def test_every_word_that_is_used_is_defined_with_an_example(name: str, lang: Lang) -> None:
    found = definitions(name, lang)
    assert DEFINED[name] <= set(found)
    for section in found.values():
        assert len(section.contents) == 2
        assert "{" not in str(section.contents)


def test_all_words_together_are_defined() -> None:
    assert {word for name in NAMES for word in definitions(name, "nl")} == set(EXAMPLES)


def test_examples_are_what_the_rules_say() -> None:
    """By hand, from the calendar: Friday 16:30 + 2 h of Mon-Fri 08:30-17:30 is Monday 09:30."""
    shown = {
        word: str(each.contents[1]) for word, each in definitions("msp-vier-niveaus", "nl").items()
    }
    assert "vrijdag 8 januari 2027 om 16:30" in shown["service_time"]
    assert "maandag 11 januari 2027 om 09:30" in shown["service_time"]
    assert "woensdag 13 januari 2027 om 17:30" in shown["working_day"]
    # the first quarter of 2027 has 90 days, and one hour less by summer time
    assert "2.159 uur" in shown["availability"]
    # EUR 390.00 a month, three months, 5 %
    assert "€ 1.170,00" in shown["credit"]
    assert "€ 58,50" in shown["credit"]
    assert "31 januari 2027, 30 april 2027 en 31 juli 2027" in shown["recurring"]


# The catalogue ---------------------------------------------------------------------------------


@BY_LANG
def test_the_catalogue_shows_every_price_and_every_level(lang: Lang) -> None:
    text = render_catalogue(catalogue(), lang)
    rows = [line for line in text.splitlines() if re.match(r"\| .*(€)", line)]
    assert len(rows) == len(catalogue().services)
    prices = [
        offer for service in catalogue().services.values() for offer in service.offers.values()
    ]
    assert text.count("€") == sum(1 + (offer.start_up is not None) for offer in prices)
    assert text.count("\n### ") == len(catalogue().levels) + len(catalogue().calendars)
    assert "<script" not in render_catalogue_html(catalogue(), lang)


def test_a_contract_copies_a_service_from_the_catalogue() -> None:
    service = service_at(catalogue(), "kassa", "custom", 8)
    assert str(service.fee) == "EUR 55.00 / device / month"
    assert service.level == "custom"
    assert service.units == 8
    with pytest.raises(KeyError):
        service_at(catalogue(), "printers", "platinum")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"calendar: ruim", b"calendar: nergens", "no calendar nergens"),
        (b"EUR 12.50 / phone", b"USD 12.50 / phone", "another currency"),
        (b"EUR 12.50 / phone", b"EUR 12.5 / phone", "not a sum of money"),
        (b'until: "2028-01-01"', b'until: "2026-01-01"', "does not lie after"),
        (b"priority: P1, value: PT15M", b"priority: P9, value: PT15M", "no priority P9"),
        (
            b"- {measure: resolution, value: 3 working days}",
            b"- {measure: first_response, value: PT1H}",
            "two targets",
        ),
        (b"  platinum:\n    calendar", b"  lood:\n    calendar", "lood"),
        (b"document: catalogue", b"document: catalog", "catalog"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_its_line(old: bytes, new: bytes, told: str) -> None:
    data = template_bytes("catalogus").replace(old, new)
    found, faults = check_catalogue(data, "catalogus.yaml")
    assert found is None
    assert told in " ".join(map(str, faults))
    assert all(fault.line > 1 for fault in faults)
