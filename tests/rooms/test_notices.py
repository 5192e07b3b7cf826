"""Notices: to whom, in which words, when; approved by a person; sent once, kept as sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from mail_servers import free_port
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak import flow
from afspraak.clocks.beats import silences_at
from afspraak.engine.time import Refusal, instant_of, parse_instant
from afspraak.notices.actions_address import address_owed
from afspraak.notices.actions_channels import add_channel
from afspraak.notices.actions_send import (
    NoSuchNotice,
    approve,
    edit_draft,
    gather,
    withhold,
)
from afspraak.notices.actions_telling import raise_alarms
from afspraak.notices.models import (
    Channel,
    ChannelKind,
    Delivery,
    Habit,
    Kind,
    Notice,
    NoticeState,
    Obligation,
)
from afspraak.notices.out import Answered
from afspraak.notices.reply_token import keys_of, ticket_of
from afspraak.notices.smtp import Server, Tls
from afspraak.parties.actions import Actor
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM, Viewer, viewing
from afspraak.worker import sending
from afspraak.worker.sending import Post, Ways, deliver_owed, send_owed

pytestmark = pytest.mark.usefixtures("as_system")
DAY = 24 * HOUR
DUE = parse_instant("2027-03-02T12:00:00+01:00")
KEYS = keys_of("1:" + "QUFB" * 12)


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


@pytest.fixture
def late(world: World) -> World:
    """A report of Bob's whose first response was due on Tuesday noon, and was missed."""
    world.report(TUESDAY, reporter=world.people["bob_user"].id)
    flow.look(at=DUE + MINUTE)
    return world


def actor(world: World) -> Actor:
    return Actor(world.supplier.id, world.people["alice"].id)


def notices(**where: Any) -> list[Notice]:
    rows = Notice.objects.seen_by(SYSTEM).filter(**where).select_related("recipient", "obligation")
    return list(rows.order_by("recipient__name"))


def breach(name: str = "Bob") -> Notice:
    return next(
        each for each in notices(obligation__kind=Kind.BREACH) if each.recipient.name == name
    )


