"""The doors of what must not be lost: backup, restore, doctor."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from afspraak.host import archive
from afspraak.host.backup import back_up, running
from afspraak.host.checks import Finding, State, fail, of_machine, well
from afspraak.host.checks_database import of_database
from afspraak.host.data import data_folder
from afspraak.host.database import address
from afspraak.host.restore import restore
from afspraak.notices.settings import SettingRefused
from afspraak.signing.settings import ROOTS, trust_of


def back_up_here(out: Path | None) -> None:
    """Writes a backup and says what it holds."""
    data = data_folder()
    with running(data):
        file = back_up(address("owner"), data, out=out, at=datetime.now(UTC))
    print(_summary(archive.verify(file)))
    print(file)


def restore_here(file: Path, *, replace: bool) -> None:
    """Restores a backup and says what to do next."""
    data = data_folder()
    archive.verify(file)  # before a server is started for it
    with running(data):
        manifest = restore(file, address("owner"), data, replace=replace)
    print(_summary(manifest))
    print("restored; `afspraak serve` brings its tables up to date and starts")


def examine() -> int:
    """Prints every finding; 1 if one of them fails."""
    data = data_folder()
    findings = []
    found = chain(of_machine(data), _of_trust(), of_database(data, at=datetime.now(UTC)))
    for finding in found:
        print(finding, flush=True)
        findings.append(finding)
    failures = sum(finding.state is State.FAIL for finding in findings)
    print(f"{len(findings)} looked at, {failures} failed")
    return 1 if failures else 0


def _of_trust() -> Iterator[Finding]:
    """The authorities that may vouch for a signer, where some are set."""
    try:
        roots = trust_of(os.environ).roots
    except SettingRefused as refusal:
        fact, _, remedy = str(refusal).removeprefix(f"{ROOTS}: ").rpartition(": ")
        yield fail(ROOTS, fact, remedy)
        return
    if roots:
        yield well(ROOTS, f"{len(roots)} certificates may vouch for signers")


def _summary(manifest: archive.Manifest) -> str:
    return (
        f"{len(manifest.members)} members, {manifest.size} bytes, made {manifest.made_at}"
        f" by Afspraak {manifest.afspraak} on PostgreSQL {manifest.server}"
    )
