"""The gaps of a running agreement as the beginning of an amendment: its own text with the next
number, and above it a comment for each gap, with the question and why it is asked.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from afspraak.agreements.models import AgreementVersion
from afspraak.agreements.read import document_of
from afspraak.engine.time import local_date, zone_of
from afspraak.language.begin import numbered, thawed
from afspraak.language.text.words import Lang
from afspraak.readiness.questions import ByClause, Question
from afspraak.readiness.stands import QUESTIONS
from afspraak.readiness.words import say, tables
from afspraak.rights.viewer import Viewer


def proposed_text(
    version: AgreementVersion, points: Iterable[str], lang: Lang, viewer: Viewer, at: int
) -> bytes:
    """The text to begin with. The number is the first that is free; it holds from tomorrow on."""
    rows = AgreementVersion.objects.seen_by(viewer).filter(agreement=version.agreement_id)
    highest = max(rows.values_list("number", flat=True))
    data = bytes(version.document)
    from_on = local_date(zone_of(document_of(data).zone), at) + timedelta(days=1)
    return with_gaps(numbered(thawed(data), highest + 1, from_on), points, lang)


def with_gaps(data: bytes, points: Iterable[str], lang: Lang) -> bytes:
    """The text with its gaps above it, as comments: no reader of contracts stumbles over them."""
    lines = [line for name in points for line in _gap(name, lang)]
    return "".join(f"# {line}\n" for line in lines).encode() + data


def _gap(name: str, lang: Lang) -> Iterator[str]:
    """`budget.rising: How may the price rise? (indexation)`, and why it is asked."""
    asked = QUESTIONS.get(name)
    if asked is None:
        return
    told = f"{name}: {say(lang, 'ask', name)}"
    yield f"{told} ({', '.join(_kinds(asked))})" if _kinds(asked) else told
    why = tables(lang)["why"].get(name) or asked.law
    if why:
        yield f"  {why}"


def _kinds(question: Question) -> list[str]:
    """The types of clause that would answer it."""
    found = (each.type for each in question.answers if isinstance(each, ByClause))
    return list(dict.fromkeys(found))
