"""Freezing writes the holidays out, keeps every comment, and is done once."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from afspraak.engine.time import TZDATA_VERSION, Refusal
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.freeze import freeze
from afspraak.language.holidays import holidays_between, library_version
from afspraak.language.terms_of import calendars_of, terms_of

SKETCH = (Path(__file__).parent / "sketch.yaml").read_bytes()
BLOCK = """\
afspraak: 1
law: 1
id: blok
language: fr
currency: EUR
zone: "Europe/Brussels"   # le fuseau
parties: {supplier: {name: A}, customer: {name: B}}
term: {from: "2027-01-01", until: "2028-01-01"}
calendars:
  bureau:
    # les heures
    holidays: "BE"   # les jours fériés
    zone: Europe/Brussels
    week: {mon-fri: ["09:00-17:00"]}
    cover: ["2027-01-01", "2029-01-01"]
  toujours: {zone: UTC, week: {mon-sun: ["00:00-24:00"]}, cover: ["2027-01-01", "2029-01-01"]}
  nuit:
    zone: Europe/Brussels
    week: {mon-fri: ["22:00-06:00"]}
    cover: ["2027-01-01", "2029-01-01"]
    holidays: DE-BY"""


def frozen(data: bytes) -> tuple[bytes, Document]:
    made, faults = freeze(data, "c.yaml")
    assert made is not None, [str(fault) for fault in faults]
    document, faults = check(made, "c.yaml")
    assert document is not None, [str(fault) for fault in faults]
    return made, document


def test_the_holidays_are_written_out() -> None:
    _, document = frozen(SKETCH)
    dates = document.calendars["kantoor"].holiday_dates
    assert dates is not None
    assert dates[date(2027, 4, 27)] == "Koningsdag"
    assert min(dates) == date(2027, 1, 1)
    assert max(dates) == date(2031, 6, 1), "one day more: a night could run into it"
    assert document.frozen is not None
    assert document.frozen.holidays == library_version()
    assert document.frozen.tzdata == TZDATA_VERSION


@pytest.mark.parametrize(
    "data", [SKETCH, BLOCK.encode(), (BLOCK + "\n").encode(), BLOCK.replace("\n", "\r\n").encode()]
)
def test_nothing_is_lost_and_nothing_else_is_said(data: bytes) -> None:
    made, document = frozen(data)
    before, _ = check(data, "c.yaml")
    assert before is not None
    assert terms_of(document) == terms_of(before)
    kept = [line for line in data.decode().splitlines() if "holidays:" not in line]
    assert set(kept) <= set(made.decode().splitlines())
    assert made.count(b"\r\n") in (0, made.count(b"\n"))


def test_names_are_in_the_contracts_language_and_comments_stay() -> None:
    made, document = frozen(BLOCK.encode())
    assert (document.calendars["bureau"].holiday_dates or {})[date(2027, 7, 21)] == "Fête nationale"
    assert b'    holidays: "BE"   # les jours f\xc3\xa9ri\xc3\xa9s\n    holiday_dates: {\n' in made
    assert b'zone: "Europe/Brussels"   # le fuseau\nfrozen: {holidays: "' in made
    assert document.calendars["toujours"].holiday_dates is None


def test_a_frozen_document_stays_byte_for_byte() -> None:
    made, _ = frozen(SKETCH)
    assert freeze(made, "c.yaml")[0] == made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('zone: "Europe/Brussels"   # le fuseau', "zone: >-\n  Europe/Brussels"),
        ('zone: "Europe/Brussels"   # le fuseau', "zone:\n  Europe/Brussels   # ici"),
        ('zone: "Europe/Brussels"   # le fuseau', "'zone':    Europe/Brussels"),
        ('holidays: "BE"   # les jours fériés', "holidays: |-\n      BE"),
    ],
)
def test_odd_ways_of_writing_are_frozen_too(old: str, new: str) -> None:
    _, document = frozen(BLOCK.replace(old, new, 1).encode())
    assert (document.calendars["bureau"].holiday_dates or {})[date(2027, 7, 21)]


def test_what_cannot_be_frozen_in_place_is_told() -> None:
    made, faults = freeze(BLOCK.replace('zone: "', '? zone\n: "', 1).encode(), "c.yaml")
    assert made is None
    assert [fault.clause for fault in faults] == ["calendars"]


def test_an_unsound_document_is_not_frozen() -> None:
    made, faults = freeze(SKETCH.replace(b"PT2H", b"1:30", 1), "c.yaml")
    assert made is None
    assert [fault.line for fault in faults] == [30]


def test_a_frozen_document_is_read_without_the_library() -> None:
    made, _ = frozen(SKETCH)
    program = (
        "import sys; from afspraak.language.check import check;"
        "from afspraak.language.terms_of import terms_of;"
        "document, _ = check(sys.stdin.buffer.read(), 'c'); terms_of(document);"
        "print('holidays' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=made, capture_output=True, check=True
    )
    assert run.stdout.split() == [b"False"]


def test_a_what_if_widens_the_cover_and_keeps_what_was_frozen() -> None:
    made, document = frozen(SKETCH)
    wide = (date(2015, 6, 1), date(2027, 3, 1))
    calendar = calendars_of(document, wide)["kantoor"]
    assert calendar.cover == (date(2015, 6, 1), date(2031, 6, 1))
    assert date(2016, 3, 28) in calendar.closed
    assert date(2027, 4, 27) in calendar.closed
    moved, faults = check(made.replace(b'"2027-04-27"', b'"2027-04-28"'), "c.yaml")
    assert moved is not None, faults
    assert date(2027, 4, 27) not in calendars_of(moved, wide)["kantoor"].closed
    assert date(2027, 4, 28) in calendars_of(moved, wide)["kantoor"].closed


def test_what_the_library_does_not_know_is_refused() -> None:
    cover = (date(2027, 1, 1), date(2028, 1, 1))
    for code in ("XX", "BE-ZZ", "__"):
        with pytest.raises(Refusal, match=code):
            holidays_between(code, cover, "nl")
    with pytest.raises(Refusal, match="1499"):
        holidays_between("BE", (date(1500, 1, 1), date(1501, 1, 1)), "nl")


def test_the_holidays_around_the_cover_are_there_too() -> None:
    found = holidays_between("NL", (date(2027, 12, 26), date(2028, 1, 1)), "nl")
    assert list(found) == [date(2027, 12, 25), date(2027, 12, 26), date(2028, 1, 1)]
