"""Facts and when they count (SEMANTICS F1-F5, K1, K8)."""

import pytest
from tickets import Log, at, reported

from afspraak.engine.facts import (
    AUTHORS,
    CODES,
    FAVOURS,
    LATE_AFTER,
    Fact,
    Ticket,
    other_party,
    settle,
)
from afspraak.engine.time import MINUTE, Refusal

OF_THE_SUPPLIER = {
    "acknowledged",
    "supplier_contact",
    "question",
    "diagnosis",
    "expectation",
    "workaround",
    "solved",
    "reclassified",
    "merged",
    "voided",
    "corrected",
    "cost_proposed",
}
OF_THE_CUSTOMER = {
    "reported",
    "customer_contact",
    "accepted",
    "rejected",
    "cost_agreed",
    "cost_declined",
    "contribution",
}
QUARTER = 0.25


def codes(ticket: Ticket) -> list[str]:
    return [fact.code for fact in ticket.facts]


# What a fact must say (F1) ------------------------------------------------------------------------


def test_who_makes_a_fact_that_does_not_say() -> None:
    assert {code for code, by in AUTHORS.items() if by == "supplier"} == OF_THE_SUPPLIER
    assert {code for code, by in AUTHORS.items() if by == "customer"} == OF_THE_CUSTOMER
    assert OF_THE_SUPPLIER | OF_THE_CUSTOMER | {"answer", "confirmed"} == CODES
    assert Fact("solved", 0, 0, 0).by == "supplier"
    assert Fact("rejected", 0, 0, 0).by == "customer"
    assert Fact("rejected", 0, 0, 0, by="third_party").by == "third_party"
    assert Fact("confirmed", 0, 0, 0, of="x").by == ""


def test_whom_an_early_fact_favours() -> None:
    own = {"supplier_contact", "question", "diagnosis", "expectation", "workaround", "solved"}
    assert {code for code, by in FAVOURS.items() if by == "supplier"} == own | {"accepted"}
    theirs = {code for code, by in FAVOURS.items() if by == "customer"}
    assert theirs == {"reported", "customer_contact", "rejected"}
    assert other_party("supplier") == "customer"
    assert other_party("customer") == "supplier"
    assert other_party("third_party") == "supplier"


def test_what_a_fact_has_if_nothing_is_said() -> None:
    fact = Fact("reported", 5, 6, 7)
    assert fact.recorded_by == "supplier"
    assert (fact.id, fact.of, fact.to, fact.why, fact.cause) == ("", "", "", "", "")
    assert (fact.source, fact.source_id, fact.agreed) == ("", "", False)
    assert (fact.until, fact.reported_at) == (None, None)
    assert (dict(fact.fields), dict(fact.changes)) == ({}, {})


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        ("weather", {}, "there is no fact 'weather'"),
        (
            "reclassified",
            {},
            "reclassified: its cause is ''; state misjudged or new_facts (K7)",
        ),
        (
            "reclassified",
            {"cause": "whim", "id": "r1"},
            "reclassified r1: its cause is 'whim'; state misjudged or new_facts (K7)",
        ),
        ("answer", {"by": "customer"}, "answer: of which question? name it in `of`"),
        ("answer", {"of": "q"}, "answer: by whom? name the party in `by`"),
        ("answer", {"of": "q", "by": "Bob"}, "answer: by whom? name the party in `by`"),
        ("voided", {"why": " "}, "voided: why? a ticket is only voided with a reason (K8)"),
        ("merged", {}, "merged: when was the other ticket reported_at (K8)?"),
        ("expectation", {}, "expectation: until when? an expectation is an instant (K9)"),
        ("question", {"to": "supplier"}, "question: to whom? customer or third_party (K6)"),
        ("corrected", {"of": "x"}, "corrected: of which fact, and what does it `set` (F3)?"),
        (
            "corrected",
            {"changes": {"why": "x"}},
            "corrected: of which fact, and what does it `set` (F3)?",
        ),
        ("confirmed", {}, "confirmed: of which fact? name it in `of` (F4)"),
    ],
)
def test_what_no_answer_can_rest_on_is_refused(
    code: str, said: dict[str, object], told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        Fact(code, 0, 0, 0, **said)  # type: ignore[arg-type]
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("reclassified", {"cause": "misjudged"}),
        ("reclassified", {"cause": "new_facts"}),
        ("answer", {"of": "q", "by": "supplier"}),
        ("answer", {"of": "q", "by": "third_party"}),
        ("voided", {"why": "spam"}),
        ("merged", {"reported_at": 0}),
        ("expectation", {"until": 0}),
        ("question", {"to": "customer"}),
        ("question", {"to": "third_party"}),
        ("corrected", {"of": "x", "changes": {"why": "y"}}),
        ("contribution", {}),
        ("cost_proposed", {}),
    ],
)
def test_what_says_enough_is_a_fact(code: str, said: dict[str, object]) -> None:
    assert Fact(code, 0, 0, 0, **said).code == code  # type: ignore[arg-type]


