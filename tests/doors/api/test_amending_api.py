"""Open terms, amendments and index values through the API: moment 7 by program."""

from hands import Hand, give_token, take_role
from open_world import OPEN, make_open_world


def test_two_sides_agree_by_program(db: None, now: object) -> None:
    take_role("system")
    made = make_open_world(12)
    wim, coen, charlie = (Hand(give_token(made, name)) for name in ("wim", "coen", "charlie"))
    take_role("app")
    at = f"agreements/{made.versions[OPEN].agreement_id}"
    terms = {each["clause"]: each for each in wim.get(f"{at}/open-terms").json()}
    term = terms["dossier-open"]
    assert (term["quantile"], term["measured"], term["needed"]) == ("9/10", 10, 29)
    assert (term["value"], term["why"]) == (None, "few")
    word = {"value": "PT6H", "from_on": "2027-05-01", "open_tickets": True}
    said = wim.post(f"{at}/open-terms/dossier-open/words", word)
    assert (said.status_code, said.json()["draft"]) == (201, None)
    both = coen.post(f"{at}/open-terms/dossier-open/words", word)
    assert both.json()["draft"]
    wrong = coen.post(f"{at}/open-terms/dossier-open/words", word | {"value": "soon"})
    assert wrong.status_code == 409
    assert wim.post(f"{at}/hurts", {"service": "dossier"}).status_code == 201
    assert [each["service"] for each in coen.get(f"{at}/hurts").json()] == ["dossier"]
    assert coen.post(f"{at}/hurts", {"service": "dossier"}).status_code == 409
    value = {"index": "CPI", "month_on": "2027-01-01", "value": "131.2", "source": "CBS"}
    assert len(coen.post(f"{at}/index-values", {"values": [value]}).json()) == 1
    assert coen.post(f"{at}/index-values", {"values": [value]}).json() == []
    assert [each["value"] for each in wim.get(f"{at}/index-values").json()] == ["131.2000"]
    begun = wim.post(f"{at}/amendments", {"from_on": "2027-06-01"})
    assert begun.status_code == 201, begun.content
    rounds = wim.get(f"{at}/renewal").json()["rounds"]
    assert (rounds[0]["ends_on"], rounds[0]["notice_on"]) == ("2029-01-01", "2028-10-01")
    for path in ("open-terms", "hurts", "index-values", "renewal"):
        assert charlie.get(f"{at}/{path}").status_code == 404
