"""The environment of peers that are served, not called: django-helpdesk, in a folder of its own.

    python bench/peers.py

Pinned in `bench/helpdesk/requirements.txt`; made anew when that changes.
"""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
HELPDESK = HERE / "helpdesk"
PINNED = HELPDESK / "requirements.txt"
VENV = HERE.parent / ".boot" / "peers"
STAMP = VENV / "made-of"


def python() -> Path:
    """The peers' interpreter, their packages in it."""
    found = VENV / "bin" / "python"
    wanted = PINNED.read_text("utf-8")
    if not STAMP.is_file() or STAMP.read_text("utf-8") != wanted:
        print("peers: making their environment; this needs a package index once", flush=True)
        venv.create(VENV, clear=True, with_pip=True)
        words = [found, "-m", "pip", "install", "--quiet", "--no-deps", "-r", PINNED]
        subprocess.run(words, check=True, stdout=sys.stderr)
        STAMP.write_text(wanted, "utf-8")
    return found


if __name__ == "__main__":
    print(python())