# Where a ticket starts (K1, K8) -------------------------------------------------------------------


def test_a_ticket_starts_at_its_first_report() -> None:
    log = reported(9, priority="P1")
    log.add("reported", 10, fields={"priority": "P2"})
    assert log.as_of(8.9).start_at is None
    assert log.as_of(8.9).fields == {}
    assert log.as_of(11).start_at == at(9)
    assert log.as_of(11).fields == {"priority": "P1"}


def test_of_several_merged_reports_the_earliest_counts() -> None:
    log = reported(9)
    log.add("merged", 10, reported_at=at(8))
    log.add("merged", 11, reported_at=at(7))
    log.add("merged", 12, reported_at=at(8.5))
    assert [log.as_of(clock).start_at for clock in (9.5, 10, 11, 12)] == [
        at(9),
        at(8),
        at(7),
        at(7),
    ]


def test_a_later_merged_report_moves_nothing() -> None:
    log = reported(9)
    log.add("merged", 10, reported_at=at(9.5))
    assert log.as_of(11).start_at == at(9)


def test_without_a_report_of_its_own_a_merged_one_starts_nothing() -> None:
    log = Log()
    log.add("merged", 10, reported_at=at(8))
    assert log.as_of(11).start_at is None


def test_the_first_that_voided_it_is_named() -> None:
    log = reported(9)
    first = log.add("voided", 10, why="spam")
    log.add("voided", 11, why="spam again")
    assert log.as_of(9.9).voided is None
    assert log.as_of(12).voided == first


# What counts as of a moment (F2, F4, F5) ----------------------------------------------------------


def test_a_fact_counts_once_both_its_times_have_passed() -> None:
    log = reported(9)
    log.add("acknowledged", 10, recorded=10.2)
    log.add("customer_contact", 11, recorded=10.8)
    assert codes(log.as_of(10.1)) == ["reported"]
    assert codes(log.as_of(10.2)) == ["reported", "acknowledged"]
    assert codes(log.as_of(10.9)) == ["reported", "acknowledged"]
    assert codes(log.as_of(11)) == ["reported", "acknowledged", "customer_contact"]


def test_facts_are_taken_by_when_they_happened_were_recorded_and_arrived() -> None:
    log = reported(9)
    log.add("workaround", 11)
    log.add("customer_contact", 10, recorded=10.2)
    log.add("diagnosis", 10, recorded=10.1)
    log.add("acknowledged", 10, recorded=10.2)
    assert codes(log.as_of(12)) == [
        "reported",
        "diagnosis",
        "customer_contact",
        "acknowledged",
        "workaround",
    ]


def test_exactly_fifteen_minutes_is_not_late() -> None:
    assert LATE_AFTER == 15 * MINUTE
    log = reported(9)
    fact = log.add("solved", 10, recorded=10 + QUARTER)
    late = Fact("diagnosis", at(10), at(10) + LATE_AFTER + 1, 2)
    log.append(late)
    ticket = log.as_of(12)
    assert ticket.facts[1] == fact
    assert ticket.facts[2].happened_at == late.recorded_at
    assert ticket.waiting == {2}


