"""What got no verdict, and what everything rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from afspraak import __version__
from afspraak.engine.time import TZDATA_VERSION
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import cover_of
from afspraak.reports.replay import Replay, Unjudged
from afspraak.reports.speech import Speech
from afspraak.reports.texts import Texts

MOST = 400
"""Ticket ids told for one reason; the JSON has them all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Tickets without a verdict for one reason."""

    why: str
    promise: str
    law: str
    tickets: tuple[str, ...]
    count: str
    more: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the facts come from: the folder's name, the SHA-256 of its facts, whether they were
    generated, the log's zone and whether it states it, and where its second time comes from (F4).
    """

    name: str
    sha256: str = ""
    generated: bool = False
    zone: str = ""
    zone_stated: bool = True
    recorded_at: str = ""


def reasons(texts: Texts, replay: Replay) -> Iterator[Reason]:
    """What was not judged, by reason and promise, most tickets first."""
    groups: dict[tuple[str, str, str], list[Unjudged]] = {}
    for each in replay.unjudged:
        groups.setdefault((each.why, each.clause, _general(each)), []).append(each)
    for (why, clause, _), found in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        rest = len(found) - MOST
        yield Reason(
            why=texts.say("why", why),
            promise=_promise(texts, replay, clause),
            law=found[0].told,
            tickets=tuple(each.ticket for each in found[:MOST]),
            count=texts.number(len(found)),
            more=texts.say("unjudged", "more", n=texts.number(rest)) if rest > 0 else "",
        )


def _general(each: Unjudged) -> str:
    """What tells reasons of one kind apart; nothing where the words name the ticket's instants."""
    return "" if each.why in ("uncovered", "no_contract", "unreadable") else each.told


def _promise(texts: Texts, replay: Replay, clause: str) -> str:
    if not clause:
        return texts.say("unjudged", "all")
    for contract in replay.contracts:
        for promise in contract.terms.promises:
            if promise.clause == clause:
                return Speech(texts, contract).promise(promise)
    return clause


def not_from_tickets(replay: Replay) -> tuple[str, ...]:
    """Clauses whose facts are no tickets' (F1): availability, dated duties, deliveries."""
    found: dict[str, None] = {}
    for contract in replay.contracts:
        terms = contract.terms
        if not replay.accounts.uptimes:
            found |= dict.fromkeys(each.clause for each in terms.availabilities)
        found |= dict.fromkeys(each.clause for each in terms.recurring)
        found |= dict.fromkeys(each.clause for each in terms.deliveries)
    return tuple(found)


def basis(texts: Texts, replay: Replay, provenance: Provenance) -> Iterator[tuple[str, str]]:
    """Everything that the figures rest on, name and value."""

    def say(word: str, **slots: str) -> str:
        return texts.say("basis", word, **slots)

    yield say("as_of"), f"{texts.full(replay.as_of)} ({replay.zone})"
    for contract in replay.contracts[:_MOST_CONTRACTS]:
        yield say("contract"), _contract(texts, contract)
    if len(replay.contracts) > _MOST_CONTRACTS:
        rest = texts.number(len(replay.contracts) - _MOST_CONTRACTS)
        yield say("contract"), texts.say("unjudged", "more", n=rest)
    yield say("facts"), _with_hash(texts, provenance.name, provenance.sha256)
    if provenance.generated:
        yield say("facts"), texts.say("page", "generated")
    if provenance.zone and not provenance.zone_stated:
        yield say("zone"), say("zone_unstated", zone=provenance.zone)
    if provenance.recorded_at:
        yield say("recorded_at"), provenance.recorded_at
    yield say("signed"), _signed(texts, replay)
    yield say("calendars"), _calendars(texts, replay)
    for field, value in replay.assumed.items():
        told = say("assumed_field", field=texts.word("field", field), value=value)
        yield say("assumed"), told
    yield say("law"), str(replay.contracts[0].terms.law)
    yield say("tzdata"), TZDATA_VERSION
    yield say("tool"), f"Afspraak {__version__}"


_MOST_CONTRACTS = 5


def _contract(texts: Texts, contract: Contract) -> str:
    parties = " – ".join(contract.parties.values())  # noqa: RUF001 - between two names
    name = f"{contract.name} ({parties})" if parties else contract.name
    return _with_hash(texts, name, contract.sha256)


def _with_hash(texts: Texts, name: str, sha256: str) -> str:
    return f"{name}, {texts.say('basis', 'sha256', hash=sha256)}" if sha256 else name


def _signed(texts: Texts, replay: Replay) -> str:
    if not replay.strict:
        return texts.say("basis", "signed_whatif")
    signed_at = replay.contracts[0].signed_at
    if signed_at is None:
        return texts.say("basis", "signed_start")
    return texts.say("basis", "signed_at", at=texts.full(signed_at))


def _calendars(texts: Texts, replay: Replay) -> str:
    if replay.strict:
        return texts.say("basis", "calendars_signed")
    start, end = cover_of(replay.contracts[0], (replay.span[0], max(replay.span[1], replay.as_of)))
    slots = {"from": texts.on_date(start), "until": texts.on_date(end)}
    return texts.say("basis", "calendars_wide", **slots)
