"""A new version begins from a text that stands: what `freeze` wrote is taken out again, what is
filled in stands where it belongs, and nothing else moves.
"""

from datetime import date

import pytest

from afspraak.language.begin import numbered, thawed, with_values
from afspraak.language.check import check
from afspraak.language.freeze import freeze, frozen_of
from afspraak.language.text.templates import template_bytes, template_names

ON = date(2027, 6, 1)


@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_thawed_is_what_was_frozen(name: str, ends: str) -> None:
    data = template_bytes(name).replace(b"\n", ends.encode())
    frozen, _ = freeze(data, name)
    assert frozen is not None
    assert thawed(frozen) == data
    assert thawed(data) == data


@pytest.mark.parametrize("name", template_names())
def test_it_reads_beforehand_as_it_will_when_it_is_frozen(name: str) -> None:
    document, _ = check(template_bytes(name), name)
    data, _ = freeze(template_bytes(name), name)
    assert document is not None
    assert data is not None
    assert frozen_of(document) == frozen_of(frozen_of(document)) == check(data, name)[0]


def test_in_braces_too() -> None:
    data = template_bytes("sla-2-0")
    line = next(each for each in data.splitlines() if b"holidays:" in each)
    braced = b'calendars: {k: {zone: UTC, holidays: "NL", week: {mon: []}}}\n'
    frozen = braced.replace(b'"NL"', b'"NL", holiday_dates: {"2027-01-01": "Nieuwjaar"}')
    assert thawed(frozen) == braced
    first = braced.replace(b"{zone", b'{holiday_dates: {"2027-01-01": "Nieuwjaar"}, zone')
    assert thawed(first) == braced
    assert line in thawed(data)


def test_values_stand_where_they_belong_and_nothing_else_moves() -> None:
    data = template_bytes("msp-vier-niveaus")
    name = 'Slager "de Kip" \\ Zn.'
    filled = with_values(data, {("parties", "customer", "name"): name, ("no", "such"): "x"})
    document, faults = check(filled, "x")
    assert document is not None, faults
    assert document.parties["customer"].name == name
    assert len(filled.splitlines()) == len(data.splitlines())


@pytest.mark.parametrize("name", template_names())
def test_the_next_version_has_its_number_and_its_date(name: str) -> None:
    document, faults = check(numbered(template_bytes(name), 7, ON), name)
    assert document is not None, faults
    assert document.version is not None
    assert (document.version.number, document.version.from_on) == (7, ON)


def test_what_cannot_be_read_stays_as_it_is() -> None:
    for data in (b"a: [", b"- 1\n", b"\xff", b"", b"zone: UTC"):
        assert thawed(data) == data
        assert with_values(data, {("a",): "b"}) == data
    assert numbered(b"zone: UTC", 2, ON) == b'zone: UTC\nversion: {number: 2, from: "2027-06-01"}'


def test_what_stands_behind_it_stays() -> None:
    """Keys, remarks and other calendars behind what is taken out."""
    week = '    week: {mon: ["09:00-17:00"]}\n'
    data = (
        f'calendars:\n  a:\n    holidays: "BE"\n    exceptions:\n      "2026-11-27": []\n{week}'
        f'  b:\n{week}    holidays: "NL"\n\n  # the third\n  c:\n{week}zone: UTC\n'
    )
    days = '    holiday_dates:\n      "2027-01-01": Nieuwjaar\n'
    frozen = data
    for line in ('    holidays: "BE"\n', '    holidays: "NL"\n'):
        frozen = frozen.replace(line, line + days)
    assert frozen != data
    assert thawed(frozen.encode()) == data.encode()