@pytest.mark.parametrize(
    ("code", "recorded_by", "waits"),
    [
        ("solved", "supplier", "waits"),
        ("solved", "customer", ""),
        ("rejected", "supplier", ""),
        ("rejected", "customer", "waits"),
        ("acknowledged", "supplier", ""),
        ("acknowledged", "customer", ""),
    ],
)
def test_only_what_favours_its_recorder_waits(code: str, recorded_by: str, waits: str) -> None:
    log = reported(9)
    log.add(code, 10, recorded=11, recorded_by=recorded_by)
    ticket = log.as_of(12)
    assert ticket.facts[1].happened_at == at(11 if waits else 10)
    assert ticket.waiting == ({1} if waits else set())


@pytest.mark.parametrize(("by", "recorded_by", "waits"), [
    ("customer", "customer", True),
    ("customer", "supplier", False),
    ("third_party", "third_party", True),
    ("supplier", "supplier", True),
])  # fmt: skip
def test_an_answer_favours_who_gives_it(by: str, recorded_by: str, *, waits: bool) -> None:
    log = reported(9)
    log.add("answer", 10, recorded=11, by=by, of="q", recorded_by=recorded_by)
    assert bool(log.as_of(12).waiting) == waits


@pytest.mark.parametrize(
    ("by", "recorded_by", "counts"),
    [
        ("customer", "supplier", True),
        ("", "supplier", True),
        ("supplier", "supplier", False),
        ("third_party", "supplier", False),
    ],
)
def test_the_other_partys_word_confirms(by: str, recorded_by: str, *, counts: bool) -> None:
    log = reported(9)
    log.add("solved", 10, recorded=11, id="s", recorded_by=recorded_by)
    log.add("confirmed", 11.5, of="s", by=by)
    assert log.as_of(11.4).waiting == {1}
    ticket = log.as_of(12)
    assert ticket.facts[1].happened_at == at(10 if counts else 11)
    assert ticket.waiting == (set() if counts else {1})


def test_the_supplier_confirms_what_the_customer_recorded() -> None:
    log = reported(9)
    log.add("rejected", 10, recorded=11, id="r", recorded_by="customer")
    log.add("confirmed", 11.5, of="r", by="supplier")
    assert log.as_of(12).facts[1].happened_at == at(10)


def test_a_confirmation_to_come_confirms_nothing_yet() -> None:
    log = reported(9)
    log.add("solved", 10, recorded=11, id="s")
    log.add("confirmed", 13, recorded=11.5, of="s")
    assert log.as_of(12).waiting == {1}
    assert log.as_of(13).waiting == set()


def test_what_has_no_name_cannot_be_confirmed() -> None:
    log = reported(9)
    log.add("solved", 10, recorded=11)
    log.add("confirmed", 11.5, of="s")
    assert log.as_of(12).waiting == {1}


# Doubles (F2) -------------------------------------------------------------------------------------


def test_the_first_recorded_of_a_source_is_the_fact() -> None:
    log = reported(9)
    log.add("solved", 10, recorded=10.2, source="mail", source_id="1")
    log.add("solved", 9.5, recorded=10.1, source="mail", source_id="1")
    log.add("solved", 9.6, recorded=10.1, source="call", source_id="1")
    log.add("solved", 9.7, recorded=10.1, source="mail", source_id="2")
    assert [fact.position for fact in log.as_of(12).facts] == [0, 2, 3, 4]


def test_without_a_number_from_its_source_every_fact_is_one() -> None:
    log = reported(9)
    log.add("solved", 10, source="mail")
    log.add("solved", 10, source="mail")
    assert len(log.as_of(12).facts) == 3


def test_where_all_have_their_own_number_nothing_is_dropped() -> None:
    log = Log()
    log.add("reported", 9, source="mail", source_id="1")
    log.add("solved", 10, source="mail", source_id="2")
    log.add("solved", 11, source="mail", source_id="2")
    assert [fact.position for fact in log.as_of(12).facts] == [0, 1]
    assert [fact.position for fact in log.as_of(10).facts] == [0, 1]


def test_a_doubles_name_is_the_facts_name() -> None:
    log = reported(9)
    log.add("solved", 10, recorded=11, source="mail", source_id="1")
    log.add("solved", 10, recorded=11.1, source="mail", source_id="1", id="b")
    log.add("solved", 10, recorded=11.2, source="mail", source_id="1", id="c")
    log.add("confirmed", 11.5, of="c")
    ticket = log.as_of(12)
    assert (ticket.facts[1].id, ticket.facts[1].happened_at) == ("b", at(10))
    assert [fact.of for fact in ticket.facts if fact.code == "confirmed"] == ["b"]


