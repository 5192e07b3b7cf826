"""Signing: from a draft to what is in force, by each of the three ways; what is refused there."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from authority import Key, made, signed, stamping
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)
from ready import make_ready
from typer import Exit
from world import HOUR, START, World, bakery_contract, frozen, make_world, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing, UnsoundDocument
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.load import versions_of
from afspraak.agreements.models import AgreementVersion, Draft, Proof, Signature
from afspraak.agreements.read import document_of
from afspraak.cli.demo_signing import offer_one
from afspraak.cli.signatures import verify
from afspraak.engine.time import Refusal, datetime_of
from afspraak.flow import offering
from afspraak.flow import signing as walk
from afspraak.flow.readiness import say_point
from afspraak.host.files import keep_file, read_file
from afspraak.ledger.models import Leaf
from afspraak.notices.settings import SettingRefused
from afspraak.parties.actions import Actor
from afspraak.readiness.about import about_version
from afspraak.readiness.actions import Answering
from afspraak.rights.viewer import SYSTEM
from afspraak.signing import pades
from afspraak.signing.actions import Kept, confirm_key, end_key
from afspraak.signing.levels import level_of
from afspraak.signing.load import files_of, to_sign
from afspraak.signing.mandate import doubts_about
from afspraak.signing.models import PasskeyProof, SigningFile
from afspraak.signing.pades_child import Fault, examined
from afspraak.signing.paper import paper_of
from afspraak.signing.passkey import Evidence, evidence_of, fault_of, fresh
from afspraak.signing.settings import Trust, trust_at_door, trust_of

pytestmark = pytest.mark.usefixtures("without_loop")  # what signs and reads has one of its own

AT = START + HOUR
REFERENCE = "nl-2027-0042"
ALICE, BOB = made("Marit de Boer"), made("Bob")
ORIGIN, RP = "https://desk.example", "desk.example"


@pytest.fixture
def world(as_system: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Files are read in this process, and each paper is laid out once: the children have tests of
    their own.
    """
    monkeypatch.setattr(pades, "answer_of", here)
    monkeypatch.setattr(walk, "paper_of", laid_out_once)
    return make_world()


def here(_module: str, asked: bytes) -> bytes:
    try:
        return json.dumps({"signatures": examined(json.loads(asked))}).encode()
    except Fault as fault:
        return json.dumps({"fault": fault.code, "slots": fault.slots}).encode()


laid_out_once = cache(paper_of)


def told(world: World, who: str, at: int = AT) -> dict[str, Any]:
    person = world.people[who]
    actor = Actor(person.organisation_id, person.id)
    return {"actor": actor, "viewer": world.viewer(who), "at": at}


def offered(world: World, data: bytes | None = None, *, change: bool = False) -> AgreementVersion:
    """A draft of the supplier's, offered to be signed."""
    text = renamed(bakery_contract(), REFERENCE, "nl-2027-0100") if data is None else data
    beginning = Beginning(
        "The bakery",
        Draft.Origin.FILE,
        text,
        world.versions["bakery"].agreement if change else None,
    )
    relation = world.to_bakery.id
    draft = flow.begin_draft(relation=relation, beginning=beginning, **told(world, "coen"))
    make_ready(draft, supplier=world.supplier.id, customer=world.bakery.id, at=AT)
    return flow.offer_for_signing(draft=draft.id, **told(world, "coen"))


def confirmed(world: World, who: str, key: Key) -> None:
    confirm_key(data=key.pem.encode(), **told(world, who))


def newest(version: AgreementVersion) -> bytes:
    file = to_sign(files_of(version.id, SYSTEM))
    assert file is not None
    return read_file(file.sha256)


def in_pdf(world: World, version: AgreementVersion, who: str, pdf: bytes, **more: Any) -> Signature:
    party = "supplier" if who in ("alice", "coen") else "customer"
    given = {"party": party, "pdf": pdf, "trust": Trust(), **told(world, who), **more}
    read = flow.read_signed(version=version.id, **given)
    return flow.sign_as_read(read=read, **told(world, who))


