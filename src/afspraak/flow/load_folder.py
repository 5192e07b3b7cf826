"""The walk of a folder of facts: an imported log becomes tickets of a supplier's customers, with a
row that says where they came from.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.flow.bring_in import Brought, Foreign, bring_in
from afspraak.intake.actions import begin_load, end_load
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.load import load_tickets
from afspraak.tickets.manifest import Manifest

SOURCE_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Folder:
    """An imported log: where its facts lie, what its manifest says, their SHA-256."""

    path: Path
    manifest: Manifest
    sha256: str

    @property
    def source(self) -> str:
        """What the log's system is called, by its mapping: tickets of two exports are the same."""
        return self.manifest.mapping.get("name", self.manifest.kind)[:SOURCE_CHARS]


@dataclass(frozen=True, slots=True)
class Loading:
    """What came of a folder: what is new and what was known; tickets of customers that nobody
    mapped, by the name the log has for them; tickets that could not be read, and why.
    """

    brought: Brought
    unknown: Mapping[str, int]
    unreadable: Mapping[str, str]
    is_dry: bool


@dataclass(slots=True)
class _Sorted:
    """What is left out on the way."""

    unknown: Counter[str] = field(default_factory=Counter)
    unreadable: dict[str, str] = field(default_factory=dict)


def load_folder(
    *,
    folder: Folder,
    customers: Mapping[str, UUID],
    supplier: UUID,
    by: str,
    at: int,
    is_dry: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loading:
    """Bring a folder in: `customers` says which relation each of the log's names leads to. Again is
    the same as once; a dry run does it all and keeps nothing.
    """
    left = _Sorted()
    told = {
        "source": folder.source,
        "facts_sha256": folder.sha256,
        "customers": {name: str(relation) for name, relation in customers.items()},
        "loaded_by": by,
    }

    with transaction.atomic() if is_dry else nullcontext():
        load = begin_load(organisation=supplier, manifest=folder.manifest, at=at, **told)
        tickets = _foreign(folder, customers, left)
        brought = bring_in(
            tickets=tickets, source=folder.source, viewer=SYSTEM, at=at, progress=progress
        )
        counts = {"tickets": brought.tickets, "facts": brought.facts, "repeated": brought.repeated}
        end_load(load=load, **counts)
        if is_dry:
            transaction.set_rollback(True)
    return Loading(brought, dict(left.unknown), left.unreadable, is_dry)


def _foreign(folder: Folder, customers: Mapping[str, UUID], left: _Sorted) -> Iterator[Foreign]:
    for each in load_tickets(folder.path):
        relation = customers.get(each.customer)
        if relation is None:
            left.unknown[each.customer] += 1
        elif each.unreadable:
            left.unreadable[each.ticket] = each.unreadable
        elif each.facts:
            yield Foreign(relation, each.ticket, each)
