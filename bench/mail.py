"""What reading a mail costs, the child and its socket included. Run by hand.

PYTHONPATH=src:tests/mail .venv/bin/python bench/mail.py
"""

import os
import platform
import resource
import time
from base64 import encodebytes

import mails

from afspraak.mail.parse import parse
from afspraak.mail.reader import Reader

ROUNDS = 5
LARGE = (
    mails.HEADERS + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhallo\r\n--b\r\n"
    b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--"
)


def least(run, times: int) -> float:
    """The least time of one call, in milliseconds, over ROUNDS rounds of `times` calls."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(times):
            run()
        found.append((time.perf_counter() - started) / times * 1000)
    return min(found)


def main() -> None:
    print(platform.platform(), platform.python_version(), f"{os.cpu_count()} cores")
    cases = {
        "plain, 0.8 kB": (mails.PLAIN, 100),
        "alternative with a picture and a mail, 1.9 kB": (mails.MIXED, 100),
        "HTML, 0.5 kB": (mails.HTML, 100),
        "1 MB attachment": (LARGE % encodebytes(os.urandom(1_000_000)), 5),
        "18 MB attachment (24 MB of mail)": (LARGE % encodebytes(os.urandom(18_000_000)), 1),
    }
    started = time.perf_counter()
    with Reader() as reader:
        reader.read(mails.PLAIN)
        print(f"first mail, child started: {(time.perf_counter() - started) * 1000:.0f} ms")
        for name, (raw, times) in cases.items():
            assert reader.read(raw) == parse(raw)
            child = least(lambda raw=raw: reader.read(raw), times)
            print(f"{name}: {child:.2f} ms")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of the child: {peak:.0f} MB")


if __name__ == "__main__":
    main()
