"""What is written about the API is what it does: the description, and the client in docs/api.md."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hands import Hand, a_report
from pydantic import TypeAdapter, ValidationError
from world import World

from afspraak.api.app import api
from afspraak.api.kinds import Count
from afspraak.api.openapi import described, operations
from afspraak.parties.stated import policy_of


def test_the_committed_description_is_current(root: Path) -> None:
    """`AFSPRAAK_GOLDEN=update` writes it anew; what changed is a diff that somebody reads."""
    told = json.dumps(described(api), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    page = root / "docs" / "openapi.json"
    if os.environ.get("AFSPRAAK_GOLDEN") == "update":
        page.write_text(told, "utf-8")
    assert page.read_text("utf-8") == told


def test_the_description_is_the_one_that_is_served(hand: Any, root: Path) -> None:
    served = hand("").get("openapi.json").json()
    assert served == json.loads((root / "docs" / "openapi.json").read_text("utf-8"))


def test_every_schema_of_it_is_a_schema() -> None:
    schemas = described(api)["components"]["schemas"]
    for name, schema in schemas.items():
        whole = {**schema, "components": {"schemas": schemas}}
        assert jsonschema_rs.meta.is_valid(whole), name


def test_every_operation_tells_its_right_and_its_refusals() -> None:
    told = described(api)
    by_name = {op["operationId"]: op for item in told["paths"].values() for op in item.values()}
    assert by_name.keys() == {each.view_func.__name__ for each in operations(api)}
    for each in operations(api):
        op = by_name[each.view_func.__name__]
        assert op["x-right"] == str(getattr(policy_of(each.view_func), "value", "public"))
        assert op["description"], each.view_func.__name__
        refusals = {status for status in op["responses"] if int(status) >= 400}
        assert {"401", "403", "404", "422"} <= refusals or op["security"] == []


@pytest.mark.parametrize(
    ("told", "is_taken"),
    [(44, True), (44.0, True), (0, True), (44.5, False), (-1, False), (True, False), ("44", False)],
)
def test_a_count_is_what_json_schema_calls_an_integer(told: object, *, is_taken: bool) -> None:
    try:
        found = TypeAdapter(Count).validate_python(told)
    except ValidationError:
        assert not is_taken
    else:
        assert (is_taken, found, type(found)) == (True, told, int)


def test_answers_are_as_described(world: World, alice: Hand, bob: Hand) -> None:
    told = described(api)
    validator = jsonschema_rs.validator_for(
        {"$ref": "#/components/schemas/TakenShown", "components": told["components"]}
    )
    answer = bob.post("tickets", a_report(world)).json()
    assert [str(each) for each in validator.iter_errors(answer)] == []


def test_the_client_in_the_docs_runs_as_it_stands(served: Any, root: Path) -> None:
    page = (root / "docs" / "api.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    environment = {**os.environ, "URL": served.url, "TOKEN": served.world.secrets["alice"]}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "before: drop_everything PT2H"
    assert lines[1].startswith("ticket: N-1 due 2027-03-02T11:00:00Z clause ")
    assert lines[2] == "asked: waiting turn: customer"
    assert any(line.startswith("oplossen paused") for line in lines)