def is_in_force(version: AgreementVersion) -> bool:
    known = versions_of([version.relation_id], SYSTEM)[version.relation_id]
    return next(each.is_signed for each in known if each.row.id == version.id)


# From a draft -------------------------------------------------------------------------------------


def test_a_draft_becomes_the_next_version_and_is_closed_by_it(world: World) -> None:
    version = offered(world, bakery_contract(), change=True)
    assert version.number == 2
    draft = Draft.objects.seen_by(SYSTEM).get(version=version)
    assert (draft.closed_at, draft.shown_at) == (datetime_of(AT), datetime_of(AT))
    with pytest.raises(Refusal, match="closed"):
        flow.offer_for_signing(draft=draft.id, **told(world, "coen"))
    assert not is_in_force(version)


def test_a_draft_with_faults_or_anothers_id_is_not_offered(world: World) -> None:
    with pytest.raises(UnsoundDocument):
        offered(world, b"afspraak: 1\n")
    with pytest.raises(Refusal, match=f"there is an agreement {REFERENCE} already"):
        offered(world, bakery_contract())
    with pytest.raises(Refusal, match="calls itself nl-2027-0100"):
        offered(world, renamed(bakery_contract(), REFERENCE, "nl-2027-0100"), change=True)


def test_what_must_be_settled_first_is_asked_in_one_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unready(offer: offering.Offered) -> None:
        raise Refusal("two points are neither answered nor accepted: settle them first")

    monkeypatch.setattr(offering, "CHECKS", [unready])
    with pytest.raises(Refusal, match="settle them first"):
        offered(world)


def test_nothing_is_offered_before_every_point_is_settled(world: World) -> None:
    text = renamed(bakery_contract(), REFERENCE, "nl-2027-0100")
    beginning = Beginning("The bakery", Draft.Origin.FILE, text)
    relation = world.to_bakery.id
    draft = flow.begin_draft(relation=relation, beginning=beginning, **told(world, "coen"))
    with pytest.raises(Refusal, match="neither answered nor openly left by both"):
        flow.offer_for_signing(draft=draft.id, **told(world, "coen"))
    make_ready(draft, supplier=world.supplier.id, customer=world.bakery.id, at=AT)
    assert flow.offer_for_signing(draft=draft.id, **told(world, "coen")).number == 1


# In the PDF ---------------------------------------------------------------------------------------


def test_both_sign_the_same_bytes_and_only_then_it_is_in_force(world: World) -> None:
    version = offered(world)
    confirmed(world, "alice", ALICE)
    confirmed(world, "bob", BOB)
    paper = flow.paper_for(version=version.id, **told(world, "coen"))
    first = in_pdf(world, version, "coen", signed(read_file(paper.sha256), ALICE))
    assert not is_in_force(version)
    second = in_pdf(world, version, "bob", signed(newest(version), BOB, "Signature2"))
    assert is_in_force(version)
    assert (first.proof, first.by_name, second.by_name) == ("pdf", "Marit de Boer", "Bob")
    assert {first.sha256, second.sha256} == {version.sha256}
    assert newest(version).startswith(read_file(first.proof_sha256))
    files = files_of(version.id, SYSTEM)
    assert [each.kind for each in files] == ["paper", "signed", "signed"]
    assert files[2].hands[0]["fingerprint"] == BOB.fingerprint
    leaf = Leaf.objects.seen_by(SYSTEM).get(subject_id=second.id)
    assert sha256(newest(version)).hexdigest() in bytes(leaf.body).decode()


