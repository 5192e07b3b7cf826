"""What a notice says: the facts and the signed text, in the recipient's language.

Nothing is said that the facts don't: who has the turn, what is known, which new time was stated.
The clause is quoted as it was signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from afspraak.clocks.judge import Judgement, closed_at, turn_of
from afspraak.clocks.models import Duty, Pulse
from afspraak.clocks.pulse import NOT_HELD, REVIEWS, Sign
from afspraak.engine.clock import Assessment
from afspraak.engine.facts import CUSTOMER, Fact
from afspraak.engine.time import instant_of, parse_date
from afspraak.language.document import Document
from afspraak.language.text.lexicon import clause_titles
from afspraak.language.text.quote import clause_heading, quote
from afspraak.language.text.times import show_date
from afspraak.language.text.words import values_of
from afspraak.notices.models import Kind, Notice, Obligation
from afspraak.notices.words import Texts, lang_of
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM

EXPECTATION: Final = "expectation"
AT_RISK: Final = "/at-risk/"
"""The page on which drafts are decided on, as doors serve it."""
ARCHIVE: Final = "/archive/"
"""The page with the monthly check."""
OFFERS: Final = "/offers/"
"""The page on which what was agreed to and is not signed stands."""
TITLE_CHARS: Final = 300
SOON: Final = "soon"
LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a notice. `asks` is what a person should add before it leaves."""

    title: str
    body: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class OfTicket:
    """What a notice about a ticket rests on: the ticket as judged, the cycle that it is about, the
    document that was signed. `waits`: what its customer is told waits for approval.
    """

    owed: Obligation
    judgement: Judgement
    assessed: Assessment
    document: Document
    waits: bool = True


def draft_of_ticket(about: OfTicket, person: Person) -> Draft:
    """A warning, a miss, a reminder or a breach notice for one person."""
    texts = Texts(lang_of(person.language), about.document.zone)
    name = _name_of(about)
    slots = _ticket_slots(about, texts)
    asks = ""
    if owed_to_customer(about.owed):
        expectation, asks = _expectation(about, texts)
        slots |= {
            "name": person.name,
            "why": _why(about, texts),
            "expectation": expectation,
            "clause": quote(about.document, about.owed.clause, texts.lang),
        }
    title = texts.say(name, "title", **slots)[:TITLE_CHARS]
    return Draft(title, tidy(texts.say(name, "body", **slots)), asks)


def _name_of(about: OfTicket) -> str:
    if owed_to_customer(about.owed):
        return str(Kind.AHEAD if is_ahead(about.assessed) else Kind.BREACH)
    if about.assessed.promise.promisor != CUSTOMER:
        return str(about.owed.kind)
    return "reminder" if about.owed.kind == Kind.WARNING else "reminder_missed"


def owed_to_customer(owed: Obligation) -> bool:
    """Whether it tells the customer that a promise is not kept: a person decides on it."""
    return owed.kind in (Kind.AHEAD, Kind.BREACH)


def is_ahead(assessed: Assessment) -> bool:
    """Whether the promise can still be kept: what is said then is said before it is missed."""
    return assessed.missed_at is None


def _ticket_slots(about: OfTicket, texts: Texts) -> dict[str, str]:
    owed, assessed = about.owed, about.assessed
    assert owed.ticket is not None
    assert owed.customer is not None
    measure = texts.say("measure", assessed.promise.measure)
    due_at = assessed.missed_at or assessed.due_at or instant_of(owed.for_at)
    return {
        "number": owed.ticket.number,
        "subject": owed.ticket.title,
        "customer": owed.customer.name,
        "supplier": owed.supplier.name,
        "agreement": about.document.id,
        "measure": measure,
        "measure_up": measure[:1].upper() + measure[1:],
        "percent": str(owed.percent),
        "due": texts.moment(due_at),
        "done": _done(assessed, texts),
        "turn": texts.say("turn", turn_of(about.judgement.ticket) or "none"),
        "question": _question(assessed, texts),
        "link": link_to(AT_RISK),
        "draft": texts.say("words", "draft", link=link_to(AT_RISK)) if about.waits else "",
        "reference": texts.say(
            "words",
            "reference",
            agreement=about.document.id,
            clause=clause_heading(about.document, owed.clause, texts.lang),
        ),
    }


def _done(assessed: Assessment, texts: Texts) -> str:
    if assessed.satisfied_at is None:
        return texts.say("words", "not_done")
    return texts.say("words", "done", at=texts.moment(assessed.satisfied_at))


def _question(assessed: Assessment, texts: Texts) -> str:
    """The question that an answer is owed to (C5)."""
    asked = assessed.began.why if assessed.began is not None else ""
    return texts.say("words", "question", text=asked) if asked else ""


def _why(about: OfTicket, texts: Texts) -> str:
    ticket = about.judgement.ticket
    # Done meanwhile: whose turn it is now is no reason for what was late.
    turn = "" if about.assessed.satisfied_at is not None else turn_of(ticket)
    turn = turn or "none"
    why = texts.say("why", f"{turn}_ahead" if is_ahead(about.assessed) else turn)
    known = _newest(ticket.facts, "diagnosis")
    if known is None or not known.why:
        return why
    return texts.say("why", "known", why=why, diagnosis=known.why)


