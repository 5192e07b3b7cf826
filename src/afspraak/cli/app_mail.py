"""What can be typed about what comes in and goes out whole: mail, monitors, imports, exports.

Like app.py it reads nothing before a command is called.
"""

# ruff: noqa: PLC0415 - each command reads its own module when it is called

from pathlib import Path
from typing import Annotated

import typer

incoming = typer.Typer(rich_markup_mode=None)
mail = typer.Typer(help="Mail that comes in.", no_args_is_help=True)
monitor = typer.Typer(help="Which service a monitor means.", no_args_is_help=True)
incoming.add_typer(mail, name="mail")
incoming.add_typer(monitor, name="monitor")

Customer = Annotated[
    str, typer.Option("--customer", help="Its name, or its register, as kvk:12345678.")
]
Mail = Annotated[str, typer.Argument(metavar="MAIL", help="The id that `mail waiting` shows.")]


@mail.command("fetch")
def mail_fetch(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until SIGTERM.")] = False,
    every: Annotated[int, typer.Option("--every", min=1, help="Seconds between polls.")] = 60,
) -> None:
    """Fetch mail from the mailbox, and take it."""
    from afspraak.cli import mailing

    raise typer.Exit(mailing.fetch(watch=watch, every=every))


@mail.command("take")
def mail_take(
    *,
    store_only: Annotated[
        bool, typer.Option("--store-only", help="Store it; a worker reads it.")
    ] = False,
) -> None:
    """Take one mail from standard input; status 75 asks the mail server to try again."""
    from afspraak.cli import mailing

    raise typer.Exit(mailing.take(store_only=store_only))


@mail.command("waiting")
def mail_waiting() -> None:
    """List the mails that wait for a person, and why."""
    from afspraak.cli import mailing

    mailing.waiting()


@mail.command("place")
def mail_place(
    which: Mail,
    customer: Customer,
    *,
    ticket: Annotated[
        str, typer.Option("--ticket", help="The number of the ticket it is about; else a new one.")
    ] = "",
) -> None:
    """Say whose a mail is that was set apart."""
    from afspraak.cli import mailing

    mailing.place(which, customer, ticket)


@mail.command("dismiss")
def mail_dismiss(
    which: Mail, why: Annotated[str, typer.Option("--why", help="Kept with the mail.")]
) -> None:
    """Say that nothing comes of a mail. It stays."""
    from afspraak.cli import mailing

    mailing.dismiss(which, why)


@monitor.command("map")
def monitor_map(
    label: Annotated[str, typer.Argument(help="What the monitor calls it.")],
    customer: Customer,
    agreement: Annotated[str, typer.Option("--agreement", help="The agreement's id.")],
    service: Annotated[str, typer.Option("--service", help="The service as the agreement has it.")],
) -> None:
    """Say which service of a customer a monitor's label stands for."""
    from afspraak.cli import monitoring

    monitoring.map_label(label, customer, agreement, service)


@monitor.command("unmap")
def monitor_unmap(label: Annotated[str, typer.Argument()]) -> None:
    """Say that a label stands for nothing any more."""
    from afspraak.cli import monitoring

    monitoring.unmap_label(label)


@monitor.command("list")
def monitor_list() -> None:
    """List what every label stands for."""
    from afspraak.cli import monitoring

    monitoring.list_labels()


@incoming.command()
def load(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `import` made.")],
    customers: Annotated[
        Path,
        typer.Option("--customers", help="YAML: what the log calls a customer: its register."),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do it all, keep nothing, and report.")
    ] = False,
) -> None:
    """Bring an imported log into the database; again is the same as once."""
    from afspraak.cli import loading

    raise typer.Exit(loading.load(folder, customers, dry_run=dry_run))


@incoming.command()
def export(
    organisation: Annotated[
        str, typer.Option("--organisation", help="Its name, or its register, as kvk:12345678.")
    ],
    out: Annotated[Path, typer.Option("--out", help="A folder that is new or empty.")],
) -> None:
    """Write everything that an organisation sees: JSON lines, CSV and Parquet."""
    from afspraak.cli import exporting

    exporting.export(organisation, out)