def test_who_signs_on_an_older_file_is_asked_to_sign_the_newest(world: World) -> None:
    version = offered(world)
    confirmed(world, "alice", ALICE)
    confirmed(world, "bob", BOB)
    paper = flow.paper_for(version=version.id, **told(world, "bob"))
    by_both = [signed(read_file(paper.sha256), each) for each in (ALICE, BOB)]
    in_pdf(world, version, "coen", by_both[0])
    with pytest.raises(Refusal, match="somebody has signed in the meantime"):
        in_pdf(world, version, "bob", by_both[1])
    with pytest.raises(Refusal, match="has signed already"):
        in_pdf(world, version, "coen", by_both[0])


def test_two_at_the_same_moment_one_of_them_signs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other party's file comes in while ours is being looked at."""
    version = offered(world)
    confirmed(world, "alice", ALICE)
    confirmed(world, "bob", BOB)
    paper = read_file(flow.paper_for(version=version.id, **told(world, "bob")).sha256)
    judge = walk.hands_in

    def meanwhile(*given: Any, **more: Any) -> Any:
        monkeypatch.setattr(walk, "hands_in", judge)
        in_pdf(world, version, "coen", signed(paper, ALICE))
        return judge(*given, **more)

    monkeypatch.setattr(walk, "hands_in", meanwhile)
    with pytest.raises(Refusal, match="somebody has signed in the meantime"):
        in_pdf(world, version, "bob", signed(paper, BOB))
    parties = Signature.objects.seen_by(SYSTEM).filter(version=version).values_list("party")
    assert list(parties) == [("supplier",)]


def test_an_unconfirmed_an_ended_and_the_other_sides_key_are_refused(world: World) -> None:
    version = offered(world)
    confirmed(world, "alice", ALICE)
    paper = read_file(flow.paper_for(version=version.id, **told(world, "bob")).sha256)
    for pdf in (signed(paper, BOB), signed(paper, ALICE)):
        with pytest.raises(Refusal, match="is not confirmed"):
            in_pdf(world, version, "bob", pdf)
    key = confirm_key(data=BOB.der, **told(world, "bob"))
    assert not end_key(key=key.id, **told(world, "coen"))
    assert end_key(key=key.id, **told(world, "bob"))
    with pytest.raises(Refusal, match="is not confirmed"):
        in_pdf(world, version, "bob", signed(paper, BOB))
    assert not Signature.objects.seen_by(SYSTEM).filter(version=version).exists()


def test_the_next_version_does_not_pass_under_the_first_ones_signature(world: World) -> None:
    one, two = offered(world), offered(world, bakery_contract(), change=True)
    confirmed(world, "alice", ALICE)
    paper = read_file(flow.paper_for(version=one.id, **told(world, "coen")).sha256)
    with pytest.raises(Refusal, match="not the file that was to be signed"):
        in_pdf(world, two, "coen", signed(paper, ALICE))


def test_an_authority_vouches_only_for_who_the_agreement_names(world: World) -> None:
    version = offered(world)
    root = made("Een autoriteit", is_authority=True)
    paper = read_file(flow.paper_for(version=version.id, **told(world, "coen")).sha256)
    trust = Trust(roots=(root.pem,))
    stranger, named = made("Iemand Anders", root), made("marit  DE BOER", root)
    with pytest.raises(Refusal, match="not named in the agreement"):
        in_pdf(world, version, "coen", signed(paper, stranger), trust=trust)
    assert in_pdf(world, version, "coen", signed(paper, named), trust=trust).proof == Proof.PDF


def test_a_time_stamp_is_added_where_an_authority_is_set(world: World) -> None:
    version = offered(world)
    confirmed(world, "alice", ALICE)
    paper = read_file(flow.paper_for(version=version.id, **told(world, "coen")).sha256)
    with stamping(datetime(2027, 1, 4, 9, tzinfo=UTC)) as url:
        trust = Trust(timestamp_url=url, loopback_for_tests=True)
        in_pdf(world, version, "coen", signed(paper, ALICE), trust=trust)
    assert newest(version).count(b"/DocTimeStamp") == 1
    assert files_of(version.id, SYSTEM)[1].note == ""


