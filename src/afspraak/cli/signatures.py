"""`afspraak verify-signature`: what a passkey signed, checked with nothing but the file."""

import json
from hashlib import sha256
from pathlib import Path

import typer

from afspraak.signing.passkey import fault_of


def verify(evidence: Path, contract: Path | None) -> None:
    """Say what was signed, by whom, and whether it holds; status 1 where it does not."""
    data = evidence.read_bytes()
    fault = fault_of(data)
    if fault:
        print(f"It proves nothing: {fault}")
        raise typer.Exit(1)
    told = json.loads(data)
    statement = json.loads(told["statement"])
    if contract is not None and sha256(contract.read_bytes()).hexdigest() != statement["sha256"]:
        print(f"It holds, but for another contract: {statement['sha256']}, not {contract}")
        raise typer.Exit(1)
    print(f"It holds. {statement['name']} signed for the {statement['party']}:")
    print(f"  contract   {statement['sha256']}")
    print(f"  paper      {statement['paper_sha256']}")
    print(f"  at         {told['origin']}, with a key whose holder was checked")
