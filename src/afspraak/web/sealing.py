"""What must be read again, but not from the database alone, is sealed with a key of its own."""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet

from afspraak.host.data import secret


@cache
def sealer() -> Fernet:
    """Seals and opens second factors; the key lies among the keys, apart from Django's own."""
    return Fernet(urlsafe_b64encode(secret("second-factor")))