# Corrections (F3, F4) -----------------------------------------------------------------------------


def corrected(log: Log, clock: float, by: str = "supplier", **changes: object) -> Log:
    log.add("corrected", clock, of="it", id="c", by=by, changes=changes)
    return log


def solved_at(log: Log, clock: float) -> float:
    found = next(fact for fact in log.as_of(clock).facts if fact.code == "solved")
    return (found.happened_at - at(0)) / (at(1) - at(0))


def one_solved() -> Log:
    log = reported(9)
    log.add("solved", 12, id="it")
    return log


@pytest.mark.parametrize(
    ("by", "to", "counts"),
    [
        ("supplier", 11, False),
        ("supplier", 12.5, True),
        ("supplier", 12, True),
        ("customer", 11, True),
        ("customer", 12.5, False),
    ],
)
def test_an_instant_moved_in_its_authors_favour_waits(by: str, to: float, *, counts: bool) -> None:
    log = corrected(one_solved(), 13, by, happened_at=at(to))
    assert solved_at(log, 14) == (to if counts else 12)
    assert (log.as_of(14).waiting == set()) == counts
    assert solved_at(log, 12.9) == 12
    log.add("confirmed", 13.5, of="c")
    assert solved_at(log, 14) == to
    assert log.as_of(14).waiting == set()


def test_within_fifteen_minutes_of_what_it_states_a_correction_counts() -> None:
    assert solved_at(corrected(one_solved(), 12.1, happened_at=at(12.1 - QUARTER)), 14) == 11.85
    late = corrected(one_solved(), 12.1, happened_at=at(12.1 - QUARTER) - 1)
    assert solved_at(late, 14) == 12


def test_the_author_does_not_confirm_its_own_correction() -> None:
    log = corrected(one_solved(), 13, happened_at=at(11))
    log.add("confirmed", 13.5, of="c", by="supplier")
    assert solved_at(log, 14) == 12


def test_what_favours_nobody_may_be_moved_by_anybody() -> None:
    log = reported(9)
    log.add("acknowledged", 12, id="it")
    for to in (11, 12.5):
        assert not corrected(Log(log), 13, happened_at=at(to)).as_of(14).waiting


def test_a_reason_may_be_corrected_by_anybody() -> None:
    log = reported(9)
    log.add("voided", 12, id="it", why="spam")
    found = corrected(log, 13, why="a test").as_of(14).voided
    assert found is not None
    assert found.why == "a test"


@pytest.mark.parametrize(
    ("code", "said", "changes", "by", "counts"),
    [
        ("expectation", {"until": at(15)}, {"until": at(16)}, "supplier", False),
        ("expectation", {"until": at(15)}, {"until": at(14)}, "supplier", True),
        ("expectation", {"until": at(15)}, {"until": at(16)}, "customer", True),
        ("expectation", {"until": at(15)}, {"until": at(14)}, "customer", False),
        ("merged", {"reported_at": at(8)}, {"reported_at": at(8.5)}, "supplier", False),
        ("merged", {"reported_at": at(8)}, {"reported_at": at(7)}, "supplier", True),
        ("merged", {"reported_at": at(8)}, {"reported_at": at(7)}, "customer", False),
        ("reclassified", {"cause": "misjudged"}, {"agreed": True}, "supplier", False),
        ("reclassified", {"cause": "misjudged"}, {"agreed": True}, "customer", True),
        (
            "reclassified",
            {"cause": "misjudged", "agreed": True},
            {"agreed": False},
            "supplier",
            True,
        ),
        (
            "reclassified",
            {"cause": "misjudged", "agreed": True},
            {"agreed": False},
            "customer",
            False,
        ),
        ("reclassified", {"cause": "misjudged"}, {"cause": "new_facts"}, "supplier", False),
        ("reclassified", {"cause": "misjudged"}, {"cause": "misjudged"}, "supplier", True),
        ("question", {"to": "customer"}, {"to": "third_party"}, "supplier", False),
        ("solved", {}, {"why": "x"}, "supplier", True),
        ("solved", {}, {"why": "x", "to": "customer"}, "supplier", False),
    ],
)
def test_a_field_changed_in_its_authors_favour_waits(
    code: str, said: dict[str, object], changes: dict[str, object], by: str, *, counts: bool
) -> None:
    log = reported(9)
    log.add(code, 12, id="it", **said)
    ticket = corrected(log, 13, by, **changes).as_of(14)
    assert (ticket.waiting == set()) == counts
    stands = next(fact for fact in ticket.facts if fact.code == code)
    assert all((getattr(stands, name) == value) == counts for name, value in changes.items())


