"""Agreements through the API: bytes in, faults out, signatures, facts beside tickets, figures."""

import hashlib
from collections.abc import Callable
from uuid import uuid4

import pytest
from authority import made, signed
from hands import Hand, a_report, take_role
from ready import make_ready
from world import HOUR, MINUTE, TUESDAY, World, bakery_contract, frozen, renamed

from afspraak import flow
from afspraak.agreements.models import AgreementVersion
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM, viewing
from afspraak.signing.actions import confirm_key

YAML = "application/yaml"


@pytest.fixture
def agreement(world: World) -> str:
    return str(world.versions["bakery"].agreement_id)


def test_a_version_comes_in_and_is_signed_and_governs(world: World, alice: Hand) -> None:
    data = renamed(frozen("msp-vier-niveaus"), "nl-2027-0042", "nl-2027-0099")
    path = f"relations/{world.to_bakery.id}/versions"
    made = alice.post(path, data, content_type=YAML)
    assert made.status_code == 201, made.content
    version = made.json()
    assert version["sha256"] == hashlib.sha256(data).hexdigest()
    assert (version["is_signed"], version["parties"]) == (False, ["supplier", "customer"])
    for party in version["parties"]:
        signing = {"party": party, "by_name": "M. de Boer", "sha256": version["sha256"]}
        assert alice.post(f"versions/{version['id']}/signatures", signing).status_code == 201
    signed = alice.get(f"versions/{version['id']}").json()
    assert signed["is_signed"]
    again = alice.post(path, data, content_type=YAML)
    assert again.json()["id"] == version["id"]
    twice = alice.post(f"versions/{version['id']}/signatures", signing)
    assert twice.status_code == 409


def test_an_unsound_document_is_told_every_fault(world: World, alice: Hand) -> None:
    data = (
        frozen("msp-vier-niveaus").replace(b"PT1H", b"1:30").replace(b"level: gold", b"level: glod")
    )
    answer = alice.post(f"relations/{world.to_bakery.id}/versions", data, content_type=YAML)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:afspraak:problem:unsound")
    assert len(answer.json()["faults"]) > 1
    assert all(each["place"].startswith("line ") for each in answer.json()["faults"])
    checked = alice.post("versions/validate", data, content_type=YAML).json()
    assert (checked["is_sound"], bool(checked["faults"])) == (False, True)
    sound = alice.post("versions/validate", frozen("sla-2-0"), content_type=YAML).json()
    assert sound["is_sound"]


@pytest.mark.parametrize("data", [b"\x00", b"\xff\xfe", b"a: &a [*a]", b"[" * 3_000, b"- " * 500])
def test_what_is_no_document_is_told_as_a_fault(alice: Hand, data: bytes) -> None:
    checked = alice.post("versions/validate", data, content_type=YAML)
    assert (checked.status_code, checked.json()["is_sound"]) == (200, False)


def test_the_bytes_and_the_text_are_read_by_the_parties_alone(
    world: World, alice: Hand, bob: Hand, charlie: Hand, hand: Callable[[str], Hand]
) -> None:
    version = world.versions["bakery"]
    path = f"versions/{version.id}"
    assert bob.get(f"{path}/document").content == bakery_contract()
    for language, word in (("nl", "Reactie"), ("fr", "contrat"), ("en", "agreement")):
        text = bob.get(f"{path}/text?language={language}")
        assert text.status_code == 200
        assert word.lower() in text.content.decode().lower()
    page = alice.get(f"{path}/text?language=nl&form=html")
    assert "sandbox" in page["Content-Security-Policy"]
    for part in ("", "/document", "/text?language=nl", "/signatures"):
        assert charlie.get(path + part).status_code == 404
    user = hand("bob_user")
    assert user.get(path).status_code == 200
    assert user.get(f"{path}/document").status_code == 403
    assert user.get(f"{path}/text?language=nl").status_code == 403


