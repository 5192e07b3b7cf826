"""The settings of signing, read from an environment that a door hands in."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509

from afspraak.engine.time import Refusal
from afspraak.notices.settings import SettingRefused

ROOTS: Final = "AFSPRAAK_TRUST_ROOTS"
TIMESTAMP: Final = "AFSPRAAK_TIMESTAMP_URL"
log = logging.getLogger("afspraak.signing")
_ONE: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


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


def trust_at_door(environ: Mapping[str, str]) -> Trust:
    """The same for who hands a file in: a setting is not theirs to mend. Raises Refusal."""
    try:
        return trust_of(environ)
    except SettingRefused as refusal:
        log.warning("%s", refusal)
        raise Refusal(
            "this installation cannot check signatures, as a setting of it is wrong: let who runs"
            " it call `afspraak doctor`, then hand the file in again"
        ) from refusal


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
