"""A replay as JSON (docs/replay.md): stable and exact. Shares are `met/cases` with the percentage
cut beside them, money is text, durations are whole seconds, instants ISO 8601 in UTC.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from afspraak import __version__
from afspraak.engine.figures import Tally, show_share
from afspraak.engine.time import SECOND, TZDATA_VERSION, show_instant
from afspraak.reports.accounts import EarnedBack, Judgement, PeriodBill
from afspraak.reports.compare import Comparison
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import Place
from afspraak.reports.explain import explanation_of
from afspraak.reports.misses import Worst
from afspraak.reports.replay import Replay, Unjudged
from afspraak.reports.rows import Turns
from afspraak.reports.uptimes import PeriodUptime
from afspraak.reports.view_unjudged import Provenance

FORMAT: Final = 1
_BY: Final = ("level", "service", "priority", "kind", "site", "customer")
_NOT_COVERED: Final = frozenset(("no_customer", "no_contract", "outside"))

Json = dict[str, object]


def as_json(replay: Replay, provenance: Provenance, comparison: Comparison | None = None) -> Json:
    """The whole replay; with a comparison also the difference with the other contracts."""
    found: Json = {
        "format": FORMAT,
        "kind": "replay",
        "what_if": not replay.strict,
        "as_of": show_instant(replay.as_of),
        "span": {"from": show_instant(replay.span[0]), "until": show_instant(replay.span[1])},
        "zone": replay.zone,
        "law": replay.contracts[0].terms.law,
        "tzdata": TZDATA_VERSION,
        "afspraak": __version__,
        "contracts": [_contract(each) for each in replay.contracts],
        "facts": _facts(provenance),
        "assumed": dict(replay.assumed),
        "tickets": replay.tickets,
        "unreported": replay.unreported,
        "promises": list(_promises(replay)),
        "judgements": [_judgement(replay, each) for each in replay.accounts.judgements],
        "availability": [_uptime(replay, each) for each in replay.accounts.uptimes],
        "consequences": [_bill(replay, each) for each in replay.accounts.bills],
        "earned_back": [_earned(replay, each) for each in replay.accounts.earned_back],
        "owed": {
            kind: str(replay.accounts.owed(kind=kind)) for kind in ("credit", "bonus", "penalty")
        },
        "not_covered": [_unjudged(e) for e in replay.unjudged if e.why in _NOT_COVERED],
        "refused": [_unjudged(e) for e in replay.unjudged if e.why not in _NOT_COVERED],
        "worst": [_worst(each) for each in replay.worst],
    }
    if comparison is not None:
        found["against"] = _against(comparison)
    return found


def _contract(contract: Contract) -> Json:
    terms = contract.terms
    return {
        "id": terms.id,
        "version": terms.version,
        "name": contract.name,
        "sha256": contract.sha256,
        "parties": dict(contract.parties),
        "currency": terms.currency,
        "from": terms.from_on.isoformat(),
        "until": terms.until_on.isoformat(),
    }


def _facts(provenance: Provenance) -> Json:
    return {
        "name": provenance.name,
        "sha256": provenance.sha256,
        "generated": provenance.generated,
        "zone": provenance.zone,
        "zone_stated": provenance.zone_stated,
        "recorded_at": provenance.recorded_at,
    }


# Promises ----------------------------------------------------------------------------------------


def _promises(replay: Replay) -> Iterator[Json]:
    for place, contract in enumerate(replay.contracts):
        for promise in contract.terms.promises:
            clause = promise.clause

            places = [(place, clause)]
            total = replay.cube.total(places)
            yield {
                "contract": contract.terms.id,
                "clause": clause,
                "number": contract.terms.numbers.get(clause, ""),
                "promisor": promise.promisor,
                "measure": promise.measure,
                **_counted(total.tally),
                "turns": _turns(total.turns),
                "by": {name: _by(replay, places, name) for name in _BY},
                "by_month": _by_month(replay, places),
                "spread": [
                    {"from_percent": bar * 10, "met": each.met, "missed": each.missed}
                    for bar, each in sorted(replay.spread.bars(places).items())
                ],
            }


def _by(replay: Replay, places: Sequence[Place], name: str) -> Json:
    sums = replay.cube.by(places, lambda key: key.field(name))
    return {value: _counted(each) for value, each in sorted(sums.items())}


def _by_month(replay: Replay, places: Sequence[Place]) -> Json:
    """By month of the due instant (A2); what has none stands under an empty name."""
    sums = replay.cube.by(places, lambda key: f"{key.due_on:%Y-%m}" if key.due_on else "")
    return {month: _counted(each) for month, each in sorted(sums.items())}


def _counted(counted: Tally) -> Json:
    return {
        "counts": {
            "met": counted.met,
            "missed": counted.missed,
            "relieved": counted.relieved,
            "running": counted.running,
            "paused": counted.paused,
            "measuring": counted.measuring,
            "void": counted.void,
        },
        "share": _share(counted.met, counted.cases),
        "share_without_relieved": _share(counted.met, counted.cases - counted.relieved),
    }


def _share(met: int, cases: int) -> Json | None:
    if not cases:
        return None
    return {"exact": f"{met}/{cases}", "percent": show_share(Fraction(met, cases))}


def _turns(turns: Turns) -> Json:
    """Whole seconds of service time."""
    return {
        name: getattr(turns, name) // SECOND
        for name in ("supplier", "customer", "third_party", "acceptance", "late")
    }


# Periods -----------------------------------------------------------------------------------------


def _judgement(replay: Replay, each: Judgement) -> Json:
    return {
        "contract": replay.contracts[each.contract].terms.id,
        "clause": each.clause,
        "period": str(each.period),
        "scope": each.scope,
        "at_least": _exact(each.at_least),
        **_counted(each.counted),
        "kept": each.kept,
        "is_over": each.is_over,
    }


def _uptime(replay: Replay, each: PeriodUptime) -> Json:
    """Exact shares are of microseconds; the times beside them are whole seconds."""
    found: Json = {
        "contract": replay.contracts[each.contract].terms.id,
        "clause": each.clause,
        "services": list(each.services),
        "period": str(each.period),
        "at_least": _exact(each.at_least),
        "kept": each.kept,
        "is_over": each.is_over,
        "refused": each.refused or None,
    }
    if each.uptime is not None:
        share = each.uptime.share
        found["agreed_seconds"] = each.uptime.agreed // SECOND
        found["down_seconds"] = each.uptime.down // SECOND
        found["maintenance_seconds"] = each.uptime.maintenance // SECOND
        found["share"] = None if share is None else _share_of(share)
    return found


def _share_of(share: Fraction) -> Json:
    return {"exact": _exact(share), "percent": show_share(share)}


def _bill(replay: Replay, each: PeriodBill) -> Json:
    found: Json = {
        "contract": replay.contracts[each.contract].terms.id,
        "kind": each.kind,
        "period": str(each.period),
        "is_over": each.is_over,
        "refused": each.refused or None,
    }
    if each.bill is not None:
        found["lines"] = [
            {
                "clause": line.clause,
                "scope": line.scope,
                "share": None if line.share is None else _exact(line.share),
                "misses": line.misses,
                "exact": _exact(line.exact),
            }
            for line in each.bill.lines
        ]
        per_clause = each.bill.per_clause
        found["per_clause"] = {clause: _exact(exact) for clause, exact in per_clause.items()}
        found["exact"], found["capped"] = _exact(each.bill.exact), _exact(each.bill.capped)
        found["amount"] = _money(replay, each.contract, each.bill.rounded)
    return found


def _earned(replay: Replay, each: EarnedBack) -> Json:
    return {
        "contract": replay.contracts[each.contract].terms.id,
        "clause": each.clause,
        "period": str(each.period),
        "exact": _exact(each.exact),
    }


def _exact(part: Fraction) -> str:
    return f"{part.numerator}/{part.denominator}"


def _money(replay: Replay, contract: int, amount: Decimal) -> str:
    return f"{replay.contracts[contract].terms.currency} {amount}"


# Tickets -----------------------------------------------------------------------------------------


def _unjudged(each: Unjudged) -> Json:
    return {
        "ticket": each.ticket,
        "customer": each.customer,
        "clause": each.clause or None,
        "why": each.why,
        "told": each.told,
    }


def _worst(each: Worst) -> Json:
    assessment = each.assessment
    told = explanation_of(assessment, each.hours)
    return {
        "ticket": each.id,
        "customer": each.customer,
        "contract": each.contract.terms.id,
        "clause": assessment.promise.clause,
        "due_at": _instant(assessment.due_at),
        "satisfied_at": _instant(assessment.satisfied_at),
        "late_seconds": each.late // SECOND,
        "relieved_by": each.row.relieved_by or None,
        "stretches": [
            {
                "from": show_instant(stretch.from_at),
                "until": show_instant(stretch.until_at),
                "why": "late" if stretch.late else stretch.why,
                "turn": stretch.turn,
                "counted_seconds": stretch.counted // SECOND,
                "service_seconds": stretch.open_time // SECOND,
                "because": [fact.id or fact.code for fact in stretch.because],
            }
            for stretch in told.stretches
        ],
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else show_instant(at)


# Against -----------------------------------------------------------------------------------------


def _against(comparison: Comparison) -> Json:
    return {
        "contracts": [_contract(each) for each in comparison.other.contracts],
        "promises": [
            {
                "customer": each.customer or None,
                "promisor": each.promisor,
                "measure": each.measure,
                "this": None if each.this is None else _counted(each.this),
                "other": None if each.other is None else _counted(each.other),
            }
            for each in comparison.differences
        ],
        "credits": [
            {
                "customer": each.customer or None,
                "this": str(each.this),
                "other": str(each.other),
                "difference": str(each.other - each.this),
            }
            for each in comparison.credits
        ],
        "not_covered": len(comparison.other.unjudged),
    }