def test_a_stranger_brings_nothing_into_anothers_relation(
    world: World, charlie: Hand, bob: Hand, agreement: str
) -> None:
    data = renamed(frozen("msp-vier-niveaus"), "nl-2027-0042", "nl-2027-0098")
    path = f"relations/{world.to_bakery.id}/versions"
    assert charlie.post(path, data, content_type=YAML).status_code == 403
    assert bob.post(path, data, content_type=YAML).status_code == 403
    assert charlie.get(f"agreements/{agreement}").status_code == 404
    assert charlie.get(f"agreements/{agreement}/facts").status_code == 404
    assert charlie.get(f"agreements/{agreement}/figures").status_code == 404
    assert [each["reference"] for each in charlie.get("agreements").json()["items"]] == [
        "nl-2027-0043"
    ]


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("services", {"code": "outage_began", "service": "e-mail"}),
        (
            "services",
            {
                "code": "maintenance_announced",
                "service": "e-mail",
                "from_at": "2027-03-09T20:00:00Z",
                "until_at": "2027-03-09T22:00:00Z",
            },
        ),
        ("facts", {"code": "units", "service": "e-mail", "count": 44, "from_on": "2027-04-01"}),
        (
            "facts",
            {"code": "index_value", "index": "cpi", "month_on": "2027-01-01", "value": "128.4"},
        ),
        (
            "facts",
            {
                "code": "cover_extended",
                "calendar": "kantoor",
                "until_on": "2034-01-01",
                "closed": ["2033-12-26"],
            },
        ),
    ],
)
def test_facts_beside_the_tickets_are_taken(
    world: World, alice: Hand, bob: Hand, charlie: Hand, agreement: str, path: str, fact: dict
) -> None:
    answer = alice.post(f"agreements/{agreement}/{path}", fact)
    assert answer.status_code == 201, answer.content
    assert charlie.post(f"agreements/{agreement}/{path}", fact).status_code in (403, 404)
    told = bob.get(f"agreements/{agreement}/facts").json()["items"]
    assert [each["code"] for each in told] == [fact["code"]]


def test_an_outage_ends_by_its_name(world: World, alice: Hand, agreement: str) -> None:
    path = f"agreements/{agreement}/services"
    began = alice.post(path, {"code": "outage_began", "service": "e-mail"}).json()["id"]
    ended = {"code": "outage_ended", "service": "e-mail", "of": began}
    assert alice.post(path, ended).status_code == 201
    assert alice.post(path, {**ended, "of": str(uuid4())}).status_code == 404


def test_a_cover_is_extended_only_of_a_calendar_that_is_there(
    world: World, alice: Hand, bob: Hand, agreement: str
) -> None:
    extended = {"code": "cover_extended", "calendar": "maan", "until_on": "2034-01-01"}
    path = f"agreements/{agreement}/facts"
    assert alice.post(path, extended).status_code == 409
    assert (
        alice.post(path, {**extended, "calendar": "kantoor", "until_on": "2030-01-01"}).status_code
        == 409
    )
    assert bob.post("tickets", a_report(world)).status_code == 201


def test_figures_are_counts_while_they_are_few(
    world: World, alice: Hand, bob: Hand, agreement: str, now: object
) -> None:
    ticket = bob.post("tickets", a_report(world)).json()["ticket"]["id"]
    now.at = TUESDAY + MINUTE
    alice.post(f"tickets/{ticket}/facts", {"code": "supplier_contact"})
    take_role("system")
    flow.look(at=TUESDAY + 100 * HOUR)
    take_role("app")
    told = bob.get(f"agreements/{agreement}/figures").json()["figures"]
    by_clause = {each["clause"]: each for each in told}
    reacting, solving = by_clause["reageren"], by_clause["oplossen"]
    assert (reacting["period"], reacting["by"], reacting["scope"]) == ("2027-Q1", "level", "gold")
    assert (reacting["counts"]["met"], reacting["kept"]) == (1, True)
    assert (solving["counts"]["missed"], solving["kept"]) == (1, False)
    assert (solving["is_few"], solving["shown"], solving["judged"]) == (True, None, None)
    assert solving["at_least"] == {"numerator": 19, "denominator": 20, "percent": "95 %"}
    later = bob.get(f"agreements/{agreement}/figures?from_on=2027-04-01").json()
    assert later["figures"] == []


