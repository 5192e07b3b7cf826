"""The plain report: a replay's own figures, kept as it was sent, and sending it is the evidence."""

from datetime import date

import pytest
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.clocks.figures import figures_of
from afspraak.clocks.models import Duty
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import Rhythm, parse_instant
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Kind, Notice
from afspraak.parties.actions import Actor
from afspraak.reports.about import about_of, period_reported, reports_of
from afspraak.reports.cube import Cube
from afspraak.reports.live import contracts_of, period_of_agreement
from afspraak.reports.of_period import OfPeriod
from afspraak.reports.pdf import data_of, pdf_of
from afspraak.reports.plain import plain
from afspraak.reports.plain_values import Plain
from afspraak.reports.replay import Logged, replay
from afspraak.reports.texts import LANGUAGES, Language, Texts
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Ticket
from afspraak.tickets.stored import logs_of

pytestmark = pytest.mark.usefixtures("as_system")
DAY = 24 * HOUR
QUARTER = Period(date(2027, 1, 1), date(2027, 4, 1))
IN_APRIL = parse_instant("2027-04-05T10:00:00+02:00")


@pytest.fixture
def world(as_system: None) -> World:
    """A quarter of a bakery: kept, missed with its cause and a word that was kept, asked, open."""
    made = make_world()
    for days in range(3):
        ticket = made.report(TUESDAY + days * DAY).ticket
        assert ticket is not None
        made.tell("solved", ticket.id, TUESDAY + days * DAY + HOUR)
    late = made.report(
        TUESDAY + 2 * DAY + HOUR, fields={"service": "werkplek", "impact": "everybody"}
    ).ticket
    asked = made.report(TUESDAY + 2 * DAY + HOUR, reporter=made.people["bob"].id).ticket
    assert late is not None
    assert asked is not None
    at = TUESDAY + 2 * DAY + 2 * HOUR
    made.tell("question", asked.id, at + MINUTE, to="customer", words="Welke?", id="q")
    flow.look(at=at + 2 * DAY)
    made.tell("diagnosis", late.id, at + 2 * DAY, words="De schijf is vol.")
    made.tell("expectation", late.id, at + 2 * DAY, until=at + 5 * DAY)
    made.tell("solved", late.id, at + 2 * DAY + HOUR)
    made.tell("answer", asked.id, at + 3 * DAY, of="q", by="customer", words="Die daar.")
    flow.look(at=IN_APRIL)
    flow.look_at_duties(agreement=made.versions["bakery"].agreement, at=IN_APRIL)
    return made


def agreement(world: World) -> Agreement:
    rows = Agreement.objects.seen_by(SYSTEM).select_related("relation", "supplier", "customer")
    return rows.get(id=world.versions["bakery"].agreement_id)


def found(world: World, as_of: int = IN_APRIL) -> OfPeriod:
    made = period_of_agreement(agreement(world), SYSTEM, QUARTER, as_of)
    assert made is not None
    return made


def told(world: World, language: Language = "nl", as_of: int = IN_APRIL) -> Plain:
    of_period = found(world, as_of)
    promised = reports_of(agreement(world), SYSTEM)[0]
    about = about_of(agreement(world), SYSTEM, promised, language, as_of)
    assert about is not None
    return plain(Texts(language, of_period.whole.zone), of_period, about)


def by_clause(cube: Cube) -> dict[str, tuple[int, int]]:
    places = {(key.contract, key.clause) for key, _ in cube.cells()}
    counted = cube.by(places, lambda key: key.clause)
    return {clause: (each.met, each.missed) for clause, each in counted.items() if each.cases}


