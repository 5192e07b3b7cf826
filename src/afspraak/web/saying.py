"""The verdict as a person would say it: what to do, until when, and what it rests on."""

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from afspraak.clocks.verdict import URGENT, Promised, Verdict
from afspraak.engine.facts import SUPPLIER, THIRD_PARTY
from afspraak.engine.in_force import OutsideRate
from afspraak.engine.time import Refusal, ServiceTime, parse_duration
from afspraak.language.text.lexicon import clause_titles
from afspraak.reports.contracts import Contract
from afspraak.reports.speech import capital, measure
from afspraak.web.agreed import Agreed
from afspraak.web.refusing import refused
from afspraak.web.speaking import Speaking

SHOWN: Final = ("level", "service", "impact", "priority", "kind", "site")
SOLVE: Final = "resolution"

_PLANS: Final = {
    "first_response": gettext_noop("Plan it: answered before %(at)s"),
    "next_response": gettext_noop("Plan it: answered again before %(at)s"),
    "diagnosis": gettext_noop("Plan it: a diagnosis before %(at)s"),
    "resolution": gettext_noop("Plan it: solved before %(at)s"),
    "expectation": gettext_noop("Plan it: solved as we said, before %(at)s"),
}
_NOW: Final = {
    "first_response": gettext_noop("Answer first: before %(at)s"),
    "next_response": gettext_noop("Let them hear from us: before %(at)s"),
    "diagnosis": gettext_noop("Say what is wrong: before %(at)s"),
    "resolution": gettext_noop("Drop everything: solved before %(at)s"),
    "expectation": gettext_noop("Keep our word: solved before %(at)s"),
}
_LATE: Final = {
    "first_response": gettext_noop("Too late: should have been answered before %(at)s"),
    "next_response": gettext_noop("Too late: should have been answered again before %(at)s"),
    "diagnosis": gettext_noop("Too late: the diagnosis was due before %(at)s"),
    "resolution": gettext_noop("Too late: should have been solved before %(at)s"),
    "expectation": gettext_noop("Too late: we said it would be solved before %(at)s"),
}
FOR_CUSTOMER: Final = {
    "first_response": gettext_noop("You will hear from us before %(at)s"),
    "next_response": gettext_noop("You will hear from us again before %(at)s"),
    "diagnosis": gettext_noop("We will tell you what is wrong before %(at)s"),
    "resolution": gettext_noop("Solved before %(at)s: that is what we agreed"),
    "expectation": gettext_noop("Solved before %(at)s: that is what we said"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One promise in words, and the clause it rests on."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict as it is said. `tone` picks colour, `sign` the shape; the words say it too."""

    tone: str
    sign: str
    head: str
    about: str = ""
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = field(default=())


def not_covered(speaking: Speaking, rate: OutsideRate | None, why: str) -> Sentence:
    """Said plainly, with the rate that then applies (C2)."""
    if rate is None:
        told = _("No rate is known for work outside an agreement: agree on one first.")
    else:
        money = speaking.texts.money(rate.per_hour, rate.currency)
        told = _("Work outside an agreement costs %(rate)s an hour.") % {"rate": money}
    return Sentence("none", "none", _("Not covered"), why, notes=(told,))


def said(
    verdict: Verdict,
    agreed: Agreed,
    speaking: Speaking,
    impact: str = "",
    *,
    is_customer: bool = False,
) -> Sentence:
    """A verdict under an agreement, for the desk or in the customer's plain words."""
    tone, sign, head = _head(verdict, speaking, is_customer=is_customer)
    lines = tuple(
        _line(each, agreed, speaking)
        for each in verdict.promised
        if each.state != "void" and (each.target or each.measure == "expectation")
    )
    notes = [
        _("%(clause)s: no answer, because %(why)s")
        % {"clause": clause_of(agreed.contract, clause, speaking), "why": refused(why, speaking)}
        for clause, why in verdict.refused
    ]
    return Sentence(tone, sign, head, about(verdict, agreed, impact), lines, tuple(notes))


def _head(verdict: Verdict, speaking: Speaking, *, is_customer: bool) -> tuple[str, str, str]:
    """Tone, shape and words."""
    leads = verdict.leads
    if leads is None:
        is_done = verdict.urgency == "done"
        return ("kept", "kept", _("Solved")) if is_done else ("none", "none", _nothing())
    if verdict.urgency == "waiting":
        slots = {"left": speaking.left(leads.remaining)}
        return "frozen", "frozen", _("Frozen: %(left)s left once there is an answer") % slots
    if leads.missed_at is not None:
        slots = {"at": speaking.moment(leads.missed_at)}
        return "late", "late", _(_LATE.get(leads.measure, _LATE[SOLVE])) % slots
    if is_customer:
        return _for_customer(verdict, leads, speaking)
    return _urgent(verdict, leads, speaking)


def _nothing() -> str:
    return _("Nothing was promised for this")


def _for_customer(verdict: Verdict, leads: Promised, speaking: Speaking) -> tuple[str, str, str]:
    """In plain words: until when it is solved."""
    shown = _solving(verdict) or leads
    told = _(FOR_CUSTOMER.get(shown.measure, FOR_CUSTOMER[SOLVE]))
    return "plan", "running", told % {"at": _due(shown, speaking)}


def _due(promised: Promised, speaking: Speaking) -> str:
    return "-" if promised.due_at is None else speaking.moment(promised.due_at)


def _urgent(verdict: Verdict, leads: Promised, speaking: Speaking) -> tuple[str, str, str]:
    """What the desk does now: where the solution is near, that; else what comes before it."""
    if leads.due_at is None:
        return "plan", "measuring", _("Plan it: this promise only measures for now")
    solving = _solving(verdict)
    shown = solving or leads
    if verdict.urgency != "drop_everything":
        told = _(_PLANS.get(shown.measure, _PLANS[SOLVE]))
        return "plan", "running", told % {"at": _due(shown, speaking)}
    if solving is not None and (leads is solving or is_near(solving)):
        return "now", "late", _(_NOW[SOLVE]) % {"at": _due(solving, speaking)}
    told = _(_NOW.get(leads.measure, _NOW[SOLVE]))
    return "soon", "running", told % {"at": _due(leads, speaking)}


def _solving(verdict: Verdict) -> Promised | None:
    """The supplier's open promise to solve it, if it has a due instant."""
    return next(
        (
            each
            for each in verdict.promised
            if each.measure == SOLVE
            and each.promisor == SUPPLIER
            and each.due_at is not None
            and each.satisfied_at is None
            and each.state == "running"
        ),
        None,
    )


def is_near(promised: Promised) -> bool:
    """Whether so little service time is left that it is not planned but done."""
    try:
        left = parse_duration(promised.remaining)
    except Refusal:
        return False
    return isinstance(left, ServiceTime) and left.microseconds <= URGENT


def _line(each: Promised, agreed: Agreed, speaking: Speaking) -> Line:
    slots = {
        "promise": title_of(agreed.contract, each, speaking),
        "target": speaking.length(each.target),
        "at": "" if each.due_at is None else speaking.moment(each.due_at),
    }
    if each.measure == "expectation":
        told = _("%(promise)s: before %(at)s") % slots
    elif each.due_at is None:
        told = _("%(promise)s: within %(target)s") % slots
    else:
        told = _("%(promise)s: within %(target)s, before %(at)s") % slots
    if each.promisor == THIRD_PARTY:
        told = _("%(told)s (promised by a third party)") % {"told": told}
    return Line(told, clause_of(agreed.contract, each.clause, speaking))


def title_of(contract: Contract, each: Promised, speaking: Speaking) -> str:
    """What a promise is called."""
    own = contract.title(each.clause, speaking.texts.language)
    return own or measure(speaking.texts, each.promisor, each.measure)


def title_named(agreed: Agreed, clause: str, speaking: Speaking) -> str:
    """What the signed text calls a clause."""
    return clause_titles(agreed.document, speaking.texts.language).get(clause, clause)


def clause_of(contract: Contract, clause: str, speaking: Speaking) -> str:
    """`Clause 3.2`, by its number in the signed text."""
    number = contract.terms.numbers.get(clause) or clause
    told = speaking.texts.say("form", "clause", number=number)
    return capital(told)


def about(verdict: Verdict, agreed: Agreed, impact: str = "") -> str:
    """`Gold · E-mail · one person cannot work · P3`."""
    case = {**verdict.case, **({"impact": impact} if impact else {})}
    told = [value_of(agreed, name, case[name]) for name in SHOWN if case.get(name)]
    line = " · ".join(told)
    return capital(line)


def value_of(agreed: Agreed, name: str, value: str) -> str:
    """A finite field's value by its name in the reader's language."""
    if name == "priority":
        return value
    names = agreed.words.words if name == "impact" else agreed.words.of_field(name)
    return names.show(value)
