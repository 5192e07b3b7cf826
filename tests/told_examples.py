"""Worked examples as the handbooks tell them: each block is read, asked of the engine through the
door of the cases (tests/cases/FORMAT.md), and told again with the answers that came.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from told_words import LANGUAGES, ZONE, Words

from afspraak.cli.conformance import answer

Table = dict[str, Any]
BLOCK = re.compile(r"^```(voorbeeld|example)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def blocks(text: str) -> Iterator[tuple[Words, str]]:
    """The examples of a page, each with its language."""
    for language, block in BLOCK.findall(text):
        yield LANGUAGES[language], block


def told_again(words: Words, block: str) -> str:
    """The block with the engine's own answers in the place of those that stand there."""
    known, facts, asked = read(words, block)
    how = next(ask for key, ask in ASKS.items() if key in known)
    answers = how(words, known, facts, asked)
    lines = iter(answers)
    keep = ("as_of", "outcome")
    told = [next(lines) if key_of(words, line) in keep else line for line in block.splitlines()]
    assert next(lines, None) is None, "an answer that nobody asked for"
    return "\n".join(told) + "\n"


def read(words: Words, block: str) -> tuple[Table, list[str], list[str]]:
    """What is known by key, the facts as they stand there, and the moments that are asked about."""
    known: Table = {}
    facts: list[str] = []
    asked: list[str] = []
    for line in filter(None, block.splitlines()):
        key = key_of(words, line)
        if key is None:
            facts.append(line)
        elif key == "as_of":
            asked.append(line)
        else:
            known.setdefault(key, []).append(line.split(": ", 1)[1])
    return known, facts, asked


def key_of(words: Words, line: str) -> str | None:
    """What a line tells, or None if it is a fact."""
    if line.split(" ", maxsplit=1)[0] in words.weekdays:
        return None
    name = line.split(":", maxsplit=1)[0]
    found = [told for told in words.keys if name == told or name.startswith(f"{told} ")]
    assert found, f"nothing is told by {line!r}"
    return words.keys[max(found, key=len)]


def calendar(words: Words, known: Table) -> Table:
    """The hours, as a calendar of the cases."""
    (text,) = known["hours"]
    if text == words.always:
        return {"zone": ZONE, "week": {"mon-sun": ["00:00-24:00"]}}
    days, *times = text.replace(",", "").split()
    first, last = (WEEK[words.weekdays.index(day)] for day in days.split("-"))
    return {"zone": ZONE, "week": {f"{first}-{last}": times}}


# A clock on a ticket ------------------------------------------------------------------------------


def clock(words: Words, known: Table, facts: list[str], asked: list[str]) -> Iterator[str]:
    """How the promise stands at each moment that is asked about."""
    calendars = {"hours": calendar(words, known)}
    promise = promise_of(words, known)
    told = list(facts_of(words, facts))
    for line in asked:
        before = ": ".join(line.split(": ")[:1])
        at = before.split(" ", 1)[1]
        case = {"ask": "clock", "promise": promise, "facts": told, "as_of": words.moment(at)}
        came = answer(case, calendars)
        assert isinstance(came, dict)
        yield f"{before}: {standing(words, came)}"


def standing(words: Words, came: Table) -> str:
    """A clock's state in a few words."""
    state = came["state"]
    if state == "running" and came.get("remaining") is None:
        state = "running_word"
    moment = {
        name: words.told_moment(came[key]) if came.get(key) is not None else ""
        for name, key in (("due", "due_at"), ("done", "satisfied_at"), ("missed", "missed_at"))
    }
    left = words.told_duration(came["remaining"]) if came.get("remaining") else ""
    return words.states[state].format(left=left, **moment)


