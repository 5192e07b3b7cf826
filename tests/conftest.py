"""What every test may lean on: Hypothesis's profiles, a browser, what is made once a session."""

import asyncio
import fcntl
import gc
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import embedded
import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker

# Settings are read from here on: the session's own data folder, and the owner's connection, which
# takes on the role that a test asks for (`as_role`).
os.environ["AFSPRAAK_DATA"] = str(embedded.session_folder())
os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
os.environ["AFSPRAAK_ROLE"] = "owner"
os.environ.pop("AFSPRAAK_DATABASE_URL", None)
django.setup()
# Slow on purpose elsewhere; what a password opens does not depend on it.
django.conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from afspraak.host.database import Address

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",  # as root chromium starts in no other way
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# The short run tries the same examples every time, so that it says the same about the same code;
# the long run looks for new ones and prints how to see them again.
settings.register_profile(
    "short",
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutants",  # a failure is enough: the smallest one need not be found
    settings.get_profile("short"),
    max_examples=50,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("short")


Once = Callable[[str, Callable[[Path], None]], Path]
FIRST = ("doors", "whole", "host", "rooms", "mail")
"""The folders whose tests take longest, in the order in which they are begun: what is quick comes
last, so that no worker is left alone with something long.
"""
SHARED = frozenset({"year", "noisy"})
"""Fixtures of a module that are dear to make: whoever asks for one goes where it is."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whether the pictures that tests take of pages are kept as the documentation's."""
    parser.addoption("--pictures", action="store_true", help="keep them in docs/pictures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first; what shares something dear on one worker, as browsers do."""
    for item in items:
        wanted = getattr(item, "fixturenames", ())
        if "chromium" in wanted:
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif not SHARED.isdisjoint(wanted):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    items.sort(key=begun)


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for garbage again and again, as Python would,
    takes a tenth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def begun(item: pytest.Item) -> int:
    """The place of a test's folder among those that are begun first; the sort keeps the rest."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


def find_chromium() -> str | None:
    """The browser named by AFSPRAAK_CHROMIUM, or the first one on PATH."""
    named = os.environ.get("AFSPRAAK_CHROMIUM")
    if named:
        return named
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A running browser; without one the test is skipped here, and fails in CI."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (other tests need none)

    path = find_chromium()
    if path is None:
        missing = "no chromium found: install it, or name one in AFSPRAAK_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    # Its loop runs in this thread from here on, and Django would take each later question to the
    # database for one that somebody forgot to wait for.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: "Browser") -> Iterator["Page"]:
    """A fresh page, off line; a script error on it fails the test."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """A folder that is filled once a session: `once("log", fill)`. Whichever worker comes first
    does it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    ground = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = ground / f"once-{name}", ground / f"once-{name}.done"
        with (ground / f"once-{name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def real_log(once: Once, root: Path) -> Path:
    """The real log as `afspraak import` brings it in; where it is not beside us, a skip."""
    from afspraak.tickets.import_log import import_log  # noqa: PLC0415  (others need no Arrow)
    from afspraak.tickets.mapping_read import load_mapping  # noqa: PLC0415
    from afspraak.tickets.uci import find_uci  # noqa: PLC0415

    log = find_uci(root)
    if log is None:
        pytest.skip("NOT RUN: no real log in ../shared/data (`afspraak sample uci` downloads it)")

    def bring_in(folder: Path) -> None:
        import_log(log, load_mapping("servicenow"), folder)

    return once("real", bring_in)


# The database -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> None:
    """This worker's own database in the session's cluster: real PostgreSQL, every table, no row."""
    from django.db import connections  # noqa: PLC0415  (settings are read by now)

    owner = embedded.copied_database(
        f"afspraak_rows_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    )
    with django_db_blocker.unblock():
        connections["default"].settings_dict.update(
            HOST=owner.host, PORT=str(owner.port), NAME=owner.name, USER=owner.user, PASSWORD=""
        )
        # A test is one transaction, and idle in it whenever it thinks, longer on a busy machine.
        options = connections["default"].settings_dict["OPTIONS"]
        options["options"] += " -c idle_in_transaction_session_timeout=0"


@pytest.fixture
def as_system(db: None) -> Iterator[None]:
    """Rows are read and written as the watch and the workers do."""
    take_role("system")
    yield
    rebuilt_is_stored()


@pytest.fixture
def as_app(db: None) -> Iterator[None]:
    """Rows are read and written as the web application does: row-level security holds."""
    take_role("app")
    yield
    rebuilt_is_stored()


def rebuilt_is_stored() -> None:
    """Whatever a test did: the cache that it leaves is the one that its facts give."""
    from django.db import connection  # noqa: PLC0415  (settings are read by now)

    from afspraak import flow  # noqa: PLC0415
    from afspraak.clocks.models import Outlook  # noqa: PLC0415
    from afspraak.rights.viewer import SYSTEM  # noqa: PLC0415
    from afspraak.tickets.models import Ticket  # noqa: PLC0415

    if connection.connection is None or connection.needs_rollback:
        return
    take_role("system")
    if any(rows.seen_by(SYSTEM).exists() for rows in (Ticket.objects, Outlook.objects)):
        assert flow.rebuild(viewer=SYSTEM).differences == 0


def take_role(role: str) -> None:
    """From here on, until the test's transaction ends, in a role of the database."""
    from django.db import connection  # noqa: PLC0415  (settings are read by now)

    assert role in ("app", "system")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE afspraak_{role}")


@pytest.fixture
def own_database() -> str:
    """The name of a database for one test alone, whose transactions are real."""
    return embedded.copied_database(f"afspraak_own_{secrets.token_hex(6)}").name


@pytest.fixture(scope="session")
def cluster() -> "Address":
    """The owner's address of this worker's own database in the session's running cluster."""
    from embedded import session_cluster  # noqa: PLC0415  (other tests need no database)

    return session_cluster()


@pytest.fixture
def without_loop() -> Iterator[None]:
    """A browser's loop runs in this thread once there was one; what is asked here has its own."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
