"""The process that lays a report out: limited by the kernel, its data on standard input, the PDF on
standard output. Started by `pdf.py` as `python -m afspraak.reports.pdf_child FOLDER`.
"""

import sys
from pathlib import Path
from typing import Final

import typst

from afspraak.host.confined import confine

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


if __name__ == "__main__":
    main()
