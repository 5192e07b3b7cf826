"""Files that appear whole or not at all: written beside their place, renamed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def staged(out: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """A temporary folder in `out`, whose files `names` replace those of `out` at a good end.

    The last name goes last and its old file first: where it is, all the others belong to it.
    """
    made = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(prefix=".partial-", dir=out) as folder:
            yield Path(folder)
            (out / names[-1]).unlink(missing_ok=True)
            for name in names:
                (out / name).parent.mkdir(exist_ok=True)
                (Path(folder) / name).replace(out / name)
    except BaseException:
        if made and not any(out.iterdir()):
            out.rmdir()
        raise
