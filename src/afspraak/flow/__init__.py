"""The walk: every use case that crosses rooms calls each step by name, so that the order of things
can be read in one place.
"""

from afspraak.flow.access import NoSuchAdviser, accept_invitation, end_advice
from afspraak.flow.agreements import bring_in_version, sign_version
from afspraak.flow.amending import begin_amendment, enter_index_values, mark_hurt, say_of_term
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
from afspraak.flow.keeping import HandedIn, answer_delivery, hand_in, name_owner, say
from afspraak.flow.making import (
    NoSuchProposal,
    accept,
    confirm_promise,
    decline,
    propose,
    remark,
    seat,
    tell_standstill,
    unseat,
)
from afspraak.flow.month import tell_the_month
from afspraak.flow.offering import offer_for_signing, offered_by
from afspraak.flow.others import ask_others
from afspraak.flow.quiet import look_at_relation, look_at_relations
from afspraak.flow.report import Report, send_report
from afspraak.flow.set import MOST_STEPS, set_outside_rate, set_warnings
from afspraak.flow.signing import (
    paper_for,
    read_signed,
    sign_as_read,
    sign_by_passkey,
    sign_on_paper,
    statement_for,
    version_to_sign,
)
from afspraak.flow.tell import (
    KeptAfterAll,
    NoSuchPromise,
    approve_notice,
    foresee,
    redraft,
    tell_agreement,
)
from afspraak.flow.unsigned import remind_of_unsigned
from afspraak.flow.watch import BATCH, due_next, look, look_at, rebuild
from afspraak.flow.wishes import Into, grant_wish, reckon_upkeep

__all__ = [
    "BATCH",
    "MOST_STEPS",
    "Complaint",
    "Followed",
    "HandedIn",
    "Into",
    "KeptAfterAll",
    "NoSuchAdviser",
    "NoSuchComplaint",
    "NoSuchPromise",
    "NoSuchProposal",
    "NoSuchRelation",
    "NoSuchText",
    "NoSuchTicket",
    "Report",
    "Taken",
    "accept",
    "accept_invitation",
    "answer_complaint",
    "answer_delivery",
    "approve_notice",
    "ask_others",
    "availability_of",
    "begin_amendment",
    "begin_draft",
    "begin_walk",
    "bring_in_version",
    "complain",
    "complaints_of",
    "confirm_promise",
    "decline",
    "due_next",
    "end_advice",
    "enter_index_values",
    "erase",
    "follow",
    "foresee",
    "grant_wish",
    "hand_in",
    "lay_aside",
    "lay_out_the_rest",
    "look",
    "look_at",
    "look_at_duties",
    "look_at_relation",
    "look_at_relations",
    "look_at_what_is_dated",
    "mark_hurt",
    "name_owner",
    "offer_for_signing",
    "offered_by",
    "paper_for",
    "propose",
    "read_signed",
    "rebuild",
    "reckon_upkeep",
    "redraft",
    "remark",
    "remind_of_complaints",
    "remind_of_unsigned",
    "say",
    "say_of_term",
    "seat",
    "send_report",
    "set_outside_rate",
    "set_warnings",
    "show_draft",
    "sign_as_read",
    "sign_by_passkey",
    "sign_on_paper",
    "sign_version",
    "statement_for",
    "take_fact",
    "take_facts",
    "tell_agreement",
    "tell_all",
    "tell_standstill",
    "tell_the_month",
    "unseat",
    "version_to_sign",
    "would_promise",
    "write_on",
]