def promise_of(words: Words, known: Table) -> Table:
    """`oplossing binnen 4 uur`, or `oplossing: P1 1 uur, P3 16 uur`."""
    (text,) = known["promise"]
    name = max((each for each in words.measures if text.startswith(each)), key=len)
    promise: Table = {"kind": words.measures[name], "calendar": "hours"}
    if promise["kind"] == "answer":
        promise["promisor"] = "customer"
    rest = text.removeprefix(name).lstrip(": ")
    if re.match(r"P\d", rest):
        rows = (each.split(" ", 1) for each in rest.split(", "))
        promise["targets"] = {priority: words.duration(target) for priority, target in rows}
    elif rest:
        promise["target"] = words.duration(rest)
    if "pauses" in known:
        promise["pauses"] = ["customer"]
    return promise


def facts_of(words: Words, lines: list[str]) -> Iterator[Table]:
    """The facts of a ticket, each with a name of its own."""
    late = ""
    for number, line in enumerate(lines, 1):
        at, rest = " ".join(line.split()[:5]), " ".join(line.split()[5:])
        rest, *recorded = rest.removesuffix(")").split(f" ({words.late} ")
        name = max((each for each in words.facts if rest.startswith(each)), key=len)
        fact: Table = {"fact": words.facts[name], "at": words.moment(at), "id": f"f{number}"}
        if recorded:
            fact["recorded"], late = words.moment(recorded[0]), fact["id"]
        more = rest.removeprefix(name).lstrip(":, ")
        yield fact | MORE.get(fact["fact"], nothing_more)(words, more, lines[: number - 1], late)


def nothing_more(_words: Words, more: str, _before: list[str], _late: str) -> Table:
    assert not more, more
    return {}


def reported(_words: Words, more: str, _before: list[str], _late: str) -> Table:
    return {"priority": more} if more else {}


def question(_words: Words, _more: str, _before: list[str], _late: str) -> Table:
    return {"to": "customer"}


def answered(words: Words, _more: str, before: list[str], _late: str) -> Table:
    asks = next(name for name, code in words.facts.items() if code == "question")
    place = max(number for number, line in enumerate(before, 1) if asks in line)
    return {"by": "customer", "of": f"f{place}"}


def stated(words: Words, more: str, _before: list[str], _late: str) -> Table:
    return {"until": words.moment(more)}


def confirmed(_words: Words, _more: str, _before: list[str], late: str) -> Table:
    return {"of": late}


def reclassified(words: Words, more: str, _before: list[str], _late: str) -> Table:
    priority, cause, *agreed = more.split(", ")
    return {"priority": priority, "cause": words.causes[cause], "agreed": bool(agreed)}


MORE: dict[str, Callable[[Words, str, list[str], str], Table]] = {
    "reported": reported,
    "question": question,
    "answer": answered,
    "expectation": stated,
    "confirmed": confirmed,
    "reclassified": reclassified,
}


# Figures, versions, dates -------------------------------------------------------------------------


def count(known: Table, key: str) -> int:
    return int(known.get(key, ["0"])[0])


def share(words: Words, known: Table, _facts: list[str], asked: list[str]) -> Iterator[str]:
    """The share of a quarter, and whether it is what was promised."""
    on = {"due_at": "2027-03-10T12:00:00+01:00"}
    states = {state: count(known, state) for state in ("met", "missed")}
    case = {
        "ask": "share",
        "zone": ZONE,
        "share": {"at_least": words.plain(known["at_least"][0]), "per": "quarter"},
        "period": "2027-03-15",
        "outcomes": [{"state": state, "times": times, **on} for state, times in states.items()],
    }
    came = answer(case, {})
    assert isinstance(came, dict)
    total, kept = sum(states.values()), words.kept[0 if came["kept"] else 1]
    percent = words.number(str(came["percent"]))
    yield f"{outcome(words)}: {came['met']} {words.of} {total}, {percent}, {kept}"


def outcome(words: Words) -> str:
    return next(name for name, key in words.keys.items() if key == "outcome")


