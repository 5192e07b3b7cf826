"""The room of what changes: texts that are amended, numbers that are proposed, indexes, levels."""

from datetime import date
from fractions import Fraction
from math import comb
from typing import Any
from uuid import UUID

import pytest
from conftest import take_role
from hypothesis import given, settings
from hypothesis import strategies as st
from open_world import make_open_world, open_agreement
from world import TUESDAY, World, frozen

from afspraak import flow
from afspraak.agreements.drafts import newest_text
from afspraak.amending.actions import Word
from afspraak.amending.effects import effects_of
from afspraak.amending.experience import experience_of
from afspraak.amending.load import contract_in, history_of, with_value
from afspraak.amending.models import TermWord
from afspraak.amending.moved import moved_by
from afspraak.amending.proposal import (
    Method,
    amount,
    least_cases,
    place_of,
    proposed,
    quantile_of,
)
from afspraak.amending.said import hurts_of, words_of
from afspraak.amending.text import Dated, amended, filled_in
from afspraak.engine.periods import Period
from afspraak.engine.terms import Open
from afspraak.engine.time import DAY, HOUR, MINUTE, Refusal, ServiceTime, WorkingDays, parse_instant
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.terms_of import terms_of
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Kind, Notice, Obligation
from afspraak.notices.telling import telling_of
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM, viewing

NINETY, SURE = Fraction(9, 10), Fraction(95, 100)
METHOD = Method(NINETY, SURE)
MAY, JUNE = date(2027, 5, 1), date(2027, 6, 1)


def hours(number: float) -> ServiceTime:
    return ServiceTime(int(number * HOUR))


# The number that measured weeks propose -----------------------------------------------------------


def brute(cases: int, quantile: Fraction, confidence: Fraction) -> int | None:
    """The binomial sum itself, term by term."""
    for place in range(1, cases + 1):
        below = sum(
            comb(cases, i) * quantile**i * (1 - quantile) ** (cases - i) for i in range(place)
        )
        if below >= confidence:
            return place
    return None


@settings(max_examples=150)
@given(
    cases=st.integers(0, 60),
    quantile=st.fractions(0, 1, max_denominator=40),
    confidence=st.fractions(Fraction(1, 40), Fraction(39, 40), max_denominator=40),
)
def test_the_place_is_what_the_binomial_sum_says(
    cases: int, quantile: Fraction, confidence: Fraction
) -> None:
    assert place_of(cases, quantile, confidence) == brute(cases, quantile, confidence)


@pytest.mark.parametrize(
    ("quantile", "confidence"),
    [(NINETY, SURE), (Fraction(85, 100), NINETY), (Fraction(1, 2), Fraction(99, 100))],
)
def test_it_is_said_how_many_would_do(quantile: Fraction, confidence: Fraction) -> None:
    needed = least_cases(quantile, confidence)
    assert place_of(needed, quantile, confidence) == needed
    assert place_of(needed - 1, quantile, confidence) is None


def test_too_few_give_no_number() -> None:
    found = proposed([hours(1)] * 28, 0, METHOD)
    assert (found.why, found.needed, found.value) == ("few", 29, None)
    assert proposed([hours(1)] * 29, 0, METHOD).value == hours(1)


def test_the_whole_of_the_work_is_carried_by_no_sample() -> None:
    found = proposed([hours(1)] * 500, 0, Method(Fraction(1), SURE))
    assert (found.why, found.needed) == ("few", 0)


def test_what_still_runs_counts_as_longest() -> None:
    done = [hours(n) for n in range(1, 59)]
    without = proposed(done, 0, METHOD)
    with_two = proposed(done[:-2], 2, METHOD)
    assert without.place == with_two.place == 57
    assert without.value == hours(57)
    assert (with_two.why, with_two.value) == ("running", None)
    assert proposed(done, 1, METHOD).place == 58


def test_it_is_rounded_up_to_half_hours_and_held_within_bounds() -> None:
    method = Method(NINETY, SURE, (hours(1), hours(8)))
    assert proposed([ServiceTime(HOUR + MINUTE)] * 40, 0, method).value == hours(1.5)
    assert proposed([hours(1.5)] * 40, 0, method).value == hours(1.5)
    low, high = proposed([hours(0)] * 40, 0, method), proposed([hours(20)] * 40, 0, method)
    assert (low.value, low.bound) == (hours(1), "lower")
    assert (high.value, high.bound, high.measured) == (hours(8), "upper", hours(20))


def test_working_days_stay_working_days() -> None:
    days = [WorkingDays(n % 3 + 1) for n in range(40)]
    assert proposed(days, 0, Method(NINETY, SURE, (hours(1), hours(8)))).value == WorkingDays(3)
    assert quantile_of(days, Fraction(1, 2)) == WorkingDays(2)
    assert quantile_of([], Fraction(1, 2)) is None


# The text of an amendment -------------------------------------------------------------------------