def test_without_an_answer_of_the_authority_the_signature_stands(world: World) -> None:
    version = offered(world)
    confirmed(world, "alice", ALICE)
    paper = read_file(flow.paper_for(version=version.id, **told(world, "coen")).sha256)
    trust = Trust(timestamp_url="https://127.0.0.1:1/")
    in_pdf(world, version, "coen", signed(paper, ALICE), trust=trust)
    assert files_of(version.id, SYSTEM)[1].note.startswith("no time stamp: ")


# By passkey ---------------------------------------------------------------------------------------


class Authenticator:
    """A passkey in software, as a browser shows it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = ES256.from_cryptography_key(self.key.public_key())
        self.credential = AttestedCredentialData.create(Aaguid.NONE, b"c" * 16, public)

    def answers(self, challenge: bytes, *, flags: int = 5, origin: str = ORIGIN) -> dict[str, Any]:
        """Flags: 1 somebody is there, 4 it was checked who."""
        client = CollectedClientData.create("webauthn.get", challenge, origin)
        data = AuthenticatorData.create(sha256(RP.encode()).digest(), flags, 7)
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        raw = _web(self.credential.credential_id)
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        response = {name: _web(bytes(each)) for name, each in parts.items()}
        return {"id": raw, "rawId": raw, "type": "public-key", "response": response}


def _web(data: bytes) -> str:
    return b64encode(data, altchars=b"-_").decode().rstrip("=")


def by_passkey(
    world: World, version: AgreementVersion, who: str, mine: Authenticator, **more: Any
) -> Evidence:
    paper = flow.paper_for(version=version.id, **told(world, who))
    actor = told(world, who)["actor"]
    name = world.people[who].name
    statement = flow.statement_for(
        version=version, paper=paper, actor=actor, name=name, nonce=fresh()
    )
    answer = mine.answers(statement.challenge, **more)
    return evidence_of(answer, statement, [mine.credential], rp_id=RP, origin=ORIGIN)


def test_a_passkey_signs_and_is_checked_again_without_us(world: World) -> None:
    version, mine = offered(world), Authenticator()
    evidence = by_passkey(world, version, "bob", mine)
    signature = flow.sign_by_passkey(version=version.id, evidence=evidence, **told(world, "bob"))
    assert (signature.party, signature.proof, signature.by_name) == ("customer", "passkey", "Bob")
    proof = PasskeyProof.objects.seen_by(SYSTEM).get(signature=signature)
    assert read_file(signature.proof_sha256) == bytes(proof.evidence)
    assert fault_of(bytes(proof.evidence)) == ""
    stated = json.loads(json.loads(bytes(proof.evidence))["statement"])
    assert (stated["sha256"], stated["party"]) == (version.sha256, "customer")
    assert level_of(signature.proof, [], has_evidence=True) == "simple"


@pytest.mark.parametrize("part", ["statement", "signature", "authenticator_data", "client_data"])
def test_evidence_that_was_changed_proves_nothing(world: World, part: str) -> None:
    evidence = json.loads(by_passkey(world, offered(world), "bob", Authenticator()).data)
    if part == "statement":
        evidence[part] = evidence[part].replace("customer", "supplier")
    else:
        evidence[part] = b64encode(b"x" * 70).decode()
    assert fault_of(json.dumps(evidence).encode()) != ""


def test_a_passkey_must_check_who_it_is_here_and_now(world: World) -> None:
    version, mine = offered(world), Authenticator()
    for more in ({"flags": 1}, {"origin": "https://other.example"}):
        with pytest.raises(Refusal, match="did not sign this very text"):
            by_passkey(world, version, "bob", mine, **more)
    for answer in ({}, {"id": "x", "rawId": 5}, {"response": []}):
        statement = flow.statement_for(
            version=version,
            paper=flow.paper_for(version=version.id, **told(world, "bob")),
            actor=told(world, "bob")["actor"],
            name="Bob",
            nonce="1",
        )
        with pytest.raises(Refusal, match="no answer that can be read"):
            evidence_of(answer, statement, [mine.credential], rp_id=RP, origin=ORIGIN)
    with pytest.raises(Refusal, match="not one of yours"):
        evidence_of(mine.answers(b"x" * 32), statement, [], rp_id=RP, origin=ORIGIN)


def test_a_passkey_signs_for_its_own_organisation_and_this_version_only(world: World) -> None:
    one, two = offered(world), offered(world, bakery_contract(), change=True)
    evidence = by_passkey(world, one, "bob", Authenticator())
    for who, version in (("bob", two), ("alice", one)):
        with pytest.raises(Refusal, match="did not sign this very text"):
            flow.sign_by_passkey(version=version.id, evidence=evidence, **told(world, who))


# On paper, and by no mail -------------------------------------------------------------------------


def test_a_paper_is_recorded_as_such_with_who_says_so(world: World) -> None:
    version = offered(world)
    scan = Kept(SigningFile.Kind.SCAN, keep_file(b"%PDF-1.7 a scan"))
    signing = Signing("customer", "Bob", version.sha256, AT, note="seen in the safe")
    given = {"version": version.id, **told(world, "coen")}
    for lacking in ({"by_name": ""}, {"note": ""}):
        other = Signing(**{**_fields(signing), **lacking})
        with pytest.raises(Refusal, match=r"give the name|say what you saw"):
            flow.sign_on_paper(signing=other, scan=scan, **given)
    signature = flow.sign_on_paper(signing=signing, scan=scan, **given)
    assert (signature.proof, signature.proof_sha256) == ("paper", scan.sha256)
    (file,) = files_of(version.id, SYSTEM)
    assert (file.kind, file.organisation_id) == ("scan", world.supplier.id)
    told_only = Signing("supplier", "M. de Boer", version.sha256, AT, note="lies in the drawer")
    other = flow.sign_on_paper(signing=told_only, scan=None, **given)
    assert other.proof == Proof.RECORDED
    assert level_of(other.proof, [], has_evidence=False) == "recorded"
    assert is_in_force(version)


def _fields(signing: Signing) -> dict[str, Any]:
    return {name: getattr(signing, name) for name in Signing.__slots__}


# Mandate, keys, settings --------------------------------------------------------------------------


def test_who_may_sign_is_what_the_document_says() -> None:
    contract = document_of(bakery_contract())
    kinds = {
        name: [each.kind for each in doubts_about(contract, "customer", name)]
        for name in ("joost  visser", "Anneke Visser", "Bob")
    }
    assert kinds == {
        "joost  visser": ["jointly"],
        "Anneke Visser": ["up_to"],
        "Bob": ["not_named"],
    }
    assert list(doubts_about(contract, "supplier", "Marit de Boer")) == []


def test_what_is_no_certificate_is_not_confirmed(world: World) -> None:
    ended = made("Oud", holds=(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)))
    for data, why in (
        (b"nothing", "this is no certificate"),
        (b"-----BEGIN PRIVATE KEY-----", "a secret key"),
        (b"0" * 200_000, "too large"),
        (ended.der, "has ended"),
    ):
        with pytest.raises(Refusal, match=why):
            confirm_key(data=data, **told(world, "bob"))
    confirm_key(data=BOB.der, **told(world, "bob"))
    with pytest.raises(Refusal, match="confirmed already"):
        confirm_key(data=BOB.pem.encode(), **told(world, "bob"))


def test_trust_is_read_from_settings(tmp_path: Any) -> None:
    file = tmp_path / "roots.pem"
    file.write_text(f"# ours\n{ALICE.pem}\n{BOB.pem}")
    environ = {"AFSPRAAK_TRUST_ROOTS": str(file), "AFSPRAAK_TIMESTAMP_URL": " https://tsa.example "}
    trust = trust_of(environ)
    assert ([each.strip() for each in trust.roots], trust.timestamp_url) == (
        [ALICE.pem.strip(), BOB.pem.strip()],
        "https://tsa.example",
    )
    assert trust_of({}) == Trust()
    for text in ("", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"):
        file.write_text(text)
        with pytest.raises(SettingRefused, match="AFSPRAAK_TRUST_ROOTS"):
            trust_of({"AFSPRAAK_TRUST_ROOTS": str(file)})
        with pytest.raises(Refusal, match="afspraak doctor") as refusal:
            trust_at_door({"AFSPRAAK_TRUST_ROOTS": str(file)})
        assert str(file) not in str(refusal.value)


def test_a_passkeys_evidence_is_checked_at_the_command_line(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = offered(world)
    evidence, contract = tmp_path / "evidence.json", tmp_path / "contract.yaml"
    evidence.write_bytes(by_passkey(world, version, "bob", Authenticator()).data)
    contract.write_bytes(bytes(version.document))
    verify(evidence, contract)
    assert "It holds. Bob signed for the customer" in capsys.readouterr().out
    for file, text in ((contract, b"other"), (evidence, b"{}")):
        file.write_bytes(text)
        with pytest.raises(Exit):
            verify(evidence, contract)
    assert "It proves nothing" in capsys.readouterr().out


def test_the_demonstration_has_one_that_waits(world: World) -> None:
    people = world.people
    offer_one(
        supplier=world.supplier.id, person=people["alice"].id, customer=world.bakery.name, at=AT
    )
    row = AgreementVersion.objects.seen_by(SYSTEM).get(agreement__reference=f"{REFERENCE}-b")
    parties = Signature.objects.seen_by(SYSTEM).filter(version=row).values_list("party", "proof")
    assert list(parties) == [("supplier", "recorded")]


def test_nobody_signs_what_is_asked_again_after_it_was_offered(world: World) -> None:
    version = offered(world)
    about = about_version(version)
    again = Answering("budget.ceiling", "asked", "Tot welk bedrag?")
    say_point(subject=about, answering=again, actor=Actor(world.bakery.id), at=AT)
    signing = Signing("supplier", "Ann", version.sha256, AT - HOUR, note="seen at the table")
    told_ = {"version": version.id, "signing": signing, **told(world, "coen")}
    with pytest.raises(Refusal, match=r"budget\.ceiling"):
        flow.sign_on_paper(scan=None, **told_)
    with pytest.raises(Refusal, match=r"budget\.ceiling"):
        flow.sign_version(**told_)


def test_what_was_signed_before_it_came_in_is_recorded_and_its_gaps_are_seen(world: World) -> None:
    text = renamed(bakery_contract(), REFERENCE, "nl-2027-0100")
    ours = told(world, "coen")
    version = flow.bring_in_version(relation=world.to_bakery.id, data=text, name="x", **ours)
    now = Signing("supplier", "Ann", version.sha256, AT, note="seen at the table")
    with pytest.raises(Refusal, match="neither answered nor openly left by both"):
        flow.sign_on_paper(version=version.id, signing=now, scan=None, **ours)
    then = replace(now, signed_at=AT - HOUR)
    signed_then = flow.sign_on_paper(version=version.id, signing=then, scan=None, **ours)
    assert signed_then.proof == Proof.RECORDED


def test_three_must_sign_where_three_are_named(world: World) -> None:
    third = "    under: be-2025-0007\n"
    signer = "    signers: [{name: Lies Maes, function: directeur, mandate: statutory}]\n"
    version = offered(world, renamed(frozen("met-derde-partij"), third, third + signer))
    assert version.parties == ["supplier", "customer", "glasnet"]
    states = []
    for party, name in (("supplier", "Ann"), ("glasnet", "Lies Maes"), ("customer", "Tom Wouters")):
        signing = Signing(party, name, version.sha256, AT, note="seen at the table")
        flow.sign_on_paper(version=version.id, signing=signing, scan=None, **told(world, "coen"))
        states.append(is_in_force(version))
    assert states == [False, False, True]
