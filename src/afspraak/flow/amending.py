"""The walk of what changes an agreement: an amendment is begun from what holds; both sides say what
an open term should be, and where they say the same it is drafted; marks and index values.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_drafts import Beginning, write_draft
from afspraak.agreements.actions_drafts import begin_draft as begin
from afspraak.agreements.actions_drafts import show_draft as let_see
from afspraak.agreements.drafts import newest_text
from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement, Draft
from afspraak.agreements.read import checked
from afspraak.amending.actions import Entered, Word, enter_values, keep_word
from afspraak.amending.actions import mark_hurt as mark
from afspraak.amending.load import NAME, next_number, signed_now
from afspraak.amending.models import Hurt, IndexValue, TermWord
from afspraak.amending.said import values_of, words_of
from afspraak.amending.text import Dated, amended, filled_in
from afspraak.engine.time import Refusal, local_date, parse_duration, zone_of
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.ledger.actions import open_logs
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer


def begin_amendment(
    *,
    agreement: UUID,
    from_on: date,
    open_tickets: bool,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Draft:
    """A draft of the next version, from what holds now: only its number, its date and its choice
    for open tickets are new. Nothing that was signed is touched.

    Raises NoSuchAgreement; Refusal for a date that has passed, or lies outside the term.
    """
    row, signed = _held(agreement, actor, viewer, at)
    _refuse_date(signed, from_on, at)
    with transaction.atomic():
        draft = _begun(row, signed, Dated(0, from_on, open_tickets), None, actor, viewer, at)
        _note(draft.id, "begin_amendment", "draft", actor, at)
    return draft


def say_of_term(*, agreement: UUID, word: Word, actor: Actor, viewer: Viewer, at: int) -> TermWord:
    """One side's word on an open term. Where the other side's newest word is the same, the value is
    written into an amendment that both see; it binds nobody before both have signed it.

    Raises NoSuchAgreement; Refusal for a term that is not open, and as `begin_amendment`.
    """
    row, signed = _held(agreement, actor, viewer, at)
    if word.term not in {each.clause for each in signed.terms.open_terms}:
        raise Refusal("there is no open term %(term)s", term=word.term)
    _refuse_date(signed, word.from_on, at)
    with transaction.atomic():
        open_logs(relations=[row.relation_id], viewer=viewer, at=at)  # one side after the other
        known = words_of(row, viewer).get(word.term)
        is_ours = actor.organisation == row.supplier_id
        other = None if known is None else known.customer if is_ours else known.supplier
        said = (word.value, word.from_on, word.open_tickets)
        draft = None
        if other is not None and (other.value, other.from_on, other.open_tickets) == said:
            draft = _filled(row, signed, word, actor, viewer, at)
        kept = keep_word(agreement=row, word=word, draft=draft, actor=actor, at=at)
        _note(kept.id, "say_of_term", "term_word", actor, at)
    return kept


def mark_hurt(
    *,
    agreement: UUID,
    service: str,
    kind: str,
    hurts: bool,
    words: str,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Hurt:
    """The customer says what hurt. Raises NoSuchAgreement; Refusal for anybody else, and for a kind
    of report that the agreement does not know.
    """
    row, signed = _held(agreement, actor, viewer, at)
    if actor.organisation != row.customer_id:
        raise Refusal("only the customer says what hurt")
    document = signed.document
    kinds = ("", *(document.ticket_kinds or (kind,)))
    if service not in ("", *document.services) or kind not in kinds:
        raise Refusal("the agreement knows no such kind of report")
    with transaction.atomic():
        open_logs(relations=[row.relation_id], viewer=viewer, at=at)
        made = mark(
            agreement=row,
            service=service,
            kind=kind,
            hurts=hurts,
            words=words,
            actor=actor,
            at=at,
        )
        _note(made.id, "mark_hurt", "hurt", actor, at)
    return made


def enter_index_values(
    *, agreement: UUID, values: Sequence[Entered], actor: Actor, viewer: Viewer, at: int
) -> list[IndexValue]:
    """Values of indexes as somebody read them; those that stand there already are passed over.
    Raises NoSuchAgreement.
    """
    row, _signed = _held(agreement, actor, viewer, at)
    newest = {(each.series, each.month): each for each in values}
    with transaction.atomic():
        open_logs(relations=[row.relation_id], viewer=viewer, at=at)
        known = values_of(row, viewer)
        fresh = [
            each
            for key, each in newest.items()
            if key not in known or known[key].value != each.value
        ]
        made = enter_values(agreement=row, values=fresh, actor=actor, at=at)
        for each in made:
            _note(each.id, "enter_index_value", "index_value", actor, at)
    return made


# Parts --------------------------------------------------------------------------------------------


def _held(agreement: UUID, actor: Actor, viewer: Viewer, at: int) -> tuple[Agreement, Signed]:
    """An agreement that one's own side has, and the version that holds now."""
    row = Agreement.objects.seen_by(viewer).select_related("relation").filter(id=agreement).first()
    if row is None or party_of(row, actor.organisation) is None:
        raise NoSuchAgreement(f"there is no agreement {agreement}")
    signed = signed_now(row, viewer, at)
    if signed is None:
        raise Refusal("nobody has signed this agreement yet: there is nothing to amend")
    return row, signed


