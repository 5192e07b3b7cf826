"""What can be typed about this machine: serving, the database, backups, the doctor.

Like app.py it reads nothing before a command is called.
"""

# ruff: noqa: PLC0415 - each command reads its own module when it is called

from pathlib import Path
from typing import Annotated

import typer

host = typer.Typer(rich_markup_mode=None)
database = typer.Typer(help="The database of this installation.", no_args_is_help=True)
host.add_typer(database, name="database")


@host.command()
def serve(
    *,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="PART", help="One of: database, watch, worker, web."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="Else AFSPRAAK_PORT, else 8000."),
    ] = None,
) -> None:
    """Run database, watch, worker and web; SIGTERM stops them in order."""
    from afspraak.cli import serving

    raise typer.Exit(serving.run(only, port))


@database.command("start")
def database_start() -> None:
    """Start the embedded server and leave it running."""
    from afspraak.cli import serving

    serving.start_database()


@database.command("stop")
def database_stop() -> None:
    """Stop the embedded server; everything is written first."""
    from afspraak.cli import serving

    serving.stop_database()


@database.command("status")
def database_status() -> None:
    """Say whether the database can be reached; exit status 1 if not."""
    from afspraak.cli import serving

    raise typer.Exit(serving.tell_status())


@database.command("url")
def database_url(
    role: Annotated[str, typer.Option("--role", help="One of: owner, app, system.")] = "owner",
) -> None:
    """Print the address for psql and others, password included."""
    from afspraak.cli import serving

    serving.print_url(role)


@database.command("prepare")
def database_prepare() -> None:
    """Make database, roles and extensions as they must be."""
    from afspraak.cli import serving

    serving.prepare_database()


@host.command()
def backup(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Else below the data folder.")
    ] = None,
) -> None:
    """Write database, files and keys to one verified file."""
    from afspraak.cli import keeping

    keeping.back_up_here(out)


@host.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose what this installation holds now.")
    ] = False,
) -> None:
    """Make this installation what a backup holds; all or nothing."""
    from afspraak.cli import keeping

    keeping.restore_here(file, replace=replace)


@host.command()
def doctor() -> None:
    """Look at everything this installation needs, with remedies."""
    from afspraak.cli import keeping

    raise typer.Exit(keeping.examine())
