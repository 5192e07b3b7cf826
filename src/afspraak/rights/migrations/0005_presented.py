"""Who presents a token is known by one question, not by five: what holds its hash sees this much of
it, and of what its maker is where it was made.
"""

from django.db import migrations

PRESENTED = """
CREATE FUNCTION parties_presented(presented bytea, at timestamptz)
    RETURNS TABLE (id uuid, organisation_id uuid, made_by_id uuid, rights jsonb, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT token.id, token.organisation_id, token.made_by_id, token.rights, held.role
    FROM parties_token token
    JOIN parties_membership held ON held.person_id = token.made_by_id
        AND held.organisation_id = token.organisation_id
        AND held.from_at <= at AND (held.until_at IS NULL OR held.until_at > at)
    WHERE token.token_hash = presented AND token.expires_at > at AND token.ended_at IS NULL
    ORDER BY held.from_at, held.id
$$;
REVOKE ALL ON FUNCTION parties_presented(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION parties_presented(bytea, timestamptz)
    TO afspraak_app, afspraak_system;
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0004_at_once"), ("parties", "0006_file_and_presence")]
    operations = [
        migrations.RunSQL(
            PRESENTED, reverse_sql="DROP FUNCTION parties_presented(bytea, timestamptz);"
        )
    ]
