"""What was inferred, as JSON for machines and as a few lines for a person."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from afspraak.engine.time import show_instant
from afspraak.sourcing.infer import Confusion, Inferred
from afspraak.sourcing.infer_achieved import Measured
from afspraak.sourcing.infer_contract import Json, calendar, contract, duration, week_text
from afspraak.sourcing.infer_ground import DUE, Rule, Unit
from afspraak.sourcing.infer_hours import Hours
from afspraak.sourcing.infer_judge import WITHIN, Kind
from afspraak.sourcing.infer_load import Loaded
from afspraak.sourcing.infer_log import MISSING, Recorded
from afspraak.sourcing.infer_polish import Polished
from afspraak.sourcing.infer_promise import Line
from afspraak.sourcing.infer_propose import Proposal, amount, in_words
from afspraak.sourcing.infer_tried import Tried

_LISTED: Final = 200


def as_json(found: Inferred, loaded: Loaded) -> Json:
    """Everything found, with `agreement: {agree, total}`.

    The promise, the same as a contract, what was tried, what remains.
    """
    log, end = loaded.log, found.promise.rule.end
    measure = loaded.measures.get(end, "resolution")
    agreement: Json = {"agree": found.agree, "total": found.total}
    if found.exact is not None:
        agreement |= {"exact": found.exact, "within_seconds": WITHIN}
    report: Json = {
        "recorded": found.kind.value,
        "agreement": agreement,
        "promise": _promise(found),
        "contract": contract(found.promise, found.dates, measure, loaded.parties),
        "contract_needs": _needs(found, loaded),
        "tried": [_tried(each, found.total) for each in found.tried],
        "rules_tried": found.rules_tried,
        "disagreements": [_disagreement(found, log, row) for row in found.wrong[:_LISTED].tolist()],
        "disagreements_by_month": _by_month(found, log),
    }
    if found.remainder is not None:
        report["confusion"] = _confusion(found)
        report["remainder"] = {
            "disagreements": found.remainder.disagreements,
            "contradict_every_contract": found.remainder.any_contract,
            "equal_times_recorded_both_ways": found.remainder.same_time,
        }
    return report


def _needs(found: Inferred, loaded: Loaded) -> list[str]:
    """What the log's mapping must say, too, before the contract gives these verdicts."""
    rule, needs = found.promise.rule, []
    fact = loaded.facts.get(rule.end)
    if fact == "accepted":
        needs.append(f"{rule.end!r} must be mapped to `solved`: this promise ends with it")
    elif fact is None and rule.end != DUE:
        needs.append(f"{rule.end!r} was written in hindsight; it needs an event of its own")
    silent = sorted(set(rule.waits) - set(loaded.parties))
    needs += [f"the state {state!r} must be mapped to a question" for state in silent]
    return needs


def _promise(found: Inferred) -> Json:
    rule = found.promise.rule
    return {
        "starts_with": rule.start,
        "ends_with": rule.end,
        "targets_by": rule.key or None,
        "pauses": sorted(rule.waits),
        "hours": calendar(rule.hours, found.dates),
        "hours_that_explain_as_much": _alike(found.hours_alike),
        "targets": [_line(each, found) for each in found.promise.lines],
    }


def _alike(polished: Polished) -> Json:
    return {
        "opening": [_clock(minutes) for minutes in polished.opens],
        "closing": [_clock(minutes) for minutes in polished.closes],
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}" if minutes != 24 * 60 else "24:00"


def _line(line: Line, found: Inferred) -> Json:
    target = line.target
    bounds = [
        duration(target.low, target.unit),
        None if target.high is None else duration(target.high, target.unit),
    ]
    own: Json = (
        {}
        if line.hours == found.promise.rule.hours
        else {"hours": calendar(line.hours, found.dates)}
    )
    return {
        "when": dict(line.when),
        "value": duration(target.value, target.unit),
        "unit": target.unit.value,
        "explains_best_from": bounds[0],
        "explains_best_below": bounds[1],
        "cases": target.cases,
        "agree": target.agree,
        "agree_at_best": target.best,
        **own,
    }


def _tried(each: Tried, total: int) -> Json:
    return {
        "aspect": each.aspect,
        "value": each.value,
        "agree": each.agree,
        "total": total,
        "rule": rule_in_words(each.rule),
    }


