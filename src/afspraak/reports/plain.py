"""The plain report to a customer (moment 5): what you have, what you pay, what was reported, kept,
missed and why, whose turn the time was, what we propose. The same values make the page and the PDF.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from afspraak.engine.facts import CUSTOMER
from afspraak.engine.fees import invoiced
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import Rhythm, add
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import COUNTS, Cube
from afspraak.reports.groups import Group, groups_of
from afspraak.reports.misses import Worst
from afspraak.reports.of_period import OfPeriod
from afspraak.reports.plain_values import About, Plain, Section
from afspraak.reports.replay import Replay
from afspraak.reports.speech import Speech
from afspraak.reports.tables import Cell, missed, number, share, table
from afspraak.reports.texts import Texts
from afspraak.reports.view_accounts import (
    earned_back,
    judged,
    judged_line,
    money,
    scope,
    uptimes,
)
from afspraak.reports.view_plots import monthly
from afspraak.reports.view_promises import KeyFigure, headline
from afspraak.reports.view_turns import turns

PLOTS: Final = 3
"""So many promises are drawn month by month: those that a reader looks for first."""
YEAR: Final = Rhythm(months=12)


def plain(texts: Texts, found: OfPeriod, about: About) -> Plain:
    """The report in a language."""
    part = found.part
    groups = [
        each for each in groups_of(part.contracts, texts) if each.total(part.cube).tally.cases
    ]
    period = texts.period(part.dates)
    names = {"supplier": about.supplier, "customer": about.customer, "agreement": about.reference}
    say = texts.say
    sections = (
        _have(texts, part, about),
        _reported(texts, part),
        _kept(texts, part, groups, found.word),
        _missed(texts, part, groups),
        Section(
            "turns",
            say("turns", "title"),
            (say("turns", "note"),),
            bars=tuple(turns(texts, part, groups)),
        ),
        _months(texts, found),
        _settled(texts, part),
        _dated(texts, about),
        Section(
            "proposals",
            say("report", "proposals"),
            () if about.proposals else (say("report", "proposals_none"),),
            words=about.proposals,
        ),
        _check(texts, found.whole),
    )
    return Plain(
        language=texts.language,
        title=say("report", "title", period=period),
        sub=say("report", "between", **names),
        stand=say("report", "stand", at=texts.full(part.as_of)),
        headline=headline(texts, part, groups),
        key_figures=tuple(_key_figures(texts, part, groups, found.word)),
        sections=tuple(each for each in sections if _says_something(each)),
    )


def _says_something(each: Section) -> bool:
    return bool(each.tables or each.bars or each.figures or each.words or each.notes)


def _key_figures(
    texts: Texts, part: Replay, groups: Sequence[Group], word: Tally
) -> Iterator[KeyFigure]:
    """Tickets, each of the supplier's promises, and the word after a miss."""
    period = texts.period(part.dates)
    yield KeyFigure(texts.say("page", "tickets"), texts.number(part.tickets), period)
    for group in groups:
        if group.promisor != CUSTOMER:
            counted = group.total(part.cube).tally
            yield _figure(texts, group.title(texts), counted)
    if word.cases:
        yield _figure(texts, texts.say("report", "word"), word)


def _figure(texts: Texts, title: str, counted: Tally) -> KeyFigure:
    """A share with its counts under it; the counts alone where they are few (A3)."""
    note = "" if counted.is_few else _of(texts, counted)
    return KeyFigure(title, share(texts, counted).text, note)


def _of(texts: Texts, counted: Tally) -> str:
    slots = {"met": texts.number(counted.met), "cases": texts.number(counted.cases)}
    return texts.say("page", "kept_of", **slots)


# What you have and pay ----------------------------------------------------------------------------


def _have(texts: Texts, part: Replay, about: About) -> Section:
    contract = newest_of(part)
    say = texts.words("report")
    fees = contract.terms.monthly_fees
    term = Period(contract.terms.from_on, contract.terms.until_on)
    held = invoiced(fees, part.dates, term)
    currency = contract.terms.currency
    rows = [
        [
            Cell(each.name, "head"),
            Cell(texts.word("level", each.level)),
            Cell(each.units, "num"),
            _money(texts, fees.get(each.key), currency),
            _money(texts, held.services.get(each.key), currency),
        ]
        for each in about.services
    ]
    others = [key for key in fees if key not in {each.key for each in about.services}]
    rows += [
        [
            Cell(contract.title(key, texts.language) or key, "head"),
            Cell(""),
            Cell("", "num"),
            _money(texts, fees[key], currency),
            _money(texts, held.services[key], currency),
        ]
        for key in others
    ]
    whole = sum(fees.values(), Decimal(0))
    rows.append(
        [
            Cell(str(say["total"]), "head"),
            Cell(""),
            Cell("", "num"),
            _money(texts, whole, currency),
            _money(texts, held.agreement, currency),
        ]
    )
    names = ("service", "level", "units", "monthly", "in_period")
    tables = [table(str(say["have"]), [str(say[each]) for each in names], rows, total=True)]
    if about.costs:
        costs = [
            [Cell(each.ticket, "head", "", f"/t/{each.ticket}/"), Cell(texts.moment(each.at)),
             Cell(texts.sum(each.cost) or texts.say("cuts", "none"), "num")]
            for each in about.costs
        ]  # fmt: skip
        heads = [str(say[each]) for each in ("ticket", "agreed_on", "cost")]
        tables.append(table(str(say["extra"]), heads, costs))
    note = str(say["have_note"])
    return Section("have", str(say["have"]), (note,), tuple(tables))


