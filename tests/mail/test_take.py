"""Mail in: stored first, then a fact once, or set apart with its reason; nothing of a stranger's is
said back.
"""

import pytest
from letters import DESK, KEYS, OURS, PNG, Mailroom, as_mail, bounce, letter, written
from world import HOUR, MINUTE, TUESDAY, World, bakery_contract, make_world, renamed

from afspraak import flow
from afspraak.agreements.models import Signature
from afspraak.engine.time import Refusal, instant_of
from afspraak.flow import letters as walking
from afspraak.flow.letters import NoSuchMail, dismiss_mail, place_letter
from afspraak.host.files import read_file
from afspraak.intake.actions import MOST_ATTEMPTS, Arrived
from afspraak.intake.models import Attachment, Incoming, State, Why
from afspraak.mail.reader import Reader
from afspraak.mail.take import read_again, store, walk, walk_waiting
from afspraak.notices.actions_send import claim, fix, mark_sent
from afspraak.notices.models import Kind, Notice, NoticeState
from afspraak.notices.reply_token import reply_address, ticket_of, token, tokens_in
from afspraak.parties.actions import Actor, add_organisation, add_person, open_relation
from afspraak.rights.viewer import SYSTEM
from afspraak.signing.models import SigningFile
from afspraak.tickets.models import Fact, Ticket

pytestmark = pytest.mark.usefixtures("as_system")
BOB = "bob_user@bakery.example"
DAY = 24 * HOUR


@pytest.fixture
def room(as_system: None, reader: Reader) -> Mailroom:
    return Mailroom(make_world(), reader)


@pytest.fixture
def world(room: Mailroom) -> World:
    return room.world


def tickets() -> int:
    return Ticket.objects.seen_by(SYSTEM).count()


def reported(room: Mailroom, at: int = TUESDAY) -> Incoming:
    row = room.take(letter(), at)
    assert row.state == State.PLACED
    return row


# Reports ------------------------------------------------------------------------------------------


def test_a_known_persons_mail_is_a_report_with_its_receipt(room: Mailroom, world: World) -> None:
    row = room.take(letter(), TUESDAY + MINUTE, received_at=TUESDAY)
    assert (row.state, row.is_verified, row.ticket.title) == ("placed", True, "Printer kapot")
    assert row.fact.words.body == "De printer doet het niet."
    assert (row.fact.code, row.fact.by, row.fact.recorded_by) == (
        "reported",
        "customer",
        "supplier",
    )
    assert instant_of(row.fact.happened_at) == TUESDAY  # K1: when our server had it
    assert (row.fact.source, row.fact.source_id) == ("mail", "<1@bakery.example>")
    assert row.ticket.reporter == world.people["bob_user"]
    (receipt,) = written(TUESDAY + MINUTE)
    mail = as_mail(receipt)
    assert (receipt.obligation.kind, receipt.address) == (Kind.RECEIPT, BOB)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<1@bakery.example>"
    assert "N-1" in mail["Subject"]
    assert "rinter" not in mail.as_string()  # nothing of the mail's own words
    found = tokens_in(desk=DESK, recipients=[mail["Reply-To"]], references=[])
    assert ticket_of(KEYS, found[0], sender=BOB) == row.ticket_id


def test_a_mail_that_came_late_to_us_counts_from_its_receipt(room: Mailroom) -> None:
    """The poll was away for a day: the clock began when the server took the mail."""
    row = room.take(letter(), TUESDAY + DAY, received_at=TUESDAY)
    assert instant_of(row.ticket.standing.reported_at) == TUESDAY


def test_a_receipt_that_lies_ahead_counts_as_now(room: Mailroom) -> None:
    row = room.take(letter(), TUESDAY, received_at=TUESDAY + DAY)
    assert instant_of(row.fact.happened_at) == TUESDAY


def test_a_duplicate_is_one_ticket(room: Mailroom) -> None:
    first = reported(room)
    again = room.take(letter(), TUESDAY + HOUR)
    other_way = room.take(b"X-Way: two\r\n" + letter(), TUESDAY + HOUR)
    assert again.id == first.id
    assert (other_way.state, other_way.ticket_id) == (State.REPEATED, first.ticket_id)
    assert (tickets(), len(written(TUESDAY + HOUR))) == (1, 1)


