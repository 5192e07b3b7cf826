"""An archive brought in order: what papers say is proposed with its place; a person confirms."""

import pytest
import typst
from world import TUESDAY

from afspraak.archive.beginning import begun_from, reference_of
from afspraak.archive.load import NEEDED, stage_of
from afspraak.archive.models import Paper
from afspraak.archive.numbers import dates_in, prices_in, spans_in
from afspraak.archive.proposing import Proposal, proposals_of
from afspraak.archive.registers import is_kbo, registers_in
from afspraak.archive.table import BadLine, rows_of
from afspraak.engine.time import Refusal, datetime_of
from afspraak.intake.papers import picture_of, read_paper
from afspraak.ledger.ids import new_id


def values(page: str, field: str) -> list[str]:
    return [each.value for each in proposals_of([page]) if each.field == field]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 januari 2027", ("2027-01-01",)),
        ("1er janvier 2027", ("2027-01-01",)),
        ("31 août 2028", ("2028-08-31",)),
        ("1st of 3 March 2027", ("2027-03-03",)),
        ("January 5, 2027", ("2027-01-05",)),
        ("31-12-2029", ("2029-12-31",)),
        ("31.12.2029", ("2029-12-31",)),
        ("2027-03-02", ("2027-03-02",)),
        ("3/4/2027", ("2027-04-03", "2027-03-04")),
        ("13/4/2027", ("2027-04-13",)),
        ("4/4/2027", ("2027-04-04",)),
    ],
)
def test_dates_are_read_in_digits_and_in_words(text: str, meant: tuple[str, ...]) -> None:
    assert [each.values for each in dates_in(f"op {text} te Gent")] == [meant]


@pytest.mark.parametrize(
    "text", ["31-02-2027", "32 januari 2027", "01-01-27", "12-13-2027", "1-2/2027"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert list(dates_in(text)) == []


@pytest.mark.parametrize(
    ("text", "meant", "kind"),
    [
        ("drie (3) maanden", "3 months", "rhythm"),
        ("één jaar", "1 year", "rhythm"),
        ("un an", "1 year", "rhythm"),
        ("six mois", "6 months", "rhythm"),
        ("30 days", "30 days", "rhythm"),
        ("4 uur", "PT4H", "target"),
        ("4u", "PT4H", "target"),
        ("90 minuten", "PT90M", "target"),
        ("60 minutes", "PT1H", "target"),
        ("two working days", "2 working days", "target"),
        ("2 jours ouvrables", "2 working days", "target"),
        ("1 werkdag", "1 working day", "target"),
    ],
)
def test_spans_of_time_are_read_in_three_languages(text: str, meant: str, kind: str) -> None:
    assert [(each.values, each.kind) for each in spans_in(f"binnen {text}.")] == [((meant,), kind)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("€ 1.250,00 per maand", ["EUR 1250.00 / month"]),
        ("EUR 1,250.50 per month", ["EUR 1250.50 / month"]),
        ("450 euros par mois", ["EUR 450.00 / month"]),
        ("€ 95 per uur", ["EUR 95.00 / hour"]),
        ("€ 1.250 per jaar", ["EUR 1250.00 / year"]),
        ("€ 100", []),
        ("€ 1.2.3,4 per maand", []),
    ],
)
def test_prices_have_an_amount_and_a_period(text: str, meant: list[str]) -> None:
    assert [value for each in prices_in(f"De prijs is {text}.") for value in each.values] == meant


def test_registers_are_checked_by_their_digits() -> None:
    assert is_kbo("0712345630")
    assert not is_kbo("0712345631")
    text = "KvK-nummer 12345678, ondernemingsnummer BE 0712.345.630 en 0712.345.631, tel. 87654321"
    assert [value for value, _, _ in registers_in(text)] == ["kvk:12345678", "kbo:0712345630"]


DUTCH = """Overeenkomst met Bakkerij De Korenaar, KvK 87654321.
Deze overeenkomst gaat in met ingang van 1 januari 2027 en loopt tot en met 31 december 2029.

Zij wordt daarna stilzwijgend verlengd met telkens één jaar, tenzij een partij opzegt met een
opzegtermijn van drie maanden. Storingen: reactietijd binnen 4 uur, opgelost binnen 2 werkdagen.

Het niveau zilver kost € 1.250,00 per maand."""

FRENCH = """Le contrat prend effet le 1er mars 2027 et prend fin le 28 février 2030.

Il est tacitement reconduit pour un an, sauf préavis de six mois. Temps de réponse : 4 heures.

La panne est résolue dans les 2 jours ouvrables. Formule argent, 450 euros par mois."""

ENGLISH = """This agreement is effective from March 1, 2027 until 28 February 2030.

It shall renew for successive periods of one year unless terminated with three months' notice.

We respond within 30 minutes. An incident is resolved within 8 hours.
Gold level, EUR 99.00 per month."""


def test_a_dutch_contract_is_read() -> None:
    assert values(DUTCH, "customer_register") == ["kvk:87654321"]
    assert values(DUTCH, "from_on") == ["2027-01-01"]
    assert values(DUTCH, "until_on") == ["2030-01-01"]
    assert (values(DUTCH, "tacit"), values(DUTCH, "notice")) == (["1 year"], ["3 months"])
    assert (values(DUTCH, "response"), values(DUTCH, "resolution")) == (
        ["PT4H"],
        ["2 working days"],
    )
    assert (values(DUTCH, "level"), values(DUTCH, "price")) == (["silver"], ["EUR 1250.00 / month"])


def test_a_french_contract_is_read_and_its_end_offered_both_ways() -> None:
    assert values(FRENCH, "from_on") == ["2027-03-01"]
    assert values(FRENCH, "until_on") == ["2030-02-28", "2030-03-01"]
    assert (values(FRENCH, "tacit"), values(FRENCH, "notice")) == (["1 year"], ["6 months"])
    assert values(FRENCH, "resolution") == ["2 working days"]
    assert (values(FRENCH, "level"), values(FRENCH, "price")) == (
        ["silver"],
        ["EUR 450.00 / month"],
    )


def test_an_english_contract_is_read() -> None:
    assert values(ENGLISH, "from_on") == ["2027-03-01"]
    assert values(ENGLISH, "until_on") == ["2030-02-28", "2030-03-01"]
    assert (values(ENGLISH, "tacit"), values(ENGLISH, "notice")) == (["1 year"], ["3 months"])
    assert (values(ENGLISH, "response"), values(ENGLISH, "resolution")) == (["PT30M"], ["PT8H"])
    assert values(ENGLISH, "level") == ["gold"]


def test_a_proposal_says_on_which_page_in_which_words_it_was_read() -> None:
    found = proposals_of(["Niets.", "De opzegtermijn is drie maanden."])
    assert found == (Proposal("notice", "3 months", 2, "De opzegtermijn is drie maanden."),)


def test_a_span_that_nothing_explains_is_not_proposed() -> None:
    assert proposals_of(["De garantie is drie maanden. Wij pauzeren 4 uur."]) == ()


CSV = """bestand;kenmerk;klant;kvk;van;tot;opzegtermijn;origineel
a.pdf;A-1;De Korenaar;87654321;1-1-2027;2030-01-01;3 maanden;kast 2, map 4
"""


def test_a_list_is_read_by_its_columns() -> None:
    (row,), faults = rows_of(CSV)
    assert faults == ()
    assert (row.file, row.reference, row.lies_at, row.line) == ("a.pdf", "A-1", "kast 2, map 4", 2)
    assert row.told == {
        "customer": "De Korenaar",
        "customer_register": "kvk:87654321",
        "from_on": "2027-01-01",
        "until_on": "2030-01-01",
        "notice": "3 months",
    }


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [BadLine(1, "", "empty")]),
        ("bestand;kleur\n", [BadLine(1, "kleur", "unknown_column")]),
        ("klant\nx\n", [BadLine(1, "", "no_name")]),
        ("bestand;bestand\n", [BadLine(1, "file", "twice")]),
        ("bestand,van\na.pdf,3/4/2027\n", [BadLine(2, "from_on", "unreadable")]),
        ("bestand,kbo\na.pdf,0712345631\n", [BadLine(2, "customer_register", "unreadable")]),
        ("bestand,klant\na.pdf\n,b\n", [BadLine(2, "", "cells"), BadLine(3, "", "no_name")]),
    ],
)
def test_each_bad_line_is_named(text: str, faults: list[BadLine]) -> None:
    assert list(rows_of(text)[1]) == faults


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wij reageren binnen 2 uur en lossen op binnen 8 uur; oplossing geldt.", ["PT2H", "PT8H"]),
        ("Binnen 4 uur reageren, binnen 2 werkdagen oplossen.", ["PT4H", "2 working days"]),
        ("Reactietijd 1 uur, hersteltijd 8 uur.", ["PT1H", "PT8H"]),
    ],
)
def test_a_word_explains_one_span(text: str, found: list[str]) -> None:
    assert (values(text, "response") + values(text, "resolution")) == found


