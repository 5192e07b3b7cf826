"""What somebody hands in at once: files, archives of files, lists; each thing that cannot be taken
is named.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from django.utils.translation import gettext as _

from afspraak.archive.actions import Brought
from afspraak.archive.table import BadLine, rows_of
from afspraak.engine.time import Refusal
from afspraak.host.files import keep_file
from afspraak.intake.kinds import MOST_BYTES, kind_of
from afspraak.intake.papers import PAPERS
from afspraak.web.kept import File, plain_name
from afspraak.web.refusing import refused

MOST_FILES: Final = 500
MOST_ZIP: Final = 100_000_000
MOST_UNPACKED: Final = 500_000_000
MOST_NAMED: Final = 50
"""Faults that are told one by one."""


@dataclass(slots=True)
class Handed:
    """What can be brought in, and what cannot, in words."""

    brought: list[Brought] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def handed_in(files: Iterable[File]) -> Handed:
    """Everything that was chosen; lists last, so that their lines find the files they are about."""
    told = Handed()
    lists: list[tuple[str, bytes]] = []
    for file in files:
        for name, content in _opened(file, told):
            if _end(name) == "csv":
                lists.append((name, content))
            else:
                _take(name, content, told)
    for name, content in lists:
        _take_list(name, content, told)
    told.faults = told.faults[:MOST_NAMED]
    return told


def _opened(file: File, told: Handed) -> Iterator[tuple[str, bytes]]:
    name = plain_name(file.name or "")
    most = MOST_ZIP if _end(name) == "zip" else MOST_BYTES
    if file.size is None or file.size > most:
        told.faults.append(_("%(name)s: too large") % {"name": name})
        return
    if _end(name) == "zip":
        yield from _unpacked(name, file.read(), told)
    else:
        yield name, file.read()


def _unpacked(name: str, content: bytes, told: Handed) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, within bounds: what it says of itself is not believed."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = [each for each in packed.infolist() if not each.is_dir()]
            if len(parts) > MOST_FILES:
                slots = {"name": name, "most": MOST_FILES}
                told.faults.append(_("%(name)s: more than %(most)s files") % slots)
                return
            for each in parts:
                with packed.open(each) as part:
                    data = part.read(min(MOST_BYTES, left) + 1)
                left -= len(data)
                inner = plain_name(each.filename.rpartition("/")[2])
                if len(data) > MOST_BYTES or left < 0:
                    told.faults.append(_("%(name)s: too large") % {"name": inner})
                elif inner and not inner.startswith("."):
                    yield inner, data
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        told.faults.append(_("%(name)s: this archive cannot be opened") % {"name": name})


def _take(name: str, content: bytes, told: Handed) -> None:
    """A paper, if it is of a kind that is read."""
    if _end(name) not in PAPERS:
        slots = {"name": name, "known": ", ".join(PAPERS)}
        told.faults.append(_("%(name)s: not taken, send one of %(known)s") % slots)
        return
    try:
        kind_of(name, content)
    except Refusal as refusal:
        told.faults.append(refused(refusal))
        return
    told.brought.append(Brought(name, keep_file(content)))


def _take_list(name: str, content: bytes, told: Handed) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        told.faults.append(_("%(name)s: save it as UTF-8") % {"name": name})
        return
    rows, wrong = rows_of(text)
    told.faults += [f"{name}: {said(each)}" for each in wrong]
    for row in rows:
        place = _("%(list)s, line %(n)s") % {"list": name, "n": row.line}
        file = plain_name(row.file) or row.reference
        told.brought.append(
            Brought(file, "", row.reference, row.lies_at, told=row.told, told_in=place)
        )


def said(each: BadLine) -> str:
    """A bad line in words."""
    facts = {
        "empty": _("there is nothing in it"),
        "unknown_column": _("no column of ours: use file, reference, customer, register, from,"
                            " until, notice or original"),
        "twice": _("this column is there twice"),
        "no_name": _("neither a file nor a reference: give one of them"),
        "cells": _("more or fewer cells than the head has"),
        "too_long": _("too long"),
        "unreadable": _("cannot be read, or can mean two things: write dates as 2027-03-31"),
        "too_many": _("too many lines: split the list"),
    }  # fmt: skip
    place = _("line %(n)s") % {"n": each.line}
    return (
        f"{place}, {each.column}: {facts[each.fact]}"
        if each.column
        else f"{place}: {facts[each.fact]}"
    )


def _end(name: str) -> str:
    return name.rpartition(".")[2].casefold()
