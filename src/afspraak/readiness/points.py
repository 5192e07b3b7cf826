"""The six points that are gone through before anybody signs, as data."""

from typing import Final

from afspraak.readiness.questions import EVERY, Point, ask, clause, frame

POINTS: Final = (
    Point(
        "budget",
        (
            ask(
                "price",
                frame("services", EVERY, "fee"),
                clause("standing_fee"),
                clause("project_price"),
                clause("prepaid_hours"),
            ),
            ask("once", clause("start_up"), clause("project_price")),
            ask("outside", clause("hourly"), clause("prepaid_hours", "afterwards")),
            ask("extra", clause("extra_cost")),
            ask("ceiling", clause("hourly", "ceiling"), clause("extra_cost", "limits")),
            ask("numbers", clause("volume"), frame("services", EVERY, "bands")),
            ask("rising", clause("indexation", "cap")),
            ask("paying", clause("payment")),
        ),
    ),
    Point(
        "timing",
        (
            ask("term", frame("term")),
            ask("ending", frame("term", "renewal"), frame("term", "early_end")),
            ask("hours", frame("calendars")),
            ask("response", clause("ticket_promise", "targets", measure="first_response")),
            ask("solved", clause("ticket_promise", "targets", measure="resolution")),
            ask("dates", clause("delivery")),
            ask("late", clause("penalty"), clause("credit")),
            ask(
                "ours",
                clause("ticket_promise", promisor="customer"),
                clause("duty", "within", promisor="customer"),
            ),
        ),
    ),
    Point(
        "team",
        (
            ask("who", clause("people")),
            ask("substitute", clause("people", f"people.{EVERY}.substitute")),
            ask("swap", clause("people", "swap_notice", "hand_over")),
            ask("tasks", clause("tasks")),
            ask("helped", clause("user_support")),
            ask("escalation", frame("parties", "supplier", "contacts", "escalation")),
            ask("mandate", frame("parties", EVERY, "signers")),
            ask("others"),
        ),
    ),
    Point(
        "reporting",
        (
            ask("report", clause("reporting")),
            ask("contents", clause("reporting", "contains")),
            ask("meeting", clause("review")),
            ask("share", clause("ticket_promise", "share"), clause("availability")),
            ask("consequence", clause("credit"), clause("penalty")),
            ask("channel", clause("duty", "one_channel"), clause("user_support", "channels")),
        ),
    ),
    Point(
        "roll_out",
        (
            ask("steps", clause("roll_out"), clause("delivery", promisor="supplier")),
            ask("data", clause("delivery", promisor="customer")),
            ask("pilot", clause("roll_out", "pilot_users")),
            ask("told", clause("roll_out", "users_told")),
            ask("training", clause("entitlement", what=("training",))),
            ask("acceptance", clause("delivery", "acceptance")),
            ask("bugs", clause("quality_guarantee")),
            ask("mended", clause("quality_guarantee", "mended_within")),
            ask("fallback", clause("roll_out", "fallback")),
        ),
    ),
    Point(
        "maintenance",
        (
            ask("window", clause("maintenance", "windows", "announced")),
            ask("limit", clause("maintenance", "at_most")),
            ask("available", clause("availability")),
            ask(
                "compensation",
                clause("credit", of="availability"),
                clause("penalty", of="availability"),
            ),
            ask("knowledge", clause("knowledge")),
            ask("restore", clause("recurring_promise", promisor="supplier", what="restore_test")),
            ask(
                "updates",
                clause("recurring_promise", what=("patch_round", "security_scan")),
            ),
            ask("owned", clause("ownership")),
            ask("exit", clause("exit")),
        ),
    ),
)
"""Each point with its questions, in the order in which they are gone through."""
