"""The only place where the life of an agreement is written: what is said, and who has a feed."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from afspraak.agreements.models import Agreement
from afspraak.engine.time import datetime_of
from afspraak.keeping.models import Entry, Feed, Subject
from afspraak.ledger.actions import OpenLog
from afspraak.ledger.canonical import canonical
from afspraak.ledger.ids import new_id
from afspraak.ledger.leaf import SALT_BYTES, Salted
from afspraak.parties.actions import Actor
from afspraak.parties.actions_access import digest_of, person_of
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM

SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was kept: by its hash and its name."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a side says, before it has a place."""

    subject: Subject
    key: str
    what: str
    on: date | None = None
    data: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    paper: Paper | None = None


def write_down(
    *,
    agreement: Agreement,
    said: list[Said],
    side: str,
    actor: Actor,
    at: int,
    log: OpenLog | None = None,
) -> list[Entry]:
    """Append what a side says of an agreement, in this order: each also a leaf of the relation's
    log. A paper beside a fact has the fact's leaf, and is written without a log.
    """
    salts = (b"" if log is None else secrets.token_bytes(SALT_BYTES) for _ in said)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                **parties_of(agreement),
                id=new_id(at),
                agreement=agreement,
                subject=each.subject,
                key=each.key,
                what=each.what,
                side=side,
                person_id=actor.person,
                on=each.on,
                data=each.data,
                words=each.words,
                sha256=each.paper.sha256 if each.paper else "",
                file_name=each.paper.name if each.paper else "",
                salt=salt,
                recorded_at=datetime_of(at),
            )
            for each, salt in zip(said, salts, strict=True)
        ]
    )
    if log is not None:
        for each in entries:
            _put_in(log, each)
    return entries


def _put_in(log: OpenLog, entry: Entry) -> None:
    """Ids, codes and dates; names, words and figures only as a salted hash."""
    told = {"data": entry.data, "key": entry.key, "name": entry.file_name, "words": entry.words}
    log.append(
        kind="said",
        subject_id=entry.id,
        body={
            "agreement": str(entry.agreement_id),
            "code": f"{entry.subject}_{entry.what}",
            "entry": str(entry.id),
            "on": entry.on.isoformat() if entry.on else None,
            "sha256": entry.sha256,
            "side": entry.side,
        },
        texts={"told": Salted(bytes(entry.salt), canonical(told).decode())},
    )


# Feeds --------------------------------------------------------------------------------------------


def make_feed(
    *, actor: Actor, account: UUID, language: str, only_own: bool, at: int
) -> tuple[Feed, str]:
    """A secret address for somebody, and its secret, which is shown this once. One that they had
    for the same organisation ends.
    """
    end_feeds(actor=actor, at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = Feed.objects.create(
        id=new_id(at),
        organisation_id=actor.organisation,
        person_id=person_of(actor),
        account=account,
        language=language,
        only_own=only_own,
        secret_hash=digest_of(secret),
        made_at=datetime_of(at),
    )
    return feed, secret


def end_feeds(*, actor: Actor, at: int) -> int:
    """From now on their addresses open nothing; how many there were."""
    mine = Feed.objects.seen_by(SYSTEM).filter(
        person_id=person_of(actor), organisation_id=actor.organisation, ended_at=None
    )
    return mine.update(ended_at=datetime_of(at))
