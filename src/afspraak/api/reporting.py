"""Reports: taken together, where several of one asker are under way at the same time. Each has its
place in its log, its answer, its key, and what it is refused for.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.http import HttpResponse

from afspraak import flow
from afspraak.api.admission import replayed, written
from afspraak.api.auth import Call
from afspraak.api.facts_asked import ReportAsked
from afspraak.api.facts_told import report_of
from afspraak.api.gathering import Gathering
from afspraak.api.problem import is_undone
from afspraak.api.seen import relations_sent
from afspraak.api.shown_tickets import Told
from afspraak.api.shown_verdicts import all_told
from afspraak.flow.begun import Name
from afspraak.parties.actions_answers import Answered, Keyed, keep_answers, known_answers
from afspraak.parties.identity import Identity
from afspraak.rights.planned import be_patient, together

MADE: Final = 201
HASTE: Final = 1
"""Seconds that several wait for what others have locked; then each waits for its own."""


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one request."""

    body: ReportAsked
    identity: Identity
    keyed: Keyed | None
    at: int

    @property
    def name(self) -> Name:
        """What its source calls it."""
        return self.body.relation, self.body.source, self.body.source_id or ""

    @property
    def names(self) -> frozenset[Hashable]:
        """What no two in a transaction share: the second is answered as the first has left it."""
        body = self.body
        found: dict[str, Hashable] = {
            "key": self.keyed.key if self.keyed else None,
            "source": self.name if body.source_id else None,
            "foreign": (body.relation, body.foreign) if body.foreign else None,
        }
        return frozenset((kind, told) for kind, told in found.items() if told is not None)


def reported(call: Call, body: ReportAsked) -> HttpResponse:
    """The answer to a report."""
    who = call.identity
    alike = (who.viewer, who.actor, who.rights, who.is_person, frozenset(who.roles.items()))
    report = Report(body, who, call.keyed, call.at)
    return _REPORTS(report, of=alike, names=report.names)


def take_reports(reports: Sequence[Report]) -> list[HttpResponse]:
    """Reports of one asker in one transaction, as of the last of them: all, or it raises."""
    at = max(each.at for each in reports)
    with transaction.atomic():
        if len(reports) > 1:
            be_patient(seconds=HASTE)
        known = known_answers(keyed=[each.keyed for each in reports if each.keyed])
        new = [each for each in reports if each.keyed not in known]
        made = [written(told, status=MADE) for told in _taken(new, at)]
        keep_answers(answered=_to_keep(new, made), at=at)
    answers = iter(made)
    return [
        replayed(known[each.keyed]) if each.keyed and each.keyed in known else next(answers)
        for each in reports
    ]


def _to_keep(reports: Sequence[Report], answers: Sequence[HttpResponse]) -> Iterator[Answered]:
    for report, answer in zip(reports, answers, strict=True):
        if report.keyed is not None:
            yield Answered(report.keyed, answer.status_code, answer.content)


def _taken(reports: Sequence[Report], at: int) -> list[Told]:
    """What became of each; it begins in one round trip."""
    if not reports:
        return []
    identity = reports[0].identity
    viewer = identity.viewer
    with together():
        relations = relations_sent(viewer, [each.body.relation for each in reports])
        begun = flow.begin_walk(names=[each.name for each in reports], viewer=viewer)
    seen = relations()
    told = [report_of(each.body, seen[each.body.relation], identity, each.at) for each in reports]
    taken = flow.take_facts(told=told, viewer=viewer, at=at, is_whole=True, begun=begun)
    return all_told(taken, identity)


_REPORTS: Final = Gathering(take_reports, is_undone=is_undone)
