"""Django made ready in a role of the database: before a door reads any module that knows rows."""

import os
from typing import Literal

import django


def make_ready(role: Literal["owner", "system"]) -> None:
    """This process works in a role from here on (docs/decisions/0005)."""
    os.environ["AFSPRAAK_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afspraak.project.settings")
    django.setup()


def work_as_application() -> None:
    """From here on this process is the application's role: the database itself shows only what a
    viewer may see. For what leaves the installation.
    """
    from django.db import connections  # noqa: PLC0415  (settings are read by now)

    from afspraak.host.database import address  # noqa: PLC0415  (once Django is ready)

    found = address("app")
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(
        HOST=found.host, PORT=str(found.port), USER=found.user, PASSWORD=found.password
    )
