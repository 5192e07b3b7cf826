"""Access is given by a link or a token that works for whom, what and as long as it was meant."""

from dataclasses import replace

import pytest
from conftest import take_role
from world import START, World, make_world

from afspraak import flow
from afspraak.agreements.identity import identify
from afspraak.engine.time import Refusal
from afspraak.parties.actions import Actor
from afspraak.parties.actions_access import (
    DAY,
    YEAR,
    Guest,
    Wanted,
    change_password,
    digest_of,
    end_membership,
    end_token,
    invite,
    make_token,
)
from afspraak.parties.identity import Identity, identify_token
from afspraak.parties.models import Account, AuditEntry, Invitation, Person, Token
from afspraak.parties.roles import ADVISER, Right, Role
from afspraak.rights.viewer import SYSTEM, viewing

PASSWORD = "a long word of one's own"


@pytest.fixture
def world(as_system: None) -> World:
    """Made as the system; from then on the application's role holds."""
    world = make_world()
    take_role("app")
    return world


def identity(world: World, name: str) -> Identity:
    account = world.people[name].account_id
    assert account is not None
    found = identify(account, START + 1)
    assert found is not None
    return found


def invited(world: World, name: str, **wanted: object) -> str:
    asking = identity(world, name)
    told = {"organisation": asking.organisation, "email": "Dirk@Example.org", "role": Role.AGENT}
    with viewing(asking.viewer):
        return invite(
            wanted=Wanted(**told | wanted), actor=asking.actor, rights=asking.rights, at=START + 1
        )[1]


def test_a_token_is_shown_once_and_only_its_hash_is_kept(world: World) -> None:
    alice = identity(world, "alice")
    with viewing(alice.viewer):
        token, secret = make_token(
            maker=alice,
            name="monitor",
            rights=[Right.READ_TICKETS],
            expires_at=START + DAY,
            at=START + 1,
        )
        row = Token.objects.seen_by(alice.viewer).get(pk=token.pk)
        assert secret.startswith("afs_")
        assert len(secret) >= 4 + 43
        assert bytes(row.token_hash) == digest_of(secret)
        assert secret not in str({name: getattr(row, name) for name in ("name", "hint", "rights")})
        actions = AuditEntry.objects.seen_by(alice.viewer).values_list("action", flat=True)
        assert "make_token" in actions
    known = identify_token(secret, START + 2)
    assert known is not None
    assert known.rights == {Right.READ_TICKETS}
    assert identify_token(secret, START + DAY) is None
    with viewing(alice.viewer):
        assert end_token(token=token.id, actor=alice.actor, viewer=alice.viewer, at=START + 3)
        assert not end_token(token=token.id, actor=alice.actor, viewer=alice.viewer, at=START + 3)
    assert identify_token(secret, START + 4) is None


@pytest.mark.parametrize(
    ("rights", "until", "fact"),
    [
        ([Right.MANAGE_TOKENS], START + DAY, "tokens:manage yourself"),
        ([], START + DAY, "name one right"),
        ([Right.READ_TICKETS], START + 2 * YEAR, "within a year"),
        ([Right.READ_TICKETS], START, "within a year"),
    ],
)
def test_a_token_holds_no_more_than_its_maker(
    world: World, rights: list[Right], until: int, fact: str
) -> None:
    agnes = identity(world, "agnes")
    with viewing(agnes.viewer), pytest.raises(Refusal, match=fact):
        make_token(maker=agnes, name="x", rights=rights, expires_at=until, at=START + 1)


def test_a_token_makes_no_tokens(world: World) -> None:
    token = replace(identity(world, "alice"), is_person=False)
    with pytest.raises(Refusal, match="makes no tokens"):
        make_token(maker=token, name="x", rights=[], expires_at=START + DAY, at=START + 1)


def test_nobody_ends_a_token_of_others(world: World) -> None:
    alice, bob = identity(world, "alice"), identity(world, "bob")
    with viewing(alice.viewer):
        token, secret = make_token(
            maker=alice, name="x", rights=[Right.EXPORT], expires_at=START + DAY, at=START + 1
        )
    with viewing(bob.viewer):
        assert not end_token(token=token.id, actor=bob.actor, viewer=bob.viewer, at=START + 2)
    assert identify_token(secret, START + 3) is not None


def test_an_invitation_makes_a_member_once(world: World) -> None:
    secret = invited(world, "alice")
    guest = Guest("Dirk", PASSWORD)
    account = flow.accept_invitation(secret=secret, guest=guest, at=START + 2)
    known = identify(account, START + 3)
    assert known is not None
    assert known.roles == {world.supplier.id: Role.AGENT}
    with viewing(known.viewer):
        row = Account.objects.get(pk=account)
        assert (row.email, row.check_password(PASSWORD)) == ("dirk@example.org", True)
    with pytest.raises(Refusal, match="any more"):
        flow.accept_invitation(secret=secret, guest=guest, at=START + 3)