def test_an_amendment_carries_its_number_its_date_and_its_choice() -> None:
    base = frozen("sla-2-0")
    first = amended(base, Dated(2, date(2027, 6, 1), open_tickets=True))
    document, faults = check(first, "x")
    assert document is not None, faults
    version = document.version
    assert version is not None
    assert (version.number, version.from_on, version.open_tickets) == (2, date(2027, 6, 1), True)
    again, faults = check(amended(first, Dated(3, date(2027, 9, 1), open_tickets=False)), "x")
    assert again is not None, faults
    assert again.version is not None
    assert (again.version.number, again.version.open_tickets) == (3, False)
    block = first.replace(
        b'version: {number: 2, from: "2027-06-01", open_tickets: true}',
        b'version:\n  number: 2\n  from: "2027-06-01"  # from then on\n',
    )
    text = amended(block, Dated(4, date(2027, 9, 1), open_tickets=True))
    last, faults = check(text, "x")
    assert last is not None, faults
    assert last.version is not None
    assert last.version.open_tickets
    assert b"# from then on" in text


def test_a_value_takes_the_place_of_an_open_term_and_nothing_else_moves() -> None:
    base = frozen("sla-2-0")
    text = filled_in(base, "dossier-open", hours(6))
    document, faults = check(text, "x")
    assert document is not None, faults
    assert len(base.splitlines()) - len(text.splitlines()) == 9  # the clause, and nothing else
    assert text.startswith(b"# SLA 2.0:")
    terms = terms_of(document)
    assert [each.clause for each in terms.open_terms] == ["werkplek-p1", "reageren-p3"]
    solve = next(each for each in terms.promises if each.clause == "oplossen")
    found = {rule.when.get("service"): rule.target for rule in solve.rules if len(rule.when) == 1}
    assert found["dossier"] == hours(6)
    twice = filled_in(text, "reageren-p3", WorkingDays(1))
    assert len(terms_of(check(twice, "x")[0]).open_terms) == 1  # type: ignore[arg-type]
    assert isinstance(solve.rules[-1].target, Open)


def test_what_cannot_be_filled_in_is_refused() -> None:
    with pytest.raises(Refusal, match="no open term nothing"):
        filled_in(frozen("sla-2-0"), "nothing", hours(1))
    with pytest.raises(Refusal, match="no open term"):
        filled_in(frozen("msp-vier-niveaus"), "dossier-open", hours(1))


# On the rows --------------------------------------------------------------------------------------


@pytest.fixture
def open_world(as_system: None) -> World:
    return make_open_world()


def said(world: World, who: str, value: str = "PT8H", **more: Any) -> TermWord:
    word = {"term": "dossier-open", "value": value, "from_on": MAY, "open_tickets": False} | more
    person = world.people[who]
    return flow.say_of_term(
        agreement=world.versions["open"].agreement_id,
        word=Word(**word),
        actor=Actor(person.organisation_id, person.id),
        viewer=world.viewer(who),
        at=TUESDAY,
    )


def text_of(draft: UUID) -> Document:
    text = newest_text(draft, SYSTEM)
    document, faults = check(bytes(text.document), "x")
    assert document is not None, faults
    return document


def test_where_both_say_the_same_an_amendment_is_written(open_world: World) -> None:
    take_role("app")
    with viewing(open_world.viewer("coen")):
        assert said(open_world, "coen").draft_id is None
    with viewing(open_world.viewer("wim")):
        assert said(open_world, "wim", "PT6H").draft_id is None
        agreed = said(open_world, "wim")
        words = words_of(open_agreement(open_world), open_world.viewer("wim"))["dossier-open"]
    assert agreed.draft_id is not None
    assert words.draft == agreed.draft_id
    take_role("system")
    document = text_of(agreed.draft_id)
    assert document.version is not None
    assert (document.version.number, document.version.from_on) == (2, MAY)
    assert "dossier-open" not in {each.id for each in document.clauses}
    both = [said(open_world, who, "1 working day", term="reageren-p3") for who in ("wim", "coen")]
    assert both[1].draft_id == agreed.draft_id  # the same date: one amendment
    assert newest_text(agreed.draft_id, SYSTEM).number == 2
    other = [
        said(open_world, who, "PT4H", term="werkplek-p1", from_on=JUNE) for who in ("wim", "coen")
    ]
    assert other[1].draft_id not in (None, agreed.draft_id)


def test_a_word_on_what_is_not_open_or_a_date_that_passed_is_refused(open_world: World) -> None:
    for more in (
        {"term": "oplossen"},
        {"from_on": date(2027, 3, 1)},
        {"from_on": date(2029, 1, 1)},
    ):
        with pytest.raises(Refusal):
            said(open_world, "wim", **more)
    with pytest.raises(NoSuchAgreement):
        said(open_world, "bob")