def test_its_figures_are_those_that_were_kept_and_those_of_a_replay(world: World) -> None:
    ours = by_clause(found(world).part.cube)
    kept: dict[str, Tally] = {}
    for each in figures_of(
        agreement=agreement(world),
        viewer=SYSTEM,
        from_on=QUARTER.from_on,
        until_on=QUARTER.until_on,
    ):
        kept[each.promise.clause] = kept.get(each.promise.clause, Tally()) + each.tally
    assert ours == {name: (each.met, each.missed) for name, each in kept.items() if each.cases}
    rows = Ticket.objects.seen_by(SYSTEM).filter(relation=world.to_bakery)
    logs = logs_of([each.id for each in rows], SYSTEM)
    logged = [Logged(each.number, "", logs[each.id]) for each in rows.order_by("number")]
    start = min(fact.happened_at for each in logged for fact in each.facts)
    contracts = contracts_of(agreement(world), SYSTEM)
    whole, _ = replay(contracts, logged, span=(start, IN_APRIL), strict=True)
    assert ours == by_clause(whole.cube)
    assert ours["oplossen"] == (3, 2)
    assert found(world).part.accounts.judgements == whole.accounts.judgements


def test_it_says_what_was_missed_and_why_and_how_the_word_was_kept(world: World) -> None:
    assert found(world).word == Tally(met=1)
    made = told(world)
    parts = {each.id: each for each in made.sections}
    missed = parts["missed"].tables[0].rows
    assert "/t/N-4/" in [row[0].link for row in missed if row[1].text == "Oplossing"]
    assert "De schijf is vol." in {row[3].text for row in missed}
    assert "gaven wij 1 keer een nieuw tijdstip; daar hielden wij ons 1 keer aan" in " ".join(
        parts["kept"].notes
    )
    assert parts["have"].tables[0].rows[-1][0].text == "Samen"
    assert parts["turns"].bars
    assert made.title == "Verslag over 1e kwartaal 2027"
    for language in LANGUAGES:
        assert told(world, language).sections[0].title


def test_sending_it_keeps_the_promise_and_what_was_sent_stays(world: World) -> None:
    promised = reports_of(agreement(world), SYSTEM)[0]
    assert (str(promised.period), promised.sent) == ("2027-Q1", None)
    before = told(world)
    report = flow.Report(
        agreement=agreement(world),
        clause=promised.duty.clause,
        planned_on=promised.duty.planned_on,
        period="2027-Q1",
        sha256="ab" * 32,
        proposals="Een extra kassa.",
    )
    by = Actor(world.supplier.id, world.people["coen"].id)
    for _ in range(2):  # the second is the same fact
        flow.send_report(report=report, actor=by, viewer=world.viewer("coen"), at=IN_APRIL)
    address_owed(at=IN_APRIL)
    row = Duty.objects.seen_by(SYSTEM).get(
        agreement=report.agreement, clause="verslag", planned_on=report.planned_on
    )
    assert row.state == "met"
    (mail,) = Notice.objects.seen_by(SYSTEM).filter(obligation__kind=Kind.REPORT)
    assert mail.address == "bob@bakery.example"
    assert f"/reports/{report.agreement.id}/2027-04-15/" in mail.body
    world.report(IN_APRIL + HOUR)
    sent = reports_of(agreement(world), SYSTEM)[0]
    assert sent.sent_at == IN_APRIL
    after = told(world, as_of=sent.sent_at)
    assert [each.tables for each in after.sections if each.id in ("kept", "missed")] == [
        each.tables for each in before.sections if each.id in ("kept", "missed")
    ]
    words = next(each for each in after.sections if each.id == "proposals").words
    assert words == "Een extra kassa."


def test_on_paper_it_is_the_same_every_time_and_tagged(world: World) -> None:
    made = told(world)
    first = pdf_of(made, address="https://desk.example", tickets="/x/")
    assert first == pdf_of(made, address="https://desk.example", tickets="/x/")
    assert first.startswith(b"%PDF-")
    assert b"/MarkInfo" in first or b"/StructTreeRoot" in first
    assert "var(--" not in str(data_of(made, "", ""))


def test_a_report_is_about_the_period_that_has_ended(world: World) -> None:
    terms = contracts_of(agreement(world), SYSTEM)[0].terms
    for months, on, period in (
        (3, date(2027, 4, 15), "2027-Q1"),
        (3, date(2027, 1, 10), "2026-Q4"),
        (1, date(2027, 4, 15), "2027-03"),
        (12, date(2028, 2, 1), "2027"),
        (6, date(2027, 7, 1), "2027-01-01..2027-07-01"),
    ):
        assert str(period_reported(Rhythm(months=months), on, terms)) == period