def availability(words: Words, known: Table, _facts: list[str], _asked: list[str]) -> Iterator[str]:
    """How long a service was down, and whether that was within the promise."""
    begins, ends = (words.date(each) for each in known["period"][0].split(words.until))
    outages = [
        dict(zip(("from", "until"), map(words.moment, each.split(words.until)), strict=True))
        for each in known["outage"]
    ]
    case = {
        "ask": "availability",
        "calendar": "hours",
        "zone": ZONE,
        "services": ["s"],
        "at_least": words.plain(known["at_least"][0]),
        "period": [begins, ends],
        "outages": [{"service": "s", **each} for each in outages],
    }
    came = answer(case, {"hours": calendar(words, known)})
    assert isinstance(came, dict)
    kept, percent = words.kept[0 if came["kept"] else 1], words.number(str(came["percent"]))
    yield f"{outcome(words)}: {words.told_duration(came['down'])}, {percent}, {kept}"


def credit(words: Words, known: Table, _facts: list[str], _asked: list[str]) -> Iterator[str]:
    """What is given back for a period."""
    rows = (each.split(": ") for each in known["bands"][0].split("; "))
    clause: Table = {
        "clause": "c",
        "of": "p",
        "below": {words.plain(below).split(" ", 1)[1]: words.plain(part) for below, part in rows},
    }
    if "cap" in known:
        clause["cap"] = words.plain(known["cap"][0])
    fee = words.plain(known["fee"][0].removeprefix("EUR "))
    counted = {key: count(known, key) for key in ("met", "missed", "relieved")}
    case = {
        "ask": "credit",
        "fees": {"services": {"s": fee}, "agreement": fee},
        "consequences": [clause],
        "counted": [{"of": "p", "scope": "s", **counted}],
    }
    came = answer(case, {})
    assert isinstance(came, dict)
    yield f"{outcome(words)}: {words.credit.format(sum=words.number(str(came['rounded'])))}"


def dates(words: Words, known: Table, _facts: list[str], _asked: list[str]) -> Iterator[str]:
    """The dates of a year on which something is due."""
    first = words.date(known["first_on"][0])
    case = {
        "ask": "due_date",
        "zone": ZONE,
        "recurring": {"first_on": first, "every": words.rhythms[known["every"][0]]},
        "until": "2027-12-31",
        "evidence": [],
        "as_of": "2027-01-01T00:00:00+01:00",
    }
    came = answer(case, {})
    assert isinstance(came, dict)
    yield f"{outcome(words)}: {', '.join(words.told_date(each['on']) for each in came['dates'])}"


def notice(words: Words, known: Table, _facts: list[str], _asked: list[str]) -> Iterator[str]:
    """Until when notice may be given."""
    begins, ends = (words.date(each) for each in known["term"][0].split(words.until))
    told = words.rhythms[known["notice"][0]]
    case = {
        "ask": "due_date",
        "zone": ZONE,
        "term": {"from": begins, "until": ends, "notice": told},
        "on": begins,
    }
    came = answer(case, {})
    assert isinstance(came, dict)
    yield f"{outcome(words)}: {words.notice.format(on=words.told_date(str(came['notice_by'])))}"


def version(words: Words, known: Table, _facts: list[str], asked: list[str]) -> Iterator[str]:
    """Which version governs what was reported: `from, last signature`."""
    versions = []
    for key in ("v1", "v2"):
        begins, signed = known[key][0].split(", ")
        both = dict.fromkeys(("supplier", "customer"), words.moment(signed))
        term = {"from": words.date(begins), "until": "2030-01-01"}
        versions.append({"id": key, **term, "signed": both})
    case = {
        "ask": "version",
        "zone": ZONE,
        "versions": versions,
        "reported": words.moment(known["reported"][0]),
        "as_of": "2029-12-01T00:00:00+01:00",
    }
    came = answer(case, {})
    assert isinstance(came, dict)
    name = next(told for told, key in words.keys.items() if key == came["version"])
    yield f"{outcome(words)}: {name[0].lower() + name[1:]}"


ASKS: dict[str, Callable[[Words, Table, list[str], list[str]], Iterator[str]]] = {
    "promise": clock,
    "period": availability,
    "bands": credit,
    "met": share,
    "first_on": dates,
    "term": notice,
    "v1": version,
}
"""A key that only such an example has -> how it is answered."""
