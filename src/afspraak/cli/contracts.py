"""The doors of the contract language: check, freeze, render, diff, schema."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from afspraak.cli.faults import UsersFault
from afspraak.language import jsonschema
from afspraak.language.catalogue import check_catalogue
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.freeze import freeze
from afspraak.language.text.catalogue import render_catalogue, render_catalogue_html
from afspraak.language.text.diff import diff_text
from afspraak.language.text.render import render_html, render_text
from afspraak.reports.texts import Language

_CATALOGUE: Final = re.compile(rb"^document: *[\"']?catalogue\b", re.MULTILINE)
"""A catalogue says so itself; anything else is read as a contract, and told what it lacks."""


def is_catalogue(data: bytes) -> bool:
    """Whether a document is a catalogue of services and not a contract."""
    return _CATALOGUE.search(data) is not None


def check_files(files: Sequence[Path]) -> int:
    """Prints every fault and note of contracts and catalogues; 1 if there is a fault."""
    unsound = False
    for file in files:
        told = faults_of(file)
        for each in told:
            print(each)
        unsound = unsound or any(not each.note for each in told)
    return int(unsound)


def faults_of(file: Path) -> list[Fault]:
    """Every fault and note of a contract or a catalogue."""
    data = file.read_bytes()
    if is_catalogue(data):
        return check_catalogue(data, str(file))[1]
    return check(data, str(file))[1]


def freeze_file(file: Path, out: Path | None) -> None:
    """Writes the frozen document. Raises UsersFault with every fault."""
    data, told = freeze(file.read_bytes(), str(file))
    if data is None:
        raise UsersFault(each for each in told if not each.note)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)


def read_file(file: Path) -> Document:
    """A checked document. Raises UsersFault with every fault."""
    document, told = check(file.read_bytes(), str(file))
    if document is None:
        raise UsersFault(each for each in told if not each.note)
    return document


def render_file(file: Path, language: Language, *, html: bool, out: Path | None) -> None:
    """Writes the text of a contract or a catalogue, as Markdown or as HTML."""
    data = file.read_bytes()
    if is_catalogue(data):
        catalogue, told = check_catalogue(data, str(file))
        if catalogue is None:
            raise UsersFault(each for each in told if not each.note)
        text = (render_catalogue_html if html else render_catalogue)(catalogue, language)
    else:
        text = (render_html if html else render_text)(read_file(file), language)
    if out is None:
        print(text)
    else:
        out.write_text(text, encoding="utf-8")


def diff_files(old: Path, new: Path, language: Language) -> None:
    """Prints what changed between two versions, in words, and for whom it is better."""
    print(diff_text(read_file(old), read_file(new), language))


def print_schema() -> None:
    """Prints the JSON Schema."""
    print(jsonschema.text())
