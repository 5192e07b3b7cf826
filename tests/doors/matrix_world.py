"""A world for the matrix of rights: every kind of person and a token, around parties
whose every text carries a mark. It is written down of each mark who may see it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from uuid import UUID, uuid4

from authority import made as certified
from world import START, TUESDAY, frozen, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing, invite_adviser
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.identity import identify
from afspraak.agreements.models import Agreement, AgreementVersion, Draft
from afspraak.agreements.read import document_of
from afspraak.archive.actions import Brought, bring_in, confirm
from afspraak.flow.labels import map_label
from afspraak.flow.readiness import bring_in_terms, say_point
from afspraak.host.files import keep_file
from afspraak.intake.actions import Enclosed, enclose
from afspraak.intake.models import Attachment, Watched
from afspraak.making.actions import Cost, Judged, Seated
from afspraak.making.models import Seat
from afspraak.notices.actions_channels import add_channel
from afspraak.notices.models import ChannelKind
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    end_role,
    give_role,
    open_relation,
)
from afspraak.parties.actions_access import DAY, Wanted, invite, make_token
from afspraak.parties.models import Membership, Organisation, Person, Relation
from afspraak.parties.roles import Right, Role
from afspraak.readiness.about import about_draft
from afspraak.readiness.actions import Answering, TermsRead
from afspraak.rights.viewer import SYSTEM
from afspraak.signing.actions import confirm_key, keep_paper, keep_proof
from afspraak.signing.models import SignerKey
from afspraak.tickets.actions import begin_numbers
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Note

SERVES = (
    ("noord", "notary"),
    ("noord", "bakery"),
    ("zuid", "florist"),
    ("zuid", "bakery"),
    ("glasnet", "noord"),
)
PEOPLE = {
    "supplier admin": ("noord", Role.ADMIN),
    "contract manager": ("noord", Role.CONTRACT_MANAGER),
    "agent": ("noord", Role.AGENT),
    "account manager": ("noord", Role.ACCOUNT_MANAGER),
    "customer manager": ("notary", Role.CUSTOMER_MANAGER),
    "customer user": ("notary", Role.CUSTOMER_USER),
    "former party": ("notary", Role.CUSTOMER_MANAGER),
    "third party": ("glasnet", Role.ADMIN),
    "another customer": ("bakery", Role.CUSTOMER_MANAGER),
    "another supplier": ("zuid", Role.ADMIN),
    "florist": ("florist", Role.CUSTOMER_MANAGER),
}
IDENTITIES = (*(name for name in PEOPLE if name != "florist"), "adviser", "token", "anonymous")
STRANGE = {  # for whom which relation is another's, through and through
    "noord": ("zuid", "florist"),
    "notary": ("zuid", "bakery"),
    "glasnet": ("noord", "notary"),
    "bakery": ("noord", "notary"),
    "zuid": ("noord", "notary"),
}
GONE = {"adviser": ("noord", "bakery"), "former party": ("noord", "notary")}


@dataclass
class Matrix:
    """Who there is, which ids belong to whom, and who may see which mark."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    marks: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[tuple[str, str], dict[str, UUID]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    """What the process wrote down."""
    secret: str = ""

    def mark(self, *allowed: str) -> str:
        """A new text; these may see it, by the names of identities."""
        made = f"kanarie{len(self.marks):04d}x"
        self.marks[made] = frozenset(allowed)
        return made

    def seen_in(self, text: str, who: str) -> list[str]:
        """The marks in a text that are not for these eyes."""
        return [made for made, allowed in self.marks.items() if made in text and who not in allowed]

    def own(self, who: str) -> dict[str, UUID]:
        """The ids that are theirs."""
        where = PEOPLE.get(who, ("noord", None))[0]
        pairs = {"noord": 0, "notary": 0, "glasnet": 4, "bakery": 1, "zuid": 2}
        return self.ids[SERVES[0 if who == "adviser" else pairs[where]]]

    def foreign(self, who: str) -> dict[str, UUID]:
        """The ids of others, of whom they may know nothing."""
        if who in GONE or who == "anonymous":
            return self.ids[GONE.get(who, ("noord", "notary"))]
        found = self.ids[STRANGE[PEOPLE.get(who, ("noord", None))[0]]]
        if who == "another customer":  # of whom that supplier, and what it offers, are known
            unknown = self.ids["glasnet", "noord"]
            return found | {name: unknown[name] for name in ("supplier", "catalogue")}
        return found


def at(*names: str) -> set[str]:
    """Who works at these organisations now."""
    found = {who for who, (where, _) in PEOPLE.items() if where in names and who != "former party"}
    return found | ({"token"} if "noord" in names else set())


def partners(name: str) -> set[str]:
    """The organisation and those it has a relation with."""
    return {name} | {each for pair in SERVES if name in pair for each in pair}


def make_matrix() -> Matrix:
    """Made as the system."""
    made = Matrix()
    for number, name in enumerate(dict.fromkeys(name for pair in SERVES for name in pair)):
        near = at(*partners(name)) | {"adviser"}  # who sees an agreement sees between whom it is
        made.organisations[name] = add_organisation(
            name=made.mark(*near), register=f"kvk:{number:08d}", phone=made.mark(*near), at=START
        )
    for who, (where, role) in PEOPLE.items():
        near = at(*partners(where)) | {who}
        account = add_account(
            email=f"{made.mark(*at(where), who)}@x.example", password="", at=START
        )
        person = add_person(
            organisation=made.organisations[where],
            name=made.mark(*near),
            email=f"{made.mark(*near)}@x.example",
            account=account,
            at=START,
        )
        give_role(person=person, organisation=made.organisations[where], role=role, at=START)
        made.people[who] = person
    end_role(
        person=made.people["former party"], organisation=made.organisations["notary"], at=START + 1
    )
    for number, pair in enumerate(SERVES):
        _relate(made, pair, number)
    _advise(made)
    return made


def _relate(made: Matrix, pair: tuple[str, str], number: int) -> None:
    supplier, customer = (made.organisations[each] for each in pair)
    if pair in (SERVES[0], SERVES[2], SERVES[4]):
        begin_numbers(supplier=supplier, prefix=f"{pair[0][0].upper()}-")
    relation = open_relation(supplier=supplier, customer=customer, at=START)
    theirs = next(who for who in PEOPLE if PEOPLE[who][0] == pair[0])
    actor = Actor(supplier.id, made.people[theirs].id)
    data = renamed(frozen("msp-vier-niveaus"), "nl-2027-0042", f"nl-2027-{number:04d}")
    version = flow.bring_in_version(
        relation=relation.id, data=data, name="contract", actor=actor, viewer=SYSTEM, at=START
    )
    for party in version.parties:
        signing = Signing(party, "M. de Boer", version.sha256, START)
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=START)
    ids = _ids(made, pair, relation, actor)
    agreement = version.agreement_id
    made.ids[pair] = ids | {"agreement": agreement, "version": version.id}
    made.ids[pair] |= _set_up(made, pair, Agreement.objects.seen_by(SYSTEM).get(pk=agreement))
    made.ids[pair] |= _talk(made, pair, relation, actor)
    made.ids[pair] |= _signing(made, pair, version, actor)
    made.ids[pair] |= _readiness(made, pair, actor) | _archive(made, pair, actor)


def _ids(made: Matrix, pair: tuple[str, str], relation: Relation, actor: Actor) -> dict[str, UUID]:
    theirs = next(who for who in PEOPLE if PEOPLE[who][0] == pair[1])
    both = at(*pair) - {"customer user"}
    taken = flow.take_fact(
        told=Happened(
            relation.id,
            "reported",
            TUESDAY,
            "customer",
            title=made.mark(*both),
            words=made.mark(*both),
            fields={"service": "e-mail", "impact": "one_person", "kind": "incident"},
            person=made.people[theirs].id,
        ),
        viewer=SYSTEM,
        at=TUESDAY,
    )
    assert taken.ticket is not None
    note = Note(
        id=uuid4(),
        organisation=made.organisations[pair[0]],
        ticket=taken.ticket,
        person_id=actor.person,
        body=made.mark(*at(pair[0])),
        written_at=taken.fact.logged_at,
    )
    note.save(force_insert=True)
    found = identify(made.people[theirs].account_id, START + 1)
    assert found is not None
    token, _ = make_token(
        maker=found,
        name=made.mark(*at(pair[1])),
        rights=[Right.READ_TICKETS],
        expires_at=TUESDAY + DAY,
        at=START,
    )
    wanted = Wanted(
        found.organisation, f"{made.mark(*at(pair[1]))}@x.example", role=Role.CUSTOMER_USER
    )
    invitation, _ = invite(wanted=wanted, actor=found.actor, rights=found.rights, at=TUESDAY - 1)
    content = made.mark(*both).encode()
    file = Enclosed(f"{made.mark(*both)}.txt", "text/plain", len(content), keep_file(content))
    enclose(files=[file], fact=taken.fact, ticket=taken.ticket, at=TUESDAY)
    held = Membership.objects.seen_by(SYSTEM).filter(person=made.people[theirs]).first()
    return {
        "organisation": made.organisations[pair[1]].id,
        "customer": made.organisations[pair[1]].id,
        "supplier": made.organisations[pair[0]].id,
        "person": made.people[theirs].id,
        "reporter": made.people[theirs].id,
        "relation": relation.id,
        "ticket": taken.ticket.id,
        "fact": taken.fact.id,
        "note": note.id,
        "token": token.id,
        "invitation": invitation.id,
        "membership": held.id,
        "attachment": Attachment.objects.seen_by(SYSTEM).get(fact=taken.fact).id,
        "catalogue": _catalogue(made, pair[0], actor),
    }


def _set_up(made: Matrix, pair: tuple[str, str], agreement: Agreement) -> dict[str, UUID]:
    """What each side has set up for itself: a channel, a monitor's word, an adviser's seat."""
    theirs = next(who for who in PEOPLE if PEOPLE[who][0] == pair[0])
    actor = Actor(agreement.supplier_id, made.people[theirs].id)
    channel, _ = add_channel(
        kind=ChannelKind.WEBHOOK,
        name=made.mark(*at(pair[0])),
        url=f"https://{made.mark()}.example",
        events=[],
        actor=actor,
        at=START,
    )
    label, ours = made.mark(*at(pair[0])), {"actor": actor, "viewer": SYSTEM, "at": START}
    map_label(label=label, agreement=agreement, service="e-mail", **ours)
    seat = add_organisation(name=made.mark(*at(pair[1])), made_by=agreement.customer_id, at=START)
    umpire = add_person(organisation=seat, name=made.mark(*at(pair[1])), at=START)
    adviser = invite_adviser(
        agreement=agreement, person=umpire, organisation=agreement.customer_id, at=START
    )
    watched = Watched.objects.seen_by(SYSTEM).get(label=label)
    return {"channel": channel.id, "watched": watched.id, "adviser": adviser.id}


def _talk(made: Matrix, pair: tuple[str, str], relation: Relation, actor: Actor) -> dict[str, UUID]:
    """An agreement in the making, that both sides see and speak of; what each keeps to itself."""
    both, ours = at(*pair) - {"customer user"}, {"actor": actor, "viewer": SYSTEM, "at": START}
    beginning = Beginning(made.mark(*both), Draft.Origin.TEMPLATE, frozen("kleine-reseller"))
    draft = flow.begin_draft(relation=relation.id, beginning=beginning, **ours).id
    flow.show_draft(draft=draft, **ours)
    flow.remark(draft=draft, clause="", words=made.mark(*both), **ours)
    seated = Seated(made.mark(*both), made.mark(*both), Seat.Part.SIGNS, Seat.Mandate.NONE)
    flow.seat(draft=draft, seated=seated, **ours)
    judged = Judged("oplossen", "0" * 64, False, made.mark(*at(pair[0])), "")  # noqa: FBT003
    flow.confirm_promise(draft=draft, judged=judged, **ours)
    theirs = Actor(relation.customer_id)
    cost = Cost("e-mail", Decimal(4321), "EUR", is_shown=False)
    flow.tell_standstill(draft=draft, cost=cost, actor=theirs, viewer=SYSTEM, at=START)
    clause = document_of(frozen("kleine-reseller")).clauses[0].id
    told = {"draft": draft, "clause": clause, "source": "", "words": made.mark(*both)}
    return {"draft": draft, "proposal": flow.propose(**told, **ours).id}


def _signing(
    made: Matrix, pair: tuple[str, str], version: AgreementVersion, actor: Actor
) -> dict[str, UUID]:
    """A draft, the paper of what was signed, a passkey's evidence, a key: each with a mark."""
    both, told = at(*pair) - {"customer user"}, {"actor": actor, "viewer": SYSTEM, "at": START}
    beginning = Beginning(made.mark(*at(pair[0])), Draft.Origin.FILE, bytes(version.document))
    flow.begin_draft(relation=version.relation_id, beginning=beginning, **told)
    digest = keep_file(made.mark(*both).encode())
    paper = keep_paper(version=version, digest=digest, **told)
    evidence, signature = made.mark(*both).encode(), version.signatures.seen_by(SYSTEM)[0]
    keep_file(evidence)
    assert actor.person is not None
    proof = keep_proof(
        version=version, signature=signature, person=actor.person, evidence=evidence, at=START
    )
    certificate = certified(made.mark(*at(*partners(pair[0])))).der
    known = SignerKey.objects.seen_by(SYSTEM).filter(organisation=actor.organisation).first()
    key = known or confirm_key(data=certificate, **told)
    return {"file": paper.id, "proof": proof.id, "key": key.id}


