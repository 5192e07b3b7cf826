"""The door of `export`: all that an organisation sees, under the role that bypasses nothing."""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

from pathlib import Path

from afspraak.cli.faults import fault
from afspraak.cli.mailing import now
from afspraak.cli.reading import progress
from afspraak.cli.ready import make_ready, work_as_application


def export(named: str, out: Path) -> None:
    """Writes the export, and says how much it is. Raises UsersFault where something is there."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise fault(out.name, "there is something in it", "name a folder that is new or empty")
    make_ready("system")
    from afspraak.cli.whose import organisation
    from afspraak.engine.time import show_instant
    from afspraak.reports.export import PARTS
    from afspraak.reports.export_files import write_export
    from afspraak.rights.viewer import Viewer, viewing

    whose = organisation(named)
    viewer = Viewer(organisations=frozenset({whose.id}))
    said = {
        "organisation": str(whose.id),
        "name": whose.name,
        "register": whose.register,
        "exported_at": show_instant(now()),
    }
    out.mkdir(parents=True, exist_ok=True)
    work_as_application()
    done: list[str] = []
    with progress("tables") as tell, viewing(viewer):

        def told(name: str, _rows: int) -> None:
            done.append(name)
            tell(len(done), len(PARTS))

        counts = write_export(out=out, viewer=viewer, said=said, progress=told)
    for name, count in counts.items():
        print(f"{count:>9}  {name}")
    print(out)