def test_a_message_id_that_is_used_twice_swallows_no_mail(room: Mailroom) -> None:
    reported(room)
    other = room.take(letter(text="Iets heel anders."), TUESDAY + HOUR)
    assert (other.state, other.why) == (State.SET_APART, Why.ID_REUSED)


@pytest.mark.parametrize("message_id", ["", f"<{'x' * 240}@bakery.example>"])
def test_a_mail_without_a_usable_id_is_one_fact_all_the_same(
    room: Mailroom, message_id: str
) -> None:
    raw = letter(message_id=message_id)
    assert room.take(raw, TUESDAY).state == State.PLACED
    room.take(raw, TUESDAY + HOUR)
    assert (tickets(), Fact.objects.seen_by(SYSTEM).count()) == (1, 1)


def test_files_are_kept_by_what_they_hold(room: Mailroom) -> None:
    row = room.take(letter(files=(("scherm.png", PNG), ("../nog.png", PNG))), TUESDAY)
    kept = Attachment.objects.seen_by(SYSTEM).filter(ticket=row.ticket).order_by("place")
    assert [(each.name, each.content_type, each.size) for each in kept] == [
        ("scherm.png", "image/png", len(PNG)),
        ("_nog.png", "image/png", len(PNG)),
    ]
    assert {read_file(each.sha256) for each in kept} == {PNG}


def test_files_are_seen_by_both_sides_and_no_other(room: Mailroom, world: World) -> None:
    room.take(letter(files=(("scherm.png", PNG),)), TUESDAY)
    seen = {
        name: Attachment.objects.seen_by(world.viewer(name)).count()
        for name in ("agnes", "bob", "bob_user", "charlie")
    }
    assert seen == {"agnes": 1, "bob": 1, "bob_user": 1, "charlie": 0}
    mails = {
        name: Incoming.objects.seen_by(world.viewer(name)).count()
        for name in ("agnes", "bob", "bob_user", "charlie")
    }
    assert mails == {"agnes": 1, "bob": 0, "bob_user": 0, "charlie": 0}


# Replies ------------------------------------------------------------------------------------------


def test_what_the_desk_says_reaches_the_reporter(room: Mailroom, world: World) -> None:
    row = reported(room)
    agnes = world.people["agnes"]
    world.tell(
        "question",
        row.ticket_id,
        TUESDAY + HOUR,
        to="customer",
        words="Welke printer?",
        id="q",
        person=agnes.id,
    )
    (contact,) = written(TUESDAY + HOUR, obligation__kind=Kind.CONTACT)
    mail = as_mail(contact)
    text = mail.get_body(("plain",)).get_content().replace("\r", "")
    assert (contact.obligation.kind, mail["Auto-Submitted"]) == (Kind.CONTACT, "no")
    assert mail["Subject"] == "N-1: Printer kapot"
    assert mail["References"] == "<1@bakery.example>"
    assert "Wij hebben een vraag:\nWelke printer?" in text
    assert "Agnes\nNoord ICT B.V." in text
    assert "Antwoord boven deze regel" in text


def test_the_answer_ends_the_pause(room: Mailroom, world: World) -> None:
    world_ticket = world.report(TUESDAY, reporter=world.people["bob_user"].id).ticket
    world.tell("supplier_contact", world_ticket.id, TUESDAY + MINUTE)
    asked = world.tell("question", world_ticket.id, TUESDAY + HOUR, to="customer", words="Welke?")
    assert asked.verdict.turn == "customer"
    to = reply_address(DESK, token(KEYS, ticket=world_ticket.id, recipient=BOB))
    raw = letter(to=to, text="De zwarte.\n\n> Welke?", message_id="<2@b.example>")
    row = room.take(raw, TUESDAY + 2 * HOUR)
    assert (row.state, row.fact.code, row.fact.words.body) == ("placed", "answer", "De zwarte.")
    world_ticket.standing.refresh_from_db()
    assert (world_ticket.standing.turn, world_ticket.standing.is_frozen) == ("supplier", False)


