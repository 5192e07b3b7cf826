"""The demonstration's readiness of the draft that both sides talk over, and the supplier's archive:
a few contracts as they lay in the drawer, each at another stage of the clean-up. All invented.
"""

from typing import Final, NamedTuple
from uuid import UUID

import typst

from afspraak.agreements.models import Agreement, Draft
from afspraak.archive.actions import Brought, Carers, bring_in, confirm, keep_text, set_aside
from afspraak.archive.load import read_as
from afspraak.archive.models import Paper
from afspraak.engine.time import DAY, HOUR
from afspraak.flow.archive import begin_from_paper, take_care
from afspraak.flow.readiness import bring_in_terms, say_point, state_list, weigh_terms
from afspraak.host.files import keep_file
from afspraak.intake.papers_child import picture_of
from afspraak.parties.actions import Actor
from afspraak.parties.models import Person, Relation
from afspraak.readiness.about import Subject, about_draft
from afspraak.readiness.actions import Answering, TermsRead, Weighed
from afspraak.readiness.models import Weighing
from afspraak.readiness.passages import passages_of
from afspraak.readiness.questions import ListKey
from afspraak.rights.viewer import SYSTEM

CARED_FOR: Final = 3
"""Agreements of which somebody takes care; the others are at the monthly check."""


def add_readiness(supplier: UUID, person: UUID, at: int) -> None:
    """What was said of the first draft, and the archive."""
    actor = Actor(supplier, person)
    _add_papers(actor, at - 6 * DAY)
    _take_care(actor, at - 2 * DAY)
    drafts = Draft.objects.seen_by(SYSTEM).filter(shown_at__isnull=False, closed_at__isnull=True)
    draft = drafts.filter(supplier_id=supplier).order_by("begun_at", "id").first()
    if draft is not None:
        _go_through(about_draft(draft.id, SYSTEM), actor, at - 12 * HOUR)


# Readiness ----------------------------------------------------------------------------------------

SUPPLIER_SAYS: Final = (
    Answering("team.others", "elsewhere", "Alleen voor kabels.", "Offerte, blz. 3"),
    Answering("roll_out.pilot", "left", "Alles draait al: er is niets om eerst te proberen."),
    Answering("gdpr.scope", "elsewhere", "", "Verwerkersovereenkomst, artikel 2"),
    Answering("gdpr.abroad", "elsewhere", "", "Verwerkersovereenkomst, artikel 6"),
)
STATED: Final[tuple[tuple[ListKey, str], ...]] = (("gdpr", "yes"), ("nis2", "no"), ("dora", "no"))
CUSTOMER_ASKS: Final = Answering(
    "budget.ceiling", "asked", "Tot welk bedrag werkt u door zonder het te vragen?"
)
SMALL_PRINT: Final = (
    "Algemene voorwaarden",
    "1. Leverancier mag zijn prijzen jaarlijks met indexering verhogen.",
    "2. Genoemde tijden zijn indicatief en nooit een fatale termijn.",
    "3. De aansprakelijkheid van leverancier is beperkt tot het bedrag van één maand.",
)


def _go_through(subject: Subject, ours: Actor, at: int) -> None:
    """Both have begun: some points are answered, one waits for the customer, one is asked again."""
    theirs = Actor(subject.row.customer_id)
    for about, choice in STATED:
        state_list(subject=subject, about=about, choice=choice, actor=theirs, at=at)
    for answering in SUPPLIER_SAYS:
        say_point(subject=subject, answering=answering, actor=ours, at=at + HOUR)
    say_point(subject=subject, answering=CUSTOMER_ASKS, actor=theirs, at=at + 2 * HOUR)
    digest = keep_file(_printed(SMALL_PRINT))
    page = "\n\n".join(SMALL_PRINT)
    read = TermsRead("algemene-voorwaarden.pdf", digest, "nl", (page,), "pypdf")
    terms = bring_in_terms(subject=subject, read=read, actor=theirs, at=at + 2 * HOUR)
    first = next(each for each in passages_of([page], subject.document()) if each.clauses)
    wins = Weighing.Wins.AGREEMENT
    weighed = Weighed(terms, 1, first.text, first.clauses[0], wins, "Zo staat het in de clausule.")
    weigh_terms(subject=subject, weighed=weighed, actor=theirs, at=at + 3 * HOUR)


# The archive --------------------------------------------------------------------------------------


class Lay(NamedTuple):
    """A contract in the drawer: its text, and how far it has come."""

    name: str
    lies_at: str
    text: tuple[str, ...]
    customer: str = ""
    why_aside: str = ""
    is_begun: bool = False