def _expectation(about: OfTicket, texts: Texts) -> tuple[str, str]:
    """The new word (K9), and whether one is still to be given."""
    ticket = about.judgement.ticket
    stated = [
        fact
        for fact in ticket.facts
        if fact.code in ("expectation", "diagnosis") and fact.until is not None
    ]
    until = stated[-1].until if stated else None
    if until is not None and until > ticket.as_of and closed_at(ticket) is None:
        return texts.say("expectation", "stated", until=texts.moment(until)), ""
    if about.assessed.satisfied_at is not None:
        return texts.say("expectation", "done"), ""
    return texts.say("expectation", "none"), EXPECTATION


def _newest(facts: tuple[Fact, ...], code: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.code == code), None)


# Dated promises -----------------------------------------------------------------------------------


def draft_of_duty(
    owed: Obligation, duty: Duty, document: Document, person: Person, *, waits: bool = False
) -> Draft:
    """A dated promise that comes near, or that was missed, for one person. `waits`: what the other
    side is told of it waits for approval.
    """
    texts = Texts(lang_of(person.language), document.zone)
    assert owed.customer is not None
    parties = {"supplier": owed.supplier.name, "customer": owed.customer.name}
    title = clause_titles(document, texts.lang)[duty.clause]
    slots = {
        **parties,
        "agreement": document.id,
        "what": texts.either("duty", duty.what, "other", title=title),
        "due": texts.day(instant_of(duty.due_at)),
        "promisor": texts.say("words", f"promisor_{duty.promisor}", **parties),
        "moved": _moved(duty, document, texts),
        "draft": texts.say("words", "draft", link=link_to(AT_RISK)) if waits else "",
        "clause": quote(document, duty.clause, texts.lang),
    }
    body = tidy(texts.say(owed.kind, "body", **slots))
    heading = texts.say(owed.kind, "title", **slots)
    return Draft((heading[:1].upper() + heading[1:])[:TITLE_CHARS], body)


def _moved(duty: Duty, document: Document, texts: Texts) -> str:
    """Whose late step moved it, and by how much (K10)."""
    if not duty.delays:
        return ""
    titles = clause_titles(document, texts.lang)
    planned = show_date(parse_date(str(duty.planned_on)), values_of(texts.lang))
    return texts.say(
        "words",
        "moved",
        planned=planned,
        days=str(sum(each["days"] for each in duty.delays)),
        because=", ".join(titles[each["because"]] for each in duty.delays),
    )


