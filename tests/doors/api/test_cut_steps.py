"""The database is cut off at every statement of what a worker and the watch do, and of what access
commands do: what is one transaction is not half done; what is many is finished by the next run, and
ends as if nothing had happened.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import embedded
import pytest
from cut import Cut, cutting, fingerprints, owner
from cut_stage import LATER, Stage, set_stage
from django.db import DatabaseError, InterfaceError, close_old_connections
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread
from world import HOUR, MINUTE, START, TUESDAY, World, frozen, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing, Under
from afspraak.agreements.identity import identify
from afspraak.agreements.models import AgreementVersion
from afspraak.clocks.beats import silences_at
from afspraak.flow.labels import map_label
from afspraak.notices.actions_address import address_owed
from afspraak.notices.actions_channels import add_channel, end_channel
from afspraak.notices.actions_send import gather
from afspraak.notices.actions_telling import raise_alarms
from afspraak.notices.models import ChannelKind, Habit
from afspraak.notices.out import Answered
from afspraak.notices.smtp import Fate, Sent, Server, Tls
from afspraak.parties.actions import Actor, add_organisation, give_consent, open_relation
from afspraak.parties.actions_access import (
    DAY,
    Guest,
    Wanted,
    change_password,
    end_membership,
    end_token,
    invite,
    make_token,
)
from afspraak.parties.identity import Identity
from afspraak.parties.models import Account, Token
from afspraak.parties.roles import Right, Role
from afspraak.rights.viewer import SYSTEM, viewing
from afspraak.worker import sending
from afspraak.worker.sending import Post, Ways, deliver_owed, send_owed

pytestmark = pytest.mark.long
NEXT = TUESDAY + 2 * DAY
"""When the steps are done: clocks have come due, notices wait, a digest is full."""
LOST = (DatabaseError, InterfaceError)
"""What a step may end with when it is cut off; the next run is another one's."""
POST = Post(Server("mail.example", 25, Tls.NONE), "desk@noord-ict.example", None)


@dataclass
class Taken:
    """What came at the mail server and at the webhook."""

    mails: list[bytes] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)

    def take(self, raw: bytes, **_told: Any) -> Sent:
        self.mails.append(raw)
        return Sent(Fate.ACCEPTED, 250, "OK")

    def post(self, _url: str, body: bytes, _headers: Any) -> Answered:
        self.events.append(body)
        return Answered(204, {}, b"", cut=False)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    made = Taken()
    monkeypatch.setattr(sending, "send", made.take)
    return made


