"""The slow judge's reading of facts: which count at a moment, and from when (SEMANTICS F2-F5).

A fact is a dict as FORMAT writes it, with `at` and `recorded` as int microseconds and `position`,
its place in the list. `counting` gives new dicts in which `at` is when the fact counts from and
`moment` = (at, recorded, position) is its place in the order (F2).
"""

import datetime as dt
import re

from oracle_hours import SECOND, UTC_EPOCH, Refused

LATE = 15 * 60 * SECOND
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
INSTANT_FIELDS = ("until", "reported_at")
FAVOURS_SUPPLIER = (
    "supplier_contact",
    "question",
    "diagnosis",
    "expectation",
    "workaround",
    "solved",
    "accepted",
)
FAVOURS_CUSTOMER = ("reported", "customer_contact", "rejected")
AUTHOR_IS_CUSTOMER = ("reported", "customer_contact", "accepted", "rejected")

Fact = dict


def instant_of(text: object) -> int:
    """Microseconds since 1970 UTC; refuses an instant without an offset (T1, T8)."""
    written = str(text)
    match = INSTANT.fullmatch(written)
    if not match:
        raise Refused(f"{written!r} is no instant with an offset")
    if not match[2]:
        raise Refused(f"{written!r} has no offset")
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError as error:
        raise Refused(f"{written!r} is no instant with an offset") from error
    return (moment - UTC_EPOCH) // dt.timedelta(microseconds=1)


def author_of(fact: Fact) -> str:
    """Who made the fact, by FORMAT's defaults."""
    return fact.get("by") or ("customer" if fact["fact"] in AUTHOR_IS_CUSTOMER else "supplier")


def recorder_of(fact: Fact) -> str:
    """Who recorded the fact: the supplier, who keeps the log, unless it says otherwise (F4)."""
    return fact.get("recorded_by") or "supplier"


def other_party(party: str) -> str:
    """The party whose word confirms what `party` recorded (F4)."""
    return "customer" if party == "supplier" else "supplier"


def favoured_by(fact: Fact) -> str | None:
    """Whom it helps that this fact happened early (F4); None: nobody."""
    if fact["fact"] in FAVOURS_SUPPLIER:
        return "supplier"
    if fact["fact"] in FAVOURS_CUSTOMER:
        return "customer"
    return author_of(fact) if fact["fact"] == "answer" else None


def read_facts(rows: list[dict]) -> list[Fact]:
    """The rows with instants as numbers; refuses what is malformed, whatever the moment."""
    facts = []
    for position, row in enumerate(rows):
        fact = {**row, "position": position, "at": instant_of(row["at"])}
        fact["recorded"] = instant_of(row["recorded"]) if "recorded" in row else fact["at"]
        fact.update({key: instant_of(row[key]) for key in INSTANT_FIELDS if key in row})
        if "set" in row:
            keys = (*INSTANT_FIELDS, "at", "recorded")
            changes = {key: instant_of(row["set"][key]) for key in keys if key in row["set"]}
            fact["set"] = {**row["set"], **changes}
        if fact["fact"] == "reclassified" and fact.get("cause") not in ("misjudged", "new_facts"):
            raise Refused(f"fact {position + 1}: reclassified without a cause")
        if fact["fact"] == "voided" and not fact.get("why"):
            raise Refused(f"fact {position + 1}: voided without a why")
        facts.append(fact)
    return facts


def same_source(one: Fact, other: Fact) -> bool:
    """Whether two rows tell the same fact (F2)."""
    keys = ("source", "source_id")
    return all(key in one and one.get(key) == other.get(key) for key in keys)


