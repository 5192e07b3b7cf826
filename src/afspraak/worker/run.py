"""The worker itself: Procrastinate over a pool of its own, jobs over Django's connections."""

from procrastinate import App
from procrastinate.contrib.django import app

from afspraak.worker import jobs

CONCURRENCY = 2
"""A mail server that is slow does not hold up what is to be addressed."""
GRACE = 20.0
"""Seconds that a job may take to end when the worker stops; then another does it again."""


def worker_app() -> App:
    """An app with our tasks and a pool of its own for fetching jobs.

    The usual app keeps Django's connection: what a job defers exists if and only if the job's own
    transaction is kept, and a pool that replaced it would defer beside that.
    """
    assert jobs.QUEUE in {task.queue for task in app.tasks.values()}
    made = App(
        connector=app.connector.get_worker_connector(),  # type: ignore[attr-defined]  # Django's own
        import_paths=app.import_paths,
        worker_defaults=app.worker_defaults,
    )
    made.tasks = app.tasks
    made.periodic_registry = app.periodic_registry
    return made


def run_worker(*, wait: bool = True) -> None:
    """Do jobs until SIGTERM or SIGINT, or (without `wait`) until none is left."""
    worker_app().run_worker(
        wait=wait,
        concurrency=CONCURRENCY,
        shutdown_graceful_timeout=GRACE,
        install_signal_handlers=wait,
    )
