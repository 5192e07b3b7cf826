"""Agreements in the making, without rows: texts changed clause by clause, what clauses mean, for
whom a change is better, who owes what, what it is worth.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from afspraak.engine.terms import winners
from afspraak.engine.time import HOUR, Refusal, ServiceTime, WorkingDays
from afspraak.language.document import Document
from afspraak.language.nodes import Items, child, plain
from afspraak.language.reader import read
from afspraak.language.schema_faults import CLAUSE_TYPES
from afspraak.language.terms_of import terms_of
from afspraak.language.text.lexicon import lexicon_of
from afspraak.language.text.templates import template_bytes, template_names
from afspraak.language.text.words import LANGS, Lang
from afspraak.making import edit, form
from afspraak.making.balance import balance_of
from afspraak.making.better import weighed
from afspraak.making.chosen import Between, Choice, beginning, from_catalogue
from afspraak.making.custom import Custom, customised
from afspraak.making.helped import helps
from afspraak.making.opened import id_of, opened, shown_clauses
from afspraak.making.worth import Case, achieved, consequences, judged, standstill

FULL = template_bytes("msp-vier-niveaus")


def ids(data: bytes) -> list[str]:
    return [id_of(each) for each in root_of(data).items]


def values(data: bytes, clause: str) -> dict[str, Any]:
    found = plain(root_of(data).items[place(data, clause)])
    assert isinstance(found, dict)
    return dict(found)


def root_of(data: bytes) -> Items:
    root, _ = read(data, "contract")
    assert root is not None
    found = child(root, "clauses")
    assert isinstance(found, Items)
    return found


def place(data: bytes, clause: str) -> int:
    return ids(data).index(clause)


# A text, changed ----------------------------------------------------------------------------------


def test_one_value_is_changed_and_every_other_letter_stays() -> None:
    wanted = values(FULL, "oplossen")
    wanted["targets"][2]["value"] = "PT6H"
    data = edit.changed(FULL, place(FULL, "oplossen"), wanted)
    assert data == FULL.replace(
        b"- {when: {level: gold}, value: PT8H}", b"- {when: {level: gold}, value: PT6H}"
    )


def test_every_type_is_changed_in_every_way_and_reads_back() -> None:
    seen = set()
    for node in root_of(FULL).items:
        data, was = b"clauses:\n  - " + FULL.decode()[node.start : node.end].encode(), plain(node)
        assert isinstance(was, dict)
        if was["type"] in seen:
            continue
        seen.add(was["type"])
        more = was | {"note": 'Zo: "ja", {nee} # of\nniet', "key": "true"}
        rows = {k: [*each, each[0]] if isinstance(each, list) else each for k, each in more.items()}
        for wanted in (rows, {key: rows[key] for key in ("id", "type")}):
            data = edit.changed(data, 0, wanted)
            assert plain(root_of(data).items[0]) == wanted
    assert len(seen) == 31


def test_a_comment_stays_with_its_clause() -> None:
    data = FULL.replace(b"  - id: bijpraten", b"  # van de klant\n  - id: bijpraten")
    data = edit.moved(data, place(data, "bijpraten"), -1)
    assert ids(data)[:2] == ["bijpraten", "reageren"]
    assert b"  # van de klant\n  - id: bijpraten" in data
    assert edit.moved(data, 0, -1) == data
    gone = edit.removed(data, 0)
    assert b"van de klant" not in gone
    assert ids(gone) == ids(FULL.replace(b"id: bijpraten", b"id: bijpraten"))[:1] + ids(FULL)[2:]


def test_a_clause_comes_behind_another_as_it_was_written() -> None:
    wanted = {"id": "nieuw", "type": "duty", "promisor": "customer", "what": "access"}
    data = edit.added(FULL, wanted, place(FULL, "oplossen"))
    assert ids(data)[ids(data).index("oplossen") + 1] == "nieuw"
    assert values(data, "nieuw") == wanted
    assert edit.removed(data, place(data, "nieuw")) == FULL
    first = edit.added(b"afspraak: 1\nclauses: []\n", wanted, None)
    assert values(first, "nieuw") == values(edit.added(b"afspraak: 1\n", wanted, None), "nieuw")


def test_what_cannot_be_done_is_refused() -> None:
    flow_style = b"afspraak: 1\nclauses: [{id: a, type: duty}, {id: b, type: duty}]\n"
    with pytest.raises(Refusal, match="in brackets"):
        edit.removed(flow_style, 0)
    with pytest.raises(Refusal, match="cannot be read"):
        edit.removed(b"a: [", 0)
    with pytest.raises(Refusal, match="the last clause"):
        edit.removed(b"clauses:\n  - {id: a}\n", 0)
    with pytest.raises(Refusal, match="a letter"):
        edit.changed(FULL, 0, values(FULL, "reageren") | {"note": "a\u202eb"})
    with pytest.raises(Refusal, match="no clause"):
        edit.replaced(FULL, 0, "- een\n- twee")


def test_a_clause_is_shown_as_it_is_signed_and_a_wrong_one_as_it_is_written() -> None:
    whole = shown_clauses(FULL, "nl")
    assert [each.number for each in whole[:2]] == ["1.1", "1.2"]
    assert "4 uur" in next(each.markup for each in whole if each.id == "oplossen")
    wrong = FULL.replace(b"measure: resolution", b"measure: resolved")
    shown = {each.id: each for each in shown_clauses(wrong, "nl")}
    assert "measure: resolved" in shown["oplossen"].source
    assert shown["oplossen"].faults
    assert not shown["korting"].markup  # what hangs on it cannot be said either
    assert shown["reageren"].markup


# What clauses mean --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_type_of_clause_is_explained(lang: Lang) -> None:
    known = helps(lang)
    assert known.keys() == CLAUSE_TYPES.keys()
    for kind, each in known.items():
        assert each.ask.endswith("?"), kind
        assert all(text.endswith(".") for text in (each.means, each.trap)), kind


# A clause as a form -------------------------------------------------------------------------------


def sent(entries: Iterable[form.Entry]) -> Iterator[tuple[str, list[str]]]:
    """What a browser would send of a form that nobody touched."""
    for each in entries:
        if isinstance(each, form.Group):
            yield from sent(each.entries)
        elif isinstance(each, form.Rows):
            yield from sent(each.rows)
        elif each.widget in ("checks", "flag"):
            yield from [(each.name, list(each.values))] if "".join(each.values) else []
        else:
            joint = {"lines": "\n", "list": ", "}.get(each.widget, "")
            yield each.name, [joint.join(each.values)]


@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("lang", LANGS)
def test_a_form_that_nobody_touched_changes_nothing(name: str, lang: Lang) -> None:
    data = template_bytes(name)
    document = opened(data).document
    assert document is not None
    made = form.Made(document, lexicon_of(document, lang))
    for node in root_of(data).items:
        was = plain(node)
        assert isinstance(was, dict)
        posted = dict(sent(form.form_of(was, made)))
        assert form.filled(was, replace(made, posted=posted)) == was


def posting(clause: str, lang: Lang, **changed: str) -> dict[str, Any]:
    """The values of a clause of the full template with a few fields filled in otherwise."""
    document = opened(FULL).document
    assert document is not None
    made, was = form.Made(document, lexicon_of(document, lang)), values(FULL, clause)
    posted = dict(sent(form.form_of(was, made)))
    posted |= {name.replace("__", "."): [told] for name, told in changed.items()}
    return form.filled(was, replace(made, posted=posted))


def test_values_are_typed_as_people_say_them() -> None:
    targets = posting("oplossen", "nl", targets__2__value="6 uur servicetijd")["targets"]
    assert targets[2]["value"] == "PT6H"
    gone = posting("oplossen", "fr", targets__2__gone="on")["targets"]
    assert [each["when"] for each in gone[:3]] == [
        each["when"] for each in (targets[0], targets[1], targets[3])
    ]
    more = posting(
        "reageren", "en", targets__9__value="2 working days", targets__9__when__site="winkel"
    )
    assert more["targets"][-1] == {"when": {"site": "winkel"}, "value": "2 working days"}
    assert (
        posting("meerwerk", "nl", ceiling="1.250", rate="€ 99,50 per uur")["ceiling"]
        == "EUR 1250.00"
    )
    assert posting("betalen", "nl", interest="9")["interest"] == "9 %"
    assert posting("onderhoud", "nl", windows="zondag van 08:00 tot 12:00")["windows"] == {
        "sun": ["08:00-12:00"]
    }


def test_what_cannot_be_read_is_told_beside_its_field() -> None:
    wrong = posting("oplossen", "nl", targets__2__value="gauw", measure="")
    clause, faults = form.faults_in(wrong)
    assert clause is None
    assert faults.keys() == {"targets.2.value", "measure"}


# For whom it is better, who owes what -------------------------------------------------------------


def document(data: bytes) -> Document:
    found = opened(data).document
    assert found is not None
    return found


def whom(old: bytes, new: bytes) -> list[tuple[str, str]]:
    return [(each.clause, each.better) for each in weighed(document(old), document(new), "nl")]


def test_a_change_is_weighed_by_its_values_and_what_has_no_order_is_not_guessed() -> None:
    shorter = FULL.replace(b"{level: gold}, value: PT8H", b"{level: gold}, value: PT6H", 1)
    assert whom(FULL, shorter) == [("oplossen", "customer")]
    dearer = FULL.replace(b"fee: EUR 390.00 / month", b"fee: EUR 490.00 / month")
    assert whom(FULL, dearer) == [("", "supplier")]
    other = FULL.replace(b"    reopen: continue\n", b"").replace(
        b"acceptance: 5 working days\n    targets",
        b"reopen: restart\n    acceptance: 5 working days\n    targets",
    )
    assert whom(FULL, other) == [("oplossen", "untold")]
    noted = FULL.replace(
        b"    armed_by: contact", b"    note: Zo doen wij dat.\n    armed_by: contact"
    )
    assert whom(FULL, noted) == [("bijpraten", "neither")]


def test_a_clause_that_comes_or_goes_is_better_for_who_is_owed() -> None:
    gone = edit.removed(FULL, place(FULL, "kennis"))
    assert whom(FULL, gone) == [("kennis", "supplier")]
    duty = {"id": "sleutels", "type": "duty", "promisor": "customer", "what": "access"}
    assert whom(FULL, edit.added(FULL, duty, None)) == [("sleutels", "supplier")]


def test_both_sides_are_counted_and_what_binds_one_only_stands_out() -> None:
    found = balance_of(document(FULL), "nl")
    assert {"oplossen", "reageren"} <= {each.clause for each in found.supplier.duties}
    assert {"antwoorden", "betalen"} <= {each.clause for each in found.customer.duties}
    assert found.supplier.measured > found.customer.measured
    assert ("early_end", "customer") in found.one_sided
    solved = next(each for each in found.supplier.duties if each.clause == "oplossen")
    assert "credit" in {each.kind for each in solved.follows}


# What it is worth ---------------------------------------------------------------------------------


def case(hours: int, on: date = date(2027, 2, 3), **more: Any) -> Case:
    told = {"measure": "resolution", "service": "e-mail", "level": "gold", "priority": "P3"}
    return Case(**told, due_on=on, spent=ServiceTime(hours * HOUR), **more)


def test_history_is_tried_on_the_targets_of_the_text() -> None:
    terms = terms_of(document(FULL))
    promise = next(each for each in terms.promises if each.clause == "oplossen")
    known = list(judged(terms, promise, [case(7)] * 15 + [case(9)] * 6))
    (found,) = achieved(known)
    assert (found.kept, found.cases, found.share) == (15, 21, Fraction(15, 21))
    days = replace(case(1), spent=WorkingDays(1))
    assert [each.is_kept for each in judged(terms, promise, [days])] == [None]
    unknown = replace(case(1), service="iets-anders", level="", priority="")
    assert list(judged(terms, promise, [unknown])) == []


def test_it_is_worth_what_the_credits_would_have_been_and_what_standstill_costs() -> None:
    terms = terms_of(document(FULL))
    cases = [case(7)] * 18 + [case(9)] * 2  # 90 %: 5 % of three months of 40 x EUR 4.50
    assert consequences(terms, cases)["korting"] == Decimal("27.00")
    assert standstill(terms, cases, {"e-mail": Decimal(100)}) == {"oplossen": Decimal("200.00")}
    assert standstill(terms, cases, {}) == {}


# From the catalogue -------------------------------------------------------------------------------


def test_a_text_from_the_catalogue_has_no_faults() -> None:
    between = Between("nl-2028-0001", {"name": "Bakkerij De Korenaar B.V."}, date(2028, 1, 1))
    chosen = (Choice("internet", "platinum"), Choice("e-mail", "gold", 40))
    data = from_catalogue(template_bytes("catalogus"), chosen, between)
    there = opened(data)
    assert [each for each in there.faults if not each.note] == []
    assert {"reageren", "oplossen", "opstart-internet"} <= set(ids(data))


@pytest.mark.parametrize("kind", list(CLAUSE_TYPES))
def test_there_is_a_clause_of_each_type_to_begin_with(kind: str) -> None:
    made = beginning(kind, ("oplossen", "reageren"))
    read, faults = form.faults_in(made)
    assert read is not None, faults
    assert made["id"] not in ("oplossen", "reageren")


# A wish that was granted --------------------------------------------------------------------------


WISH = Custom("e-mail", "Op zaterdag", Decimal(900), "EUR")


def promised(data: bytes) -> dict[tuple[str, ...], str]:
    """What is promised in every case that can occur, by clause."""
    document = opened(data).document
    assert document is not None
    terms = terms_of(document)
    return {
        (each.clause, *(case.get(name, "") for name in ("service", "priority", "kind", "site"))): (
            f"{rule.target} {rule.calendar or each.calendar}"
        )
        for each in terms.promises
        if each.rules
        for case in terms.fields.cases()
        for rule in winners(terms.fields, each.rules, case)
    }


@pytest.mark.parametrize(
    ("wish", "moved"),
    [
        (
            replace(WISH, measure="resolution", target="PT6H"),
            {("oplossen", ""): "PT6H"},
        ),
        (
            replace(WISH, measure="resolution", priority="P1", target="PT2H"),
            {("oplossen", "P1"): "PT2H"},
        ),
        (
            replace(
                WISH, service="printers", measure="resolution", priority="P2", target="PT8H"
            ),
            {("oplossen", "P2"): "PT8H"},
        ),
        (
            replace(WISH, service="kassa", measure="first_response", target="PT1H"),
            {("reageren", ""): "PT1H"},
        ),
        (
            replace(WISH, measure="next_response", target="PT4H"),
            {("bijpraten", ""): "PT4H"},
        ),
    ],
)  # fmt: skip
def test_a_granted_target_is_of_that_service_alone(
    wish: Custom, moved: dict[tuple[str, str], str]
) -> None:
    before, after = promised(FULL), promised(customised(FULL, wish))
    assert before.keys() == after.keys()
    differ = {key for key in before if before[key] != after[key]}
    assert {service for _clause, service, *_more in differ} == {wish.service}
    (clause, priority), target = next(iter(moved.items()))
    asked = {"P2", "P3"} if not priority else {priority}
    assert {(key[0], key[2]) for key in differ} == {(clause, each) for each in asked}
    assert {after[key].split()[0] for key in differ} == {target}


def test_granted_hours_are_a_calendar_of_the_service_and_what_is_paid_a_clause() -> None:
    data = customised(FULL, replace(WISH, week={"sat": ["09:00-13:00"]}))
    before, after = promised(FULL), promised(data)
    differ = {key for key in before if before[key] != after[key]}
    assert differ == {key for key in before if key[1] == "e-mail" and key[0] != "antwoorden"}
    assert {after[key].split()[-1] for key in differ} == {"maatwerk-e-mail"}
    document = opened(data).document
    assert document is not None
    week = document.calendars["maatwerk-e-mail"].week
    assert [len(week.get(day, ())) for day in ("fri", "sat", "sun")] == [1, 1, 0]
    assert str(document.services["e-mail"].level) == "custom"
    fee = document.clause("maatwerk-e-mail")
    assert (str(fee.fee), fee.services, fee.note) == (
        "EUR 900.00 / year",
        ("e-mail",),
        "Op zaterdag",
    )  # type: ignore[union-attr]
    again = customised(data, replace(WISH, measure="resolution", target="PT3H"))
    assert ids(again)[-2:] == ["maatwerk-e-mail", "maatwerk-e-mail-2"]


def test_what_cannot_be_written_is_refused_by_name() -> None:
    for wish, told in (
        (replace(WISH, service="telefonie"), "no service telefonie"),
        (replace(WISH, measure="resolution", target="soon"), "cannot be written into this text"),
    ):
        with pytest.raises(Refusal, match=told):
            customised(FULL, wish)
    with pytest.raises(Refusal, match="has faults"):
        customised(FULL.replace(b"level: gold", b"level: tin"), WISH)
