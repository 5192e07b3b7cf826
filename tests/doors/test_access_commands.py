"""Accounts and tokens from the command line, in processes of their own."""

import subprocess
import sys

import pytest
from embedded import as_role


def run(database: str, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "afspraak", *words],
        env=as_role("system", database),
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def first(own_database: str) -> str:
    """A database with one administrator."""
    added = run(
        own_database,
        *("user", "add", "alice@noord.example", "--organisation", "Noord", "--new-organisation"),
        *("--role", "admin"),
        said="a long word of one's own\n",
    )
    assert added.returncode == 0, added.stderr
    return own_database


def test_the_first_administrator_makes_everything_else_possible(first: str) -> None:
    link = run(first, "user", "invite", "b@x.example", "--organisation", "Noord", "--role", "agent")
    assert link.stdout.startswith("http://localhost:8000/join/"), link.stderr
    token = run(
        first,
        *("token", "make", "alice@noord.example", "--organisation", "Noord", "--name", "monitor"),
        *("--right", "tickets:read"),
    )
    assert token.stdout.startswith("afs_"), token.stderr
    assert run(first, "token", "end", token.stdout[:12]).stdout == "ended\n"
    assert run(first, "token", "end", token.stdout[:12]).returncode == 1


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (("user", "role", "no@x.example", "--organisation", "Noord", "--role", "agent"), "account"),
        (
            ("user", "role", "alice@noord.example", "--organisation", "X", "--role", "agent"),
            "known",
        ),
        (("user", "role", "alice@noord.example", "--organisation", "Noord", "--role", "k"), "role"),
        (
            ("user", "role", "alice@noord.example", "--organisation", "Noord", "--role", "none"),
            "last",
        ),
    ],
)
def test_what_cannot_be_is_said(first: str, words: tuple[str, ...], fact: str) -> None:
    done = run(first, *words)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert fact in done.stderr
