"""What changed, in words: found by value; for whom it is better, where values are ordered."""

import pytest

from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.text.changes import Pair, Version, changes_of
from afspraak.language.text.diff import diff_text
from afspraak.language.text.lexicon import lexicon_of
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.text.words import LANGS, Lang
from tests.language.altered import alterations, says_nothing
from tests.language.test_templates import document_of

MSP = "msp-vier-niveaus"
SAME = {
    "nl": "De twee versies zeggen hetzelfde.",
    "fr": "Les deux versions disent la même chose.",
    "en": "The two versions say the same.",
}
CUSTOMER, SUPPLIER, CHANGED = "Better for the customer.", "Better for the supplier.", "Changed."


def changed(name: str, *pairs: tuple[str, str]) -> Document:
    text = template_bytes(name).decode()
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    document, faults = check(text.encode(), name)
    assert document is not None, faults
    return document


def told(name: str, *pairs: tuple[str, str], lang: Lang = "en") -> list[str]:
    """The lines of the difference that say what changed."""
    text = diff_text(document_of(name), changed(name, *pairs), lang)
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", template_names())
def test_identical_versions_say_so(name: str, lang: Lang) -> None:
    text = diff_text(document_of(name), document_of(name), lang)
    assert SAME[lang] in text
    assert "\n- " not in text


def test_no_value_of_a_clause_changes_untold() -> None:
    for name in template_names():
        version = Version(document_of(name), lexicon_of(document_of(name), "nl"))
        for clause in version.document.clauses:
            for path, other in alterations(clause, {"id", "type", "key", "title", "note"}):
                found = list(changes_of(Pair(clause, other, version, version)))
                assert found or says_nothing(clause, path), f"{name}: {clause.id}.{path}"


@pytest.mark.parametrize(
    ("old", "new", "line", "verdict"),
    [
        ("{when: {level: gold}, value: PT2H}", "{when: {level: gold}, value: PT1H}",
         "level gold, target: from 2 hours of service time to 1 hour of service time.", CUSTOMER),
        ("{when: {level: gold}, value: PT2H}", "{when: {level: gold}, value: PT3H}",
         "level gold, target: from 2 hours of service time to 3 hours of service time.", SUPPLIER),
        ("{when: {level: gold}, value: PT2H}", "{when: {level: gold}, value: 1 working day}",
         "level gold, target: from 2 hours of service time to 1 working day.", CHANGED),
        ("{when: {level: gold}, value: PT2H}", "{when: {level: gold}, value: PT1H, calendar: ruim}",
         "level gold, target: from 2 hours of service time to 1 hour of service time.", CHANGED),
        ("[{value: PT8H}, {when: {priority: P1}, value: PT2H}]",
         "[{value: PT4H}, {when: {priority: P1}, value: PT2H}]",
         "all other reports, target: from 8 hours of service time to 4 hours of service time.",
         SUPPLIER),
        ("EUR 4.50 / user / month", "EUR 4.00 / user / month",
         "E-mail, fee: from €4.50 per user per month to €4.00 per user per month.", CUSTOMER),
        ("EUR 4.50 / user / month", "EUR 4.00 / seat / month",
         "E-mail, fee: from €4.50 per user per month to €4.00 per seat per month.", CHANGED),
        ("{below: 90 %, credit: 10 %}", "{below: 90 %, credit: 8 %}",
         "less than 90 %, credit: from 10 % to 8 %.", SUPPLIER),
        ("bonus: 1 %", "bonus: 0.5 %", "at least 99 %, bonus: from 1 % to 0.5 %.", CUSTOMER),
        ("fee: EUR 2500.00}", "fee: EUR 2000.00}",
         "the customer, compensation: from €2,500.00 to €2,000.00.", CUSTOMER),
    ],
)  # fmt: skip
def test_a_value_in_a_table(old: str, new: str, line: str, verdict: str) -> None:
    assert f"{line} {verdict}" in told(MSP, (old, new))


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("95 %, per: quarter, by: level}", "97 %, per: quarter, by: level}", CUSTOMER),
        ("share: {at_least: 90 %, per: quarter}", "share: {at_least: 95 %, per: month}", CHANGED),
        ("{at_least: 90 %, per: quarter}", "{at_least: 95 %, per: quarter}", SUPPLIER),
        ("acceptance: 5 working days\n    t", "acceptance: 8 working days\n    t", CUSTOMER),
        ("    within: 3 months\n", "    within: 6 months\n", CUSTOMER),
        ("    within: 3 months\n", "    within: 10 working days\n", CHANGED),
        ("within: 30 days, invoiced", "within: 14 days, invoiced", SUPPLIER),
        ("per_miss: EUR 500.00", "per_miss: EUR 750.00", CUSTOMER),
        ("claim_within: 3 months", "claim_within: 1 month", SUPPLIER),
        ("answer_within: 2 working days", "answer_within: 1 working day", SUPPLIER),
        ("what: contact_list, every: 3 months", "what: contact_list, every: 1 month", SUPPLIER),
        ("every: 3 months\n    first_on", "every: 1 month\n    first_on", CUSTOMER),
        ("cap: 5 %\n    notice", "cap: 4 %\n    notice", CUSTOMER),
        ("data_back_within: 1 month", "data_back_within: 2 weeks", CHANGED),
        ("ceiling: EUR 1000.00", "ceiling: EUR 900.00", CUSTOMER),
        ("rate: EUR 95.00 / hour\n    what", "rate: EUR 99.00 / hour\n    what", SUPPLIER),
        ("acceptance: 5 working days\n    t",
         "acceptance: 5 working days\n    reopen: restart\n    t", CHANGED),
    ],
)  # fmt: skip
def test_a_sentence(old: str, new: str, verdict: str) -> None:
    (line,) = told(MSP, (old, new))
    assert line.startswith("Was: ")
    assert line.endswith(verdict)