def draft_of_term(owed: Obligation, person: Person) -> Draft:
    """The last date of notice comes near (`term/AGREEMENT/NOTICE/ENDS/UNTIL`); without a notice
    (`-`) it just ends.
    """
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    assert owed.agreement is not None
    _, _, *dates = owed.subject_key.split("/")
    told = ["" if on == "-" else show_date(parse_date(on), values_of(texts.lang)) for on in dates]
    slots = {
        "supplier": owed.supplier.name,
        "customer": owed.customer.name,
        "name": person.name,
        "agreement": owed.agreement.reference,
        **dict(zip(("notice", "ends", "until"), told, strict=True)),
        "link": link_to(f"/agreements/{owed.agreement_id}/renewal/"),
    }
    word = "" if slots["notice"] else "ends_"
    title = texts.say("term", f"{word}title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("term", f"{word}body", **slots)))


# Waiting for somebody's word ----------------------------------------------------------------------


def draft_of_approval(owed: Obligation, drafts: Sequence[Notice], person: Person) -> Draft:
    """What waits for approval, for somebody who may approve it: its words, and where to do it."""
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    first = drafts[0]
    slots = {
        "customer": owed.customer.name,
        "people": ", ".join(each.recipient.name for each in drafts if each.recipient),
        "what": first.title,
        "lacks": texts.say("approval", "lacks") if first.asks else "",
        "link": link_to(f"{AT_RISK}#n-{first.id}"),
        "draft": first.body,
    }
    title = texts.say("approval", "title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("approval", "body", **slots)))


def draft_of_complaint(owed: Obligation, person: Person) -> Draft:
    """Somebody is not content: who owns it hears it, with the day by which it is answered; is
    reminded, and warned (`complaint/FACT/soon`, `complaint/FACT/late`).
    """
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    slots = {
        "name": person.name,
        "customer": owed.customer.name,
        "due": texts.moment(instant_of(owed.for_at)),
        "link": link_to("/complaints/"),
    }
    step = owed.subject_key.rpartition("/")[2]
    word = f"{step}_" if step in (SOON, LATE) else ""
    title = texts.say("complaint", f"{word}title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("complaint", f"{word}body", **slots)))


def draft_of_quiet(owed: Obligation, person: Person) -> Draft:
    """The two hear less of each other than they used to: what of it, in whole months."""
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    assert owed.relation_id is not None
    parties = {"supplier": owed.supplier.name, "customer": owed.customer.name}
    pulse = Pulse.objects.seen_by(SYSTEM).filter(relation_id=owed.relation_id).first()
    told = [_sign(each, parties, texts) for each in (pulse.quiet_signs if pulse else ())]
    if pulse and NOT_HELD in pulse.quiet:
        told.append(texts.say("quiet", REVIEWS))
    is_ours = person.organisation_id == owed.supplier_id
    other = parties["customer" if is_ours else "supplier"]
    slots = {**parties, "name": person.name, "other": other, "signs": "\n".join(told)}
    title = texts.say("quiet", "title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("quiet", "body", **slots)))


def _sign(each: Sign, parties: dict[str, str], texts: Texts) -> str:
    """How many a month at first and lately, cut to whole ones."""
    lately = texts.say("quiet", "and").join(map(str, each.lately))
    slots = {"who": parties[each.side], "usual": str(each.usual), "lately": lately}
    return texts.say("quiet", each.what, **slots)


def draft_of_unsigned(owed: Obligation, person: Person) -> Draft:
    """Something was agreed to so many days ago, and is not signed: `unsigned/assent/days`."""
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    is_ours = person.organisation_id == owed.supplier_id
    slots = {
        "name": person.name,
        "other": (owed.customer if is_ours else owed.supplier).name,
        "days": owed.subject_key.rpartition("/")[2],
        "link": link_to(OFFERS),
    }
    title = texts.say("unsigned", "title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("unsigned", "body", **slots)))


def draft_of_report(owed: Obligation, person: Person) -> Draft:
    """The report of a period is there: `agreement/clause/date/report`."""
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    assert owed.customer is not None
    assert owed.agreement is not None
    agreement, _, planned_on, _ = owed.subject_key.split("/")
    slots = {
        "name": person.name,
        "supplier": owed.supplier.name,
        "agreement": owed.agreement.reference,
        "link": link_to(f"/reports/{agreement}/{planned_on}/"),
    }
    title = texts.say("report", "title", **slots)
    return Draft(title[:TITLE_CHARS], tidy(texts.say("report", "body", **slots)))


def link_to(path: str) -> str:
    """A page's whole address, for who does not come from one of ours."""
    return settings.BASE_URL.rstrip("/") + path


# Of the supplier alone ----------------------------------------------------------------------------


def draft_of_alarm(owed: Obligation, person: Person) -> Draft:
    """Nobody watches, or a clock has jumped: `watch/WHY/MACHINE/SINCE`."""
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    _, why, machine, since = owed.subject_key.split("/", 3)
    told = texts.say("words", "since_never") if since == "never" else texts.moment(int(since))
    slots = {"machine": machine, "since": told}
    title = texts.say("alarm", f"{why}_title", **slots)
    return Draft(title[:TITLE_CHARS], texts.say("alarm", f"{why}_body", **slots))


def draft_of_month(owed: Obligation, person: Person) -> Draft:
    """The monthly check, as far as it is theirs: what each agreement lacks, and which clauses were
    missed, disputed, relieved, bypassed or never used (`month/2027-03`).
    """
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    theirs = [each for each in owed.told or () if str(person.id) in each["to"]]
    year, month = owed.subject_key.rpartition("/")[2].split("-")
    slots = {
        "name": person.name,
        "count": str(len(theirs)),
        "month": f"{values_of(texts.lang).months[int(month) - 1]} {year}",
        "parts": "\n\n".join(_of_agreement(each, texts) for each in theirs),
        "link": link_to(ARCHIVE),
    }
    title = texts.say("month", "title", **slots)
    return Draft(title[:TITLE_CHARS], texts.say("month", "body", **slots))


def _of_agreement(told: Mapping[str, Any], texts: Texts) -> str:
    """One agreement of the monthly check."""
    lines = [texts.say("month", lack) for lack in told["lacks"]]
    for kind, clause, times in told["pinches"]:
        lines.append(texts.say("month", kind, clause=clause, times=str(times)))
    said = "\n".join(texts.say("month", "line", told=each) for each in lines)
    page = link_to(f"/agreements/{told['agreement']}/pinches/")
    link = texts.say("month", "amend", link=page) if told["pinches"] else ""
    slots = {"agreement": told["name"], "lines": said, "link": link}
    return tidy(texts.say("month", "part", **slots))


def draft_of_digest(parts: list[tuple[str, str]], language: str) -> Draft:
    """Several notices as one: (title, body) each, in their order."""
    texts = Texts(lang_of(language), "UTC")
    told = [texts.say("digest", "part", title=title, body=body) for title, body in parts]
    title = texts.say("digest", "title", count=str(len(parts)))
    return Draft(title, texts.say("digest", "body", parts="\n\n".join(told)))


def tidy(text: str) -> str:
    """A text without the lines that had nothing to say."""
    paragraphs = [
        "\n".join(line for line in part.splitlines() if line.strip()) for part in text.split("\n\n")
    ]
    return "\n\n".join(part for part in paragraphs if part)
