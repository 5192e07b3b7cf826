"""The walk: every use case that crosses rooms calls each step by name, so that the order of things
can be read in one place.
"""

from afspraak.flow.access import NoSuchAdviser, accept_invitation, end_advice
from afspraak.flow.agreements import bring_in_version, sign_version
from afspraak.flow.ask import would_promise
from afspraak.flow.availability import availability_of
from afspraak.flow.begun import begin_walk
from afspraak.flow.complaints import (
    Complaint,
    NoSuchComplaint,
    answer_complaint,
    complain,
    complaints_of,
    remind_of_complaints,
)
from afspraak.flow.drafts import NoSuchRelation, begin_draft, lay_aside, show_draft, write_on
from afspraak.flow.duties import lay_out_the_rest, look_at_duties, look_at_what_is_dated
from afspraak.flow.erase import NoSuchText, erase
from afspraak.flow.facts import NoSuchTicket, Taken, take_fact, take_facts
from afspraak.flow.follow import Followed, follow
from afspraak.flow.incidents import tell_all
from afspraak.flow.others import ask_others
from afspraak.flow.quiet import look_at_relation, look_at_relations
from afspraak.flow.report import Report, send_report
from afspraak.flow.set import MOST_STEPS, set_outside_rate, set_warnings
from afspraak.flow.tell import (
    KeptAfterAll,
    NoSuchPromise,
    approve_notice,
    foresee,
    redraft,
    tell_agreement,
)
from afspraak.flow.watch import BATCH, due_next, look, look_at, rebuild

__all__ = [
    "BATCH",
    "MOST_STEPS",
    "Complaint",
    "Followed",
    "KeptAfterAll",
    "NoSuchAdviser",
    "NoSuchComplaint",
    "NoSuchPromise",
    "NoSuchRelation",
    "NoSuchText",
    "NoSuchTicket",
    "Report",
    "Taken",
    "accept_invitation",
    "answer_complaint",
    "approve_notice",
    "ask_others",
    "availability_of",
    "begin_draft",
    "begin_walk",
    "bring_in_version",
    "complain",
    "complaints_of",
    "due_next",
    "end_advice",
    "erase",
    "follow",
    "foresee",
    "lay_aside",
    "lay_out_the_rest",
    "look",
    "look_at",
    "look_at_duties",
    "look_at_relation",
    "look_at_relations",
    "look_at_what_is_dated",
    "rebuild",
    "redraft",
    "remind_of_complaints",
    "send_report",
    "set_outside_rate",
    "set_warnings",
    "show_draft",
    "sign_version",
    "take_fact",
    "take_facts",
    "tell_agreement",
    "tell_all",
    "would_promise",
    "write_on",
]
