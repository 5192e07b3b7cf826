"""The walk of an erasure: a personal text goes, with its salt; its seal stays in the log, so that
every root stays as it is, and nobody can tell any more what the text was.
"""

from uuid import UUID

from django.db import transaction

from afspraak.engine.time import Refusal
from afspraak.ledger.actions import open_logs
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import Viewer
from afspraak.tickets.actions import erase_words
from afspraak.tickets.models import Fact, Words


class NoSuchText(LookupError):
    """A fact that does not exist, is not seen, or has no text: told alike."""


def erase(*, fact: UUID, why: str, party: str, actor: Actor, viewer: Viewer, at: int) -> Fact:
    """Erase what somebody of one's own side wrote in a fact; the request, and why, stay in the log.
    Erased before is as it was. The fact itself, its times and its verdict stay.

    Raises NoSuchText, and Refusal for what the other side wrote.
    """
    with transaction.atomic():
        row = Fact.objects.seen_by(viewer).filter(id=fact).select_related("words").first()
        if row is None or row.words is None:
            raise NoSuchText(f"there is no text of a fact {fact}")
        if row.recorded_by != party:
            raise Refusal("the other side wrote this: ask them to erase it")
        log = open_logs(relations=[row.relation_id], viewer=viewer, at=at)[row.relation_id]
        words = Words.objects.seen_by(viewer).get(id=row.words.id)
        if words.erased_at is None:
            erase_words(log=log, words=words, why=why, at=log.logged_at)
            note_in_audit(actor=actor, action="erase_words", subject="fact", subject_id=fact, at=at)
        log.keep()
        row.words = words
    return row