def test_without_a_question_it_is_a_contact(room: Mailroom) -> None:
    row = reported(room)
    to = room.token_for(row, BOB)
    told = room.take(letter(to=to, message_id="<2@b.example>"), TUESDAY + HOUR)
    assert (told.fact.code, told.ticket_id, tickets()) == ("customer_contact", row.ticket_id, 1)


def test_of_two_questions_the_one_whose_mail_is_answered(room: Mailroom, world: World) -> None:
    row = reported(room)
    for place, words in enumerate(("Welke?", "Sinds wanneer?")):
        at = TUESDAY + HOUR + place * MINUTE
        world.tell("question", row.ticket_id, at, to="customer", words=words, id=f"q{place}")
    mails = written(TUESDAY + 2 * HOUR, obligation__kind=Kind.CONTACT)
    sent = {
        word: hand_over(each) for each in mails for word in ("Welke", "Sinds") if word in each.body
    }
    to = room.token_for(row, BOB)
    plain = room.take(letter(to=to, message_id="<2@b.example>"), TUESDAY + 2 * HOUR)
    assert plain.fact.code == "customer_contact"  # nobody can tell which
    raw = f"In-Reply-To: {sent['Sinds']}\r\n".encode() + letter(to=to, message_id="<3@b.example>")
    assert room.take(raw, TUESDAY + 2 * HOUR).fact.data["of"] == "q1"


def hand_over(notice: Notice) -> str:
    """As the worker does, without a server; its Message-ID."""
    message_id = str(as_mail(notice)["Message-ID"])
    (mine,) = [each for each in claim(at=TUESDAY + 2 * HOUR) if each.id == notice.id] or [notice]
    fix(notice=mine, message_id=message_id, raw=b"sent")
    mark_sent(notice=mine, at=TUESDAY + 2 * HOUR)
    return message_id


def test_the_desks_own_people_answer_by_mail_too(room: Mailroom, world: World) -> None:
    row = reported(room)
    to = room.token_for(row, "agnes@supplier.example")
    raw = letter(
        sender="agnes@supplier.example", to=to, text="Ik kom langs.", message_id="<2@s.example>"
    )
    told = room.take(raw, TUESDAY + HOUR)
    assert (told.fact.code, told.fact.by) == ("supplier_contact", "supplier")
    contact = written(TUESDAY + HOUR, obligation__kind=Kind.CONTACT)
    assert [each.address for each in contact] == [BOB]


def test_what_was_said_by_telephone_is_not_mailed(room: Mailroom, world: World) -> None:
    row = reported(room)
    told = {"words": "Gebeld.", "more": {"channel": "phone"}}
    world.tell("supplier_contact", row.ticket_id, TUESDAY + HOUR, **told)
    assert written(TUESDAY + HOUR, obligation__kind=Kind.CONTACT) == []


def test_a_contact_is_mailed_once(room: Mailroom, world: World) -> None:
    row = reported(room)
    for _ in range(2):
        world.tell(
            "supplier_contact",
            row.ticket_id,
            TUESDAY + HOUR,
            words="Ja.",
            source_id="x",
            source="y",
        )
    assert len(written(TUESDAY + HOUR, obligation__kind=Kind.CONTACT)) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Het is opgelost"), ("fr", "C'est résolu"), ("en", "It is solved")],
)
def test_it_is_said_in_the_reporters_language(
    room: Mailroom, world: World, language: str, words: str
) -> None:
    bob = world.people["bob_user"]
    bob.language = language
    bob.save()
    row = reported(room)
    world.tell("solved", row.ticket_id, TUESDAY + HOUR, words="Klaar.")
    assert words in written(TUESDAY + HOUR, obligation__kind=Kind.CONTACT)[0].body


# Who is believed ----------------------------------------------------------------------------------


def test_a_forged_sender_is_set_apart_and_not_answered(room: Mailroom) -> None:
    row = room.take(letter(passes="fail"), TUESDAY)
    assert (row.state, row.why, tickets()) == (State.SET_APART, Why.UNVERIFIED, 0)
    assert written(TUESDAY) == []


