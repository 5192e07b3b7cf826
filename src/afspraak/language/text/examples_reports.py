"""Examples of a report itself: when its clock starts, its priority, another priority, a third
party, no promise.
"""

from functools import partial
from typing import Final

from afspraak.engine.facts import THIRD_PARTY
from afspraak.engine.terms import BestEffort, Case, Promise
from afspraak.engine.time import ServiceTime
from afspraak.language.text.stage import Slots, Stage, after, fact, first, reported
from afspraak.language.text.words import both

_SOON: Final = 10


def ticket(stage: Stage) -> Slots | None:
    """The clock starts at the report itself, not at its acknowledgement or its row (K1, K2)."""
    return first(
        stage, [partial(_begun, promise=each) for each in stage.promises("first_response")]
    )


def _begun(stage: Stage, promise: Promise) -> Slots | None:
    found = stage.case(promise)
    if found is None:
        return None
    case, rule = found
    calendar = stage.calendar_of(promise, rule)
    start = stage.ordinary(calendar)
    told = after(stage.hours[calendar], start, _SOON)
    assessed = stage.newest(
        promise, case, [reported(start, case), fact("acknowledged", told)], told
    )
    if assessed.state != "running":
        return None
    return {"start": stage.moment(assessed.start_at), "told": stage.moment(told)}


def priority(stage: Stage) -> Slots | None:
    """What an impact gives, by the contract's table."""
    for (impact, service), found in stage.terms.priority_of.items():
        words = stage.lexicon.words
        if not service:
            return {"impact": words.show(impact), "priority": words.show(found)}
    return None


def reclassified(stage: Stage) -> Slots | None:
    """A report that turns out to be more urgent: the new target counts from the original start
    (K7).
    """
    tries = [
        partial(_upgraded, promise=promise, case=case)
        for promise in (*stage.promises("resolution"), *stage.promises("first_response"))
        for case, _ in stage.cases(promise)
    ]
    return first(stage, tries)


def _upgraded(stage: Stage, promise: Promise, case: Case) -> Slots | None:
    urgent = stage.terms.fields.values.get("priority", ("",))[0]
    if "priority" not in case or case["priority"] == urgent:
        return None
    start = stage.ordinary(promise.calendar)
    changed = after(stage.hours[promise.calendar], start, _SOON)
    log = [reported(start, case)]
    change = fact("reclassified", changed, cause="misjudged", fields={"priority": urgent})
    before = stage.newest(promise, case, log, start)
    later = stage.newest(promise, case, [*log, change], changed)
    if before.on_trial or later.on_trial or not before.due_at or not later.due_at:
        return None
    if later.due_at >= before.due_at:
        return None
    words = stage.lexicon.words
    names = ("start", "changed", "before", "due")
    moments = (start, changed, before.due_at, later.due_at)
    slots = {name: stage.moment(at) for name, at in zip(names, moments, strict=True)}
    return {**slots, "was": words.show(case["priority"]), "priority": words.show(urgent)}


def third_party(stage: Stage) -> Slots | None:
    """A question to the third party: whose clock stands still, and whose runs (K6, C5)."""
    waiting = [each for each in stage.terms.promises if THIRD_PARTY in each.pauses]
    return first(stage, [partial(_waiting, promise=promise) for promise in waiting])


def _waiting(stage: Stage, promise: Promise) -> Slots | None:
    found, key = stage.case(promise, ServiceTime), stage.document.third_party
    if found is None or key is None:
        return None
    case, rule = found
    hours = stage.hours[stage.calendar_of(promise, rule)]
    start = stage.ordinary(hours.calendar.name)
    asked = after(hours, start, _SOON)
    question = fact("question", asked, to=THIRD_PARTY, id="q", why="-")
    assessed = stage.newest(promise, case, [reported(start, case), question], asked)
    if assessed.state != "paused" or assessed.remaining is None:
        return None
    return {
        "party": stage.lexicon.parties.show(key),
        "asked": stage.moment(asked),
        "left": stage.show("duration", assessed.remaining),
    }


def best_effort(stage: Stage) -> Slots | None:
    """Services for which no clock runs."""
    found: dict[str, None] = {}
    for promise in stage.terms.promises:
        for case, rule in stage.cases(promise):
            service = case.get("service", "")
            if isinstance(rule.target, BestEffort) and service:
                start = stage.ordinary(promise.calendar)
                if not stage.play(promise, case, [reported(start, case)], start):
                    found[stage.lexicon.services.show(service)] = None
    return {"services": both(list(found), stage.lexicon.values)} if found else None
