"""How busy a supplier is, in a word: its customers may know that, and no number behind it."""

from django.db import migrations

from afspraak.rights.policies import MEMBERS

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
    dependencies = [("clocks", "0005_inside"), ("parties", "0003_tables_of_others")]
    operations = [
        migrations.RunSQL(BUSY, reverse_sql="DROP FUNCTION clocks_busy(uuid, timestamptz);")
    ]
