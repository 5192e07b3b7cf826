"""What can be typed about access and proof: people, tokens, signatures.

Like app.py it reads nothing before a command is called.
"""

# ruff: noqa: PLC0415 - each command reads its own module when it is called

from pathlib import Path
from typing import Annotated

import typer

user = typer.Typer(help="People and their roles.", no_args_is_help=True)
token = typer.Typer(help="Tokens for integrations.", no_args_is_help=True)

signatures = typer.Typer()

Organisation = Annotated[
    str, typer.Option("--organisation", help="Its id, its register number (kvk:...) or its name.")
]
Email = Annotated[str, typer.Argument(metavar="EMAIL")]
RoleName = Annotated[
    str,
    typer.Option(
        "--role",
        help="admin, contract_manager, agent, account_manager, customer_manager or customer_user.",
    ),
]


@user.command("add")
def user_add(
    email: Email,
    *,
    organisation: Organisation,
    role: RoleName,
    name: Annotated[str, typer.Option("--name")] = "",
    new: Annotated[
        bool, typer.Option("--new-organisation", help="Make the organisation, by this name.")
    ] = False,
) -> None:
    """Make an account and its role; the password is asked for, or read from standard input."""
    from afspraak.cli import access

    access.add_user(email, organisation, role, name, is_new=new)


@user.command("invite")
def user_invite(email: Email, *, organisation: Organisation, role: RoleName) -> None:
    """Print a link by which somebody joins, once, within 24 hours."""
    from afspraak.cli import access

    access.invite_user(email, organisation, role)


@user.command("role")
def user_role(
    email: Email,
    *,
    organisation: Organisation,
    role: Annotated[str, typer.Option("--role", help="A role, or `none` to end it.")],
) -> None:
    """Give somebody another role in an organisation, or end it."""
    from afspraak.cli import access

    access.set_role(email, organisation, role)


@token.command("make")
def token_make(
    email: Email,
    *,
    organisation: Organisation,
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    right: Annotated[
        list[str],
        typer.Option("--right", help="Such as tickets:read; can be given more than once."),
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=365)] = 90,
) -> None:
    """Print a token in the name of somebody, with at most their rights."""
    from afspraak.cli import access

    access.make(email, organisation, name, right, days)


@token.command("end")
def token_end(
    hint: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id, or its first 12 letters.")],
) -> None:
    """End a token now."""
    from afspraak.cli import access

    access.end(hint)


@signatures.command("verify-signature")
def verify_signature(
    evidence: Annotated[Path, typer.Argument(metavar="EVIDENCE", exists=True, dir_okay=False)],
    contract: Annotated[
        Path | None,
        typer.Option("--contract", help="The contract's YAML, as the paper has it attached."),
    ] = None,
) -> None:
    """Check what a passkey signed, without a server: the evidence is a file of the signing page."""
    from afspraak.cli import signatures as work

    work.verify(evidence, contract)
