"""What is searched in, kept beside what it is made of: without accents, in small letters.

Row-level security lets no index of trigrams be used: their operators could tell of rows that are
not seen. So a viewer's own rows are read, and the words in them stand ready.
"""

from django.db import migrations

COLUMNS = {
    "parties_organisation": "name || ' ' || register || ' ' || address || ' ' || phone",
    "parties_person": "name || ' ' || email || ' ' || phone",
    "agreements_agreement": "reference || ' ' || name",
    "tickets_ticket": "number || ' ' || title || ' ' || \"foreign\"",
}


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_functions"),
        ("parties", "0003_tables_of_others"),
        ("agreements", "0002_policies"),
        ("tickets", "0002_policies"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION search_plain(words text) RETURNS text
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
                AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;
            """,
            reverse_sql="DROP FUNCTION search_plain(text);",
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD COLUMN plain text"
                f" GENERATED ALWAYS AS (search_plain({words})) STORED",
                reverse_sql=f"ALTER TABLE {table} DROP COLUMN plain",
            )
            for table, words in COLUMNS.items()
        ),
    ]