def newest_of(replay: Replay) -> Contract:
    """The version that held at the end of the period: the newest that had begun."""
    ordered = sorted(replay.contracts, key=lambda each: each.from_at)
    last = replay.dates.until_on
    begun = [each for each in ordered if (each.terms.version_from_on or each.terms.from_on) < last]
    return begun[-1] if begun else ordered[0]


def _money(texts: Texts, amount: Decimal | None, currency: str) -> Cell:
    if amount is None:
        return Cell(texts.say("report", "best_effort"), "num")
    return Cell(texts.money(amount.quantize(Decimal("0.01")), currency), "num")


# What was reported, kept and missed ---------------------------------------------------------------


def _reported(texts: Texts, part: Replay) -> Section:
    """Tickets by month, with the way to each."""
    say = texts.words("report")
    counts: dict[date, int] = {}
    for (on, _hour), found in part.arrivals.hours.items():
        month = on.replace(day=1)
        counts[month] = counts.get(month, 0) + found.tickets
    rows = [
        [
            Cell(texts.month(month, year=True), "head"),
            replace(number(texts, counts[month]), link=f"month={month:%Y-%m}"),
        ]
        for month in sorted(counts)
    ]
    rows.append(
        [
            Cell(str(say["total"]), "head"),
            replace(number(texts, part.tickets), link="month="),
        ]
    )
    heads = [texts.say("monthly", "month"), texts.say("page", "tickets")]
    made = table(str(say["reported"]), heads, rows, total=True)
    return Section("reported", str(say["reported"]), (), (made,))


def _kept(texts: Texts, part: Replay, groups: Sequence[Group], word: Tally) -> Section:
    say, names = texts.words("report"), ("promise", "met", "missed", "share", "agreed")
    rows = [_promise(texts, part, each) for each in groups]
    head = [texts.say("promises", each) for each in names]
    tables = [table(texts.say("promises", "title"), head, rows)] if rows else []
    tables += [each for each in (judged(texts, part), uptimes(texts, part)) if each is not None]
    notes = [texts.say("promises", "note")] if rows else [str(say["kept_none"])]
    if told := judged_line(texts, part):
        notes.append(told)
    slots = {"met": texts.number(word.met), "cases": texts.number(word.cases)}
    notes.append(texts.say("report", "word_line" if word.cases else "word_none", **slots))
    return Section("kept", str(say["kept"]), tuple(notes), tuple(tables))


def _promise(texts: Texts, part: Replay, group: Group) -> list[Cell]:
    counted = group.total(part.cube).tally
    clauses = ",".join(dict.fromkeys(clause for _place, clause in group.clauses))
    relieved = texts.say("report", "relieved", n=texts.number(counted.relieved))
    agreed = [texts.share(each.at_least, 3) for each in group.shares]
    return [
        Cell(group.title(texts), "head", texts.word("party", group.promisor)),
        replace(number(texts, counted.met), link=f"clause={clauses}&state=met"),
        replace(
            missed(texts, counted.missed),
            link=f"clause={clauses}&state=missed",
            beside=relieved if counted.relieved else "",
        ),
        share(texts, counted),
        Cell(agreed[0] if agreed else texts.say("promises", "no_share"), "num"),
    ]


def _missed(texts: Texts, part: Replay, groups: Sequence[Group]) -> Section:
    say = texts.words("report")
    order = {(each.promisor, each.measure): place for place, each in enumerate(groups)}

    def place(each: Worst) -> tuple[int, int]:
        promise = each.assessment.promise
        return order[promise.promisor, promise.measure], each.assessment.missed_at or 0

    rows = [_miss(texts, each) for each in sorted(part.worst, key=place)]
    if not rows:
        return Section("missed", str(say["missed"]), (str(say["missed_none"]),))
    heads = [str(say[each]) for each in ("ticket", "promised", "done", "why")]
    made = table(str(say["missed"]), heads, rows)
    return Section("missed", str(say["missed"]), (str(say["missed_note"]),), (made,))


