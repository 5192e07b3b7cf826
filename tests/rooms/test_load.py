"""An imported log in the database: once, with its provenance, with the verdicts of the replay."""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.cli.demo_sides import side_of_log
from afspraak.clocks.models import Assessment, Standing
from afspraak.engine.facts import settle
from afspraak.engine.time import DAY, datetime_of, instant_of, parse_instant
from afspraak.flow.load_folder import Folder, Loading, load_folder
from afspraak.intake.models import Loaded
from afspraak.language.check import check
from afspraak.parties.actions import Actor, add_organisation, open_relation
from afspraak.parties.models import Relation
from afspraak.reports.contracts_read import contract_of
from afspraak.reports.replay import Replayer
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.actions import begin_numbers
from afspraak.tickets.import_log import FACTS
from afspraak.tickets.load import load_tickets
from afspraak.tickets.manifest import Manifest, load_manifest
from afspraak.tickets.models import Fact, Ticket

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 400
"""Tickets of the real log in the normal run; the long one takes them all."""

pytestmark = pytest.mark.usefixtures("as_system")


class Home:
    """A supplier with one customer, who signed what governs the log."""

    def __init__(self, manifest: Manifest) -> None:
        assert manifest.span_from is not None
        assert manifest.as_of is not None
        self.first = parse_instant(manifest.span_from)
        self.at = parse_instant(manifest.as_of) + 30 * DAY
        self.begin = self.first - 60 * DAY
        self.contract = side_of_log(self.first).contract
        self.supplier = add_organisation(name="Noord", register="kvk:1", at=self.begin)
        self.customer = add_organisation(name="Klant", register="kvk:2", at=self.begin)
        begin_numbers(supplier=self.supplier)
        self.relation = open_relation(supplier=self.supplier, customer=self.customer, at=self.begin)
        self._sign(self.relation)

    def _sign(self, relation: Relation) -> None:
        actor = Actor(self.supplier.id)
        told = {"actor": actor, "viewer": SYSTEM, "at": self.begin}
        version = flow.bring_in_version(
            relation=relation.id, data=self.contract, name="zilver", **told
        )
        for party in version.parties:
            signing = Signing(party, "Kim", version.sha256, self.begin)
            flow.sign_version(version=version.id, signing=signing, **told)

    def load(
        self, folder: Path, *, customers: dict[str, UUID] | None = None, **more: bool
    ) -> Loading:
        return load_folder(
            folder=Folder(folder, load_manifest(folder), "f" * 64),
            customers={"": self.relation.id} if customers is None else customers,
            supplier=self.supplier.id,
            by="tester",
            at=self.at,
            **more,
        )

    def replayed(self, folder: Path) -> dict[str, list[tuple[object, ...]]]:
        """The scalar replay's verdicts, strictly as signed, by ticket."""
        document, faults = check(self.contract, "zilver")
        assert document is not None, faults
        contract = contract_of(document, self.contract, "zilver", signed_at=self.begin)
        contract = replace(contract, customers=frozenset())
        book = Replayer([contract], (self.first, self.at), self.at, strict=True).book
        found = {}
        for each in load_tickets(folder):
            judged = book.judge(each.customer, settle(each.facts, self.at))
            found[each.ticket] = [] if judged is None else sorted(map(_verdict, judged.assessed))
        return found


def _verdict(each: object) -> tuple[object, ...]:
    moments = (each.start_at, each.due_at, each.satisfied_at, each.missed_at)
    # What is still open grows with every second: the cache keeps what was spent once it is over.
    spent = str(each.spent) if each.spent and each.satisfied_at is not None else ""
    told = (each.promise.clause, each.cycle, each.promise.promisor, each.state)
    return (*told, *(moment or 0 for moment in moments), spent)


def stored() -> dict[str, list[tuple[object, ...]]]:
    tickets = Ticket.objects.seen_by(SYSTEM).values_list("id", "foreign")
    names = {ticket: foreign.partition(":")[2] for ticket, foreign in tickets}
    found: dict[str, list[tuple[object, ...]]] = {name: [] for name in names.values()}
    for each in Assessment.objects.seen_by(SYSTEM):
        moments = (each.start_at, each.due_at, each.satisfied_at, each.missed_at)
        told = (each.clause, each.cycle, each.promisor, each.state)
        row = (*told, *(instant_of(moment) if moment else 0 for moment in moments), each.spent)
        found[names[each.ticket_id]].append(row)
    return {ticket: sorted(rows) for ticket, rows in found.items()}