def _readiness(made: Matrix, pair: tuple[str, str], actor: Actor) -> dict[str, UUID]:
    """General terms, and what was said of a question: both sides see them."""
    both, told = at(*pair) - {"customer user"}, {"actor": actor, "at": START}
    subject = about_draft(made.ids[pair]["draft"], SYSTEM)
    digest = keep_file(made.mark(*both).encode())
    read = TermsRead(made.mark(*both), digest, "nl", (made.mark(*both),), "")
    terms = bring_in_terms(subject=subject, read=read, **told)
    answering = Answering("team.others", "left", made.mark(*both))
    answer = say_point(subject=subject, answering=answering, **told)
    return {"terms": terms.id, "what": answer.id}


def _archive(made: Matrix, pair: tuple[str, str], actor: Actor) -> dict[str, UUID]:
    """A paper of the supplier's own archive, and what was confirmed of it."""
    ours, told = at(pair[0]), {"actor": actor, "at": START}
    digest = keep_file(made.mark(*ours).encode())
    names = [made.mark(*ours) for _ in range(3)]
    brought = Brought(names[0], digest, *names[1:], told={"customer": made.mark(*ours)})
    paper = bring_in(brought=brought, **told)
    confirm(paper=paper, field="price", value=made.mark(*ours), **told)
    return {"paper": paper.id}