def test_a_forged_sender_with_a_stolen_token_says_nothing(room: Mailroom) -> None:
    first = reported(room)
    to = room.token_for(first, BOB)
    row = room.take(letter(to=to, passes="fail", message_id="<2@b.example>"), TUESDAY + HOUR)
    assert (row.state, row.why, row.ticket_id) == (State.SET_APART, Why.UNVERIFIED, None)
    assert Fact.objects.seen_by(SYSTEM).count() == 1


def test_where_no_server_vouches_a_token_is_the_proof(room: Mailroom) -> None:
    first = reported(room)
    room.trust = None
    to = room.token_for(first, BOB)
    answer = room.take(letter(to=to, passes=None, message_id="<2@b.example>"), TUESDAY + HOUR)
    alone = room.take(letter(passes=None, message_id="<3@b.example>"), TUESDAY + HOUR)
    assert answer.fact.code == "customer_contact"
    assert (alone.state, alone.why) == (State.SET_APART, Why.UNVERIFIED)


def test_a_foreign_token_opens_no_thread(room: Mailroom) -> None:
    first = reported(room)
    to = room.token_for(first, BOB)  # Charlie has it from a forwarded mail
    raw = letter(sender="charlie@notary.example", to=to, message_id="<2@n.example>")
    row = room.take(raw, TUESDAY + HOUR)
    assert (row.state, row.why, row.ticket_id) == (State.SET_APART, Why.FOREIGN_TOKEN, None)


def test_somebody_who_is_not_of_the_ticket_any_more_says_nothing(
    room: Mailroom, world: World
) -> None:
    first = reported(room)
    to = room.token_for(first, "weg@bakery.example")
    raw = letter(sender="weg@bakery.example", to=to, message_id="<2@b.example>")
    row = room.take(raw, TUESDAY + HOUR)
    assert (row.state, row.why) == (State.SET_APART, Why.NOT_OF_TICKET)


def test_a_stranger_is_answered_once_a_day_with_none_of_his_words(room: Mailroom) -> None:
    for place in range(3):
        raw = letter(
            sender="eve@evil.example",
            subject="<b>KLIK http://evil.example</b>",
            message_id=f"<{place}@evil.example>",
        )
        row = room.take(raw, TUESDAY + place * HOUR)
        assert (row.state, row.why) == (State.SET_APART, Why.UNKNOWN_SENDER)
    (answer,) = written(TUESDAY + 3 * HOUR)
    mail = as_mail(answer)
    assert (answer.address, answer.recipient_id, tickets()) == ("eve@evil.example", None, 0)
    assert "evil" not in mail.as_string().replace("eve@evil.example", "").lower()
    assert mail["In-Reply-To"] is None
    room.take(letter(sender="eve@evil.example", message_id="<9@evil.example>"), TUESDAY + 2 * DAY)
    assert len(written(TUESDAY + 2 * DAY)) == 2


def test_two_customers_with_one_address_are_for_a_person(room: Mailroom, world: World) -> None:
    for organisation in (world.bakery, world.notary):
        add_person(organisation=organisation, name="Ina", email="ina@i.example", at=TUESDAY)
    row = room.take(letter(sender="ina@i.example"), TUESDAY)
    assert (row.why, row.state) == (Why.SEVERAL_CUSTOMERS, State.SET_APART)
    assert world.notary.name in row.detail


def test_another_suppliers_customer_is_a_stranger(room: Mailroom, world: World) -> None:
    other = add_organisation(name="Ander", at=TUESDAY)
    theirs = add_organisation(name="Klant van Ander", at=TUESDAY)
    open_relation(supplier=other, customer=theirs, at=TUESDAY)
    add_person(organisation=theirs, name="Jo", email="jo@ander.example", at=TUESDAY)
    assert room.take(letter(sender="jo@ander.example"), TUESDAY).why == Why.UNKNOWN_SENDER


# Machines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x.y>"}]
)
def test_machines_make_no_tickets_and_get_no_answers(
    room: Mailroom, headers: dict[str, str]
) -> None:
    row = room.take(letter(**headers), TUESDAY)
    assert (row.state, tickets(), written(TUESDAY)) == (State.IGNORED, 0, [])
    assert row.detail


