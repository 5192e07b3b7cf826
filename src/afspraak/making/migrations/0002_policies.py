from django.db import migrations

from afspraak.rights.policies import (
    INTERNAL,
    OURS,
    append_only,
    by_a_party,
    inside,
    person_inside,
    protect,
    same_relation,
    stays,
    true_parties,
)

UNDER = "EXISTS (SELECT 1 FROM agreements_draft seen WHERE seen.id = draft_id OFFSET 0)"
"""What hangs under a draft is seen by who sees the draft."""

OURS_UNDER = f"({OURS} AND {UNDER})"
OF_ITS_DRAFT = (
    "EXISTS (SELECT 1 FROM agreements_draft one WHERE one.id = NEW.draft_id"
    " AND NEW.organisation_id IN (one.supplier_id, one.customer_id))"
)
SHOWN = f"({INTERNAL} OR (is_shown AND {UNDER} AND {{shared}}))".format(
    shared="EXISTS (SELECT 1 FROM agreements_draft told WHERE told.id = draft_id"
    " AND told.shown_at IS NOT NULL OFFSET 0)"
)
SAID = ("making_remark", "making_proposal", "making_reply")
OF_A_SIDE = ("making_confirmation", "making_standstill")


class Migration(migrations.Migration):
    dependencies = [("making", "0001_initial")]

    operations = [
        *(step for table in SAID for step in append_only(table, reads=UNDER, writes=OURS_UNDER)),
        protect(
            "making_seat",
            reads=UNDER,
            writes=OURS_UNDER,
            app=("SELECT", "INSERT", "UPDATE"),
            system=("SELECT", "INSERT", "UPDATE"),
        ),
        *append_only("making_confirmation", reads=INTERNAL, writes=f"({INTERNAL} AND {UNDER})"),
        protect(
            "making_standstill",
            reads=SHOWN,
            writes=f"({INTERNAL} AND {UNDER})",
            app=("SELECT", "INSERT", "UPDATE"),
            system=("SELECT", "INSERT", "UPDATE"),
        ),
        *(true_parties(table) for table in (*SAID, "making_seat")),
        *(same_relation(table, "draft_id", "agreements_draft") for table in (*SAID, "making_seat")),
        same_relation("making_reply", "proposal_id", "making_proposal"),
        *(by_a_party(table) for table in (*SAID, "making_seat")),
        *(person_inside(table, "person_id", "organisation_id") for table in (*SAID, "making_seat")),
        person_inside("making_confirmation", "person_id", "organisation_id"),
        *(inside(table, "draft_id", OF_ITS_DRAFT) for table in OF_A_SIDE),
        stays(
            "making_seat",
            *("id", "draft_id", "organisation_id", "relation_id", "supplier_id", "customer_id"),
        ),
        stays("making_standstill", "id", "draft_id", "organisation_id"),
    ]
