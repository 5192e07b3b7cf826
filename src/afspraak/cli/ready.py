"""Django made ready in a role of the database: before a door reads any module that knows rows."""

import os
from typing import Literal

import django


def make_ready(role: Literal["owner", "system"]) -> None:
    """This process works in a role from here on (docs/decisions/0005)."""
    os.environ["AFSPRAAK_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afspraak.project.settings")
    django.setup()
