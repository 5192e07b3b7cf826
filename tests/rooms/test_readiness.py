"""Readiness: what answers which question, what holds up a signature, who may leave what open."""

from dataclasses import replace

import pytest
from world import frozen

from afspraak.agreements.read import document_of
from afspraak.language.document import Document
from afspraak.language.text.words import LANGS, Lang
from afspraak.readiness.answering import Found, quoted
from afspraak.readiness.points import POINTS
from afspraak.readiness.points_further import LISTS
from afspraak.readiness.questions import CHOICES, LIST_KEYS, POINT_KEYS, ByFrame
from afspraak.readiness.stands import Said, Standing, name_of, open_in, stands
from afspraak.readiness.words import say, tables

NOTHING_APPLIES = dict.fromkeys(LIST_KEYS, "no")


def full() -> Document:
    return document_of(frozen("msp-vier-niveaus"))


def small() -> Document:
    return document_of(frozen("kleine-reseller"))


def standing(document: Document | None, name: str, *said: Said, **applies: str) -> Standing:
    points = stands(document, said, {**NOTHING_APPLIES, **applies})
    return next(each for point in points for each in point.standings if each.name == name)


def without(document: Document, *kinds: str) -> Document:
    kept = tuple(each for each in document.clauses if each.type not in kinds)
    return document.model_copy(update={"clauses": kept})


# The texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_is_asked_in_every_language_and_nothing_else(lang: Lang) -> None:
    names = {name_of(point.key, each) for point in (*POINTS, *LISTS) for each in point.questions}
    why = {name_of(point.key, each) for point in POINTS for each in point.questions}
    assert tables(lang)["ask"].keys() == names
    assert tables(lang)["why"].keys() == why
    assert tables(lang)["point"].keys() == {*POINT_KEYS, *LIST_KEYS}
    assert tables(lang)["fact"].keys() == set(LIST_KEYS)
    choices = {f"{key}.{each.word}" for key, found in CHOICES.items() for each in found}
    assert tables(lang)["choice"].keys() == choices
    frames = {
        answer.path[0]
        for point in (*POINTS, *LISTS)
        for each in point.questions
        for answer in each.answers
        if isinstance(answer, ByFrame)
    }
    assert tables(lang)["frame"].keys() == frames


def test_every_question_of_a_list_names_its_article() -> None:
    assert all(each.law for point in LISTS for each in point.questions)
    assert say("en", "point", "roll_out") == "Roll-out"


# What a clause answers ----------------------------------------------------------------------------


def test_a_full_contract_answers_all_but_two_questions() -> None:
    points = stands(full(), (), NOTHING_APPLIES)
    assert open_in(points) == ("team.others", "maintenance.updates")
    assert [each.key for each in points[:6]] == list(POINT_KEYS)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("indexation", "budget.rising"),
        ("people", "team.who"),
        ("reporting", "reporting.contents"),
        ("quality_guarantee", "roll_out.bugs"),
        ("knowledge", "maintenance.knowledge"),
        ("exit", "maintenance.exit"),
    ],
)
def test_a_question_is_open_where_its_clause_is_taken_out(kind: str, name: str) -> None:
    assert standing(full(), name).state == "clause"
    assert standing(without(full(), kind), name).state == "open"


def test_compensation_of_downtime_is_a_credit_on_availability_and_no_other() -> None:
    found = standing(full(), "maintenance.compensation").found
    assert [each.place for each in found] == ["korting-internet"]
    assert standing(without(full(), "availability"), "maintenance.compensation").is_open


def test_one_person_without_a_substitute_leaves_the_question_open() -> None:
    people = full().clause("mensen")
    alone = people.model_copy(
        update={
            "people": tuple(
                each.model_copy(update={"substitute": None}) for each in people.people[:1]
            )
            + people.people[1:]
        }
    )
    rest = tuple(alone if each.id == "mensen" else each for each in full().clauses)
    document = full().model_copy(update={"clauses": rest})
    assert standing(document, "team.substitute").is_open
    assert not standing(document, "team.swap").is_open


def test_a_text_with_faults_answers_nothing() -> None:
    points = stands(None, (), NOTHING_APPLIES)
    assert all(each.state == "open" for point in points for each in point.standings)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("document", [full(), small()], ids=["full", "small"])
def test_whatever_answers_can_be_quoted(document: Document, lang: Lang) -> None:
    for point in stands(
        document, (), {"gdpr": "yes", "nis2": "essential", "dora": "critical", "data_act": "yes"}
    ):
        for each in point.standings:
            for found in each.found:
                heading, words = quoted(document, found, lang)
                assert bool(heading) == found.is_clause
                assert words or not found.is_clause
    assert "oplossen" not in quoted(full(), Found("term", is_clause=False), "nl")[1]
    assert "1 januari 2027" in quoted(full(), Found("term", is_clause=False), "nl")[1]


# What people say ----------------------------------------------------------------------------------

LEFT = Said("team.others", "left", "Wij zien wel.", "", "customer", frozenset({"customer"}))


def test_one_side_alone_leaves_nothing_open() -> None:
    found = standing(full(), "team.others", LEFT)
    assert (found.state, found.is_open, found.lacking) == ("proposed", True, {"supplier"})
    both = replace(LEFT, accepted=frozenset({"customer", "supplier"}))
    found = standing(full(), "team.others", both)
    assert (found.state, found.is_open, found.lacking) == ("left", False, frozenset())


def test_an_answer_elsewhere_stands_until_somebody_asks_again() -> None:
    there = Said("team.others", "elsewhere", "Bijlage 3", "offerte van mei", "supplier")
    assert standing(full(), "team.others", there).state == "elsewhere"
    again = Said("team.others", "asked", "Daar staat niets.", "", "customer")
    assert standing(full(), "team.others", there, again).state == "open"
    assert standing(full(), "team.others", again, there).state == "elsewhere"


def test_who_asks_again_opens_what_a_clause_answered() -> None:
    again = Said("budget.rising", "asked", "Welke index?", "", "customer")
    found = standing(full(), "budget.rising", again)
    assert (found.state, found.found) == ("open", ())


def test_a_clause_that_is_pointed_at_answers_as_long_as_it_stands() -> None:
    named = Said("team.others", "clause", "", "taken", "supplier")
    assert standing(full(), "team.others", named).found == (Found("taken", is_clause=True),)
    assert standing(without(full(), "tasks"), "team.others", named).is_open


# The lists ----------------------------------------------------------------------------------------


def test_nobody_guesses_whether_a_list_applies() -> None:
    points = stands(full(), (), {"gdpr": "no", "nis2": "no"})
    assert open_in(points) == ("team.others", "maintenance.updates", "dora", "data_act")


def test_a_list_is_asked_where_it_was_stated_to_apply() -> None:
    names = open_in(stands(full(), (), {**NOTHING_APPLIES, "gdpr": "yes"}))
    assert "gdpr.breach" in names
    assert "gdpr.erased" not in names  # the clause on the end says it
    assert not any(each.startswith("nis2") for each in names)


def test_dora_asks_more_of_critical_functions() -> None:
    usual = stands(full(), (), {**NOTHING_APPLIES, "dora": "yes"})
    critical = stands(full(), (), {**NOTHING_APPLIES, "dora": "critical"})
    counts = [
        sum(len(point.standings) for point in points if point.key == "dora")
        for points in (usual, critical)
    ]
    assert counts == [10, 16]
    assert {"dora.tested", "dora.inspected"} <= set(open_in(critical)) - set(open_in(usual))
