"""The process that lays a report out: limited by the kernel, its data on standard input, the PDF on
standard output. Started by `pdf.py` as `python -m afspraak.reports.pdf_child FOLDER`.
"""

import resource
import sys
from pathlib import Path
from typing import Final

import typst

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 2 << 30
FILES: Final = 64
STANDARD: Final = "ua-1"


def main() -> None:
    """Lay out what comes in."""
    folder = Path(sys.argv[1])
    data = sys.stdin.buffer.read().decode()
    confine()
    pdf = typst.compile(
        str(folder / "page" / "plain.typ"),
        root=str(folder),
        font_paths=[str(folder / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=STANDARD,
        timestamp=0,
    )
    sys.stdout.buffer.write(pdf)


def confine() -> None:
    """Take away what a layout does not need: no file is written, no more than a few are read."""
    taken = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: FILES,
    }
    for what, most in taken.items():
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