def _refuse_date(signed: Signed, from_on: date, at: int) -> None:
    """An amendment holds from a date that is still to come, within the term."""
    today = local_date(zone_of(signed.terms.zone), at)
    if from_on < today:
        raise Refusal("an amendment holds from a date that is still to come")
    if not signed.terms.from_on <= from_on < signed.terms.until_on:
        raise Refusal(
            "the term ends on %(on)s: an amendment holds from a date before that",
            on=signed.terms.until_on.isoformat(),
        )


def _begun(  # noqa: PLR0917  (what one beginning is made of)
    row: Agreement,
    signed: Signed,
    dated: Dated,
    word: Word | None,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Draft:
    dated = Dated(next_number(row, viewer), dated.from_on, dated.open_tickets)
    data = amended(signed.data, dated)
    if word is not None:
        data = filled_in(data, word.term, parse_duration(word.value))
    name = f"{row.reference} ({dated.number})"
    beginning = Beginning(name, Draft.Origin.PROPOSAL, data, row)
    return begin(relation=row.relation, beginning=beginning, actor=actor, at=at)


def _filled(  # noqa: PLR0917  (as above)
    row: Agreement, signed: Signed, word: Word, actor: Actor, viewer: Viewer, at: int
) -> Draft:
    """The value in the amendment of the same date that both are making, else in a new one."""
    dated = Dated(0, word.from_on, word.open_tickets)
    draft = _same_date(row, word, viewer)
    if draft is None:
        draft = _begun(row, signed, dated, word, actor, viewer, at)
        let_see(draft=draft, at=at)
        return draft
    text = newest_text(draft.id, viewer)
    data = filled_in(bytes(text.document), word.term, parse_duration(word.value))
    write_draft(draft=draft, data=data, after=text.number, actor=actor, at=at, why=word.term)
    return draft


def _same_date(row: Agreement, word: Word, viewer: Viewer) -> Draft | None:
    """An amendment that both see, of the same date and choice, in which the term is still open."""
    drafts = Draft.objects.seen_by(viewer).filter(
        agreement=row, origin=Draft.Origin.PROPOSAL, closed_at=None, shown_at__isnull=False
    )
    for draft in drafts.order_by("-begun_at")[:5]:
        document, _faults = checked(bytes(newest_text(draft.id, viewer).document), NAME)
        version = document.version if document else None
        if document is None or version is None:
            continue
        is_open = any(each.id == word.term for each in document.clauses)
        if is_open and (version.from_on, version.open_tickets) == (word.from_on, word.open_tickets):
            return draft
    return None


def _note(subject: UUID, action: str, kind: str, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject=kind, subject_id=subject, at=at)
