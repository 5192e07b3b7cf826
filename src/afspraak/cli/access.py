"""The doors of access: people and tokens, by whoever runs this machine.

They work as the system: whoever may type here may read the database anyway. What they do stands in
the audit all the same.
"""

# ruff: noqa: E402 - Django reads its settings before the first model is imported

import os

os.environ["AFSPRAAK_ROLE"] = "system"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afspraak.project.settings")

import django

django.setup()

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from getpass import getpass
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from afspraak.agreements.identity import identify
from afspraak.cli.faults import fault
from afspraak.engine.time import instant_of
from afspraak.notices.drafting import link_to
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    note_in_audit,
)
from afspraak.parties.actions_access import (
    DAY,
    Wanted,
    end_membership,
    end_token,
    invite,
    make_token,
)
from afspraak.parties.models import Account, Membership, Organisation, Person, Token
from afspraak.parties.roles import Right, Role
from afspraak.rights.viewer import SYSTEM


def _now() -> int:
    """The clock, read once a command."""
    return instant_of(datetime.now(UTC))


def add_user(email: str, organisation: str, role: str, name: str, *, is_new: bool) -> None:
    """An account, a person and a role."""
    at, held = _now(), _role(role)
    if Account.objects.filter(email=email.casefold()).exists():
        raise fault(email, "this address has an account", "give it a role: afspraak user role")
    password = _password()
    with transaction.atomic():
        where = (
            add_organisation(name=organisation, at=at) if is_new else _organisation(organisation)
        )
        account = add_account(email=email, password=password, at=at)
        person = add_person(
            organisation=where, name=name or email, email=email, account=account, at=at
        )
        give_role(person=person, organisation=where, role=held, at=at)
        _note("add_user", where, person, at)
    print(f"{email}: {held.value} of {where.name} ({where.id})")


def invite_user(email: str, organisation: str, role: str) -> None:
    """A link, in the name of an administrator of the organisation."""
    at, where, held = _now(), _organisation(organisation), _role(role)
    admin = (
        Membership.objects.seen_by(SYSTEM)
        .filter(organisation=where, until_at=None)
        .order_by("role", "from_at")
        .first()
    )
    if admin is None:
        raise fault(
            where.name, "nobody is there to invite", "make the first one: afspraak user add"
        )
    wanted = Wanted(where.id, email, role=held)
    actor = Actor(where.id, admin.person_id)
    _made, secret = invite(wanted=wanted, actor=actor, rights=frozenset(Right), at=at)
    print(link_to(reverse("join", args=[secret])))


def set_role(email: str, organisation: str, role: str) -> None:
    """Another role, or none."""
    at, where, person = _now(), _organisation(organisation), _person(email)
    if role == "none":
        actor = Actor(where.id)
        is_ended = end_membership(
            person=person, organisation=where, actor=actor, rights=frozenset(Right), at=at
        )
        print("ended" if is_ended else "there was no role")
        return
    held = _role(role)
    with transaction.atomic():
        give_role(person=person, organisation=where, role=held, at=at)
        _note("give_role", where, person, at)
    print(f"{email}: {held.value} of {where.name}")


def make(email: str, organisation: str, name: str, rights: Sequence[str], days: int) -> None:
    """A token, with at most the rights of whom it is made for."""
    at, where, person = _now(), _organisation(organisation), _person(email)
    assert person.account_id is not None
    maker = identify(person.account_id, at, where.id)
    if maker is None or maker.organisation != where.id:
        raise fault(email, f"there is no role in {where.name}", "give one: afspraak user role")
    wanted = [_right(each) for each in rights]
    _made, secret = make_token(
        maker=maker, name=name, rights=wanted, expires_at=at + days * DAY, at=at
    )
    print(secret)


def end(told: str) -> None:
    """A token opens nothing any more."""
    at, rows = _now(), Token.objects.seen_by(SYSTEM).filter(ended_at=None)
    found = list(rows.filter(Q(id=_id(told)) | Q(hint=told[:12])))
    if len(found) != 1:
        raise fault(told, f"{len(found)} tokens are known by this", "give its id, or 12 letters")
    actor = Actor(found[0].organisation_id)
    end_token(token=found[0].id, actor=actor, viewer=SYSTEM, at=at)
    print("ended")


def _note(action: str, where: Organisation, person: Person, at: int) -> None:
    note_in_audit(
        actor=Actor(where.id), action=action, subject="person", subject_id=person.id, at=at
    )


def _organisation(told: str) -> Organisation:
    rows = Organisation.objects.seen_by(SYSTEM)
    found = list(rows.filter(Q(id=_id(told)) | Q(register=told) | Q(name=told))[:2])
    if len(found) != 1:
        raise fault(told, f"{len(found) or 'no'} organisations are known by this", "give its id")
    return found[0]


def _person(email: str) -> Person:
    rows = Person.objects.seen_by(SYSTEM).filter(account__email=email.casefold())
    found = rows.first()
    if found is None:
        raise fault(email, "this address has no account", "make one: afspraak user add")
    return found


def _role(told: str) -> Role:
    if told not in Role.values:
        raise fault(told, "there is no such role", f"one of: {', '.join(Role.values)}")
    return Role(told)


def _right(told: str) -> Right:
    if told not in Right.values:
        raise fault(told, "there is no such right", f"one of: {', '.join(Right.values)}")
    return Right(told)


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def _password() -> str:
    """Asked for twice at a terminal; else one line of standard input."""
    if sys.stdin.isatty():
        told = getpass("password: ")
        if getpass("again: ") != told:
            raise fault("password", "the two differ", "type the same one twice")
    else:
        told = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(told)
    except ValidationError as unsound:
        raise fault("password", " ".join(unsound.messages), "choose another one") from None
    return told