def _miss(texts: Texts, each: Worst) -> list[Cell]:
    speech, assessed = Speech(texts, each.contract), each.assessment
    due = assessed.missed_at or 0
    done = assessed.satisfied_at
    late = texts.say("worst", "late", late=texts.about(each.late))
    return [
        Cell(each.id, "head", "", f"/t/{each.id}/"),
        Cell(speech.promise(assessed.promise), "", texts.moment(due)),
        Cell(texts.say("report", "open") if done is None else texts.moment(done), "", f"▲ {late}"),
        Cell(_cause(texts, each)),
    ]


def _cause(texts: Texts, each: Worst) -> str:
    """What is known of it: the newest diagnosis; else whose turn most of the time was."""
    known = [fact.why for fact in each.ticket.facts if fact.code == "diagnosis" and fact.why]
    told = (
        texts.say("report", "relief", clause=each.row.relieved_by) if each.row.relieved_by else ""
    )
    if known:
        return " ".join(filter(None, (known[-1], told)))
    spent = each.row.turns
    longest = max(("supplier", "customer", "third_party"), key=lambda who: getattr(spent, who))
    turn = texts.say("report", "no_cause", turn=texts.word("turn", longest))
    return " ".join(filter(None, (turn, told)))


def _months(texts: Texts, found: OfPeriod) -> Section:
    """The year until the period's end, month by month."""
    until = found.part.dates.until_on
    cube = cube_between(found.whole.cube, add(until, YEAR, -1), until)
    year = replace(found.part, cube=cube)
    groups = [each for each in groups_of(year.contracts, texts) if each.promisor != CUSTOMER]
    told = [each for each in groups if each.shares] or groups
    figures = tuple(monthly(texts, year, told))[:PLOTS]
    notes = (texts.say("monthly", "note"),) if figures else ()
    return Section("months", texts.say("monthly", "title"), notes, figures=figures)


def cube_between(cube: Cube, from_on: date, until_on: date) -> Cube:
    """What was due in [from, until)."""
    made = Cube()
    for key, cell in cube.cells():
        if key.due_on is not None and from_on <= key.due_on < until_on:
            for name, count in zip(COUNTS, cell.counts, strict=True):
                if count:
                    made.add(key, name, count)
    return made


# The rest -----------------------------------------------------------------------------------------


def _settled(texts: Texts, part: Replay) -> Section:
    tables = tuple(money(texts, part))
    notes = [texts.say("money", "note")] if tables else [texts.say("money", "nothing")]
    notes += list(earned_back(texts, part))
    return Section("settled", texts.say("report", "settled"), tuple(notes), tables)


def _dated(texts: Texts, about: About) -> Section:
    """What either side owed on a date."""
    say = texts.words("report")
    marks = {"met": ("✓", "kept"), "missed": ("▲", "bad")}
    rows = []
    for each in about.duties:
        mark, tone = marks.get(each.state, ("", ""))
        state = f"{mark} {texts.word('state', each.state)}".strip()
        party = texts.word("party", each.promisor)
        cell = Cell(state, "kept") if tone == "kept" else Cell(state, "bad" if tone else "")
        rows.append([Cell(each.title, "head"), Cell(party), Cell(texts.on_date(each.due_on)), cell])
    if not rows:
        return Section("dated", str(say["dated"]))
    heads = [str(say[each]) for each in ("what", "whose", "due", "state")]
    return Section("dated", str(say["dated"]), (), (table(str(say["dated"]), heads, rows),))


def proposals_for(texts: Texts, part: Replay) -> str:
    """What might be proposed: a sentence for each promised share that was not reached."""
    told = []
    for each in part.accounts.judgements:
        contract = part.contracts[each.contract]
        promise = contract.promise(each.clause)
        if promise.promisor != CUSTOMER and each.kept is False and each.is_over:
            slots = {
                "promise": Speech(texts, contract).promise(promise),
                "scope": scope(texts, contract, each.scope),
                "met": texts.number(each.counted.met),
                "cases": texts.number(each.counted.cases),
                "at_least": texts.share(each.at_least, 3),
            }
            told.append(texts.say("report", "propose", **slots))
    return "\n".join(told)


def _check(texts: Texts, whole: Replay) -> Section:
    """How a reader checks it alone."""
    contract = whole.contracts[-1]
    slots = {
        "sha256": contract.sha256[:16],
        "law": str(contract.terms.law),
        "unjudged": texts.number(whole.unjudged_tickets),
    }
    notes = (texts.say("report", "check_note", **slots), texts.say("report", "check_links"))
    return Section("check", texts.say("report", "check"), notes)