DRAWER: Final = (
    Lay(
        "overeenkomst-2024.pdf",
        "kast 2, map 4",
        (
            "Onderhoudsovereenkomst",
            "Deze overeenkomst gaat in met ingang van 1 maart 2024 en eindigt op 1 maart 2027.",
            "Zij wordt stilzwijgend verlengd met één jaar; opzegtermijn: drie maanden.",
            "De reactietijd is 4 uur; storingen zijn binnen 2 werkdagen opgelost.",
            "Het niveau zilver kost EUR 1.250,00 per maand.",
        ),
        customer="first",
        is_begun=True,
    ),
    Lay(
        "garage-peeters.pdf",
        "kast 2, map 9",
        (
            "Servicecontract Garage Peeters",
            "Ingangsdatum: 1 januari 2025. Einddatum: 1 januari 2028.",
            "De opzegtermijn is twee maanden. Wij reageren binnen 2 uur.",
            "Het niveau brons kost EUR 450,00 per maand.",
        ),
        customer="Garage Peeters",
    ),
    Lay(
        "contrat-fleuriste.pdf",
        "armoire 1",
        (
            "Contrat de services",
            "Le contrat prend effet le 1er mars 2025 et prend fin le 28 février 2028.",
            "Il est tacitement reconduit pour un an, sauf préavis de six mois.",
            "Temps de réponse : 4 heures. La panne est résolue dans les 2 jours ouvrables.",
        ),
    ),
    Lay(
        "kapsalon-2015.pdf",
        "kelder, doos 3",
        ("Overeenkomst", "Zij loopt tot 1 januari 2018."),
        why_aside="Geëindigd in 2018, de klant is gestopt.",
    ),
)


def _add_papers(actor: Actor, at: int) -> None:
    """The papers, a photograph of one, and a contract of which there is only a line in a list."""
    pdf = b""
    for lay in DRAWER:
        pdf = _printed(lay.text)
        brought = Brought(lay.name, keep_file(pdf), lies_at=lay.lies_at)
        paper = bring_in(brought=brought, actor=actor, at=at)
        keep_text(paper=paper, pages=("\n\n".join(lay.text),), reader="pypdf", at=at)
        _confirm(paper, lay, actor, at + DAY)
    photo = bring_in(
        brought=Brought("foto-0412.png", keep_file(picture_of(pdf, 1))), actor=actor, at=at
    )
    keep_text(paper=photo, pages=("",), reader="", at=at)
    listed = Brought(
        "C-2019-07", reference="C-2019-07", lies_at="bij de notaris", told_in="lijst.csv, regel 7",
        told={"customer": "Drukkerij De Letter", "until_on": "2027-07-01", "notice": "3 months"},
    )  # fmt: skip
    bring_in(brought=listed, actor=actor, at=at)


def _confirm(paper: Paper, lay: Lay, actor: Actor, at: int) -> None:
    """What a person has confirmed so far, and what became of it."""
    if lay.why_aside:
        set_aside(paper=paper, why=lay.why_aside)
    if not lay.customer:
        return
    relations = Relation.objects.seen_by(SYSTEM).filter(supplier_id=actor.organisation)
    first = relations.select_related("supplier", "customer").order_by("customer__name").first()
    assert first is not None, "the demonstration has customers before it has an archive"
    name = first.customer.name if lay.is_begun else lay.customer
    confirm(paper=paper, field="customer", value=name, actor=actor, at=at)
    for field, value in TERM[lay.name]:
        found = read_as(paper, field, value)
        assert found is not None, f"{lay.name} says when it begins and ends"
        confirm(
            paper=paper, field=field, value=value, actor=actor, at=at,
            page=found.page, quote=found.quote,
        )  # fmt: skip
    if lay.is_begun:
        begin_from_paper(paper=paper, relation=first, actor=actor, viewer=SYSTEM, at=at + DAY)


TERM: Final = {
    "overeenkomst-2024.pdf": (("from_on", "2024-03-01"), ("until_on", "2027-03-01")),
    "garage-peeters.pdf": (("from_on", "2025-01-01"), ("until_on", "2028-01-01")),
}


def _take_care(actor: Actor, at: int) -> None:
    """The contract manager and a deputy see to a few agreements."""
    people = Person.objects.seen_by(SYSTEM).filter(organisation_id=actor.organisation)
    owner, deputy = people.order_by("-name")[:2]
    agreements = Agreement.objects.seen_by(SYSTEM).filter(supplier_id=actor.organisation)
    for agreement in agreements.order_by("name", "reference")[:CARED_FOR]:
        carers = Carers(owner.id, deputy.id)
        take_care(agreement=agreement, carers=carers, actor=actor, at=at)


def _printed(lines: tuple[str, ...]) -> bytes:
    """Lines as a PDF: the first is its title."""
    title, *rest = lines
    source = "\n\n".join((f"= {title}", *rest))
    return typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)
