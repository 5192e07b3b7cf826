"""Readiness: what answers which question, what holds up a signature, who may leave what open."""

import json
from dataclasses import replace
from itertools import count

import pytest
from world import START, World, bakery_contract, frozen, make_world

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import Draft
from afspraak.agreements.read import checked, document_of
from afspraak.engine.time import Refusal
from afspraak.flow.readiness import (
    NotReady,
    accept_point,
    bring_in_terms,
    propose_amendment,
    refuse_unready,
    say_point,
    state_list,
    weigh_terms,
)
from afspraak.language.document import Document
from afspraak.language.text.words import LANGS, Lang
from afspraak.ledger.models import Leaf
from afspraak.parties.actions import Actor
from afspraak.readiness.about import Subject, about_agreement, about_draft
from afspraak.readiness.actions import Answering, TermsRead, Weighed
from afspraak.readiness.answering import Found, Quoting
from afspraak.readiness.load import open_points, readiness_of
from afspraak.readiness.models import PointAnswer, Weighing
from afspraak.readiness.points import POINTS
from afspraak.readiness.points_further import LISTS
from afspraak.readiness.questions import CHOICES, LIST_KEYS, POINT_KEYS, ByFrame
from afspraak.readiness.stands import Said, Standing, name_of, open_in, stands
from afspraak.readiness.words import say, tables
from afspraak.rights.viewer import SYSTEM

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
                heading, words = Quoting(document, lang).of(found)
                assert bool(heading) == found.is_clause
                assert words or not found.is_clause
    assert "oplossen" not in Quoting(full(), "nl").of(Found("term", is_clause=False))[1]
    assert "1 januari 2027" in Quoting(full(), "nl").of(Found("term", is_clause=False))[1]


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


# Rows ---------------------------------------------------------------------------------------------


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def who(world: World, name: str) -> Actor:
    person = world.people[name]
    return Actor(person.organisation_id, person.id)


def draft_in(world: World, data: bytes | None = None) -> Subject:
    beginning = Beginning("Anew", Draft.Origin.FILE, data or bakery_contract())
    told = {"actor": who(world, "coen"), "viewer": world.viewer("coen"), "at": START}
    draft = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, **told)
    flow.show_draft(draft=draft.id, **told)
    return about_draft(draft.id, world.viewer("coen"))


MOMENTS = count(START)
"""Each word is said at a moment of its own."""


def say_of(subject: Subject, world: World, name: str, *told: str) -> PointAnswer:
    answering = Answering(*told)  # type: ignore[arg-type]  # the kinds are spelt out below
    actor = who(world, name)
    return say_point(subject=subject, answering=answering, actor=actor, at=next(MOMENTS))


def state_none(subject: Subject, world: World) -> None:
    for key in LIST_KEYS:
        state_list(subject=subject, about=key, choice="no", actor=who(world, "bob"), at=START)