def sampled(folder: Path, out: Path, count: int) -> Path:
    """Every so-many-th ticket of a folder of facts."""
    table = pq.read_table(folder / FACTS)
    names = list(dict.fromkeys(table["ticket"].to_pylist()))
    wanted = set(islice(names, 0, None, max(1, len(names) // count)))
    out.mkdir()
    mask = [name in wanted for name in table["ticket"].to_pylist()]
    pq.write_table(table.filter(mask), out / FACTS)
    (out / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    return out


@pytest.fixture
def few(real_log: Path, tmp_path: Path) -> Path:
    return sampled(real_log, tmp_path / "few", SAMPLE)


def test_the_real_log_has_the_verdicts_of_the_replay(few: Path) -> None:
    home = Home(load_manifest(few))
    loading = home.load(few)
    replayed = home.replayed(few)
    assert loading.brought.tickets == len(replayed) >= SAMPLE
    assert (loading.brought.refused, loading.unknown, loading.unreadable) == ((), {}, {})
    assert sum(map(len, replayed.values())) > SAMPLE
    assert stored() == replayed


@pytest.mark.long
def test_all_of_the_real_log_has_the_verdicts_of_the_replay(real_log: Path) -> None:
    home = Home(load_manifest(real_log))
    assert home.load(real_log).brought.refused == ()
    replayed = home.replayed(real_log)
    assert len(replayed) == 24_918
    assert stored() == replayed


def test_again_is_the_same_as_once_and_says_where_it_came_from(few: Path) -> None:
    home = Home(load_manifest(few))
    first, again = home.load(few).brought, home.load(few).brought
    assert (again.tickets, again.facts, again.repeated) == (0, 0, first.facts)
    assert Fact.objects.seen_by(SYSTEM).count() == first.facts
    loads = Loaded.objects.seen_by(SYSTEM).order_by("facts")
    assert [(each.facts, each.repeated, each.is_whole) for each in loads] == [
        (0, first.facts, True),
        (first.facts, 0, True),
    ]
    said = loads[0]
    assert (said.source, said.input_name, said.loaded_by) == (
        "servicenow",
        "incident_event_log.zip",
        "tester",
    )
    assert said.customers == {"": str(home.relation.id)}
    assert said.said["mapping"]["name"] == "servicenow"


def test_a_later_export_with_more_before_it_adds_only_what_is_new(few: Path) -> None:
    """Facts are known by what they say, not by their place in the file."""
    home = Home(load_manifest(few))
    table = pq.read_table(few / FACTS)
    pq.write_table(table.slice(40), few / FACTS)
    home.load(few)
    moved = table.set_column(
        table.schema.get_field_index("position"),
        "position",
        [[each + 1_000 for each in table["position"].to_pylist()]],
    ).cast(table.schema)
    pq.write_table(moved, few / FACTS)
    brought = home.load(few).brought
    assert (brought.facts, brought.repeated) == (40, table.num_rows - 40)


def test_a_dry_run_keeps_nothing(few: Path) -> None:
    home = Home(load_manifest(few))
    dry = home.load(few, is_dry=True)
    counts = [rows.objects.seen_by(SYSTEM).count() for rows in (Ticket, Fact, Standing, Loaded)]
    assert (dry.is_dry, counts) == (True, [0, 0, 0, 0])
    assert home.load(few).brought == dry.brought
    numbers = Ticket.objects.seen_by(SYSTEM).values_list("number", flat=True)
    assert sorted(map(int, numbers)) == list(range(1, dry.brought.tickets + 1))


def test_customers_that_nobody_mapped_are_left_out_and_counted(few: Path) -> None:
    home = Home(load_manifest(few))
    loading = home.load(few, customers={"Iemand": home.relation.id})
    assert (loading.brought.tickets, list(loading.unknown)) == (0, [""])
    assert loading.unknown[""] >= SAMPLE
    assert datetime_of(home.at) > datetime_of(home.first)
