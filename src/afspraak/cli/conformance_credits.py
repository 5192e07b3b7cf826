"""Credits, bonuses and penalties of a period, earn-back, claims (SEMANTICS A5, A7, A9), as the
cases ask it.
"""

from fractions import Fraction
from typing import Literal

from afspraak.cli import conformance_read as read
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_facts import only
from afspraak.cli.conformance_read import CASE_KEYS, Table, exact_text
from afspraak.engine.credits import Bill, bill, earned_back
from afspraak.engine.facts import PARTIES
from afspraak.engine.fees import Fees, invoiced
from afspraak.engine.figures import Tally
from afspraak.engine.penalties import Claim, claimed
from afspraak.engine.terms import Band, Consequence, EarnBack
from afspraak.engine.time import Refusal

_CONSEQUENCE = (
    "clause",
    "kind",
    "of",
    "base",
    "below",
    "from",
    "per_miss",
    "cap",
    "agreement_cap",
    "rounding",
)
_ROUNDING: tuple[Literal["half_up", "half_even", "down", "up"], ...] = (
    "half_up",
    "half_even",
    "down",
    "up",
)
_MISS = ("missed_at", "attributable", "notified_at", "claimed_at", "claimed_by")
_COUNTS = ("met", "missed", "relieved", "running", "paused", "measuring", "void")


def ask_credit(case: Table, _calendars: Calendars) -> object:
    """One period's bill; or what is earned back; or what became of a penalty for one miss."""
    if "earn_back" in case:
        return _earned_back(case)
    if "penalty" in case:
        return _penalty(case)
    only(case, CASE_KEYS | {"fees", "monthly", "period", "term", "consequences", "counted"})
    written = read.tables(case.get("consequences"), "a consequence", *_CONSEQUENCE)
    fees = _fees(case)
    counted = read.tables(case.get("counted"), "a count", "of", "scope", *_COUNTS)
    tallies = {_key(each): _tally(each) for each in counted}
    if len(tallies) < len(counted):
        raise Refusal("a promise is counted twice under one scope")
    return {**_bill(bill([_consequence(each) for each in written], tallies, fees)), **_told(fees)}


def _key(each: Table) -> tuple[str, str]:
    scope = each.get("scope")
    return read.text(each.get("of"), "of"), "" if scope is None else read.text(scope, "the scope")


def _tally(each: Table) -> Tally:
    return Tally(*(read.number(each.get(name, 0), name) for name in _COUNTS))


def _fees(case: Table) -> Fees:
    if ("fees" in case) == ("monthly" in case):
        raise Refusal("state the period's fees, or the fees of a month with a period and a term")
    if "monthly" in case:
        monthly = case["monthly"]
        services = read.table(monthly, "monthly", *(monthly if isinstance(monthly, dict) else ()))
        return invoiced(
            {key: read.money(each) for key, each in services.items()},
            read.dates(case.get("period"), "the period"),
            read.dates(case.get("term"), "the term"),
        )
    fees = read.table(case["fees"], "fees", "services", "agreement")
    written = fees.get("services") or {}
    services = read.table(written, "services", *(written if isinstance(written, dict) else ()))
    lines = {key: read.money(each) for key, each in services.items()}
    return Fees(lines, read.money(fees.get("agreement")))


def _consequence(written: Table) -> Consequence:
    return Consequence(
        clause=read.text(written.get("clause"), "the clause"),
        kind=read.choice(written.get("kind", "credit"), "kind", ("credit", "bonus", "penalty")),
        of=read.text(written.get("of"), "of"),
        base=read.choice(
            written.get("base", "fee_of_service"), "base", ("fee_of_service", "fee_of_agreement")
        ),
        per="quarter",
        bands=(*_bands(written.get("below")), *_bands(written.get("from"))),
        per_miss=read.maybe(written.get("per_miss"), read.amount),
        cap=read.maybe(written.get("cap"), read.amount),
        agreement_cap=read.maybe(written.get("agreement_cap"), read.part),
        rounding=read.choice(written.get("rounding", "half_up"), "rounding", _ROUNDING),
    )


def _bands(written: object) -> list[Band]:
    """Share -> amount: below that share (a credit), or from it on (a bonus)."""
    bands = read.table(written or {}, "bands", *(written if isinstance(written, dict) else ()))
    return [Band(read.part(edge), read.amount(each)) for edge, each in bands.items()]


def _bill(found: Bill) -> dict[str, object]:
    return {
        "lines": [
            {
                "clause": line.clause,
                "scope": line.scope,
                "share": None if line.share is None else exact_text(line.share),
                "misses": line.misses,
                "exact": exact_text(line.exact),
            }
            for line in found.lines
        ],
        "per_clause": {clause: exact_text(each) for clause, each in found.per_clause.items()},
        "exact": exact_text(found.exact),
        "capped": exact_text(found.capped),
        "rounded": str(found.rounded),
    }


def _told(fees: Fees) -> dict[str, object]:
    services = {key: str(fee) for key, fee in fees.services.items()}
    return {"fees": {"services": services, "agreement": str(fees.agreement)}}


def _earned_back(case: Table) -> dict[str, object]:
    """Periods with their verdict (none: no case) and what was owed for them."""
    only(case, CASE_KEYS | {"earn_back", "periods"})
    written = read.table(case["earn_back"], "earn_back", "periods", "part")
    earn_back = EarnBack(
        read.number(written.get("periods"), "periods"),
        read.maybe(written.get("part"), read.part) or Fraction(1),
    )
    credit = Consequence(
        "credit", "credit", "promise", "fee_of_service", "quarter", earn_back=earn_back
    )
    rows = read.tables(case.get("periods"), "a period", "period", "kept", "owed")
    periods = {read.dates(each.get("period"), "the period"): each for each in rows}
    kept = {
        period: read.flag(each["kept"], "kept")
        for period, each in periods.items()
        if "kept" in each
    }
    owed = {
        period: Fraction(read.money(each["owed"]))
        for period, each in periods.items()
        if "owed" in each
    }
    found = earned_back(credit, kept, owed)
    return {
        "earned_back": [{"period": str(each), "sum": exact_text(found[each])} for each in found]
    }


def _penalty(case: Table) -> dict[str, object]:
    only(case, CASE_KEYS | {"penalty", "miss", "as_of", "zone"})
    keys = ("bearer", "owed", "notice_of_default", "claim_within")
    written = read.table(case["penalty"], "a penalty", *keys)
    owed = read.choice(written.get("owed"), "owed", ("always", "if_attributable"))
    penalty = Consequence(
        "penalty",
        "penalty",
        "promise",
        "fee_of_service",
        "quarter",
        bearer=read.choice(written.get("bearer", PARTIES[0]), "the bearer", PARTIES),
        always=owed == "always",
        notice_of_default=read.flag(written.get("notice_of_default"), "notice_of_default"),
        claim_within=read.maybe(written.get("claim_within"), read.rhythm),
    )
    miss = read.table(case.get("miss"), "the miss", *_MISS)
    claim = Claim(
        attributable=read.flag(miss.get("attributable", True), "attributable"),
        notified_at=read.maybe(miss.get("notified_at"), read.instant),
        claimed_at=read.maybe(miss.get("claimed_at"), read.instant),
        claimed_by=read.choice(miss.get("claimed_by", "customer"), "claimed_by", PARTIES),
    )
    missed_at, as_of = read.instant(miss.get("missed_at")), read.instant(case.get("as_of"))
    return {"penalty": claimed(penalty, missed_at, claim, read.zone(case), as_of)}
