"""What no person would send: schemathesis, with all its checks, finds nothing."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hands import a_report
from served import http

PHASES = "examples,coverage,fuzzing,stateful"
MANY = os.environ.get("FUZZ_EXAMPLES", "100")


def fuzz(served: Any, folder: Path, *options: str, **known: str) -> None:
    """Run it as its own program, as anybody would, with all checks; `known` are real ids, so that
    it comes further than to what is not there.
    """
    lines = [f'"path.{name}" = "{value}"' for name, value in known.items()]
    config = folder / "schemathesis.toml"
    config.write_text("\n".join(["[parameters]", *lines]) + "\n")
    words = [
        sys.executable,
        "-c",
        "from schemathesis.cli import schemathesis; schemathesis()",
        f"--config-file={config}",
        "run",
        f"{served.url}/api/v1/openapi.json",
        "--checks=all",
        "--continue-on-failure",
        "--no-color",
        "--generation-deterministic",
        "--exclude-path=/api/v1/mail",  # it writes no mails; tests/mail mutates real ones
        "--exclude-path=/api/v1/versions/{version}/signed-file",  # nor PDFs: tests/rooms/test_pades
        f"--header=Authorization: Bearer {served.world.secrets['alice']}",
        *options,
    ]
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    if report := os.environ.get("FUZZ_REPORT"):
        Path(report).write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


def real_ids(served: Any) -> dict[str, str]:
    """What there is for the fuzzer to work on."""
    secret, world = served.world.secrets["alice"], served.world
    made = http("POST", f"{served.url}/api/v1/tickets", a_report(world), secret)
    incident = http("POST", f"{served.url}/api/v1/incidents", {"name": "Storing"}, secret)
    return {
        "ticket": made["ticket"]["id"],
        "incident": incident["id"],
        "agreement": str(world.versions["bakery"].agreement_id),
        "version": str(world.versions["bakery"].id),
        "relation": str(world.to_bakery.id),
        "person": str(world.people["bob"].id),
        "organisation": str(world.bakery.id),
    }


def test_a_fuzzer_finds_nothing_in_what_is_there(served: Any, tmp_path: Path) -> None:
    fuzz(served, tmp_path, "--max-examples=1", "--phases=fuzzing", **real_ids(served))


@pytest.mark.long
def test_a_fuzzer_with_all_its_checks_and_phases_finds_nothing(served: Any, tmp_path: Path) -> None:
    fuzz(served, tmp_path, f"--max-examples={MANY}", f"--phases={PHASES}")


@pytest.mark.long
def test_a_fuzzer_finds_nothing_in_what_is_there_either(served: Any, tmp_path: Path) -> None:
    fuzz(served, tmp_path, f"--max-examples={MANY}", f"--phases={PHASES}", **real_ids(served))
