"""The door of `load`: an imported folder into the database, under the customers of a file."""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from afspraak.cli.faults import UsersFault, fault
from afspraak.cli.mailing import now
from afspraak.cli.reading import facts_at, progress
from afspraak.cli.ready import make_ready

if TYPE_CHECKING:
    from uuid import UUID

    from afspraak.flow.load_folder import Loading

SHOWN = 20


def load(folder: Path, customers: Path, *, dry_run: bool) -> int:
    """Loads, and reports; 1 if a ticket was left out."""
    facts, names = facts_at(folder), customer_names(customers)
    make_ready("system")
    from afspraak.cli.whose import relation, supplier
    from afspraak.flow.load_folder import Folder, load_folder

    relations: dict[str, UUID] = {name: relation(named).id for name, named in names.items()}
    with progress("tickets") as tell:
        loading = load_folder(
            folder=Folder(folder, facts.manifest, facts.provenance.sha256),
            customers=relations,
            supplier=supplier().id,
            by=getpass.getuser(),
            at=now(),
            is_dry=dry_run,
            progress=lambda done: tell(done, facts.manifest.tickets),
        )
    for line in report(loading):
        print(line)
    return 1 if loading.unknown or loading.unreadable or loading.brought.refused else 0


def customer_names(path: Path) -> Mapping[str, str]:
    """The log's names -> our organisations', as text; `""` is a log that names none. Raises
    UsersFault.
    """
    try:
        told = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        line = str(error).splitlines()[0]
        raise fault(path.name, f"this is no YAML ({line})", "write NAME: REGISTER lines") from error
    if not isinstance(told, dict) or not told:
        raise fault(path.name, "it maps nothing", "write a line NAME: REGISTER for each customer")
    faults = [
        f"{path.name}: {name!r}: a name leads to a register or a name, as text: quote it"
        for name, named in told.items()
        if not isinstance(name, str) or not isinstance(named, str)
    ]
    if faults:
        raise UsersFault(faults)
    return told


def report(loading: "Loading") -> list[str]:
    """What came of it, in lines."""
    brought = loading.brought
    new = f"{brought.tickets} tickets and {brought.facts} facts are new"
    lines = [f"{new}, {brought.repeated} facts were known"]
    lines += [
        f"left out: {count} tickets of {name or '(no customer)'!r}, whom nobody has mapped"
        for name, count in sorted(loading.unknown.items())
    ]
    bad = [*loading.unreadable.items(), *brought.refused]
    lines += [f"left out: {ticket}: {why}" for ticket, why in bad[:SHOWN]]
    if len(bad) > SHOWN:
        lines.append(f"left out: {len(bad) - SHOWN} more")
    if loading.is_dry:
        lines.append("a dry run: nothing was kept")
    return lines
