"""What a worker does: each job calls one step and nothing else. Rows are the truth, jobs only wake:
one that is lost or runs twice changes nothing, because every sweep looks at what is owed.
"""

import logging
import os
from typing import Final
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from afspraak import flow
from afspraak.clocks.beats import silences_at
from afspraak.engine.time import datetime_of
from afspraak.flow.agreements import FOLLOW
from afspraak.flow.archive import READ_PAPERS, read_papers
from afspraak.flow.facts import ASK_OTHERS
from afspraak.intake.actions import TAKE
from afspraak.mail.fetch import fetch_mail, walk_mail
from afspraak.notices.actions import ADDRESS, SEND
from afspraak.notices.actions_address import address_owed
from afspraak.notices.actions_send import gather
from afspraak.notices.actions_telling import raise_alarms
from afspraak.worker.clock import read
from afspraak.worker.sending import deliver_owed, post_of, send_owed

log = logging.getLogger(__name__)
QUEUE: Final = "notices"
STALLED: Final = 60
"""Seconds without a worker's heartbeat after which its jobs are done by another."""
KEPT_HOURS: Final = 24 * 7
PATIENT: Final = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name=ADDRESS, queue=QUEUE, retry=PATIENT)
def address() -> None:
    """Whom is owed what, in which words."""
    address_owed(at=_now())


@app.task(name=SEND, queue=QUEUE, retry=PATIENT)
def send() -> None:
    """Everything that may leave, by mail and to channels."""
    send_owed(post_of(os.environ), _now)
    deliver_owed(_now)


@app.task(name=ASK_OTHERS, queue=QUEUE, retry=PATIENT)
def ask_others(fact: str) -> None:
    """A question to a third party, or its answer."""
    flow.ask_others(fact=UUID(fact), at=_now())


@app.task(name=READ_PAPERS, queue=QUEUE, retry=PATIENT)
def read_what_came_in() -> None:
    """Papers of archives, one by one."""
    read_papers(at=_now())


@app.task(name=FOLLOW, queue=QUEUE, retry=PATIENT)
def follow(agreement: str, since: int) -> None:
    """What an agreement's newest signature changes; again when a version comes into force."""

    def tell(done: int, total: int) -> None:
        log.info("agreement %s: %s of %s tickets replayed", agreement, done, total)

    followed = flow.follow(agreement=UUID(agreement), since=since, at=_now(), progress=tell)
    if followed.again_at is not None:
        later = app.configure_task(FOLLOW, queue=QUEUE, schedule_at=datetime_of(followed.again_at))
        later.defer(agreement=agreement, since=followed.again_at)


# Again and again ----------------------------------------------------------------------------------
#
# None has a queueing lock. PostgreSQL keeps the key of a duplicate to itself where row-level
# security holds, Procrastinate asserts that it is told, and so the worker would end at the first
# minute whose job still waits from the one before: and then at every start. A second sweep finds
# nothing to do.


@app.periodic(cron="* * * * *")
@app.task(name="afspraak.sweep", queue=QUEUE, pass_context=False)
def sweep(timestamp: int) -> None:
    """What a lost job would have done, digests, and what waited for somebody's hours."""
    del timestamp
    address_owed(at=_now())
    gather(at=_now())
    send_owed(post_of(os.environ), _now)
    deliver_owed(_now)


@app.periodic(cron="* * * * *")
@app.task(name="afspraak.fetch", queue=QUEUE, pass_context=False)
def fetch(timestamp: int) -> None:
    """Mail that waits at the server, and what was stored and not yet read."""
    del timestamp
    fetch_mail(os.environ, _now)


@app.task(name=TAKE, queue=QUEUE, retry=PATIENT)
def take_mail() -> None:
    """What a door has stored."""
    walk_mail(os.environ, _now)


@app.periodic(cron="* * * * *")
@app.task(name="afspraak.alarm", queue=QUEUE)
def alarm(timestamp: int) -> None:
    """Whether somebody watches."""
    del timestamp
    now = _now()
    silences = silences_at(now)
    if silences:
        raise_alarms(silences=silences, at=now)


@app.periodic(cron="17 1 * * *")
@app.task(name="afspraak.duties", queue=QUEUE, retry=PATIENT)
def duties(timestamp: int) -> None:
    """Dates of agreements that nobody has laid out, and those whose moment has come."""
    del timestamp
    flow.lay_out_the_rest(at=_now())
    while flow.look_at_what_is_dated(at=_now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(name="afspraak.complaints", queue=QUEUE, pass_context=False)
def complaints(timestamp: int) -> None:
    """Complaints whose answer comes near, or is late."""
    del timestamp
    flow.remind_of_complaints(at=_now())


@app.periodic(cron="31 3 * * *")
@app.task(name="afspraak.quiet", queue=QUEUE, retry=PATIENT)
def quiet(timestamp: int) -> None:
    """Whether relations have gone quiet."""
    del timestamp
    flow.look_at_relations(at=_now())


@app.periodic(cron="47 5 * * *")
@app.task(name="afspraak.unsigned", queue=QUEUE, retry=PATIENT)
def unsigned(timestamp: int) -> None:
    """What was agreed to some days ago, and is not signed."""
    del timestamp
    flow.remind_of_unsigned(at=_now())


@app.periodic(cron="7 6 * * *")
@app.task(name="afspraak.month", queue=QUEUE, retry=PATIENT)
def month(timestamp: int) -> None:
    """What agreements lack, and where they pinched last month."""
    del timestamp
    flow.tell_the_month(at=_now())


@app.periodic(cron="* * * * *")
@app.task(name="afspraak.revive", queue=QUEUE, pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Jobs of workers that are gone are done by another."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        log.warning("job %s (%s) had stalled and is done again", job.id, job.task_name)
        await manager.retry_job(job)


@app.periodic(cron="43 2 * * *")
@app.task(name="afspraak.clear", queue=QUEUE, pass_context=True)
async def clear(context: JobContext, timestamp: int) -> None:
    """Jobs that were done a week ago are forgotten; what they did is not."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)


def _now() -> int:
    return read().at
