"""Who can show that they know what was promised: for the agreement's page and the desk's card."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from afspraak.keeping.load import entries_of, of_person
from afspraak.keeping.models import Entry, Subject
from afspraak.keeping.team import Knowing, Told, knowledge_of
from afspraak.language.schema_people import KnowledgeClause
from afspraak.rights.viewer import Viewer
from afspraak.web.agreed import Agreed
from afspraak.web.keeping.seen import Life, today_of
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of


def knowing_in(agreed: Agreed, told: list[Told], today: date) -> list[tuple[str, Knowing]]:
    """(clause, how it stands) for each service and software that somebody must know."""
    found = []
    for clause in agreed.document.of_type(KnowledgeClause):
        names = {each: agreed.words.services.show(each) for each in clause.services}
        wanted = [*clause.services, *clause.software]
        for each in knowledge_of(clause.at_least, wanted, told, today):
            shown = Knowing(names.get(each.what, each.what), each.at_least, each.people)
            found.append((clause.id, shown))
    return found


def knowledge_line(agreed: Agreed, agreement: UUID, viewer: Viewer, today: date) -> str:
    """For the desk, in one line: `Kassa 2 of 2, Exact Online 1 of 2`; empty where nothing of it was
    promised.
    """
    if not agreed.document.of_type(KnowledgeClause):
        return ""
    told = [of_person(each) for each in entries_of(agreement, viewer, Subject.PERSON)]
    return ", ".join(
        _("%(what)s %(there)s of %(promised)s")
        % {"what": each.what, "there": len(each.people), "promised": each.at_least}
        for _clause, each in knowing_in(agreed, told, today)
    )


@dataclass(frozen=True, slots=True)
class KnowingShown:
    """Something that people must know: how many can show it, of how many were promised."""

    what: str
    clause: str
    badge: Badge
    people: tuple[str, ...]


def knowing_shown(life: Life, agreed: Agreed, told: list[Told]) -> list[KnowingShown]:
    """Each, with who and until when."""
    found = []
    for clause, each in knowing_in(agreed, told, today_of(life)):
        slots = {"there": len(each.people), "promised": each.at_least}
        word = _("%(there)s of %(promised)s") % slots
        badge = Badge("late", "late", word) if each.lacks else Badge("kept", "kept", word)
        people = tuple(
            _("%(name)s, until %(on)s") % {"name": name, "on": life.speaking.texts.on_date(until)}
            if until
            else name
            for name, until in each.people
        )
        called = clause_of(agreed.contract, clause, life.speaking)
        found.append(KnowingShown(each.what, called, badge, people))
    return found


def knows_in(agreed: Agreed) -> list[tuple[str, str]]:
    """What a proof can be of: (key, name)."""
    found: dict[str, str] = {}
    for clause in agreed.document.of_type(KnowledgeClause):
        found |= {each: agreed.words.services.show(each) for each in clause.services}
        found |= {each: each for each in clause.software}
    return list(found.items())


def proof_shown(row: Entry, life: Life) -> dict[str, object]:
    """A proof as it was handed in."""
    told = of_person(row)
    texts = life.speaking.texts
    return {
        "id": row.pk,
        "who": told.key,
        "knows": told.knows,
        "on": texts.on_date(row.on) if row.on else "",
        "until": texts.on_date(told.until_on) if told.until_on else "",
        "words": row.words,
        "paper": row.pk if row.sha256 else None,
        "name": row.file_name,
    }