def test_a_bounce_marks_its_notice_failed(room: Mailroom) -> None:
    reported(room)
    receipt = written(TUESDAY)[0]
    sent = hand_over(receipt)
    waits = room.take(bounce(sent, action="delayed"), TUESDAY + 2 * HOUR)
    receipt.refresh_from_db()
    assert (waits.state, waits.notice, receipt.state) == ("returned", None, NoticeState.SENT)
    failed = room.take(bounce(sent), TUESDAY + 2 * HOUR)
    receipt.refresh_from_db()
    assert (failed.notice_id, receipt.state) == (receipt.id, NoticeState.FAILED)
    assert "Undelivered" in receipt.failure
    assert tickets() == 1


def test_a_bounce_of_nothing_of_ours_changes_nothing(room: Mailroom) -> None:
    row = room.take(bounce("<guessed@noord.example>"), TUESDAY)
    assert (row.state, row.notice) == (State.RETURNED, None)


# What goes wrong ----------------------------------------------------------------------------------


def test_what_is_stored_is_walked_after_a_crash(room: Mailroom) -> None:
    raw = letter()
    mail = store(Arrived("test", raw, len(raw), TUESDAY), room.desk, TUESDAY)
    assert (room.row(mail).state, tickets()) == (State.WAITING, 0)
    walked = walk_waiting(room.desk, room.reader, lambda: TUESDAY + HOUR)
    assert (walked.settled, tickets()) == ({"placed": 1}, 1)
    store(Arrived("test", raw, len(raw), TUESDAY), room.desk, TUESDAY + HOUR)
    assert walk_waiting(room.desk, room.reader, lambda: TUESDAY + 2 * HOUR).total == 0
    assert tickets() == 1