def test_availability_follows_from_the_outages(
    world: World, alice: Hand, bob: Hand, charlie: Hand, agreement: str, now: object
) -> None:
    before = bob.get(f"agreements/{agreement}/availability").json()["promises"]
    service = before[0]["services"][0]
    path = f"agreements/{agreement}/services"
    alice.post(path, {"code": "outage_began", "service": service})
    now.at = TUESDAY + HOUR
    alice.post(path, {"code": "outage_ended", "service": service})
    after = bob.get(f"agreements/{agreement}/availability").json()["promises"]
    assert (before[0]["down"], after[0]["down"]) == ("PT0S", "PT1H")
    assert after[0]["share"]["numerator"] < after[0]["share"]["denominator"]
    assert charlie.get(f"agreements/{agreement}/availability").status_code == 404


def test_dated_promises_are_listed_and_evidence_keeps_them(
    world: World, alice: Hand, bob: Hand, charlie: Hand, agreement: str
) -> None:
    take_role("system")
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    take_role("app")
    first = bob.get(f"agreements/{agreement}/duties?limit=1").json()
    then = bob.get(f"agreements/{agreement}/duties?limit=1&cursor={first['next']}").json()
    duty = first["items"][0]
    assert duty["due_at"] <= then["items"][0]["due_at"]
    given = {"code": "evidence", "clause": duty["clause"], "for_on": duty["planned_on"]}
    answer = alice.post(f"agreements/{agreement}/evidence", given)
    assert answer.status_code == 201, answer.content
    confirm = {"code": "evidence_confirmed", "of": answer.json()["id"]}
    assert bob.post(f"agreements/{agreement}/evidence", confirm).status_code == 201
    unknown = alice.post(f"agreements/{agreement}/evidence", {**given, "clause": "nergens"})
    assert unknown.status_code == 409
    assert charlie.get(f"agreements/{agreement}/duties").status_code == 404


@pytest.mark.usefixtures("without_loop")
def test_a_version_is_signed_in_its_pdf(world: World, alice: Hand, bob: Hand) -> None:
    data = renamed(frozen("msp-vier-niveaus"), "nl-2027-0042", "nl-2027-0098")
    path = f"relations/{world.to_bakery.id}/versions"
    version = alice.post(path, data, content_type=YAML).json()["id"]
    take_role("system")
    row = AgreementVersion.objects.seen_by(SYSTEM).get(id=version)
    sides = {"supplier": world.supplier.id, "customer": world.bakery.id}
    make_ready(row, **sides, at=TUESDAY)
    take_role("app")
    paper, key = bob.get(f"versions/{version}/paper"), made("Bob")
    assert paper["Content-Type"] == "application/pdf"
    pdf, told = signed(paper.content, key), {"content_type": "application/pdf"}
    door = f"versions/{version}/signed-file?party=customer"
    refused = bob.post(door, pdf, **told)
    assert (refused.status_code, key.fingerprint in refused.content.decode()) == (409, True)
    bobs = Actor(world.bakery.id, world.people["bob"].id)
    with viewing(world.viewer("bob")):
        confirm_key(data=key.der, actor=bobs, viewer=world.viewer("bob"), at=TUESDAY)
    assert bob.post(door, pdf, **told).status_code == 201
    assert bob.post(door, pdf, **told).status_code == 409
    stands = alice.get(f"versions/{version}/signing").json()
    assert stands["newest_sha256"] == hashlib.sha256(pdf).hexdigest()
    assert [(each["party"], each["level"]) for each in stands["parties"]] == [
        ("supplier", ""),
        ("customer", "advanced"),
    ]
    assert not stands["is_complete"]
    assert alice.get(f"versions/{version}/paper").content == pdf
