"""What was brought in from where: the page that lies beside the facts (manifest.json)."""

import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from afspraak import __version__
from afspraak.engine.time import MINUTE, TZDATA_VERSION, show_instant

NAME: Final = "manifest.json"
LOUD_SHARE: Final = (5, 100)
"""More rejected rows than this part of all are said loudly."""


@dataclass(frozen=True, slots=True)
class Input:
    """The file that was handed over, and the CSV in it (the same, where it is no archive)."""

    name: str
    bytes: int
    sha256: str
    csv_sha256: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of the log: read = placed + rejected + duplicates.

    `silent` of the placed rows stated nothing new.
    """

    read: int
    placed: int
    rejected: int
    duplicates: int
    silent: int

    def __post_init__(self) -> None:
        """Nothing is lost."""
        assert self.read == self.placed + self.rejected + self.duplicates, self

    @property
    def too_many_rejected(self) -> bool:
        """More than 5 % of the rows were rejected."""
        part, whole = LOUD_SHARE
        return self.rejected * whole > self.read * part


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a folder of facts. `kind` is "import" or "generated".

    `span_from` is the first fact's instant, `span_until` the whole minute after the last one (ISO
    8601, UTC), `as_of` the last one itself. `recorded_at` says where the facts' second time comes
    from (SEMANTICS F4).
    """

    kind: str
    tickets: int
    facts: int
    span_from: str | None
    span_until: str | None
    as_of: str | None
    zone: str
    zone_stated: bool
    recorded_at: str
    rows: Rows | None = None
    input: Input | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    grouped: bool = True
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    generated: dict[str, str | int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    format: int = 1

    def to_json(self) -> str:
        """The manifest as indented JSON; the same for the same input."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def versions() -> dict[str, str]:
    """What the facts were made with."""
    return {
        "afspraak": __version__,
        "python": platform.python_version(),
        "pyarrow": pa.__version__,
        "tzdata": TZDATA_VERSION,
    }


def span(first_at: int | None, last_at: int | None) -> tuple[str | None, str | None, str | None]:
    """(from, until, as of) as ISO 8601; `until` is the whole minute after the last instant (T2)."""
    if first_at is None or last_at is None:
        return None, None, None
    return (
        show_instant(first_at),
        show_instant((last_at // MINUTE + 1) * MINUTE),
        show_instant(last_at),
    )


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of facts. Raises OSError where there is none."""
    told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    told["rows"] = told["rows"] and Rows(**told["rows"])
    told["input"] = told["input"] and Input(**told["input"])
    told["warnings"] = tuple(told["warnings"])
    return Manifest(**told)
