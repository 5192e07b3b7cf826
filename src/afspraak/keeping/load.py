"""Rows -> what the pure files read, one way."""

from datetime import date
from uuid import UUID

from afspraak.engine.time import instant_of, parse_date
from afspraak.keeping.ending import Told as OfEnd
from afspraak.keeping.models import Entry, Subject
from afspraak.keeping.team import Told as OfPerson
from afspraak.keeping.things import AT_EXIT, Thing
from afspraak.keeping.things import Told as OfThing
from afspraak.rights.viewer import Viewer

MOST = 5_000
"""So many entries of a subject are looked at."""


def entries_of(agreement: UUID, viewer: Viewer, *subjects: Subject) -> list[Entry]:
    """What was said of these, in the order in which it was recorded: the newest, as that holds."""
    rows = Entry.objects.seen_by(viewer).filter(agreement_id=agreement, subject__in=subjects)
    return list(rows.select_related("person").order_by("-recorded_at", "-id")[:MOST])[::-1]


def of_person(row: Entry) -> OfPerson:
    """An entry about the people."""
    data = row.data
    return OfPerson(
        id=str(row.id),
        key=row.key or str(row.id),
        what=row.what,
        side=row.side,
        at=instant_of(row.recorded_at),
        on=row.on,
        leaves=data.get("leaves", ""),
        comes=data.get("comes", ""),
        seniority=data.get("seniority", ""),
        knows=data.get("knows", ""),
        until_on=_date(data.get("until_on")),
        words=row.words,
        paper=row.file_name,
        is_first=data.get("first", False),
    )


def of_thing(row: Entry) -> OfThing:
    """An entry about a thing."""
    data = row.data
    thing = Thing(
        label=row.key,
        name=data.get("name", ""),
        owner=data.get("owner", ""),
        of=data.get("of", ""),
        service=data.get("service", ""),
        number=data.get("number", 1),
        from_on=_date(data.get("from")),
        until_on=_date(data.get("until")),
        at_exit=data.get("at_exit", AT_EXIT[0]),
    )
    return OfThing(instant_of(row.recorded_at), row.side, thing, is_gone=row.what == "struck")


def of_end(row: Entry) -> OfEnd:
    """An entry about a notice or a step of the exit plan."""
    data = row.data
    return OfEnd(
        id=str(row.id),
        key=row.key,
        what=row.what,
        side=row.side,
        at=instant_of(row.recorded_at),
        on=row.on,
        title=data.get("title", ""),
        owner=data.get("owner", ""),
        who=data.get("who", ""),
        form=data.get("form", ""),
        wanted_on=_date(data.get("wanted_on")),
        words=row.words,
        paper=row.file_name,
    )


def _date(told: str | None) -> date | None:
    return parse_date(told) if told else None