class Mailbox:
    """A mail server that keeps what it took, and does what it is told."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(bytes(envelope.original_content))
        return self.answer


@contextmanager
def serving(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def way(port: int) -> Post:
    server = Server("127.0.0.1", port, Tls.NONE, step_seconds=10.0)
    return Post(server, "desk@noord-ict.example", KEYS)


def at(moment: int) -> Callable[[], int]:
    return lambda: moment


# To whom, in which words --------------------------------------------------------------------------


def test_a_miss_is_told_to_the_ladder_and_drafted_for_the_customer(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    told = {(each.obligation.kind, each.recipient.name, each.state) for each in notices()}
    assert told == {
        ("missed", "Coen", "owed"),
        ("breach", "Bob", "draft"),
        ("breach", "Bob_User", "draft"),
    }


def test_a_breach_notice_quotes_the_clause_says_why_and_asks_for_a_new_time(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    draft = breach()
    assert draft.title == "N-1: wij houden ons niet aan de afspraak over de eerste reactie"
    for words in (
        "dinsdag 2 maart 2027 om 12:00",
        "Het is nog niet gedaan.",
        "Waarom: de beurt was aan ons en wij waren nog niet klaar.",
        "wij hebben nog geen nieuw tijdstip genoemd",
        "nl-2027-0042",
        "1.1 Eerste reactie",
        "niveau goud; Norm: 2 uur servicetijd",
    ):
        assert words in draft.body
    assert draft.asks == "expectation"


@pytest.mark.parametrize(("language", "words"), [("fr", "Pourquoi"), ("en", "Why: it was our")])
def test_everybody_is_told_in_their_own_language(late: World, language: str, words: str) -> None:
    Person.objects.seen_by(SYSTEM).filter(name="Bob").update(language=language)
    address_owed(at=DUE + 2 * MINUTE)
    assert words in breach().body
    assert "Waarom" in breach("Bob_User").body


def test_a_warning_comes_before_the_miss_and_names_the_part_that_is_spent(world: World) -> None:
    world.report(TUESDAY)
    flow.look(at=TUESDAY + 91 * MINUTE)
    address_owed(at=TUESDAY + 91 * MINUTE)
    (warned,) = notices(obligation__kind=Kind.WARNING)
    assert warned.recipient.name == "Agnes"
    assert "75 % van de afgesproken tijd" in warned.body
    assert instant_of(warned.obligation.for_at) == TUESDAY + 90 * MINUTE


def test_who_owes_us_an_answer_is_reminded_and_nothing_is_drafted(world: World) -> None:
    ticket = world.report(TUESDAY, reporter=world.people["bob_user"].id).ticket
    world.tell("question", ticket.id, TUESDAY + MINUTE, to="customer", words="Welke mailbox?")
    late = TUESDAY + 2 * DAY
    flow.look(at=late)
    address_owed(at=late)
    (reminded,) = notices(obligation__clause="antwoorden")
    assert (reminded.recipient.name, reminded.state) == ("Bob_User", "owed")
    assert "Onze vraag: Welke mailbox?" in reminded.body


def test_a_missed_duty_is_told_to_its_side_and_drafted_for_the_other(world: World) -> None:
    agreement = world.versions["bakery"].agreement
    flow.look_at_duties(agreement=agreement, at=TUESDAY)
    due = parse_instant("2027-04-16T00:00:00+02:00")
    flow.look_at_duties(agreement=agreement, at=due + 1)
    address_owed(at=due + 1)
    told = notices(obligation__kind=Kind.DUTY_MISSED, obligation__clause="verslag")
    assert [(each.recipient.name, each.state) for each in told] == [
        ("Bob", "draft"),
        ("Coen", "owed"),
    ]
    assert told[0].title == "Het verslag: niet op tijd (15 april 2027)"
    assert "Een verslag dat niet komt, is een gemiste belofte." in told[0].body


def test_one_that_cannot_be_addressed_holds_up_no_other(late: World) -> None:
    bad = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.MISSED)
    bad.update(subject_key="nonsense")
    assert address_owed(at=DUE + 2 * MINUTE) >= 1
    assert notices(obligation__kind=Kind.BREACH)
    assert Obligation.objects.seen_by(SYSTEM).filter(addressed_at=None).count() == 1


# What people decide -------------------------------------------------------------------------------


def test_a_draft_without_a_new_time_does_not_leave_by_mistake(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    with pytest.raises(Refusal, match="names no new time"):
        approve(notice=breach().id, actor=actor(late), viewer=SYSTEM, at=DUE + HOUR)


def test_what_is_said_follows_the_facts_until_it_leaves(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    draft = breach()
    until = parse_instant("2027-03-02T15:30:00+01:00")
    world = late
    world.tell("expectation", draft.ticket_id, DUE + 5 * MINUTE, until=until)
    approved = flow.approve_notice(
        notice=draft.id, actor=actor(world), viewer=world.viewer("alice"), at=DUE + 6 * MINUTE
    )
    assert approved.state == NoticeState.OWED
    assert "dinsdag 2 maart 2027 om 15:30 is het klaar" in approved.body


def test_what_was_done_late_is_not_said_to_wait_for_the_customer(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    draft = breach()
    late.tell("solved", draft.ticket_id, DUE + 5 * MINUTE)
    by = {"actor": actor(late), "viewer": late.viewer("alice"), "at": DUE + 6 * MINUTE}
    assert "Waarom: wij waren te laat." in flow.approve_notice(notice=draft.id, **by).body


def test_own_words_stay_and_a_withheld_draft_says_why(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    by = {"actor": actor(late), "viewer": late.viewer("alice"), "at": DUE + HOUR}
    edit_draft(notice=breach().id, title="Sorry", body="Wij bellen u.", **by)
    assert flow.approve_notice(notice=breach().id, **by).body == "Wij bellen u."
    other = breach("Bob_User")
    with pytest.raises(Refusal, match="why is it withheld"):
        withhold(notice=other.id, why=" ", **by)
    assert withhold(notice=other.id, why="al gebeld", **by).state == NoticeState.WITHHELD


def test_a_stranger_and_the_customer_find_no_draft(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    for name in ("bob", "charlie"):
        with pytest.raises(NoSuchNotice):
            withhold(
                notice=breach().id,
                why="weg ermee",
                actor=actor(late),
                viewer=late.viewer(name),
                at=DUE + HOUR,
            )


def test_as_the_agreement_says_it_leaves_by_itself(late: World) -> None:
    flow.tell_agreement(
        agreement=late.versions["bakery"].agreement_id,
        breach_by_itself=True,
        warn_days=7,
        actor=actor(late),
        viewer=late.viewer("alice"),
        at=DUE + MINUTE,
    )
    address_owed(at=DUE + 2 * MINUTE)
    assert {each.state for each in notices(obligation__kind=Kind.BREACH)} == {"owed"}


def test_whoever_approves_is_told_that_a_draft_waits(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    (told,) = notices(obligation__kind=Kind.MISSED)
    assert told.recipient.name == "Coen"
    assert "wacht op akkoord: http://localhost:8000/at-risk/" in told.body
    assert notices(obligation__kind=Kind.APPROVAL) == []  # that was said with the miss


def test_a_promise_is_given_up_before_it_is_missed_and_told_once(world: World) -> None:
    ticket = world.report(TUESDAY, reporter=world.people["bob"].id).ticket
    world.tell("expectation", ticket.id, TUESDAY + MINUTE, until=DUE + 3 * HOUR)
    given = {"ticket": ticket.id, "clause": "oplossen", "cycle": 0}
    by = {"actor": actor(world), "at": TUESDAY + HOUR}
    with pytest.raises(flow.NoSuchPromise):
        flow.foresee(**given, viewer=world.viewer("bob"), **by)
    flow.foresee(**given, viewer=world.viewer("alice"), **by)
    flow.foresee(**given, viewer=world.viewer("alice"), **by)
    address_owed(at=TUESDAY + HOUR)
    (draft,) = notices(obligation__kind=Kind.AHEAD)
    (asked,) = notices(obligation__kind=Kind.APPROVAL)
    assert (asked.recipient.name, asked.state) == ("Coen", "owed")
    assert f"/at-risk/#n-{draft.id}" in asked.body
    assert draft.body in asked.body
    assert draft.title == "N-1: wij gaan de afspraak over de oplossing niet halen"
    assert "dat halen wij niet" in draft.body
    assert "om 15:00 is het klaar. Dat is nu ons woord" in draft.body
    flow.approve_notice(notice=draft.id, viewer=world.viewer("alice"), **by)
    flow.look(at=TUESDAY + 2 * DAY)
    address_owed(at=TUESDAY + 2 * DAY)
    told = {each.obligation.clause for each in notices(obligation__kind=Kind.BREACH)}
    assert told == {"diagnose", "ons-woord"}


def test_what_was_kept_after_all_is_not_sent(world: World) -> None:
    ticket = world.report(TUESDAY, reporter=world.people["bob"].id).ticket
    by = {"actor": actor(world), "viewer": world.viewer("alice"), "at": TUESDAY + HOUR}
    flow.foresee(ticket=ticket.id, clause="oplossen", cycle=0, **by)
    address_owed(at=TUESDAY + HOUR)
    world.tell("solved", ticket.id, TUESDAY + HOUR, words="Toch gelukt.")
    (draft,) = notices(obligation__kind=Kind.AHEAD)
    with pytest.raises(flow.KeptAfterAll):
        flow.approve_notice(notice=draft.id, **by | {"at": TUESDAY + 2 * HOUR})


# Sent once, kept as sent --------------------------------------------------------------------------


def test_a_notice_is_mailed_once_to_its_person_and_kept_as_it_was_sent(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    port = free_port()
    with serving(port) as box:
        assert send_owed(way(port), at(DUE + 3 * MINUTE)) == 1
        assert send_owed(way(port), at(DUE + 4 * MINUTE)) == 0
    (raw,) = box.taken
    mail = message_from_bytes(raw, policy=policy.default)
    (sent,) = notices(state=NoticeState.SENT)
    assert bytes(sent.raw).rstrip() == raw.rstrip()
    assert (mail["To"], mail["Message-ID"]) == ("coen@supplier.example", sent.message_id)
    token = mail["Reply-To"].partition("+")[2].partition("@")[0]
    assert ticket_of(KEYS, token, sender="coen@supplier.example") == sent.ticket_id


def test_a_mail_server_that_is_away_for_a_day_loses_nothing(late: World) -> None:
    """What is owed meanwhile waits too. Each leaves once, as it was first made, and says both when
    it was owed and when it left.
    """
    address_owed(at=DUE + 2 * MINUTE)
    port, now = free_port(), DUE + 3 * MINUTE
    for hour in range(30):
        assert send_owed(way(port), at(now)) == 0
        if hour == 5:
            flow.look(at=now)
            address_owed(at=now)
        now += HOUR
    waiting = {each.id: (each.message_id, bytes(each.raw)) for each in notices(state="owed")}
    attempts = {each.obligation.kind: each.attempts for each in notices(state="owed")}
    assert attempts == {"missed": 30, "warning": 24}
    with serving(port) as box:
        assert send_owed(way(port), at(now)) == len(waiting)
        assert send_owed(way(port), at(now + HOUR)) == 0
    sent = {each.id: (each.message_id, bytes(each.raw)) for each in notices(state="sent")}
    assert sent == waiting
    assert len(box.taken) == len(sent) == len({name for name, _ in sent.values()})
    for each in notices(state="sent"):
        mail = message_from_bytes(bytes(each.raw), policy=policy.default)
        assert mail["Date"].datetime == each.dated_at.replace(microsecond=0)
        assert instant_of(each.sent_at) == now > instant_of(each.dated_at) + DAY


def test_a_crash_after_the_server_took_it_sends_the_same_bytes_again(
    late: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    port = free_port()

    def crash(**_told: Any) -> bool:
        raise SystemExit

    with serving(port) as box:
        with monkeypatch.context() as patched:
            patched.setattr(sending, "mark_sent", crash)
            with pytest.raises(SystemExit):
                send_owed(way(port), at(DUE + 3 * MINUTE))
        assert send_owed(way(port), at(DUE + 4 * MINUTE)) == 0, "the claim is still held"
        assert send_owed(way(port), at(DUE + 7 * MINUTE)) == 1
    first, second = box.taken
    assert first == second


def test_what_is_refused_for_good_waits_for_a_person(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    port = free_port()
    with serving(port) as box:
        box.answer = "550 5.7.1 we don't want this"
        assert send_owed(way(port), at(DUE + 3 * MINUTE)) == 0
    (failed,) = notices(state=NoticeState.FAILED)
    assert "5.7.1" in failed.failure


def test_without_a_mail_server_nothing_is_claimed(late: World) -> None:
    address_owed(at=DUE + 2 * MINUTE)
    assert sending.post_of({}) is None
    assert send_owed(None, at(DUE + 3 * MINUTE)) == 0
    assert [each.attempts for each in notices(state=NoticeState.OWED)] == [0]


# When ---------------------------------------------------------------------------------------------


def habit(world: World, name: str, **more: Any) -> None:
    Habit.objects.create(person=world.people[name], **more)


def test_quiet_hours_are_kept(late: World) -> None:
    habit(late, "coen", from_minute=14 * 60, until_minute=17 * 60)
    address_owed(at=DUE + 2 * MINUTE)
    (waiting,) = notices(obligation__kind=Kind.MISSED)
    assert instant_of(waiting.send_after) == parse_instant("2027-03-02T14:00:00+01:00")


def test_a_digest_puts_everything_into_one_mail(world: World) -> None:
    habit(world, "coen", digest=True, from_minute=8 * 60)
    for number in range(3):
        world.report(TUESDAY + number * MINUTE)
    flow.look(at=DUE + 10 * MINUTE)
    address_owed(at=DUE + 10 * MINUTE)
    mine = notices(obligation__kind=Kind.MISSED)
    assert {each.state for each in mine} == {"gathered"}
    morning = parse_instant("2027-03-03T08:00:00+01:00")
    assert gather(at=morning - MINUTE) == 0
    assert gather(at=morning) == 1
    port = free_port()
    with serving(port) as box:
        send_owed(way(port), at(morning))
    to_coen = [raw for raw in box.taken if b"coen@" in raw]
    assert len(to_coen) == 1
    assert {each.state for each in notices(obligation__kind=Kind.MISSED)} == {"sent"}
    text = message_from_bytes(to_coen[0], policy=policy.default).get_body(("plain",))
    assert all(f"N-{number}" in text.get_content() for number in (1, 2, 3))


def test_beyond_a_days_most_the_rest_waits_for_a_digest(world: World) -> None:
    habit(world, "coen", most_a_day=2)
    for number in range(5):
        world.report(TUESDAY + number * MINUTE)
    flow.look(at=DUE + 10 * MINUTE)
    address_owed(at=DUE + 10 * MINUTE)
    states = sorted(each.state for each in notices(obligation__kind=Kind.MISSED))
    assert states == ["gathered"] * 3 + ["owed"] * 2
    assert gather(at=DUE + DAY) == 1


def test_an_approval_at_the_desk_keeps_to_the_customers_hours(late: World) -> None:
    """As the web application does it: behind the database's own policies."""
    habit(late, "bob", from_minute=15 * 60, until_minute=16 * 60)
    address_owed(at=DUE + 2 * MINUTE)
    draft, alice = breach(), late.viewer("alice")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE afspraak_app")
    with viewing(alice):
        approved = flow.approve_notice(
            notice=draft.id,
            actor=actor(late),
            viewer=alice,
            at=DUE + HOUR,
            without_expectation=True,
        )
    assert instant_of(approved.send_after) == parse_instant("2027-03-02T15:00:00+01:00")


