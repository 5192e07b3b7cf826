"""`afspraak explain`: one ticket's facts and clocks for a person, in lines that add up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from afspraak.cli.faults import fault
from afspraak.cli.reading import FactsFolder, assumed, contracts_at, facts_at, moment
from afspraak.cli.replay import Wish
from afspraak.engine.because import Span, spans_of
from afspraak.engine.facts import Fact
from afspraak.reports.explain import Explanation, Stretch, explained
from afspraak.reports.governing import Book, Judged, NotCovered
from afspraak.reports.replay import Logged, as_it_stands
from afspraak.reports.rows import Turns, turns_of
from afspraak.reports.speech import SIGNS, Speech
from afspraak.reports.texts import Texts

_WIDTH: Final = 48
_BLOCKS: Final = {"customer": "▒", "third_party": "░", "acceptance": "·", "late": "▲"}
_TONES: Final = {"met": "green", "missed": "bold red", "paused": "cyan", "running": "blue"}

Line = tuple[str, str]
"""A line and its tone; none for plain text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket as of a moment, and how it is to be told."""

    logged: Logged
    as_of: int
    book: Book
    texts: Texts
    spans: bool


def run(ticket: str, wish: Wish, *, spans: bool) -> int:
    """Prints the explanation; 1 where the ticket is not covered by what was given."""
    folder = facts_at(wish.facts)
    contracts = contracts_at(wish.contract, moment(wish.signed_at))
    texts = Texts(wish.language, contracts[0].terms.zone)
    logged = _find(folder, ticket, texts)
    as_of = moment(wish.as_of) or folder.span[1]
    reach = (folder.span[0], max(folder.span[1], as_of))
    book = Book(contracts, reach, strict=wish.strict, assumed=assumed(wish.assume))
    asked = Asked(logged, as_of, book, texts, spans)
    console = Console(highlight=False, soft_wrap=True)
    for line, tone in told(asked):
        console.print(Text(line, style=tone))
    return 0


def _find(folder: FactsFolder, ticket: str, texts: Texts) -> Logged:
    for each in folder.tickets():
        if each.id == ticket:
            return each
    missing = texts.say("explain", "no_ticket", id=ticket)
    raise fault(folder.path.name, missing, texts.say("explain", "look_it_up"))


def told(asked: Asked) -> Iterator[Line]:
    """Every line of the explanation."""
    texts = asked.texts
    ticket, logged = as_it_stands(asked.logged, asked.as_of)
    yield texts.say("explain", "ticket", id=logged.id), "bold"
    if ticket is None:
        raise fault(logged.id, logged.unreadable, "mend the log, or the mapping that made it")
    try:
        judged = asked.book.judge(logged.customer, ticket)
    except NotCovered as refusal:
        yield texts.say("why", refusal.why), "yellow"
        yield f"({refusal})", ""
        return
    yield texts.say("explain", "as_of", at=texts.full(asked.as_of), zone=texts.zone), ""
    if judged is None:
        yield texts.say("explain", "not_reported"), "yellow"
        return
    yield from _judged(asked, judged)


def _judged(asked: Asked, judged: Judged) -> Iterator[Line]:
    texts, contract = asked.texts, judged.clockwork.contract
    speech = Speech(texts, contract)
    yield texts.say("explain", "contract", name=contract.name), ""
    yield texts.say("explain", "strict" if asked.book.strict else "whatif"), "yellow"
    yield from _facts(asked, judged, speech)
    for each in explained(judged):
        yield "", ""
        yield from _promise(asked, speech, each)
    for refused in judged.refused:
        yield "", ""
        yield speech.promise(contract.promise(refused.clause)), "bold"
        yield f"  — {refused.refusal}", "yellow"
    if not judged.assessed and not judged.refused:
        yield texts.say("explain", "no_promise"), "yellow"


# Facts -------------------------------------------------------------------------------------------


def _facts(asked: Asked, judged: Judged, speech: Speech) -> Iterator[Line]:
    """The facts as they stand, in the order in which they count; those that wait say so (F4)."""
    texts = asked.texts
    logged = {fact.position: fact for fact in asked.logged.facts}
    yield "", ""
    yield texts.say("explain", "facts"), "bold"
    for fact in judged.ticket.facts:
        original = logged.get(fact.position, fact)
        waits = fact.position in judged.ticket.waiting
        detail = speech.detail(original, fact.happened_at if waits else None)
        at = texts.moment(original.happened_at)
        yield f"  {at:<17} {speech.fact(fact)}{f': {detail}' if detail else ''}", ""


# Promises ----------------------------------------------------------------------------------------


def _promise(asked: Asked, speech: Speech, each: Explanation) -> Iterator[Line]:
    texts, assessment = asked.texts, each.assessment
    head = speech.promise(assessment.promise)
    if target := speech.target(assessment):
        head += f", {texts.say('explain', 'target', target=target)}"
    clause = assessment.rule.clause if assessment.rule else assessment.promise.clause
    yield f"{head}, {speech.clause(clause)}", "bold"
    sign, state = SIGNS[assessment.state], texts.word("state", assessment.state)
    tone = _TONES.get(assessment.state, "")
    yield f"  {sign} {state}: {speech.verdict(each)}", tone
    if not each.stretches:
        return
    yield f"  {_bar(each)}", ""
    yield from _rows(asked, speech, each)
    yield f"  {speech.arithmetic(each)}", ""
    yield f"  {texts.say('explain', 'turns', parts=_turns(texts, each))}", ""


def _rows(asked: Asked, speech: Speech, each: Explanation) -> Iterator[Line]:
    """Its stretches, or every span: when, what counted and whose turn it was, because of what."""
    texts = asked.texts
    if asked.spans:
        spans = spans_of(each.assessment, each.hours)
        rows = [(_when(texts, span), _span(texts, speech, span, each), "") for span in spans]
    else:
        rows = [
            (_when(texts, one), _stretch(texts, speech, one, each), "red" if one.late else "")
            for one in each.stretches
        ]
    width = max((len(when) for when, _, _ in rows), default=0)
    for when, told_as, tone in rows:
        yield f"  {when:<{width}} {told_as}", tone


def _bar(each: Explanation) -> str:
    """The clock in blocks: full by who promised, lighter while another party had the question."""
    pieces = [(_block(stretch, each), stretch.open_time) for stretch in each.stretches]
    total = sum(length for _, length in pieces) or 1
    return "".join(block * max(length and 1, length * _WIDTH // total) for block, length in pieces)


def _block(stretch: Stretch, each: Explanation) -> str:
    if stretch.late:
        return _BLOCKS["late"]
    own = stretch.turn == each.assessment.promise.promisor
    return "█" if own else _BLOCKS.get(stretch.turn, "█")


def _stretch(texts: Texts, speech: Speech, stretch: Stretch, each: Explanation) -> str:
    counted = texts.hours(stretch.counted) if stretch.why == "counted" else "—"
    turn = f"{texts.word('turn', stretch.turn)}{speech.why(stretch)}"
    cells = [f"{counted:>8} {turn}"]
    if stretch.late:
        cells.append(texts.word("turn", "late"))
    cells.append(speech.clause(each.assessment.promise.clause))
    closed = stretch.until_at - stretch.from_at - stretch.open_time
    if closed:
        name = texts.say("explain", "calendar", name=each.hours.calendar.name)
        cells.append(f"{texts.say('sum', 'closed', closed=texts.hours(closed))} ({name})")
    return " · ".join(cells)


def _span(texts: Texts, speech: Speech, span: Span, each: Explanation) -> str:
    if span.why == "closed":
        calendar = texts.say("explain", "calendar", name=each.hours.calendar.name)
        return f"{'—':>8} {texts.say('explain', 'closed')} · {calendar}"
    counted = texts.hours(span.spent) if span.why == "counted" else "—"
    turn = f"{texts.word('turn', span.turn)}{_because(speech, span.because)}"
    return f"{counted:>8} {turn} · {speech.clause(span.clause)}"


def _because(speech: Speech, facts: tuple[Fact, ...]) -> str:
    return f" ({'; '.join(speech.fact(fact) for fact in facts)})" if facts else ""


def _when(texts: Texts, one: Stretch | Span) -> str:
    until = texts.until(one.from_at, one.until_at)
    return f"{texts.moment(one.from_at)} – {until}"  # noqa: RUF001


def _turns(texts: Texts, each: Explanation) -> str:
    found: Turns = turns_of(each.assessment, each.hours)
    parts = [
        f"{texts.word('turn', name)} {texts.hours(length)}"
        for name in ("supplier", "customer", "third_party", "acceptance", "late")
        if (length := getattr(found, name))
    ]
    return ", ".join(parts) or texts.say("sum", "none")