def test_a_walk_that_is_cut_off_leaves_nothing_half_done(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = letter(files=(("scherm.png", PNG),))
    mail = store(Arrived("test", raw, len(raw), TUESDAY), room.desk, TUESDAY)

    def cut_off(**_told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(walking, "settle_mail", cut_off)
        with pytest.raises(KeyboardInterrupt):
            walk(mail, room.desk, room.reader, TUESDAY)
    assert (room.row(mail).state, tickets(), written(TUESDAY)) == (State.WAITING, 0, [])
    walk(mail, room.desk, room.reader, TUESDAY)
    walk(mail, room.desk, room.reader, TUESDAY)
    assert (room.row(mail).state, tickets()) == (State.PLACED, 1)
    assert Attachment.objects.seen_by(SYSTEM).count() == 1


def test_one_bad_mail_holds_up_no_other(room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, text in enumerate(("eerste", "GIF", "derde")):
        raw = letter(text=text, message_id=f"<{place}@b.example>")
        store(Arrived("test", raw, len(raw), TUESDAY + place), room.desk, TUESDAY + HOUR)
    real = walking.take_fact

    def poisoned(*, told: object, **more: object) -> object:
        if "GIF" in told.words:
            raise AssertionError("ours")
        return real(told=told, **more)

    monkeypatch.setattr(walking, "take_fact", poisoned)
    walked = walk_waiting(room.desk, room.reader, lambda: TUESDAY + HOUR)
    assert (walked.settled, walked.failed, tickets()) == ({"placed": 2}, 1, 2)
    for _ in range(MOST_ATTEMPTS):
        walk_waiting(room.desk, room.reader, lambda: TUESDAY + HOUR)
    (bad,) = Incoming.objects.seen_by(SYSTEM).filter(state=State.SET_APART)
    assert (bad.why, bad.detail) == (Why.FAULT, "AssertionError: ours")


def test_what_cannot_be_read_is_set_apart(room: Mailroom) -> None:
    row = room.take(b"nothing like a mail", TUESDAY)
    assert (row.state, row.why) == (State.SET_APART, Why.UNREADABLE)
    large = store(
        Arrived("test", letter(), room.desk.limits.raw_bytes + 1, TUESDAY), room.desk, TUESDAY
    )
    walk(large, room.desk, room.reader, TUESDAY)
    assert "larger than allowed" in room.row(large).detail


# What people decide -------------------------------------------------------------------------------


def actor(world: World) -> Actor:
    return Actor(world.supplier.id, world.people["agnes"].id)


def placed_by_hand(room: Mailroom, row: Incoming, at: int, **where: object) -> Incoming:
    again = read_again(row, room.desk, room.reader, at)
    place_letter(mail=row.id, letter=again, actor=actor(room.world), viewer=SYSTEM, at=at, **where)
    return room.row(row.id)


def test_a_person_places_what_was_set_apart(room: Mailroom, world: World) -> None:
    row = room.take(letter(sender="eve@evil.example"), TUESDAY)
    placed = placed_by_hand(room, row, TUESDAY + HOUR, relation=world.to_bakery.id)
    assert (placed.state, placed.settled_by) == (State.PLACED, world.people["agnes"])
    assert instant_of(placed.ticket.standing.reported_at) == TUESDAY
    more = room.take(letter(passes="none", message_id="<7@b.example>"), TUESDAY + HOUR)
    about = placed_by_hand(
        room, more, TUESDAY + HOUR, relation=world.to_bakery.id, ticket=placed.ticket_id
    )
    assert (about.fact.code, about.fact.person) == ("customer_contact", world.people["bob_user"])
    with pytest.raises(NoSuchMail):
        placed_by_hand(room, placed, TUESDAY + HOUR, relation=world.to_bakery.id)


def test_nobody_of_another_supplier_decides(room: Mailroom, world: World) -> None:
    row = room.take(letter(sender="eve@evil.example"), TUESDAY)
    with pytest.raises(NoSuchMail):
        dismiss_mail(
            mail=row.id, why="spam", actor=actor(world), viewer=world.viewer("bob"), at=TUESDAY
        )


def test_a_person_dismisses_with_a_reason(room: Mailroom, world: World) -> None:
    row = room.take(letter(sender="eve@evil.example"), TUESDAY)
    with pytest.raises(Refusal, match="why"):
        dismiss_mail(mail=row.id, why=" ", actor=actor(world), viewer=SYSTEM, at=TUESDAY)
    viewer = world.viewer("agnes")
    dismiss_mail(mail=row.id, why="spam", actor=actor(world), viewer=viewer, at=TUESDAY)
    assert (room.row(row.id).state, room.row(row.id).detail) == (State.DISMISSED, "spam")


def test_the_contract_may_leave_no_choice_of_service(room: Mailroom, world: World) -> None:
    """Nothing is guessed: with several services the desk says which one it is."""
    row = reported(room)
    assert row.fact.data.get("fields") is None
    done = flow.take_fact(
        told=walking.Happened(
            relation=world.to_bakery.id,
            code="reclassified",
            happened_at=TUESDAY + MINUTE,
            recorded_by="supplier",
            ticket=row.ticket_id,
            cause="misjudged",
            fields={"service": "e-mail", "priority": "P3", "kind": "incident"},
        ),
        viewer=SYSTEM,
        at=TUESDAY + MINUTE,
    )
    assert done.verdict.leads is not None
    assert OURS in room.desk.trust.authserv_id


# No signature -------------------------------------------------------------------------------------


def test_a_mail_that_says_ok_is_a_message_and_no_signature(room: Mailroom, world: World) -> None:
    """Whoever writes it, and whatever they call it: nobody has signed."""
    data = renamed(bakery_contract(), "nl-2027-0042", "nl-2027-0100")
    actor = Actor(world.supplier.id, world.people["alice"].id)
    version = flow.bring_in_version(
        relation=world.to_bakery.id,
        data=data,
        name="contract",
        actor=actor,
        viewer=SYSTEM,
        at=TUESDAY,
    )
    before = Signature.objects.seen_by(SYSTEM).count()
    text = f"Ok, akkoord, hierbij getekend. SHA-256 {version.sha256}"
    subject = "Re: overeenkomst nl-2027-0100 getekend"
    files = (("getekend.pdf", b"%PDF-1.7 getekend"),)
    row = room.take(
        letter(sender="bob@bakery.example", subject=subject, text=text, files=files), TUESDAY
    )
    assert row.state == State.PLACED
    assert Signature.objects.seen_by(SYSTEM).count() == before
    assert not SigningFile.objects.seen_by(SYSTEM).exists()