# Alarm and channels -------------------------------------------------------------------------------


def test_administrators_are_told_once_that_nobody_watches(world: World) -> None:
    for minutes in (0, 1, 2):
        now = TUESDAY + minutes * MINUTE
        raise_alarms(silences=silences_at(now), at=now)
    address_owed(at=TUESDAY + 3 * MINUTE)
    (alarm,) = notices(obligation__kind=Kind.ALARM)
    assert (alarm.recipient.name, alarm.title) == ("Alice", "De bewaking staat stil")
    assert alarm.relation_id is None


def test_an_event_goes_to_the_webhook_signed_and_to_the_chat_and_again_when_it_fails(
    late: World,
) -> None:
    by = {"actor": actor(late), "at": TUESDAY}
    hook, secret = add_channel(
        kind=ChannelKind.WEBHOOK, name="x", url="https://hooks.example/a", events=["missed"], **by
    )
    add_channel(kind=ChannelKind.CHAT, name="y", url="slack://T1/B2/C3", events=["missed"], **by)
    assert secret.startswith("whsec_")
    assert b"hooks.example" not in bytes(hook.url)
    address_owed(at=DUE + 2 * MINUTE)
    asked: list[tuple[str, bytes, Any]] = []
    said: list[str] = []
    statuses = iter([503, 204])

    def post(url: str, body: bytes, headers: Any) -> Answered:
        asked.append((url, body, headers))
        return Answered(next(statuses), {}, b"", cut=False)

    def notify(url: str, _title: str, text: str) -> bool:
        said.append(url + text)
        return True

    ways = Ways(post, notify)
    assert deliver_owed(at(DUE + 3 * MINUTE), ways) == 1
    assert deliver_owed(at(DUE + 10 * MINUTE), ways) == 1
    assert deliver_owed(at(DUE + DAY), ways) == 0
    assert asked[0][:2] == asked[1][:2]
    assert asked[0][2]["webhook-id"] == asked[1][2]["webhook-id"]
    assert b'"type":"afspraak.missed"' in asked[0][1]
    assert said[0].startswith("slack://T1/B2/C3")
    assert not Delivery.objects.seen_by(SYSTEM).filter(delivered_at=None).exists()


@pytest.mark.parametrize("url", ["json://127.0.0.1/x", "mmost://10.0.0.1/t", "https://x.example"])
def test_a_chat_at_a_host_of_ones_own_is_refused(world: World, url: str) -> None:
    with pytest.raises(Refusal, match="begins with one of"):
        add_channel(
            kind=ChannelKind.CHAT, name="x", url=url, events=[], actor=actor(world), at=TUESDAY
        )


def test_a_strangers_viewer_sees_no_channel(world: World) -> None:
    add_channel(
        kind=ChannelKind.CHAT,
        name="y",
        url="slack://T1/B2/C3",
        events=[],
        actor=actor(world),
        at=TUESDAY,
    )
    stranger = Viewer(organisations=frozenset({world.bakery.id}))
    assert Channel.objects.seen_by(stranger).count() == 0
    assert Channel.objects.seen_by(world.viewer("alice")).count() == 1
