"""The command line: what can be typed. The work stands in the modules beside this one, which are
read only when their command is called: `afspraak --help` answers at once.
"""

# ruff: noqa: PLC0415 - each command reads its own module when it is called, as said above

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from afspraak.cli.app_access import signatures, token, user
from afspraak.cli.app_host import host
from afspraak.cli.app_mail import incoming
from afspraak.cli.app_running import running

app = typer.Typer(
    name="afspraak",
    help="What both parties signed is what runs: service contracts as clocks that both can see.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
sample = typer.Typer(help="A log to try things on.", no_args_is_help=True)
app.add_typer(sample, name="sample")
app.add_typer(host)
app.add_typer(running)
app.add_typer(incoming)
app.add_typer(signatures)
app.add_typer(user, name="user")
app.add_typer(token, name="token")


class Lang(StrEnum):
    """The languages of texts."""

    nl = "nl"
    fr = "fr"
    en = "en"


class Engine(StrEnum):
    """The forms of the law that replay."""

    scalar = "scalar"
    columns = "columns"
    dask = "dask"


ContractFile = Annotated[Path, typer.Argument(metavar="FILE", help="A contract (YAML).")]
Contracts = Annotated[
    Path, typer.Option("--contract", help="A contract, or a folder with one for each customer.")
]
Facts = Annotated[Path, typer.Option("--facts", help="A folder that `import` or `sample` made.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="As of a moment, 2026-03-02T09:00:00+01:00; else the log's end."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Only what the contract covers as signed; no what-if.")
]
SignedAt = Annotated[
    str | None,
    typer.Option(
        "--signed-at", help="When the last party signed, for --strict; else at its start."
    ),
]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        "--assume",
        metavar="FIELD=VALUE",
        help="A service, priority, kind or site where the contract does not know the log's.",
    ),
]
Language = Annotated[Lang, typer.Option("--lang", help="The language of the text.")]


# Contracts ----------------------------------------------------------------------------------------


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Print every fault of a contract at once, with its line."""
    from afspraak.cli import contracts

    raise typer.Exit(contracts.check_files(files))


@app.command()
def freeze(
    file: ContractFile,
    out: Annotated[Path | None, typer.Option("--out", help="Else to standard output.")] = None,
) -> None:
    """Write a contract's calendars out as data, before it is signed."""
    from afspraak.cli import contracts

    contracts.freeze_file(file, out)


@app.command()
def render(
    file: ContractFile,
    *,
    lang: Language = Lang.nl,
    html: Annotated[bool, typer.Option("--html", help="HTML; else Markdown.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Else to standard output.")] = None,
) -> None:
    """Write a contract as people read and sign it."""
    from afspraak.cli import contracts

    contracts.render_file(file, lang.value, html=html, out=out)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD")],
    new: Annotated[Path, typer.Argument(metavar="NEW")],
    lang: Language = Lang.nl,
) -> None:
    """Say what changed between two versions, and for whom."""
    from afspraak.cli import contracts

    contracts.diff_files(old, new, lang.value)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a contract, for editors."""
    from afspraak.cli import contracts

    contracts.print_schema()


# Logs ---------------------------------------------------------------------------------------------


@app.command("import")
def import_(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="CSV, .zip or .gz.")],
    mapping: Annotated[str, typer.Option("--mapping", help="By name, or the path of a YAML file.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    *,
    zone: Annotated[
        str | None, typer.Option("--zone", help="The log's zone, where it states none.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a log of which over 5 % has no place.")
    ] = False,
) -> None:
    """Bring a ticket export in: facts, outcomes, rejects with why."""
    from afspraak.cli import logs

    logs.import_file(log, mapping, out, zone=zone, strict=strict)


@sample.command("uci")
def sample_uci(
    out: Annotated[Path, typer.Option("--out", help="The folder for the download.")] = Path("data"),
) -> None:
    """Download the real log of 24 918 incidents (CC BY 4.0)."""
    from afspraak.cli import logs

    logs.fetch_real_log(out)


@sample.command("year")
def sample_year(
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same year.")] = 1,
) -> None:
    """Generate a year: 40 customers, contracts, 25 000 tickets."""
    from afspraak.cli import logs

    logs.make_year(seed, out)


@app.command()
def infer(
    facts: Facts,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write what was found as JSON.")
    ] = None,
) -> None:
    """Find the promise behind a log's outcomes; propose targets."""
    from afspraak.cli.inferring import infer_promise

    infer_promise(facts, json)


# The main job -------------------------------------------------------------------------------------


@app.command()
def replay(
    contract: Contracts,
    facts: Facts,
    *,
    as_of: AsOf = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Another contract, or folder, to compare with.")
    ] = None,
    strict: Strict = False,
    signed_at: SignedAt = None,
    assume: Assume = None,
    json: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the page.")] = None,
    lang: Language = Lang.nl,
    engine: Annotated[
        Engine,
        typer.Option("--engine", help="How: ticket by ticket, or counted in columns, or by Dask."),
    ] = Engine.scalar,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes that count; else one a processor.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="A Dask cluster's address; else this machine.")
    ] = "",
) -> None:
    """What if: a log under a contract, told, as JSON and as a page."""
    from afspraak.cli.replay import Wish, run

    wish = Wish(
        contract=contract,
        facts=facts,
        as_of=as_of,
        against=against,
        strict=strict,
        signed_at=signed_at,
        assume=tuple(assume or ()),
        json=json,
        html=html,
        language=lang.value,
        engine=engine.value,
        workers=workers,
        scheduler=scheduler,
    )
    if engine is Engine.scalar:
        run(wish)
        return
    from afspraak.cli import bulk

    bulk.run(wish)


@app.command()
def explain(
    ticket: Annotated[str, typer.Argument(metavar="TICKET")],
    contract: Contracts,
    facts: Facts,
    *,
    as_of: AsOf = None,
    strict: Strict = False,
    signed_at: SignedAt = None,
    assume: Assume = None,
    spans: Annotated[bool, typer.Option("--spans", help="Every span, each night too.")] = False,
    lang: Language = Lang.nl,
) -> None:
    """One ticket's clocks: what counted, because of which clause."""
    from afspraak.cli.explain import run
    from afspraak.cli.replay import Wish

    wish = Wish(
        contract=contract,
        facts=facts,
        as_of=as_of,
        strict=strict,
        signed_at=signed_at,
        assume=tuple(assume or ()),
        language=lang.value,
    )
    raise typer.Exit(run(ticket, wish, spans=spans))


@app.command()
def conformance(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Run cases of the law; ends with `N passed, N failed`."""
    from afspraak.cli.conformance import report

    raise typer.Exit(0 if report(files, print) else 1)


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Set up, see that it answers, and stop.")
    ] = False,
    log: Annotated[Path | None, typer.Option("--log", help="A log of your own.")] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    report: Annotated[
        bool, typer.Option("--report", help="No server: replay the log, make the page of it.")
    ] = False,
    lang: Language = Lang.nl,
) -> None:
    """Set up a supplier with a year of tickets that ends now, and serve it."""
    if report:
        from afspraak.cli.demo import run

        run(once=once, log=log, language=lang.value)
        return
    from afspraak.cli.demonstration import Wish
    from afspraak.cli.demonstration import run as serve_demonstration

    raise typer.Exit(serve_demonstration(Wish(once=once, log=log, port=port)))


def main() -> None:
    """The program: a user's fault is told in lines and ends with 1; a fault of ours crashes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from afspraak.cli.faults import lines_of

        lines = lines_of(error)
        if lines is None:
            raise
        print(*lines, sep="\n", file=sys.stderr)
        sys.exit(1)
