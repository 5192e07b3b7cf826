"""The process that lays a paper out: limited by the kernel, its data on standard input, the PDF on
standard output. Started by `paper.py`.
"""

import sys
from pathlib import Path
from typing import Final

import typst

from afspraak.host.confined import confine

UA: Final = "ua-1"
KEPT: Final = "a-3a"
"""For everybody's reading, and to be kept: with the contract's own bytes inside."""


def main() -> None:
    """Lay out what comes in. The paper bears no date of its own: the same text, the same bytes."""
    folder, fonts = map(Path, sys.argv[1:3])
    data = sys.stdin.buffer.read().decode()
    confine()
    pdf = typst.compile(
        str(folder / "page" / "paper.typ"),
        root=str(folder),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[UA, KEPT],
        timestamp=0,
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