def once_each(facts: list[Fact]) -> list[Fact]:
    """Of the facts that share (source, source_id) only the first recorded (F2).

    Whatever id one of them has names the fact.
    """
    found, name_of = [], {}
    for fact in facts:
        alike = [other for other in facts if other is fact or same_source(fact, other)]
        alike.sort(key=lambda other: (other["recorded"], other["position"]))
        ids = [other["id"] for other in alike if "id" in other]
        name_of |= dict.fromkeys(ids, *ids[:1])
        if alike[0] is fact:
            found.append({**fact, "id": ids[0]} if ids else fact)
    return [
        {**fact, "of": name_of.get(fact["of"], fact["of"])} if "of" in fact else fact
        for fact in found
    ]


def has_passed(fact: Fact, as_of: int) -> bool:
    """Whether both times of a fact have passed (F5)."""
    return fact["at"] <= as_of and fact["recorded"] <= as_of


def is_confirmed(fact: Fact, party: str, facts: list[Fact], as_of: int) -> bool:
    """Whether the other party than `party` has confirmed the fact by `as_of` (F4)."""
    return any(
        other["fact"] == "confirmed"
        and other.get("of") is not None
        and other.get("of") == fact.get("id")
        and has_passed(other, as_of)
        and other.get("by", other_party(party)) == other_party(party)
        for other in facts
    )


def counts_from(fact: Fact, facts: list[Fact], as_of: int) -> int:
    """When a fact counts from: late and in its recorder's favour, from its recording (F4)."""
    is_late = fact["recorded"] - fact["at"] > LATE
    if not is_late or favoured_by(fact) != recorder_of(fact) or fact.get("settled"):
        return fact["at"]
    return fact["at"] if is_confirmed(fact, recorder_of(fact), facts, as_of) else fact["recorded"]


def helps_its_author(correction: Fact, fact: Fact, stands: int) -> bool:
    """Whether what the correction changes, of the fact as it stands, favours its author (F4)."""
    author, now = author_of(correction), {**fact, "at": stands, "by": author_of(fact)}
    return any(
        helps(author, now, key, value)
        for key, value in correction["set"].items()
        if value != now.get(key)
    )


def helps(author: str, fact: Fact, key: str, value: object) -> bool:
    """Whether a new value of one field favours that party.

    Where the field itself does not tell (a priority, whom a question was put to), it does.
    """
    if key == "why":
        return False
    if key == "at":
        favoured = favoured_by(fact)
        return favoured is not None and (author == favoured) == (value < fact["at"])
    if key in ("until", "reported_at"):  # later is easier on the supplier
        return (author == "supplier") == (value > fact[key])
    if key == "agreed":
        return (author == "supplier") == value
    return True


def corrected(fact: Fact, facts: list[Fact], as_of: int) -> Fact:
    """The fact with the corrections that count at `as_of`, in their order (F3, F4)."""
    corrections = [
        other
        for other in facts
        if other["fact"] == "corrected"
        and other.get("of") is not None
        and other.get("of") == fact.get("id")
        and has_passed(other, as_of)
    ]
    for one in sorted(corrections, key=lambda c: (c["at"], c["recorded"], c["position"])):
        author = author_of(one)
        confirmed = is_confirmed(one, author, facts, as_of)
        stands = counts_from(fact, facts, as_of)
        is_late = one["recorded"] - one["set"].get("at", stands) > LATE
        if is_late and not confirmed and helps_its_author(one, fact, stands):
            continue
        fact = {**fact, **one["set"]}
        if "at" in one["set"]:
            fact["settled"] = confirmed or author != recorder_of(fact)
    return fact


def counting(rows: list[dict], as_of: int) -> list[Fact]:
    """The facts that count at `as_of`, in order, `at` being when each counts from (F2-F5)."""
    facts = once_each([fact for fact in read_facts(rows) if fact["recorded"] <= as_of])
    found = []
    for fact in facts:
        standing = corrected(fact, facts, as_of)
        if has_passed(standing, as_of):
            at = counts_from(standing, facts, as_of)
            moment = (at, standing["recorded"], standing["position"])
            found.append({**standing, "at": at, "moment": moment})
    return sorted(found, key=lambda fact: fact["moment"])
