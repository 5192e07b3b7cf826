"""The settings of signing, read from an environment that a door hands in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509

ROOTS: Final = "AFSPRAAK_TRUST_ROOTS"
TIMESTAMP: Final = "AFSPRAAK_TIMESTAMP_URL"
_ONE: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


class SettingRefused(ValueError):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Which authorities may vouch for a signer's certificate (PEM), and who stamps the time; empty
    where nobody does.
    """

    roots: tuple[str, ...] = ()
    timestamp_url: str = ""
    loopback_for_tests: bool = False


def trust_of(environ: Mapping[str, str]) -> Trust:
    """As it is set. Raises SettingRefused."""
    return Trust(_roots(environ.get(ROOTS, "")), environ.get(TIMESTAMP, "").strip())


def _roots(path: str) -> tuple[str, ...]:
    if not path:
        return ()
    try:
        found = tuple(_ONE.findall(Path(path).read_text("ascii")))
        for each in found:
            x509.load_pem_x509_certificate(each.encode())
    except (OSError, ValueError) as error:
        raise SettingRefused(f"{ROOTS}: {error}: give a file of certificates (PEM)") from error
    if not found:
        raise SettingRefused(f"{ROOTS}: there is no certificate in it: give a file of them (PEM)")
    return found
