"""What can be typed about what runs all the time: the watch, the worker, tables, the cache.

Like app.py it reads nothing before a command is called.
"""

# ruff: noqa: PLC0415 - each command reads its own module when it is called

from typing import Annotated

import typer

running = typer.Typer(rich_markup_mode=None)
watch = typer.Typer(help="Looks at what has come due.", invoke_without_command=True)
running.add_typer(watch, name="watch")


@watch.callback()
def watch_run(context: typer.Context) -> None:
    """Look at what has come due, until SIGTERM; any number may run."""
    if context.invoked_subcommand is None:
        from afspraak.cli import running as doors

        doors.watch()


@watch.command("confirm")
def watch_confirm() -> None:
    """Say that the clock is right: misses are recorded again after a jump."""
    from afspraak.cli import running as doors

    doors.confirm()


@running.command()
def worker(
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop when no job is left.")] = False,
) -> None:
    """Address and send notices, follow signatures, until SIGTERM."""
    from afspraak.cli import running as doors

    doors.work(wait=not once)


@running.command()
def rebuild() -> None:
    """Replay everything from the facts; ends with `N differences`."""
    from afspraak.cli import running as doors

    raise typer.Exit(doors.rebuild())


@running.command()
def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit status 1 if tables are behind.")
    ] = False,
) -> None:
    """Bring the tables up to date, as their owner."""
    from afspraak.cli import running as doors

    raise typer.Exit(doors.migrate(check=check))