def rule_in_words(rule: Rule) -> str:
    """One line: `reported to solved; mon-fri 08:00-18:00, closed NL; targets by priority`."""
    paused = f", paused by {', '.join(sorted(rule.waits))}" if rule.waits else ""
    end = "the deadline" if rule.end == DUE else rule.end
    by = rule.key or "nothing"
    return f"{rule.start} to {end}{paused}; {hours_in_words(rule.hours)}; targets by {by}"


def hours_in_words(hours: Hours) -> str:
    """`mon-fri 08:00-12:00, 13:00-17:00, closed NL, Europe/Amsterdam`."""
    parts = [f"{days} {', '.join(spans)}" for days, spans in week_text(hours.week).items()]
    closed = f", closed {hours.closed.strip()}" if hours.closed else ""
    return (
        "; ".join(parts) + closed + (f", {hours.zone}" if hours.zone else ", the log's own clock")
    )


def _confusion(found: Inferred) -> Json:
    every = found.confusion.values()
    total = Confusion(
        sum(each.made_kept for each in every),
        sum(each.made_late for each in every),
        sum(each.missed_kept for each in every),
        sum(each.missed_late for each in every),
    )
    return {
        "all": _counts(total),
        **{label: _counts(each) for label, each in found.confusion.items()},
    }


def _counts(each: Confusion) -> Json:
    return {
        "recorded_made": {"promise_kept": each.made_kept, "promise_missed": each.made_late},
        "recorded_missed": {"promise_kept": each.missed_kept, "promise_missed": each.missed_late},
    }


def _disagreement(found: Inferred, log: Recorded, row: int) -> Json:
    rule = found.promise.rule
    zone = rule.hours.zone or "UTC"
    end = int(log.due_at[row] if rule.end == DUE else log.ends[rule.end][row])
    key = log.keys[rule.key]
    recorded = (
        {1: "made", 0: "missed"}.get(int(log.made[row]))
        if found.kind is Kind.OUTCOMES
        else "deadline"
    )
    return {
        "ticket": log.ids[row],
        "when": key.when(int(key.codes[row])),
        "started_at": show_instant(int(log.starts[rule.start][row]), zone)
        if _there(log, rule, row)
        else None,
        "ended_at": None if end == MISSING else show_instant(end, zone),
        "recorded": recorded,
    }


def _there(log: Recorded, rule: Rule, row: int) -> bool:
    return int(log.starts[rule.start][row]) != MISSING


def _by_month(found: Inferred, log: Recorded) -> dict[str, int]:
    start = next(iter(log.starts.values()))
    months = Counter(
        show_instant(int(at))[:7] for at in start[found.wrong].tolist() if at != MISSING
    )
    return dict(sorted(months.items()))


def proposals_json(found: Iterable[Measured]) -> list[Json]:
    """Proposed targets, measure by measure."""
    return [
        {
            "from": each.rule.start,
            "until": each.rule.end,
            "pauses": sorted(each.rule.waits),
            "hours": hours_in_words(each.rule.hours) if each.unit is not Unit.CLOCK else "24x7",
            "by": each.rule.key or None,
            "targets": [_proposal(one) for one in each.proposals],
        }
        for each in found
    ]


def _proposal(one: Proposal) -> Json:
    return {
        "label": one.label,
        "value": None if one.value is None else duration(one.value, one.unit),
        "text": in_words(one),
        "share": f"{float(100 * one.share):g} %",
        "confidence": f"{float(100 * one.confidence):g} %",
        "cases": one.cases,
        "unended": one.unended,
        "within": one.within,
        "share_at_least": f"{100 * one.at_least:.2f} %",
        "cases_needed": one.needed,
    }


def summary(found: Inferred) -> Iterator[str]:
    """The promise found, for a person."""
    share = f"{100 * found.agree / found.total:.2f} %"
    yield f"{found.agree} of {found.total} recorded {found.kind.value} reproduced ({share})"
    yield rule_in_words(found.promise.rule)
    for line in found.promise.lines:
        own = "" if line.hours == found.promise.rule.hours else f" ({hours_in_words(line.hours)})"
        target = line.target
        value = amount(target.value, target.unit)
        yield f"{line.label}: {value}{own}; {target.agree} of {target.cases}"