def test_values_that_pull_both_ways() -> None:
    pairs = (("hours: 20, price: EUR 1700.00", "hours: 25, price: EUR 1900.00"),)
    (line,) = told(MSP, *pairs)
    assert line.endswith("Partly better for the customer, partly for the supplier.")


def test_other_hours_make_times_incomparable() -> None:
    pairs = (
        ("{when: {level: gold}, value: PT2H}", "{when: {level: gold}, value: PT1H}"),
        ('week: {mon-fri: ["08:30-17:30"]}', 'week: {mon-fri: ["09:30-17:30"]}'),
    )
    lines = told(MSP, *pairs)
    assert any(line.startswith("level gold") and line.endswith(CHANGED) for line in lines)
    assert any(line.startswith("Office hours: Was: Open:") for line in lines)


def test_rows_come_and_go() -> None:
    row = "      - {when: {level: silver, priority: P1}, value: PT1H}\n"
    assert told(MSP, (row, "")) == [
        "Lapses: For: level silver, priority P1; Target: 1 hour of service time"
    ]
    more = row + "      - {when: {level: silver, priority: P2}, value: PT2H}\n"
    assert told(MSP, (row, more)) == [
        "New: For: level silver, priority P2; Target: 2 hours of service time"
    ]


def test_clauses_come_go_and_move() -> None:
    name = "kleine-reseller"
    text = template_bytes(name).decode()
    lines = text.splitlines(keepends=True)
    duty = next(line for line in lines if "id: melden" in line)
    pay = next(line for line in lines if "id: betalen" in line)
    self_help = next(line for line in lines if "id: zelf-doen" in line)
    moved = text.replace(duty, "").replace(pay, "").replace(self_help, pay + self_help)
    added = """
  - id: lijst
    type: recurring_promise
    promisor: customer
    what: contact_list
    every: 1 month
    first_on: "2027-02-01"
"""
    document, faults = check((moved + added).encode(), name)
    assert document is not None, faults
    shown = diff_text(document_of(name), document, "nl")
    assert "## Nieuwe clausules\n\n### 5.1 Terugkerende belofte" in shown
    assert "## Vervallen clausules\n\n### 2.1 Medewerking" in shown
    assert "## Verplaatst\n\n- Betaling: van 3.5 naar 2.3." in shown
    back = diff_text(document, document_of(name), "nl")
    assert "### 2.1 Medewerking" in back
    assert "Nieuwe clausules" in back


def test_what_stands_around_the_clauses() -> None:
    pairs = (
        ("Dorpsstraat 8, 1741 GC Schagen", "Dorpsstraat 9, 1741 GC Schagen"),
        ("renewal: {tacit: 1 year, notice: 3 months", "renewal: {tacit: 1 year, notice: 2 months"),
        ("{impact: team, priority: P2}", "{impact: team, priority: P1}"),
        ("number: 1, from", "number: 2, from"),
        ("jointly_with: Anneke Visser}", "up_to: EUR 10000.00}"),
        ("nl: E-mail, fr", "nl: Post, fr"),
        ("court: de rechtbank Noord-Holland", "court: de rechtbank Amsterdam"),
    )
    shown = diff_text(document_of(MSP), changed(MSP, *pairs), "nl")
    for line in (
        "adres: van Dorpsstraat 8, 1741 GC Schagen naar Dorpsstraat 9, 1741 GC Schagen. Gewijzigd.",
        "verlengd; opzeggen kan tot en met de dag 2 maanden voor het einde.",
        "Vervalt: Wat is er aan de hand: een team kan niet werken; Prioriteit: P2",
        "Wordt: Dit is versie 2, die geldt vanaf 1 januari 2027.",
        "Tot en met: € 10.000,00",
        "- Was: E-mail Wordt: Post",
        "Wordt: Bevoegd is de rechtbank Amsterdam.",
    ):
        assert line in shown


def test_titles_notes_and_page_one() -> None:
    pairs = (
        ("title: {nl: Livegang", "title: {nl: Overgang"),
        ("    note: Weten wij nog niet", "    note: Weten we nog niet"),
        ("  - id: bijpraten\n", "  - id: bijpraten\n    key: true\n"),
    )
    lines = told(MSP, *pairs, lang="nl")
    assert "De titel was Livegang en wordt Overgang." in lines
    assert "Staat voortaan op de eerste bladzijde." in lines
    assert any(line.startswith("De toelichting was: Weten wij") for line in lines)


def test_what_this_language_does_not_show_is_named() -> None:
    shown = diff_text(
        document_of(MSP), changed(MSP, ("fr: Heures de bureau", "fr: Heures ouvrables")), "nl"
    )
    assert "De tekst in deze taal is dezelfde; dit verschilt wel:" in shown
    assert "calendars.kantoor.name" in shown