@pytest.fixture(scope="module")
def stage(django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    name = embedded.copied_database(f"afspraak_steps_{secrets.token_hex(6)}").name
    with django_db_blocker.unblock():
        with as_database(name, "system"):
            made = in_thread(lambda: set_more(set_stage(name)))
        yield made
    embedded.drop_database(name)


def set_more(stage: Stage) -> Stage:
    """A third party, a channel, somebody who wants a digest, a day that nobody has looked at."""
    world, by = stage.world, actor(stage.world)
    under_ours(world)
    asked = world.tell(
        "question", UUID(stage.ids["other"]), LATER, to="third_party", words="Ligt het aan u?"
    )
    stage.ids["asked"] = str(asked.fact.id)
    channel, _secret = add_channel(
        kind=ChannelKind.WEBHOOK,
        name="x",
        url="https://hooks.example/a",
        events=[],
        actor=by,
        at=START,
    )
    stage.ids["channel"] = str(channel.id)
    Habit.objects.bulk_create([Habit(person=world.people["coen"], digest=True)])
    flow.look(at=TUESDAY + 7 * HOUR)
    address_owed(at=TUESDAY + 7 * HOUR)
    flow.look(at=TUESDAY + DAY)
    return stage


def actor(world: World) -> Actor:
    return Actor(world.supplier.id, world.people["alice"].id)


def under_ours(world: World) -> None:
    """Glasnet's contract with Noord, which stands behind Noord's with the bakery."""
    glasnet = add_organisation(name="Glasnet", at=START)
    relation = open_relation(supplier=glasnet, customer=world.supplier, at=START)
    version = flow.bring_in_version(
        relation=relation.id,
        data=renamed(frozen("kleine-reseller"), "be-2027-0007", "ola-1"),
        name="ola",
        actor=actor(world),
        viewer=SYSTEM,
        at=START,
        under=Under(world.versions["bakery"].agreement),
    )
    sign(version, actor(world))


def sign(version: AgreementVersion, by: Actor) -> None:
    for party in version.parties:
        signing = Signing(party, "G. Las", version.sha256, START)
        flow.sign_version(version=version.id, signing=signing, actor=by, viewer=SYSTEM, at=START)


# Steps of many transactions -----------------------------------------------------------------------

STEPS: dict[str, Callable[[Stage, Taken, int], Any]] = {
    "look": lambda _stage, _taken, at: flow.look(at=at),
    "look at what is dated": lambda _stage, _taken, at: flow.look_at_what_is_dated(at=at),
    "lay out the rest": lambda _stage, _taken, at: flow.lay_out_the_rest(at=at),
    "follow": lambda stage, _taken, at: flow.follow(
        agreement=UUID(stage.ids["agreement"]), since=at, at=at
    ),
    "ask others": lambda stage, _taken, at: flow.ask_others(fact=UUID(stage.ids["asked"]), at=at),
    "address": lambda _stage, _taken, at: address_owed(at=at),
    "gather": lambda _stage, _taken, at: gather(at=at),
    "send": lambda _stage, _taken, at: send_owed(POST, lambda: at),
    "deliver": lambda _stage, taken, at: deliver_owed(lambda: at, Ways(taken.post)),
    "alarms": lambda _stage, _taken, _at: raise_alarms(silences=silences_at(NEXT), at=NEXT),
}
STANDS = (
    """SELECT o.kind, o.clause, o.percent, p.name, n.state, n.title, n.within_id IS NULL
    FROM notices_notice n JOIN notices_obligation o ON o.id = n.obligation_id
    LEFT JOIN parties_person p ON p.id = n.recipient_id""",
    """SELECT kind, clause, percent, for_at::text, addressed_at IS NULL FROM notices_obligation
    WHERE kind <> 'digest'""",
    """SELECT t.number, a.clause, a.cycle, a.state, a.due_at::text, a.missed_at::text
    FROM clocks_assessment a JOIN tickets_ticket t ON t.id = a.ticket_id""",
    "SELECT clause, planned_on::text, due_on::text, state FROM clocks_duty",
    "SELECT delivered_at IS NULL, given_up_at IS NULL FROM notices_delivery",
    "SELECT code, happened_at::text, by, recorded_by FROM tickets_fact",
    "SELECT number, title FROM tickets_ticket",
    "SELECT size::text FROM ledger_head",
)
"""What the world looks like, whatever its ids and however often somebody tried."""


def stands(name: str) -> list[list[str]]:
    with owner(name) as admin:
        return [sorted(map(str, admin.execute(each).fetchall())) for each in STANDS]


def run_and_again(step: Callable[[int], Any], cut: Cut) -> None:
    """The step, cut off; then twice more, when every claim is free again."""
    with cutting(cut):
        try:
            step(NEXT)
        except LOST:
            assert cut.moment
    for minutes in (10, 20):
        close_old_connections()
        step(NEXT + minutes * MINUTE)


@pytest.mark.parametrize("what", STEPS)
def test_a_step_that_is_cut_off_anywhere_is_finished_by_the_next(
    stage: Stage, taken: Taken, what: str
) -> None:
    def run(moment: int) -> tuple[int, list[list[str]]]:
        with stage.copy() as name, as_database(name, "system"):
            cut = Cut(name, moment)
            in_thread(lambda: [run_and_again(lambda at: STEPS[what](stage, taken, at), cut)])
            return cut.passed, stands(name)

    moments, plain = run(0)
    assert moments > 0
    assert_each_came(taken, at_most=1)
    for moment in range(1, moments + 1):
        taken.mails.clear()
        taken.events.clear()
        assert run(moment)[1] == plain, f"cut off at {moment} of {moments}"
        assert_each_came(taken, at_most=2)


def assert_each_came(taken: Taken, *, at_most: int) -> None:
    """One Message-ID is one text; a second copy only of what was taken when we were cut off."""
    names = [raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for raw in taken.mails]
    assert len(set(names)) == len(set(taken.mails))
    assert len(taken.mails) - len(set(taken.mails)) < at_most
    assert len(taken.events) - len(set(taken.events)) < at_most


# Steps of one transaction -------------------------------------------------------------------------

PASSWORD = "a long word of one's own"


def identity(stage: Stage, name: str) -> Identity:
    account = stage.world.people[name].account_id
    assert account is not None
    found = identify(account, LATER)
    assert found is not None
    return found


def a_token(stage: Stage) -> None:
    alice = identity(stage, "alice")
    with viewing(alice.viewer):
        make_token(
            maker=alice, name="x", rights=[Right.READ_TICKETS], expires_at=LATER + DAY, at=LATER
        )


def no_token(stage: Stage) -> None:
    alice = identity(stage, "alice")
    with viewing(alice.viewer):
        token = Token.objects.seen_by(alice.viewer).get(name="alice")
        end_token(token=token.id, actor=alice.actor, viewer=alice.viewer, at=LATER)


def an_invitation(stage: Stage) -> str:
    alice = identity(stage, "alice")
    wanted = Wanted(alice.organisation, email="dirk@x.example", role=Role.AGENT)
    with viewing(alice.viewer):
        _made, secret = invite(wanted=wanted, actor=alice.actor, rights=alice.rights, at=LATER)
    return secret


def somebody_leaves(stage: Stage) -> None:
    alice, world = identity(stage, "alice"), stage.world
    with viewing(alice.viewer):
        end_membership(
            person=world.people["agnes"],
            organisation=world.supplier,
            actor=alice.actor,
            rights=alice.rights,
            at=LATER,
        )


def another_password(stage: Stage) -> None:
    account = stage.world.people["agnes"].account_id
    with viewing(identity(stage, "agnes").viewer):
        change_password(account=Account(id=account), password=PASSWORD, at=LATER)


ACTIONS: dict[str, tuple[str, Callable[[Stage], Any]]] = {
    "make a token": ("app", a_token),
    "end a token": ("app", no_token),
    "invite": ("app", an_invitation),
    "leave": ("app", somebody_leaves),
    "tell": (
        "system",
        lambda stage: flow.tell_agreement(
            agreement=UUID(stage.ids["agreement"]),
            breach_by_itself=True,
            warn_days=60,
            actor=actor(stage.world),
            viewer=SYSTEM,
            at=LATER,
        ),
    ),
    "consent": (
        "system",
        lambda stage: give_consent(
            organisation=stage.world.bakery.id,
            partner=stage.world.notary.id,
            by=stage.world.people["bob"],
            at=LATER,
        ),
    ),
    "relation": (
        "system",
        lambda stage: open_relation(
            supplier=stage.world.notary, customer=stage.world.bakery, at=LATER
        ),
    ),
    "add a channel": (
        "system",
        lambda stage: add_channel(
            kind=ChannelKind.WEBHOOK,
            name="y",
            url="https://hooks.example/b",
            events=[],
            actor=actor(stage.world),
            at=LATER,
        ),
    ),
    "end a channel": (
        "system",
        lambda stage: end_channel(
            channel=UUID(stage.ids["channel"]), actor=actor(stage.world), viewer=SYSTEM, at=LATER
        ),
    ),
    "map a label": (
        "system",
        lambda stage: map_label(
            label="kassa",
            agreement=stage.world.versions["bakery"].agreement,
            service="kassa",
            actor=Actor(stage.world.supplier.id),
            viewer=SYSTEM,
            at=LATER,
        ),
    ),
}


@pytest.mark.parametrize("what", ACTIONS)
def test_an_action_that_is_cut_off_anywhere_is_not_half_done(stage: Stage, what: str) -> None:
    role, action = ACTIONS[what]
    before = fingerprints(stage.name)

    def run() -> int:
        moment = 0
        while True:
            moment += 1
            with cutting(Cut(name, moment)) as cut:
                try:
                    action(stage)
                except LOST:
                    pass
                else:
                    assert not cut.where, "it was cut off and did not say so"
                    return moment
            close_old_connections()
            if cut.where.startswith("after"):
                return moment
            assert fingerprints(name) == before, f"{cut.where}: something of it is there"

    with stage.copy() as name, as_database(name, role):
        moments = in_thread(run)
        assert fingerprints(name) != before
    assert moments > 3


def test_an_invitation_that_is_cut_off_is_accepted_once_or_not_at_all(stage: Stage) -> None:
    with stage.copy() as name, as_database(name, "app"):
        secret = in_thread(lambda: an_invitation(stage))
        before = fingerprints(name)

        def accept() -> None:
            guest = Guest("Dirk", PASSWORD)
            flow.accept_invitation(secret=secret, guest=guest, at=LATER + MINUTE)

        def run() -> list[str]:
            cuts: list[str] = []
            while not cuts or not cuts[-1].startswith("after"):
                with cutting(Cut(name, len(cuts) + 1)) as cut, pytest.raises(LOST):
                    accept()
                close_old_connections()
                cuts.append(cut.where)
                if not cut.where.startswith("after"):
                    assert fingerprints(name) == before, cut.where
            return cuts

        assert len(in_thread(run)) > 5
        assert fingerprints(name) != before
