"""The only place where organisations, people and what stands between them are written."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from afspraak.engine.time import datetime_of
from afspraak.ledger.actions import begin_log
from afspraak.ledger.ids import new_id
from afspraak.parties.models import (
    Account,
    AuditEntry,
    Consent,
    Membership,
    Organisation,
    Person,
    Relation,
)
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, in whose name: a person, or a token that a person made."""

    organisation: UUID
    person: UUID | None = None
    token: UUID | None = None


def add_organisation(
    *, name: str, at: int, register: str = "", made_by: UUID | None = None, **told: str
) -> Organisation:
    """An organisation, entered by another one or standing by itself; `told` are its other texts
    (language, zone, phone, address).
    """
    return Organisation.objects.create(
        id=new_id(at),
        name=name,
        register=register,
        made_by_id=made_by,
        created_at=datetime_of(at),
        **told,
    )


def change_organisation(
    *, organisation: Organisation, actor: Actor, at: int, **told: str
) -> Organisation:
    """What is known of an organisation, anew where something is said: by itself, or by who entered
    it and alone works with it (the database holds to this).
    """
    _change(organisation, told, actor, at)
    return organisation


def _change(row: Organisation | Person, told: dict[str, str], actor: Actor, at: int) -> None:
    """Save and note what is another than before, if anything is."""
    changed = sorted(name for name, text in told.items() if getattr(row, name) != text)
    if not changed:
        return
    for name in changed:
        setattr(row, name, told[name])
    subject = "organisation" if isinstance(row, Organisation) else "person"
    with transaction.atomic():
        row.save(update_fields=changed)
        note_in_audit(
            actor=actor,
            action=f"change_{subject}",
            subject=subject,
            subject_id=row.id,
            at=at,
            changed=" ".join(changed),
        )


def give_consent(*, organisation: UUID, partner: UUID, by: Person, at: int) -> Consent:
    """Let another organisation open a relation with one's own."""
    with transaction.atomic():
        consent = Consent.objects.create(
            id=new_id(at),
            organisation_id=organisation,
            partner_id=partner,
            given_by=by,
            given_at=datetime_of(at),
        )
        note_in_audit(
            actor=Actor(organisation, by.id),
            action="give_consent",
            subject="organisation",
            subject_id=partner,
            at=at,
        )
    return consent


def open_relation(*, supplier: Organisation, customer: Organisation, at: int) -> Relation:
    """The relation of two organisations, with its empty log."""
    with transaction.atomic():
        relation = Relation.objects.create(
            id=new_id(at), supplier=supplier, customer=customer, created_at=datetime_of(at)
        )
        begin_log(relation=relation.id, supplier=supplier.id, customer=customer.id)
    return relation


def enter_customer(
    *, supplier: Organisation, name: str, actor: Actor, at: int, **told: str
) -> Relation:
    """An organisation that a supplier enters as its customer, with the relation of the two."""
    with transaction.atomic():
        customer = add_organisation(name=name, at=at, made_by=supplier.id, **told)
        relation = open_relation(supplier=supplier, customer=customer, at=at)
        note_in_audit(
            actor=actor,
            action="add_customer",
            subject="organisation",
            subject_id=customer.id,
            at=at,
        )
    return relation


def add_person(
    *,
    organisation: Organisation,
    name: str,
    at: int,
    email: str = "",
    phone: str = "",
    language: str = "nl",
    account: Account | None = None,
) -> Person:
    """Somebody of an organisation."""
    return Person.objects.create(
        id=new_id(at),
        organisation=organisation,
        name=name,
        email=email.casefold(),
        phone=phone,
        language=language,
        account=account,
        created_at=datetime_of(at),
    )


def change_person(*, person: Person, actor: Actor, at: int, **told: str) -> Person:
    """What is known of somebody (name, email, phone, language), anew where something is said."""
    if "email" in told:
        told["email"] = told["email"].casefold()
    _change(person, told, actor, at)
    return person


def add_account(
    *,
    email: str,
    password: str,
    at: int,
    is_demonstration: bool = False,
    account: UUID | None = None,
    hashed: str = "",
) -> Account:
    """What somebody signs in with; an empty password cannot be used. `account` is its id, where it
    is known before; `hashed` the password as it is kept, where it was hashed before.
    """
    made = Account(
        id=account or new_id(at),
        email=email.casefold(),
        created_at=datetime_of(at),
        is_demonstration=is_demonstration,
    )
    if hashed:
        made.password = hashed
    elif password:
        made.set_password(password)
    else:
        made.set_unusable_password()
    made.save(force_insert=True)
    return made


def give_role(*, person: Person, organisation: Organisation, role: Role, at: int) -> Membership:
    """A role from now on, instead of the one that the person had there."""
    now = datetime_of(at)
    with transaction.atomic():
        Membership.objects.seen_by(SYSTEM).filter(
            person=person, organisation=organisation, until_at=None
        ).update(until_at=now)
        return Membership.objects.create(
            id=new_id(at), person=person, organisation=organisation, role=role, from_at=now
        )


def end_role(*, person: Person, organisation: Organisation, at: int) -> bool:
    """The person leaves the organisation's work; whether there was a role to end."""
    ended = (
        Membership.objects.seen_by(SYSTEM)
        .filter(person=person, organisation=organisation, until_at=None)
        .update(until_at=datetime_of(at))
    )
    return ended > 0


def note_in_audit(
    *,
    actor: Actor,
    action: str,
    subject: str,
    at: int,
    subject_id: UUID | None = None,
    **detail: str,
) -> None:
    """Write down who did what, beside the facts, in the same transaction."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                id=new_id(at),
                organisation_id=actor.organisation,
                at=datetime_of(at),
                person_id=actor.person,
                token_id=actor.token,
                action=action,
                subject=subject,
                subject_id=subject_id,
                detail=detail,
            )
        ]
    )