def test_an_invitation_ends_after_a_day(world: World) -> None:
    secret = invited(world, "alice")
    for late in (secret, "no such link"):
        with pytest.raises(Refusal, match="any more"):
            flow.accept_invitation(secret=late, guest=Guest("D", PASSWORD), at=START + 1 + DAY)


def test_who_has_an_account_signs_in_first_and_keeps_it(world: World) -> None:
    bob = world.people["bob"]
    secret = invited(world, "alice", email=bob.email)
    with pytest.raises(Refusal, match="sign in"):
        flow.accept_invitation(secret=secret, guest=Guest("Bob", PASSWORD), at=START + 2)
    flow.accept_invitation(secret=secret, guest=Guest(account=bob.account_id), at=START + 2)
    assert identity(world, "bob").roles.keys() == {world.bakery.id}
    later = identify(bob.account_id, START + 3)
    assert later is not None
    assert later.roles == {
        world.bakery.id: Role.CUSTOMER_MANAGER,
        world.supplier.id: Role.AGENT,
    }


def test_an_adviser_sees_the_one_agreement(world: World) -> None:
    agreement = world.versions["bakery"].agreement_id
    secret = invited(world, "bob", role=None, agreement=agreement)
    account = flow.accept_invitation(secret=secret, guest=Guest("Dirk", PASSWORD), at=START + 2)
    adviser = identify(account, START + 3)
    assert adviser is not None
    assert (adviser.viewer.agreements, adviser.rights) == ({agreement}, ADVISER)
    assert not adviser.viewer.members_of
    assert adviser.organisation not in {world.bakery.id, world.supplier.id}


def test_nobody_invites_to_an_agreement_of_others(world: World) -> None:
    from django.db import DatabaseError  # noqa: PLC0415  (settings are read by now)

    with pytest.raises(DatabaseError):
        invited(world, "charlie", role=None, agreement=world.versions["bakery"].agreement_id)


@pytest.mark.parametrize(
    "wanted",
    [{"email": "nobody"}, {"role": None}, {"email": "a@b.example\r\nBcc: x@y.example"}],
)
def test_an_invitation_that_says_nothing_is_refused(
    world: World, wanted: dict[str, object]
) -> None:
    with pytest.raises(Refusal):
        invited(world, "alice", **wanted)


def test_who_leaves_takes_nothing_along(world: World) -> None:
    coen = identity(world, "coen")
    with viewing(coen.viewer):
        _, secret = make_token(
            maker=coen, name="x", rights=[Right.EXPORT], expires_at=START + DAY, at=START + 1
        )
    link = invited(world, "coen", role=Role.AGENT)
    alice = identity(world, "alice")
    with viewing(alice.viewer):
        told = {"person": world.people["coen"], "organisation": world.supplier}
        assert end_membership(**told, actor=alice.actor, rights=alice.rights, at=START + 2)
        assert not end_membership(**told, actor=alice.actor, rights=alice.rights, at=START + 2)
    assert identify_token(secret, START + 3) is None
    assert identify(world.people["coen"].account_id, START + 3) is None
    with pytest.raises(Refusal):
        flow.accept_invitation(secret=link, guest=Guest("D", PASSWORD), at=START + 3)


def test_the_last_administrator_stays(world: World) -> None:
    alice = identity(world, "alice")
    with viewing(alice.viewer), pytest.raises(Refusal, match="last administrator"):
        end_membership(
            person=world.people["alice"],
            organisation=world.supplier,
            actor=alice.actor,
            rights=alice.rights,
            at=START + 2,
        )


def test_a_new_password_closes_the_links_one_sent(world: World) -> None:
    link = invited(world, "alice")
    alice = identity(world, "alice")
    with viewing(alice.viewer):
        account = Account.objects.get(pk=world.people["alice"].account_id)
    before = account.get_session_auth_hash()
    change_password(account=account, password=PASSWORD, at=START + 2)
    assert account.get_session_auth_hash() != before
    with pytest.raises(Refusal):
        flow.accept_invitation(secret=link, guest=Guest("D", PASSWORD), at=START + 3)


def test_a_guest_whom_the_organisation_knows_is_not_doubled(world: World) -> None:
    from afspraak.parties.actions import add_person  # noqa: PLC0415  (beside its use)

    with viewing(identity(world, "alice").viewer):
        met = add_person(
            organisation=world.supplier, name="Dirk", email="dirk@example.org", at=START
        )
    account = flow.accept_invitation(
        secret=invited(world, "alice"), guest=Guest("Other", PASSWORD), at=START + 2
    )
    known = identify(account, START + 3)
    assert known is not None
    assert known.viewer.person == met.id
    take_role("system")
    assert Person.objects.seen_by(SYSTEM).filter(email="dirk@example.org").count() == 1
    assert Invitation.objects.seen_by(SYSTEM).get().used_at is not None
    assert Actor(world.supplier.id, met.id) == known.actor