def test_a_draft_is_refused_until_both_have_said_what_stays_open(world: World) -> None:
    subject, viewer = draft_in(world), world.viewer("bob")
    assert subject.draft is not None
    state_none(subject, world)
    say_of(subject, world, "coen", "team.others", "elsewhere", "Geen.", "onze offerte van mei")
    left = say_of(subject, world, "coen", "maintenance.updates", "left", "Doet u zelf.")
    with pytest.raises(NotReady, match="1 points") as refusal:
        refuse_unready(about=subject.draft, viewer=viewer)
    assert refusal.value.points == ("maintenance.updates",)
    accept_point(subject=subject, what=left, actor=who(world, "bob"), at=START)
    refuse_unready(about=subject.draft, viewer=viewer)
    say_of(subject, world, "bob", "team.others", "asked", "Welke bladzijde?")
    assert open_points(subject, viewer) == ("team.others",)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("budget.nothing", "left", "x"), "no such question"),
        (("team.others", "clause", "", "nowhere"), "no such clause"),
        (("team.others", "elsewhere", "x"), "where is it answered"),
        (("team.others", "left"), "say why"),
    ],
)
def test_what_answers_nothing_is_refused(world: World, told: tuple[str, ...], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        say_of(draft_in(world), world, "coen", *told)


def test_a_stranger_says_nothing_and_sees_nothing(world: World) -> None:
    subject = draft_in(world)
    say_of(subject, world, "coen", "team.others", "left", "Later.")
    with pytest.raises(Refusal, match="parties themselves"):
        say_of(subject, world, "charlie", "team.others", "left", "Nee.")
    seen = PointAnswer.objects.seen_by(world.viewer("charlie"))
    assert (seen.count(), PointAnswer.objects.seen_by(world.viewer("bob_user")).count()) == (0, 0)
    assert PointAnswer.objects.seen_by(world.viewer("bob")).count() == 1


def test_what_runs_is_gone_through_and_its_gaps_become_an_amendment(world: World) -> None:
    agreement = world.versions["bakery"].agreement
    viewer, actor = world.viewer("coen"), who(world, "coen")
    subject = about_agreement(agreement, viewer, START)
    assert subject is not None
    state_none(subject, world)
    assert open_points(subject, viewer) == ("team.others", "maintenance.updates")
    draft = propose_amendment(
        subject=subject, lang="nl", name="Wat nog ontbreekt", actor=actor, viewer=viewer, at=START
    )
    assert (draft.origin, draft.agreement_id) == (Draft.Origin.PROPOSAL, agreement.id)
    text = bytes(newest_text(draft.id, viewer).document)
    assert b"# maintenance.updates: Hoe vaak" in text
    assert b"(recurring_promise)" in text
    document, faults = checked(text, "contract")
    assert document is not None, faults
    assert document.version is not None
    assert document.version.number == 2
    # What was said of the agreement counts for the amendment: nobody is asked twice.
    amended = about_draft(draft.id, viewer)
    assert open_points(amended, viewer) == ("team.others", "maintenance.updates")


def test_general_terms_hold_up_a_signature_until_both_weigh_a_passage_alike(world: World) -> None:
    subject, viewer = draft_in(world), world.viewer("bob")
    read = TermsRead("voorwaarden.pdf", "0" * 64, "nl", ("Prijzen zijn vrijblijvend.",), "pypdf")
    terms = bring_in_terms(subject=subject, read=read, actor=who(world, "coen"), at=START)
    wins = Weighing.Wins
    ours = Weighed(terms, 1, "Prijzen zijn vrijblijvend.", "", wins.TERMS)
    weigh_terms(subject=subject, weighed=ours, actor=who(world, "coen"), at=START)
    assert any(each.startswith("weighing:") for each in open_points(subject, viewer))
    theirs = replace(ours, clause="indexering", wins=wins.AGREEMENT)
    row = weigh_terms(subject=subject, weighed=theirs, actor=who(world, "bob"), at=START + 1)
    found = readiness_of(subject, viewer).weighed
    assert [(each.row.id, each.accepted) for each in found] == [(row.id, {"customer"})]
    accept_point(subject=subject, what=row, actor=who(world, "coen"), at=START + 2)
    assert not any(each.startswith("weighing:") for each in open_points(subject, viewer))


def test_what_was_said_before_a_signature_is_a_leaf_of_codes_and_no_words(world: World) -> None:
    about = about_agreement(world.versions["bakery"].agreement, SYSTEM, START)
    assert about is not None
    answering = Answering("team.others", "left", "Niemand anders, zegt Bob.")
    row = say_point(subject=about, answering=answering, actor=Actor(world.supplier.id), at=START)
    leaf = Leaf.objects.seen_by(SYSTEM).get(kind="said", subject_id=row.id)
    told = json.loads(bytes(leaf.body))["body"]
    assert told == {
        "code": "answer_point",
        "how": "left",
        "question": "team.others",
        "row": str(row.id),
        "side": "supplier",
        "subject": str(about.row.id),
    }