def _catalogue(made: Matrix, supplier: str, actor: Actor) -> UUID:
    """What a supplier offers: its own people see it, and its customers' managers."""
    customers = (pair[1] for pair in SERVES if pair[0] == supplier)
    mark = made.mark(*at(supplier), *(at(*customers) - {"customer user"}))
    template = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    data = renamed(template, "Noord ICT B.V.", mark)
    return add_catalogue(data=data, name="catalogue", actor=actor, at=START).id


def _advise(made: Matrix) -> None:
    own = add_organisation(
        name=made.mark("adviser", "customer manager", "customer user"),
        made_by=made.organisations["notary"].id,
        at=START,
    )
    account = add_account(email="adviser@x.example", password="", at=START)
    made.people["adviser"] = add_person(
        organisation=own, name=made.mark("adviser", "customer manager"), account=account, at=START
    )
    invite_adviser(
        agreement=Agreement(id=made.ids["noord", "notary"]["agreement"]),
        person=made.people["adviser"],
        organisation=made.organisations["notary"].id,
        at=START,
    )
    maker = identify(made.people["supplier admin"].account_id, START + 1)
    assert maker is not None
    _, made.secret = make_token(
        maker=maker, name="all", rights=list(Right), expires_at=TUESDAY + DAY, at=START
    )
