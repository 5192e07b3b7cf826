"""Ending decently: what a notice does, the steps that follow, what outlives the agreement. Pure.

A notice that was received on a date ends the agreement at the first end that it still prevents from
moving (T9); where the contract lets that party end it earlier, at the later of the notice counted
from its receipt and the earliest date. A notice by another form than the contract asks for is shown
as such: it may be contested. Nothing that is open ends with the notice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from afspraak.engine.hours import Hours
from afspraak.engine.periods import Term, end_of_term, notice_by
from afspraak.engine.time import add
from afspraak.keeping.within import last_day
from afspraak.language.document import Document
from afspraak.language.schema_consequences import PenaltyClause
from afspraak.language.schema_people import ExitClause, OwnershipClause
from afspraak.language.schema_prices import PaymentClause
from afspraak.language.schema_promises import QualityGuaranteeClause

FORMS: Final = ("written", "registered_letter", "signed", "said")
_ENOUGH: Final = {
    "written": ("written", "registered_letter", "signed"),
    "signed": ("signed",),
    "registered_letter": ("registered_letter",),
}
"""Which forms satisfy the one that the contract asks for."""


def term_of(document: Document) -> Term:
    """The term as the law counts it."""
    term, renewal = document.term, document.term.renewal
    if renewal is None:
        return Term(term.from_on, term.until_on)
    return Term(term.from_on, term.until_on, renewal.tacit, renewal.notice, renewal.at_most)


@dataclass(frozen=True, slots=True)
class Reached:
    """What a notice of a party does: the end that it reaches, by which way; `is_in_form`: as the
    contract asks for it; `too_late_for`: an end that it was meant for and came too late for.
    """

    ends_on: date
    by: Literal["term", "early"]
    is_in_form: bool
    last_on: date | None = None
    """The last date on which notice for this end was in time."""
    fee: Decimal | None = None
    too_late_for: date | None = None


def reached(
    document: Document, side: str, received_on: date, form: str, wanted_on: date | None
) -> Reached:
    """What a notice does that the other side received on a date, wanted for an end."""
    term = term_of(document)
    end = end_of_term(term, received_on, received_on)
    is_fixed = end == term.until_on and term.tacit is None
    best = Reached(
        end, "term", _in_form(document, form), None if is_fixed else notice_by(term, end)
    )
    for each in document.term.early_end:
        if each.by != side:
            continue
        early_on = add(received_on, each.notice)
        if each.earliest_on is not None:
            early_on = max(early_on, each.earliest_on)
        wants = wanted_on is not None and wanted_on < best.ends_on
        if early_on < best.ends_on and wants:
            fee = each.fee.amount if each.fee else None
            best = Reached(early_on, "early", best.is_in_form, None, fee)
    is_late = wanted_on is not None and wanted_on < best.ends_on
    return replace(best, too_late_for=wanted_on) if is_late else best


def _in_form(document: Document, form: str) -> bool:
    renewal = document.term.renewal
    return form in _ENOUGH.get(renewal.form if renewal else "written", FORMS)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about a notice or a step."""

    id: str
    key: str
    what: str
    side: str
    at: int
    on: date | None = None
    title: str = ""
    owner: str = ""
    """Which side sees to it."""
    who: str = ""
    form: str = ""
    wanted_on: date | None = None
    words: str = ""
    paper: str = ""


def standing_notice(told: Iterable[Told]) -> Told | None:
    """The first notice that its side has not withdrawn: a second one cannot end it again."""
    rows = sorted(told, key=lambda each: (each.at, each.id))
    taken_back = {(each.key, each.side) for each in rows if each.what == "withdrawn"}
    given = [
        each for each in rows if each.what == "given" and (each.id, each.side) not in taken_back
    ]
    return given[0] if given else None


def end_by(document: Document, given: Told | None) -> Reached | None:
    """What the notice that stands does; None where none does."""
    if given is None or given.on is None:
        return None
    return reached(document, given.side, given.on, given.form, given.wanted_on)


# The steps ----------------------------------------------------------------------------------------

