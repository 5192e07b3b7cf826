"""What is published about the language is true: the page's examples, and the schema for editors."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.jsonschema import json_schema, text
from afspraak.language.schema_faults import CLAUSE_TYPES, known_keys
from afspraak.language.terms_of import terms_of
from afspraak.language.write import write

SKETCH = (Path(__file__).parent / "sketch.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "contract-language.md").read_text("utf-8")


@pytest.fixture(scope="module")
def example(page: str) -> Document:
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    document, faults = check("\n".join(blocks).encode(), "contract-language.md")
    assert document is not None, [str(fault) for fault in faults]
    assert [fault.clause for fault in faults] == ["services.website"]
    return document


def test_the_pages_examples_show_every_clause_type(example: Document) -> None:
    assert {clause.type for clause in example.clauses} == set(CLAUSE_TYPES)
    assert len(terms_of(example).promises) == 6


def test_the_pages_examples_are_written_back_equal(example: Document) -> None:
    again, faults = check(write(example), "again.yaml")
    assert again == example, [str(fault) for fault in faults]


def test_the_page_names_every_clause_type_in_a_heading(page: str) -> None:
    headings = " ".join(re.findall(r"^### (.+)$", page, re.MULTILINE))
    assert set(CLAUSE_TYPES) <= set(re.findall(r"[a-z_]+", headings))


def test_the_published_schema_is_current(root: Path) -> None:
    published = (root / "docs" / "contract.schema.json").read_text("utf-8")
    assert published == text(), "write afspraak.language.jsonschema.text() to it"


def test_the_schema_is_one_and_accepts_what_editors_read(example: Document) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    for source in (SKETCH, write(example).decode()):
        assert [error.message for error in judge.iter_errors(YAML(typ="safe").load(source))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: PT2H", "value: 2"),
        ("value: PT2H", "valeu: PT2H"),
        ("95 %, per", "95.5, per"),
        ("type: duty", "type: duti"),
        ("level: silver", "level: zilver"),
        ("EUR 4.50 /", "EUR 4,50 /"),
        ("units: 40", "units: null"),
        ("mon-fri", "mon-vri"),
        ("e-mail:", "E-mail:"),
        ("key: true", "key: maybe"),
    ],
)
def test_the_schema_refuses_typing_errors(old: str, new: str) -> None:
    assert old in SKETCH
    content = YAML(typ="safe").load(SKETCH.replace(old, new, 1))
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(content)


def test_no_null_and_no_float_stands_in_the_schema() -> None:
    assert '"null"' not in text()
    assert json.loads(text()) == json_schema()


def test_known_keys_follow_the_way_they_are_written() -> None:
    assert known_keys(("term",))[:2] == ("from", "until")
    assert "holiday_dates" in known_keys(("calendars", "kantoor"))
    assert "exception_to" in known_keys(("clauses", 0, "targets", 3))
