"""Accounts and tokens from the command line: the first one by a process of its own, the rest by
the same commands in ours.
"""

import subprocess
import sys

import pytest
from click.testing import Result
from embedded import as_role
from typer.testing import CliRunner

from afspraak.cli.app import app
from afspraak.cli.faults import lines_of

WORD = "a long word of one's own\n"
ALICE = "alice@noord.example"


@pytest.fixture
def first(as_system: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One administrator; what the commands say to their process of its role is undone."""
    monkeypatch.setenv("AFSPRAAK_ROLE", "owner")
    added = call(*add(ALICE), "--new-organisation", said=WORD)
    assert added.output.startswith(f"{ALICE}: admin of Noord ("), added.exception


def add(email: str) -> tuple[str, ...]:
    return ("user", "add", email, "--organisation", "Noord", "--role", "admin")


def call(*words: str, said: str = "") -> Result:
    return CliRunner().invoke(app, words, input=said)


def run(database: str, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "afspraak", *words],
        env=as_role("system", database),
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_administrator_is_there_to_stay(own_database: str) -> None:
    added = run(own_database, *add(ALICE), "--new-organisation", said=WORD)
    assert added.returncode == 0, added.stderr
    again = run(own_database, *add(ALICE), said=WORD)
    assert (again.returncode, "Traceback" in again.stderr) == (1, False)
    assert "this address has an account" in again.stderr


def test_the_first_administrator_makes_everything_else_possible(first: None) -> None:
    link = call("user", "invite", "b@x.example", "--organisation", "Noord", "--role", "agent")
    assert link.output.startswith("http://localhost:8000/join/"), link.exception
    token = call(
        *("token", "make", ALICE, "--organisation", "Noord", "--name", "monitor"),
        *("--right", "tickets:read"),
    )
    assert token.output.startswith("afs_"), token.exception
    assert call("token", "end", token.output[:12]).output == "ended\n"
    (line,) = faults(call("token", "end", token.output[:12]))
    assert "0 tokens are known by this" in line


@pytest.mark.parametrize(
    ("email", "organisation", "role", "fact"),
    [
        ("no@x.example", "Noord", "agent", "account"),
        (ALICE, "X", "agent", "known"),
        (ALICE, "Noord", "k", "role"),
        (ALICE, "Noord", "none", "last"),
    ],
)
def test_what_cannot_be_is_said(
    first: None, email: str, organisation: str, role: str, fact: str
) -> None:
    done = call("user", "role", email, "--organisation", organisation, "--role", role)
    assert fact in " ".join(faults(done))


def faults(done: Result) -> list[str]:
    """What `main` tells of the exception that a command raised."""
    assert isinstance(done.exception, Exception), done.output
    lines = lines_of(done.exception)
    assert lines is not None, done.exception
    return lines