def test_only_the_customer_says_what_hurt(open_world: World) -> None:
    row = open_agreement(open_world)

    def mark(who: str, *, hurts: bool, service: str = "dossier") -> None:
        person = open_world.people[who]
        flow.mark_hurt(
            agreement=row.id,
            service=service,
            kind="",
            hurts=hurts,
            words="Een akte kon niet passeren.",
            actor=Actor(person.organisation_id, person.id),
            viewer=open_world.viewer(who),
            at=TUESDAY,
        )

    take_role("app")
    with viewing(open_world.viewer("wim")):
        mark("wim", hurts=True)
        with pytest.raises(Refusal, match="knows no such kind"):
            mark("wim", hurts=True, service="fax")
    with viewing(open_world.viewer("coen")):
        assert set(hurts_of(row, open_world.viewer("coen"))) == {("dossier", "")}
        with pytest.raises(Refusal, match="only the customer"):
            mark("coen", hurts=True)
    with viewing(open_world.viewer("wim")):
        mark("wim", hurts=False)
        assert hurts_of(row, open_world.viewer("wim")) == {}


def test_what_was_measured_proposes_and_is_tried_on_the_past(open_world: World) -> None:
    history = history_of(open_agreement(open_world), SYSTEM, TUESDAY)
    assert history is not None
    found = experience_of(history.logs, history.contracts, span=history.span, as_of=history.as_of)
    term = history.signed.terms.open_terms[0]
    done, running, other = found.done(term)
    assert (len(done), running, other) == (31, 1, 0)
    assert found.wrong["e-mail", ""].missed == found.wrong["e-mail", ""].tickets == 8
    proposal = proposed(done, running, Method(term.quantile, term.confidence, term.bounds))
    assert (proposal.cases, proposal.place, proposal.why) == (32, 32, "running")
    tried = contract_in(filled_in(history.signed.data, term.clause, hours(4)), history.as_of)
    effects = effects_of(
        history.logs,
        history.contract,
        tried,
        span=history.span,
        as_of=history.as_of,
        services=history.services,
    )
    assert (
        tried.terms.promises == with_value(history.contract, term.clause, hours(4)).terms.promises
    )
    slower = sum(amount(each) > 4 * HOUR for each in done) + running
    assert effects.then.tally.missed - effects.today.tally.missed == slower
    assert effects.then.tally.cases - effects.today.tally.cases == len(done) + running
    january = Period(date(2027, 1, 1), date(2027, 2, 1))
    assert [each.on for each in effects.within(january).months] == [date(2027, 1, 1)]


def test_open_tickets_follow_an_amendment_only_where_it_says_so(open_world: World) -> None:
    history = history_of(open_agreement(open_world), SYSTEM, TUESDAY)
    assert history is not None
    still = [each for each in history.logs if all(fact.code != "solved" for fact in each.facts)]
    filled = filled_in(history.signed.data, "dossier-open", hours(8))
    for open_tickets, moved in ((False, 0), (True, 1)):
        text = amended(filled, Dated(2, date(2027, 3, 3), open_tickets=open_tickets))
        looked = moved_by(
            still,
            history.contracts,
            contract_in(text, TUESDAY),
            span=history.span,
            at=TUESDAY,
        )
        assert (looked.tickets, len(looked.moved), looked.refused) == (1, moved, 0)
    assert looked.moved[0].before_at is None
    assert looked.moved[0].after_at is not None


def test_an_amendment_is_begun_from_what_holds(open_world: World) -> None:
    coen = open_world.people["coen"]
    draft = flow.begin_amendment(
        agreement=open_world.versions["open"].agreement_id,
        from_on=MAY,
        open_tickets=True,
        actor=Actor(coen.organisation_id, coen.id),
        viewer=SYSTEM,
        at=TUESDAY,
    )
    version = text_of(draft.id).version
    assert version is not None
    assert (version.number, version.from_on, version.open_tickets) == (2, MAY, True)
    assert draft.shown_at is None
    with pytest.raises(Refusal, match="faults: mend them"):
        contract_in(b"law: 1\n", TUESDAY)


def test_both_hear_once_that_the_date_of_notice_comes_near(open_world: World) -> None:
    agreement, days = open_agreement(open_world), telling_of(open_agreement(open_world).id, SYSTEM)
    notice_at = parse_instant("2028-10-01T00:00:00+02:00")
    before = notice_at - (days.warn_days + 3) * DAY
    flow.look_at_duties(agreement=agreement, at=before)
    rows = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.TERM)
    assert rows.count() == 0
    for later in (4, 5):
        flow.look_at_duties(agreement=agreement, at=before + later * DAY)
        assert rows.count() == 1
    address_owed(at=before + 5 * DAY)
    told = Notice.objects.seen_by(SYSTEM).filter(obligation__kind=Kind.TERM)
    assert {each.recipient.name for each in told.select_related("recipient")} >= {"Coen", "Wim"}
    body = next(each.body for each in told)
    assert "1 oktober 2028" in body
    assert "1 januari 2030" in body
