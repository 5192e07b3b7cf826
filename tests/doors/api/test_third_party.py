"""A third party that an agreement names and that must sign it: its people see that agreement, sign
it for themselves, and see nothing else.
"""

from dataclasses import replace

import pytest
from authority import made, signed
from django.db import DatabaseError, transaction
from hands import Hand, give_token, take_role
from ready import make_ready
from world import START, TUESDAY, World, frozen, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.models import AgreementVersion
from afspraak.engine.time import Refusal
from afspraak.ledger.models import Leaf
from afspraak.parties.actions import Actor, add_organisation, add_person, give_role, open_relation
from afspraak.parties.roles import Role
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, viewing
from afspraak.signing.actions import confirm_key

THIRD = "    under: be-2025-0007\n"
LIES = "    signers: [{name: Lies Maes, function: directeur, mandate: statutory}]\n"


def named(world: World) -> AgreementVersion:
    """A version that names a carrier with a signer; Lies directs the carrier."""
    take_role("system")
    told = {"made_by": world.supplier.id, "at": TUESDAY}
    glasnet = add_organisation(name="Glasnet", register="kbo:0756789050", **told)
    open_relation(supplier=glasnet, customer=world.supplier, at=TUESDAY)
    lies = add_person(organisation=glasnet, name="Lies Maes", email="l@x.example", at=TUESDAY)
    give_role(person=lies, organisation=glasnet, role=Role.ADMIN, at=START)
    world.people["lies"] = lies
    data = renamed(frozen("met-derde-partij"), THIRD, THIRD + LIES)
    ours = {"actor": Actor(world.supplier.id), "viewer": SYSTEM, "at": TUESDAY}
    version = flow.bring_in_version(relation=world.to_bakery.id, data=data, name="x", **ours)
    assert version.agreement.third_party == glasnet
    return version


def test_the_database_lets_a_third_party_add_its_own_signature_and_nothing_else(
    world: World,
) -> None:
    version, eyes = named(world), world.viewer("lies")
    lies = world.people["lies"]
    ours = {"actor": Actor(lies.organisation_id, lies.id), "viewer": eyes, "at": TUESDAY}
    signing = Signing("glasnet", "Lies Maes", version.sha256, TUESDAY, note="at the table")
    foreign = {**parties_of(version), "seq": 10**6, "subject_id": version.id, "body": b"{}"}
    leaf = Leaf(**foreign, kind="fact", leaf_hash=bytes(32), logged_at=version.recorded_at)
    take_role("app")
    with viewing(eyes):
        paper = {"version": version.id, "scan": None, **ours}
        assert flow.sign_on_paper(signing=signing, **paper).party == "glasnet"
        with pytest.raises(Refusal, match="you sign for your own organisation"):
            flow.sign_on_paper(signing=replace(signing, party="customer"), **paper)
        theirs = replace(signing, party="supplier")
        with pytest.raises(Refusal, match="only the parties themselves"):
            flow.sign_version(version=version.id, signing=theirs, **ours)
        with pytest.raises(DatabaseError), transaction.atomic():
            leaf.save(force_insert=True)  # the second wall: that one kind of leaf, and no other


@pytest.mark.long
@pytest.mark.usefixtures("without_loop")
def test_a_third_party_signs_itself_and_sees_nothing_else(
    world: World, alice: Hand, bob: Hand
) -> None:
    version = named(world)
    lies, glasnet = world.people["lies"], world.people["lies"].organisation
    make_ready(version, supplier=world.supplier.id, customer=world.bakery.id, at=TUESDAY)
    third, eyes = Hand(give_token(world, "lies")), world.viewer("lies")
    take_role("app")
    paper, key = third.get(f"versions/{version.id}/paper").content, made("Lies Maes")
    pdf, media = signed(paper, key), {"content_type": "application/pdf"}
    door = f"versions/{version.id}/signed-file?party="
    with viewing(eyes):
        confirm_key(data=key.der, actor=Actor(glasnet.id, lies.id), viewer=eyes, at=TUESDAY)
    assert third.post(door + "customer", pdf, **media).status_code == 409
    answer = third.post(door + "glasnet", pdf, **media)
    assert answer.status_code == 201, answer.content
    parties = alice.get(f"versions/{version.id}/signing").json()["parties"]
    stands = {each["party"]: each for each in parties}
    assert (stands["glasnet"]["level"], stands["customer"]["is_signed"]) == ("advanced", False)
    for party in ("supplier", "customer"):
        assert not bob.get(f"versions/{version.id}/signing").json()["is_complete"]
        signing = {"party": party, "by_name": "Tom Wouters", "sha256": version.sha256}
        assert alice.post(f"versions/{version.id}/signatures", signing).status_code == 201
    assert third.get(f"versions/{version.id}/signing").json()["is_complete"]
    (seen,) = third.get("agreements").json()["items"]
    assert seen["id"] == str(version.agreement_id)
    assert third.get("tickets").json()["items"] == []
