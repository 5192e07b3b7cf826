"""The making and the keeping of agreements on the stage: a draft that both sides see, a proposal,
an offer, a wish, a paper, a point that one side leaves open, a term that is open.
"""

from datetime import date
from importlib.resources import files
from typing import Any

from open_world import open_contract
from world import TUESDAY, World, frozen, sign

from afspraak import flow
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Draft
from afspraak.amending.actions import Word
from afspraak.archive.actions import Brought, bring_in, keep_text
from afspraak.engine.time import parse_duration
from afspraak.flow.readiness import say_point
from afspraak.language.catalogue import check_catalogue
from afspraak.offers.actions import Deviation, write_wish
from afspraak.offers.actions_offers import Offering, make_offer, show_offer
from afspraak.offers.upkeep import Figures
from afspraak.parties.actions import Actor, add_organisation, add_person, open_relation
from afspraak.readiness.about import Subject, about_agreement, about_draft
from afspraak.readiness.actions import Answering
from afspraak.rights.viewer import SYSTEM

FROM = date(2027, 5, 1)
OPEN_TERM = {"value": "PT6H", "from_on": FROM.isoformat(), "open_tickets": True}
"""What both sides say of it: the second word begins an amendment."""


def set_making(world: World) -> dict[str, str]:
    """The names that the writes use."""
    actor = Actor(world.supplier.id, world.people["coen"].id)
    return {
        **_a_draft(world, actor),
        **_an_offer(world, actor),
        **_a_paper(actor),
        **_an_open_term(world),
        "left": _left(about_agreement(world.versions["bakery"].agreement, SYSTEM, TUESDAY), actor),
    }


def _a_draft(world: World, actor: Actor) -> dict[str, str]:
    ours: dict[str, Any] = {"actor": actor, "viewer": SYSTEM, "at": TUESDAY}
    theirs = {**ours, "actor": Actor(world.bakery.id, world.people["bob"].id)}
    beginning = Beginning("Volgend jaar", Draft.Origin.TEMPLATE, frozen("kleine-reseller"))
    draft = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, **ours)
    hidden = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, **ours)
    flow.show_draft(draft=draft.id, **ours)
    proposed = flow.propose(
        draft=draft.id, clause="reageren", source="", words="Liever een uur.", **theirs
    )
    return {
        "draft": str(draft.id),
        "hidden": str(hidden.id),
        "proposal": str(proposed.id),
        "left_in_draft": _left(about_draft(draft.id, SYSTEM), actor),
    }


def _left(subject: Subject | None, actor: Actor) -> str:
    assert subject is not None
    answering = Answering("team.others", "left", "Niemand anders.")
    return str(say_point(subject=subject, answering=answering, actor=actor, at=TUESDAY).id)


def _an_offer(world: World, actor: Actor) -> dict[str, str]:
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    catalogue = add_catalogue(data=data, name="stage", actor=actor, at=TUESDAY)
    document, _ = check_catalogue(data, "stage")
    assert document is not None
    offering = Offering("Kassa", {"kassa": 2}, ("gold",), date(2027, 3, 31))
    offer = make_offer(
        relation=world.to_bakery,
        catalogue=catalogue,
        document=document,
        offering=offering,
        actor=actor,
        at=TUESDAY,
    )
    show_offer(offer=offer, actor=actor, at=TUESDAY)
    deviation = Deviation("kassa", "gold", "Sneller", "resolution", "", "PT3H")
    wish = write_wish(
        relation=world.to_bakery, catalogue=catalogue, deviation=deviation, actor=actor, at=TUESDAY
    )
    flow.reckon_upkeep(wish=wish, figures=Figures(), actor=actor, at=TUESDAY)
    beginning = Beginning("Maatwerk", Draft.Origin.TEMPLATE, frozen("msp-vier-niveaus"))
    draft = flow.begin_draft(
        relation=world.to_bakery.id, beginning=beginning, actor=actor, viewer=SYSTEM, at=TUESDAY
    )
    return {
        "offer": str(offer.id),
        "catalogue": str(catalogue.id),
        "wish": str(wish.id),
        "wished": str(draft.id),
    }


def _a_paper(actor: Actor) -> dict[str, str]:
    paper = bring_in(brought=Brought("contract.pdf", "a" * 64), actor=actor, at=TUESDAY)
    pages = ("Niets.", "De opzegtermijn is drie maanden.")
    keep_text(paper=paper, pages=pages, reader="pypdf", at=TUESDAY)
    return {"paper": str(paper.id)}


def _an_open_term(world: World) -> dict[str, str]:
    """A contract that was signed open, on whose term the customer has said a word."""
    told: dict[str, Any] = {"at": TUESDAY}
    wit = add_organisation(name="De Wit Notarissen", register="kvk:34567890", **told)
    relation = open_relation(supplier=world.supplier, customer=wit, **told)
    wim = add_person(organisation=wit, name="Wim", email="wim@dewit.example", **told)
    version = sign(world, relation, open_contract(), TUESDAY)
    word = Word("dossier-open", str(parse_duration(OPEN_TERM["value"])), FROM, open_tickets=True)
    flow.say_of_term(
        agreement=version.agreement_id,
        word=word,
        actor=Actor(wit.id, wim.id),
        viewer=SYSTEM,
        **told,
    )
    return {"open_agreement": str(version.agreement_id)}
