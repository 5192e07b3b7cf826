"""Every value of every term stands in the text and parses back equal, in three languages."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.hours import Interval
from afspraak.engine.time import SECOND, Rhythm, ServiceTime, WorkingDays
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.freeze import freeze
from afspraak.language.text import amounts, times
from afspraak.language.text.clauses import blocks_of, note_of
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import lexicon_of
from afspraak.language.text.markdown import escape, markdown, unescape
from afspraak.language.text.read_back import differences
from afspraak.language.text.render import render_text, terms_page
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.text.tree import Page
from afspraak.language.text.words import LANGS, Lang, UnreadableError, values_of
from afspraak.language.values import parse_rate
from tests.language.altered import alterations, says_nothing
from tests.language.generated import Contract, contracts
from tests.language.worded import documents

SOME = settings(max_examples=(settings.default or settings()).max_examples // 5)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""

NOT_SAID = {"id", "type", "title", "key"}
"""What the text of a clause shows as its heading, its number and its place on page one."""
FEWER = (settings.default or settings()).max_examples // 12
"""A whole document is dear; `--long` tries forty times as many."""
TEMPLATES = template_names()
BY_LANG = pytest.mark.parametrize("lang", LANGS)


@cache
def template(name: str, *, frozen: bool = False) -> Document:
    data = template_bytes(name)
    if frozen:
        done, _ = freeze(data, name)
        assert done is not None
        data = done
    document, faults = check(data, name)
    assert document is not None, faults
    return document


# Whole documents -------------------------------------------------------------------------------


@BY_LANG
@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_parses_back_equal(name: str, lang: Lang, *, frozen: bool) -> None:
    document = template(name, frozen=frozen)
    assert differences(document, render_text(document, lang), lang) == []


@settings(max_examples=FEWER)
@given(document=documents(), lang=st.sampled_from(LANGS))
def test_every_value_of_every_clause_type_parses_back_equal(document: Document, lang: Lang) -> None:
    text = markdown(terms_page(document, lang))
    assert differences(document, text, lang) == []


@settings(max_examples=FEWER // 3)
@given(contract=contracts(), lang=st.sampled_from(LANGS))
def test_a_sound_contract_parses_back_equal(contract: Contract, lang: Lang) -> None:
    document = Document.model_validate(contract.content)
    assert differences(document, render_text(document, lang), lang) == []


@BY_LANG
@pytest.mark.parametrize("name", TEMPLATES)
def test_no_value_of_a_clause_can_change_unseen(name: str, lang: Lang) -> None:
    document = template(name)
    lexicon = lexicon_of(document, lang)

    def text(clause: object) -> str:
        blocks = (*blocks_of(clause, lexicon), *note_of(clause, lexicon))  # type: ignore[arg-type]
        return markdown(Page(lang, "", "", blocks))

    unseen = [
        f"{clause.id}.{path}"
        for clause in document.clauses
        for path, other in alterations(clause, NOT_SAID)
        if text(other) == text(clause) and not says_nothing(clause, path)
    ]
    assert unseen == []


def test_another_value_in_the_text_is_told() -> None:
    document = template("kleine-reseller")
    text = render_text(document, "nl")
    told = differences(
        document, text.replace("| 4 uur servicetijd |", "| 5 uur servicetijd |"), "nl"
    )
    assert len(told) == 1
    assert told[0].startswith("reageren.targets")
    gone = differences(document, text.replace("ligt het werk stil", "gaat het werk door"), "nl")
    assert len(gone) == 1
    assert gone[0].startswith("unreadable: extra_cost")


# Values ----------------------------------------------------------------------------------------

DURATIONS = st.one_of(
    st.integers(0, 10**7).map(lambda seconds: ServiceTime(seconds * SECOND)),
    st.integers(1, 10**6).map(WorkingDays),
)
RHYTHMS = st.one_of(
    st.integers(1, 9999).map(lambda months: Rhythm(months=months)),
    st.integers(1, 99_999).map(lambda days: Rhythm(days=days)),
)
SUMS = st.decimals(0, 10**12, places=4)
CURRENCIES = st.sampled_from(["EUR", "USD", "CHF"])


@BY_LANG
@SOME
@given(duration=DURATIONS, rhythm=RHYTHMS, on=st.dates(date(1000, 1, 1)))
def test_times_parse_back(lang: Lang, duration: ServiceTime, rhythm: Rhythm, on: date) -> None:
    values = values_of(lang)
    assert times.parse_duration(times.show_duration(duration, values), values) == duration
    assert times.parse_rhythm(times.show_rhythm(rhythm, values), values) == rhythm
    assert times.parse_every(times.show_every(rhythm, values), values) == rhythm
    assert times.parse_date(times.show_date(on, values), values) == on


@BY_LANG
@SOME
@given(amount=SUMS, currency=CURRENCIES, part=st.fractions(0, 1000, max_denominator=10**7))
def test_amounts_parse_back(lang: Lang, amount: Decimal, currency: str, part: Fraction) -> None:
    values = values_of(lang)
    shown = amounts.show_money(amount, currency, values)
    assert amounts.parse_money(shown, values) == (amount, currency)
    assert amounts.parse_part(amounts.show_part(part, values), values) == part
    assert amounts.parse_decimal(amounts.show_decimal(amount, values), values) == amount


@BY_LANG
@SOME
@given(
    minutes=st.lists(st.integers(0, 2 * 1440 - 1), min_size=2, max_size=8, unique=True).map(sorted)
)
def test_hours_parse_back(lang: Lang, minutes: list[int]) -> None:
    values = values_of(lang)
    ends = zip(minutes[::2], minutes[1::2], strict=False)
    hours = tuple(Interval(opens, closes) for opens, closes in ends if opens < 1440)
    assert times.parse_intervals(times.show_intervals(hours, values), values) == hours


@BY_LANG
def test_every_stretch_of_weekdays_parses_back(lang: Lang) -> None:
    values = values_of(lang)
    for first in range(7):
        for last in range(first, 7):
            shown = times.show_days(first, last, values)
            assert times.parse_days(shown, values) == (first, last)


@BY_LANG
@SOME
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=("Cs",))))
def test_a_persons_words_survive_the_escaping(lang: Lang, text: str) -> None:
    assert unescape(escape(text)) == text


@BY_LANG
@pytest.mark.parametrize(
    "rate", ["EUR 4.50 / user / month", "EUR 95.00 / hour", "USD 3 / quarter", "EUR 1.2345 / maand"]
)
def test_rates_parse_back(lang: Lang, rate: str) -> None:
    lexicon = lexicon_of(template("kleine-reseller"), lang)
    read = PHRASES["rate"].read(PHRASES["rate"].show(parse_rate(rate), lexicon), lexicon)
    assert parse_rate(read) == parse_rate(rate)


@BY_LANG
@pytest.mark.parametrize("text", ["", "4", "4 maan", "uur", "vier uur", "1.0.0 uur", "4 uur 4"])
def test_what_no_phrase_writes_is_not_read(lang: Lang, text: str) -> None:
    values = values_of(lang)
    for parse in (times.parse_duration, times.parse_rhythm, times.parse_every, times.parse_date):
        with pytest.raises(UnreadableError):
            parse(text, values)
