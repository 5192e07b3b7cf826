"""People by a few letters or figures, however many there are: from an index of trigrams.

Row-level security lets such an index not be used: its operators could tell of rows that are not
seen. So a function reads it with the owner's eyes, of people in the viewer's organisations and
those that have a relation with them, and says ids only: their rows are read as all others are.
"""

from django.db import migrations

from afspraak.rights.policies import MEMBERS, ORGANISATIONS

FIGURES = "regexp_replace(phone, '\\D', '', 'g')"

PATTERNS = r"""
CREATE FUNCTION search_patterns(words text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg('%' || regexp_replace(plain, '([\\%_])', '\\\1', 'g') || '%'
        ORDER BY length(plain) DESC)
    FROM (SELECT search_plain(word) AS plain FROM unnest(words) word) asked $$;
COMMENT ON FUNCTION search_patterns(text[]) IS
    'what LIKE finds these words with wherever they stand in a plain text, the longest first';
"""

FOUND = f"""
CREATE FUNCTION parties_found(asked text[], figures text, most integer)
    RETURNS TABLE (person uuid, nearness real)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        near text := search_plain(array_to_string(asked, ' '));
        patterns text[] := search_patterns(asked);
        longest text := patterns[1];
        whose uuid[] := {MEMBERS} || ARRAY(
            SELECT customer_id FROM parties_relation WHERE supplier_id = ANY ({ORGANISATIONS})
            UNION SELECT supplier_id FROM parties_relation WHERE customer_id = ANY ({MEMBERS})
            UNION SELECT id FROM parties_organisation WHERE made_by_id = ANY ({ORGANISATIONS}));
        elsewhere uuid[] := parties_members();
    BEGIN
        IF figures <> '' THEN
            RETURN QUERY SELECT one.id, 1::real FROM parties_person one
            WHERE one.figures LIKE '%' || parties_found.figures || '%'
                AND (one.organisation_id = ANY (whose) OR one.id = ANY (elsewhere)) LIMIT most;
            RETURN;
        END IF;
        IF length(longest) < 5 THEN  -- two letters are in no index: the first that have them
            RETURN QUERY SELECT one.id, 1::real FROM parties_person one
            WHERE one.plain || '' LIKE ALL (patterns)
                AND (one.organisation_id = ANY (whose) OR one.id = ANY (elsewhere)) LIMIT most;
            RETURN;
        END IF;
        RETURN QUERY SELECT few.id, word_similarity(near, few.plain) FROM (
            SELECT one.id, one.plain FROM parties_person one
            WHERE one.plain LIKE longest AND one.plain LIKE ALL (patterns)
                AND (one.organisation_id = ANY (whose) OR one.id = ANY (elsewhere)) LIMIT 300
        ) few ORDER BY 2 DESC, 1 LIMIT most;
        IF NOT FOUND THEN
            PERFORM set_config('pg_trgm.word_similarity_threshold', '0.45', true);
            RETURN QUERY SELECT one.id, word_similarity(near, one.plain) FROM parties_person one
            WHERE near <% one.plain
                AND (one.organisation_id = ANY (whose) OR one.id = ANY (elsewhere))
            ORDER BY 2 DESC, 1 LIMIT most;
        END IF;
    END $$;
COMMENT ON FUNCTION parties_found(text[], text, integer) IS
    'ids of people by words, or by figures of a telephone number, who the viewer may see';
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0007_seen_on"), ("rights", "0002_search")]
    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE parties_person ADD COLUMN figures text
                GENERATED ALWAYS AS ({FIGURES}) STORED;
            CREATE INDEX parties_person_words ON parties_person USING gin (plain gin_trgm_ops);
            CREATE INDEX parties_person_figures ON parties_person USING gin (figures gin_trgm_ops);
            """,
            reverse_sql="DROP INDEX parties_person_figures; DROP INDEX parties_person_words;"
            " ALTER TABLE parties_person DROP COLUMN figures",
        ),
        migrations.RunSQL(PATTERNS, reverse_sql="DROP FUNCTION search_patterns(text[])"),
        migrations.RunSQL(FOUND, reverse_sql="DROP FUNCTION parties_found(text[], text, integer)"),
    ]