def test_a_list_with_other_ends_of_lines_is_read_and_an_endless_cell_refused() -> None:
    assert rows_of(CSV.replace("\n", "\r"))[0] == rows_of(CSV)[0]
    assert rows_of('bestand;klant\n"' + "x" * 200_000) == ((), (BadLine(1, "", "too_long"),))


def test_what_is_begun_from_two_papers_never_becomes_one_agreement() -> None:
    assert len({reference_of(new_id(TUESDAY)) for _ in range(100)}) == 100


def test_a_pdf_whose_font_names_a_coding_is_read_and_drawn_in_the_child() -> None:
    pdf = typst.compile("= Overeenkomst\n\nDe opzegtermijn is één maand.".encode(), format="pdf")
    read = read_paper(pdf)
    assert "De opzegtermijn is één maand." in " ".join(read.pages[0].split())
    assert picture_of(pdf, 1).startswith(b"\x89PNG")
    with pytest.raises(Refusal, match="cannot be read"):
        read_paper(b"%PDF-1.7 broken")


def test_the_hours_begin_with_the_term_that_was_confirmed() -> None:
    text = begun_from({"from_on": "2024-03-01"}, {}, {}).decode()
    assert 'from: "2024-03-01"' in text
    assert 'cover: ["2024-03-01", ' in text


def test_what_was_typed_stays_a_comment() -> None:
    text = begun_from({"level": "goud\nid: iets-anders"}, {("id",): "arch-1"}, {})
    assert text.startswith(b"# level: goud id: iets-anders\n")
    assert b"\nid: iets-anders" not in text


def test_how_far_a_paper_is_needs_none_of_its_text() -> None:
    paper = Paper(sha256="0" * 64)
    assert stage_of(paper, {}) == "unread"
    paper.read_at = datetime_of(TUESDAY)
    assert stage_of(paper, {}) == "scan"
    paper.reader = "typed"
    assert stage_of(paper, {}) == "read"
    assert stage_of(paper, dict.fromkeys(NEEDED)) == "confirmed"
