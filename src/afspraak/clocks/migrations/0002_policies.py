"""Whoever may see a ticket sees its clocks; what a verdict rests on is of the same relation, and a
row of the cache stays where it was made.
"""

from django.db import migrations

from afspraak.rights.policies import (
    AGREEMENTS,
    BETWEEN,
    BETWEEN_MEMBERS,
    EVERYTHING,
    MEMBERS,
    OF_OWN_TICKET,
    protect,
    same_relation,
    stays,
    true_parties,
)

PARTIES = ("relation_id", "supplier_id", "customer_id")
OF_TICKET = f"({BETWEEN} OR {OF_OWN_TICKET})"
ADVISED = f"(agreement_id = ANY ({AGREEMENTS}))"
# How busy a supplier is, in a word: its customers may know that, and no number behind it.
BUSY = f"""
CREATE FUNCTION clocks_busy(wanted uuid, at timestamptz) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN a_day = 0 THEN ''
        WHEN open_now < a_day THEN 'quiet'
        WHEN open_now > 3 * a_day THEN 'busy'
        ELSE 'usual' END
    FROM (SELECT
        (SELECT count(*) FROM (SELECT 1 FROM clocks_standing
            WHERE supplier_id = wanted AND is_open AND turn = 'supplier' LIMIT 20000) waiting)
            AS open_now,
        (SELECT count(*) FROM clocks_standing WHERE supplier_id = wanted
            AND reported_at >= at - interval '28 days' AND reported_at < at) / 20 AS a_day
    ) counted
    WHERE EXISTS (SELECT 1 FROM parties_relation known WHERE known.supplier_id = wanted
        AND (known.supplier_id = ANY ({MEMBERS}) OR known.customer_id = ANY ({MEMBERS})))
$$;
REVOKE ALL ON FUNCTION clocks_busy(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clocks_busy(uuid, timestamptz) TO afspraak_app, afspraak_system;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_inside"),
        ("clocks", "0001_initial"),
        ("parties", "0003_tables_of_others"),
        ("tickets", "0003_inside"),
    ]
    operations = [
        protect("clocks_standing", reads=OF_TICKET),
        protect("clocks_assessment", reads=f"({OF_TICKET} OR {ADVISED})", writes=OF_TICKET),
        protect("clocks_duty", reads=f"({BETWEEN_MEMBERS} OR {ADVISED})", writes=BETWEEN),
        protect("clocks_outlook", reads=f"({BETWEEN_MEMBERS} OR {ADVISED})", writes=BETWEEN),
        # Looked at by the system alone: only it sees what both sides do.
        protect("clocks_pulse", reads=BETWEEN, app=("SELECT",)),
        # When the watch last looked says nothing of any party; only the watch writes it.
        protect("clocks_beat", reads=EVERYTHING, app=("SELECT",)),
        true_parties("clocks_standing"),
        true_parties("clocks_assessment"),
        true_parties("clocks_duty"),
        true_parties("clocks_outlook"),
        true_parties("clocks_pulse"),
        same_relation("clocks_standing", "ticket_id", "tickets_ticket"),
        same_relation("clocks_standing", "agreement_id", "agreements_agreement"),
        same_relation("clocks_standing", "version_id", "agreements_agreementversion"),
        same_relation("clocks_assessment", "ticket_id", "tickets_ticket"),
        same_relation("clocks_assessment", "agreement_id", "agreements_agreement"),
        same_relation("clocks_assessment", "version_id", "agreements_agreementversion"),
        same_relation("clocks_duty", "agreement_id", "agreements_agreement"),
        same_relation("clocks_outlook", "agreement_id", "agreements_agreement"),
        stays("clocks_standing", "ticket_id", *PARTIES),
        stays("clocks_assessment", "ticket_id", *PARTIES),
        stays("clocks_duty", "agreement_id", *PARTIES),
        migrations.RunSQL(BUSY, reverse_sql="DROP FUNCTION clocks_busy(uuid, timestamptz);"),
    ]
