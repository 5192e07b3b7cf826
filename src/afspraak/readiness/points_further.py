"""The lists that the law asks of some agreements: each question names its article."""

from typing import Final

from afspraak.readiness.questions import Point, ask, clause, frame

CRITICAL: Final = "critical"
"""Stated of DORA: the service supports a critical or important function (article 30(3))."""

LISTS: Final = (
    Point(
        "gdpr",
        (
            ask("scope", law="GDPR 28(3)"),
            ask("instructions", law="GDPR 28(3)(a)"),
            ask("abroad", law="GDPR 28(3)(a), 44"),
            ask("secrecy", law="GDPR 28(3)(b)"),
            ask("security", law="GDPR 28(3)(c), 32"),
            ask("others", law="GDPR 28(2), 28(4)"),
            ask("rights", law="GDPR 28(3)(e)"),
            ask("breach", law="GDPR 28(3)(f), 33(2)"),
            ask(
                "erased",
                clause("exit", "data_back_within", "erased_within"),
                law="GDPR 28(3)(g)",
            ),
            ask("audit", law="GDPR 28(3)(h)"),
        ),
    ),
    Point(
        "nis2",
        (
            ask("measures", law="NIS2 21(2)(d), 21(3)"),
            ask("incidents", law="NIS2 23(4)"),
            ask(
                "leaks",
                clause("recurring_promise", what=("patch_round", "security_scan")),
                law="NIS2 21(2)(e)",
            ),
            ask(
                "restore",
                clause("recurring_promise", what="restore_test"),
                law="NIS2 21(2)(c)",
            ),
            ask("access", law="NIS2 21(2)(i), 21(2)(j)"),
            ask("trained", law="NIS2 21(2)(g)"),
            ask("evidence", law="NIS2 21(2)(f)"),
            ask("chain", law="NIS2 21(3)"),
        ),
    ),
    Point(
        "dora",
        (
            ask("described", frame("services"), law="DORA 30(2)(a)"),
            ask("subcontract", law="DORA 30(2)(a)"),
            ask("places", law="DORA 30(2)(b)"),
            ask("protected", law="DORA 30(2)(c)"),
            ask("returned", clause("exit", "data_back_within"), law="DORA 30(2)(d)"),
            ask(
                "levels",
                clause("ticket_promise", "targets"),
                clause("availability"),
                law="DORA 30(2)(e)",
            ),
            ask("assist", law="DORA 30(2)(f)"),
            ask("authorities", law="DORA 30(2)(g)"),
            ask("termination", frame("term", "early_end"), law="DORA 30(2)(h)"),
            ask("awareness", law="DORA 30(2)(i)"),
            ask(
                "targets",
                clause("ticket_promise", "targets", "share"),
                clause("availability"),
                law="DORA 30(3)(a)",
                only=CRITICAL,
            ),
            ask("warned", clause("reporting"), law="DORA 30(3)(b)", only=CRITICAL),
            ask("contingency", law="DORA 30(3)(c)", only=CRITICAL),
            ask("tested", law="DORA 30(3)(d)", only=CRITICAL),
            ask("inspected", law="DORA 30(3)(e)", only=CRITICAL),
            ask("transition", clause("exit", "continued_for"), law="DORA 30(3)(f)", only=CRITICAL),
        ),
    ),
    Point(
        "data_act",
        (
            ask("switching", law="Data Act 25(2)(a)"),
            ask("strategy", clause("exit", "plan_on"), law="Data Act 25(2)(b)"),
            ask("ended", law="Data Act 25(2)(c)"),
            ask("notice", law="Data Act 25(2)(d)"),
            ask("exported", clause("exit", "data_format"), law="Data Act 25(2)(e)"),
            ask("kept", law="Data Act 25(2)(f)"),
            ask("retrieved", law="Data Act 25(2)(g)"),
            ask("erased", clause("exit", "erased_within"), law="Data Act 25(2)(h)"),
            ask("charges", law="Data Act 25(2)(i), 29"),
            ask("jurisdiction", law="Data Act 28"),
        ),
    ),
)
"""Which apply is stated by a person (`questions.CHOICES`)."""