def test_a_field_of_the_report_is_taken_as_in_its_authors_favour() -> None:
    log = Log()
    log.add("reported", 9, id="it", fields={"priority": "P2", "site": "Ghent"})
    log.add("corrected", 10, of="it", id="c", changes={"fields": {"priority": "P1"}})
    assert log.as_of(11).fields == {"priority": "P2", "site": "Ghent"}
    log.add("confirmed", 10.5, of="c")
    assert log.as_of(11).fields == {"priority": "P1", "site": "Ghent"}


def test_a_field_set_to_what_it_is_changes_nothing() -> None:
    log = Log()
    log.add("reported", 9, id="it", fields={"priority": "P2", "site": "Ghent"})
    log.add("corrected", 10, of="it", changes={"fields": {"priority": "P2"}})
    log.add("corrected", 10, of="it", changes={"fields": {"priority": "P2", "site": "Ghent"}})
    assert log.as_of(11).waiting == set()
    assert log.as_of(11).fields == {"priority": "P2", "site": "Ghent"}


def test_corrections_are_taken_in_their_order() -> None:
    log = one_solved()
    log.add("corrected", 13, recorded=13.2, of="it", changes={"happened_at": at(12.5)})
    log.add("corrected", 13, recorded=13.1, of="it", changes={"happened_at": at(12.6)})
    assert solved_at(log, 13.1) == 12.6
    assert log.as_of(14).waiting == {2}  # the second would move it back, in its author's favour
    assert solved_at(log, 14) == 12.6


def test_a_correction_of_nothing_known_does_nothing() -> None:
    log = reported(9)
    log.add("solved", 9.5, id="it")
    log.add("corrected", 10, of="nobody", changes={"why": "x"})
    assert codes(log.as_of(11)) == ["reported", "solved"]
    corrected(log, 10, "customer", happened_at=at(9.25))
    assert solved_at(log, 11) == 9.25


def test_a_correction_of_a_correction_does_nothing() -> None:
    log = corrected(one_solved(), 13, "customer", happened_at=at(11))
    log.add("corrected", 13.5, of="c", by="customer", changes={"happened_at": at(10)})
    assert solved_at(log, 14) == 11
    assert log.as_of(14).waiting == set()


def test_of_two_facts_of_one_name_the_first_recorded_is_corrected() -> None:
    log = reported(9)
    log.add("diagnosis", 12, id="it")
    log.add("solved", 12.5, id="it")
    ticket = corrected(log, 13, happened_at=at(12.9)).as_of(14)
    assert [fact.code for fact in ticket.facts] == ["reported", "solved", "diagnosis"]


def test_a_fact_that_waits_stands_at_its_recording_until_corrected() -> None:
    log = reported(9)
    log.add("solved", 10, recorded=12, id="it")
    corrected(log, 12.1, happened_at=at(12.05))
    ticket = log.as_of(13)
    assert [fact.happened_at for fact in ticket.facts] == [at(9), at(12.05)]


def test_a_correction_to_come_does_not_count_yet() -> None:
    log = one_solved()
    log.add("corrected", 14, recorded=13, of="it", by="customer", changes={"happened_at": at(11)})
    assert solved_at(log, 13.5) == 12
    assert solved_at(log, 14) == 11


def test_facts_and_corrections_are_counted_by_position_whatever_the_order() -> None:
    log = corrected(one_solved(), 13, "customer", happened_at=at(11))
    assert settle(reversed(log), at(14)) == log.as_of(14)