Kind = Literal["plan", "data", "thing", "help", "erased", "own"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do at the end: by which side, until when, and whether it was done."""

    key: str
    kind: Kind
    side: str
    due_on: date | None
    clause: str = ""
    title: str = ""
    who: str = ""
    done: Told | None = None
    is_late: bool = False


def steps_in(document: Document, ends_on: date, hours: Hours | None) -> Iterator[Step]:
    """What the contract itself asks for at an end: the plan, data back, things, help, erasure."""
    zone = ZoneInfo(document.zone)
    for clause in document.of_type(ExitClause):
        side = document.role(clause.promisor)
        if clause.plan_on is not None:
            yield Step(f"plan:{clause.id}", "plan", side, min(clause.plan_on, ends_on), clause.id)
        back_on = last_day(ends_on, clause.data_back_within, zone, hours)
        yield Step(f"data:{clause.id}", "data", side, back_on, clause.id, clause.data_format)
        if clause.continued_for is not None or clause.help_hours is not None:
            until_on = add(ends_on, clause.continued_for) if clause.continued_for else None
            yield Step(f"help:{clause.id}", "help", side, until_on, clause.id)
        gone_on = last_day(ends_on, clause.erased_within, zone, hours)
        yield Step(f"erased:{clause.id}", "erased", side, gone_on, clause.id)
    for owned in document.of_type(OwnershipClause):
        for asset in owned.assets:
            if asset.at_exit != "stays_with_owner":
                by = "supplier" if asset.at_exit == "handed_over" else "customer"
                yield Step(f"thing:{asset.id}", "thing", by, ends_on, owned.id, asset.name)


def plan_of(begun: Iterable[Step], told: Sequence[Told], today: date) -> list[Step]:
    """The steps of the contract and those that were added, as they stand: dates that were agreed
    since, who sees to it, what was done, what is late; by date.
    """
    found = {each.key: each for each in begun}
    for each in sorted(told, key=lambda one: (one.at, one.id)):
        if each.what == "planned":
            found[each.id] = Step(each.id, "own", each.owner, each.on, "", each.title, each.who)
        elif each.key in found:
            found[each.key] = _after(found[each.key], each)
    rows = [_late_step(each, today) for each in found.values() if each.side]
    return sorted(rows, key=lambda each: (each.due_on or date.max, each.key))


def _after(step: Step, told: Told) -> Step:
    if told.what == "moved":
        return replace(step, due_on=told.on or step.due_on, who=told.who or step.who)
    if told.what == "done":
        return replace(step, done=step.done or told)
    if told.what == "opened":
        return replace(step, done=None)
    is_struck = told.what == "struck" and step.kind == "own"
    return replace(step, side="") if is_struck else step


def _late_step(step: Step, today: date) -> Step:
    is_late = step.done is None and step.due_on is not None and step.due_on < today
    return replace(step, is_late=is_late)


# What goes on -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outlives:
    """A promise that holds after the end: which clause's, of what kind, by whom, until when."""

    clause: str
    kind: Literal["data", "erased", "continued", "guarantee", "penalty", "payment"]
    side: str
    until_on: date | None


def outliving(document: Document, ends_on: date, hours: Hours | None) -> list[Outlives]:
    """Every promise of the contract that its end does not end, in the order of the clauses."""
    zone, found = ZoneInfo(document.zone), []
    for clause in document.clauses:
        if isinstance(clause, ExitClause):
            side = document.role(clause.promisor)
            back = last_day(ends_on, clause.data_back_within, zone, hours)
            gone = last_day(ends_on, clause.erased_within, zone, hours)
            found += [Outlives(clause.id, "data", side, back)]
            if clause.continued_for is not None:
                until_on = add(ends_on, clause.continued_for)
                found += [Outlives(clause.id, "continued", side, until_on)]
            found += [Outlives(clause.id, "erased", side, gone)]
        elif isinstance(clause, QualityGuaranteeClause):
            until = last_day(ends_on, clause.within, zone, hours)
            side = document.role(clause.promisor)
            found.append(Outlives(clause.id, "guarantee", side, until))
        elif isinstance(clause, PenaltyClause):
            until = add(ends_on, clause.claim_within)
            found.append(Outlives(clause.id, "penalty", document.role(clause.claimed_by), until))
        elif isinstance(clause, PaymentClause):
            side = document.role(clause.promisor)
            found.append(Outlives(clause.id, "payment", side, add(ends_on, clause.within)))
    return found


def dates_of(document: Document, today: date) -> Iterator[tuple[Literal["notice", "ends"], date]]:
    """What the term itself asks to be thought of: the last day of notice, where it would renew, and
    the end as it stands.
    """
    term = term_of(document)
    ends_on = end_of_term(term, None, today)
    if term.tacit is not None and notice_by(term, ends_on) >= today:
        yield "notice", notice_by(term, ends_on)
    yield "ends", ends_on
