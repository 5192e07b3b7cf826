"""The second wall: row-level security, written once here and set on every table by a migration.

The application's role owns nothing and bypasses nothing; who looks stands in settings of the
session (`viewer.viewing`). The system's role sees all rows, and edits no facts. Nothing is granted
that is not said.
"""

from collections.abc import Iterable
from typing import Final

from django.db.migrations import RunSQL

ORGANISATIONS: Final = "(SELECT rights_ids('afspraak.organisations'))::uuid[]"
LIMITED: Final = "(SELECT rights_ids('afspraak.limited'))::uuid[]"
MEMBERS: Final = (
    "(SELECT rights_ids('afspraak.organisations') || rights_ids('afspraak.limited'))::uuid[]"
)
AGREEMENTS: Final = "(SELECT rights_ids('afspraak.agreements'))::uuid[]"
PERSON: Final = "(SELECT rights_id('afspraak.person'))"
ACCOUNT: Final = "(SELECT rights_id('afspraak.account'))"
PRESENTED: Final = "(SELECT rights_presented())"
ADDRESS: Final = "(SELECT NULLIF(current_setting('afspraak.address', true), ''))"

BETWEEN_MEMBERS: Final = f"(supplier_id = ANY ({MEMBERS}) OR customer_id = ANY ({MEMBERS}))"
"""The same, for everybody in the two organisations, whatever their role."""

BETWEEN: Final = f"(supplier_id = ANY ({ORGANISATIONS}) OR customer_id = ANY ({ORGANISATIONS}))"
"""A row of a relation: its supplier's and its customer's."""

INTERNAL: Final = f"organisation_id = ANY ({ORGANISATIONS})"
"""A row that belongs to one organisation alone."""

OURS: Final = f"({INTERNAL} AND {BETWEEN})"
"""A row of a relation that its `organisation` writes, or keeps to itself."""

SEES_TICKET: Final = "EXISTS (SELECT 1 FROM tickets_ticket seen WHERE seen.id = ticket_id OFFSET 0)"
"""The row's ticket is seen. `OFFSET 0` leaves it a look-up by key for each row: without it, the
database may rather read all tickets there are, to have them at hand.
"""

OF_OWN_TICKET: Final = (
    f"(customer_id = ANY ({LIMITED}) AND ticket_id IS NOT NULL AND {SEES_TICKET})"
)
"""A row of a ticket that its own reporter may see."""

EVERYTHING: Final = "true"

FUNCTIONS: Final = """
CREATE FUNCTION rights_ids(setting text) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
    AS $$ SELECT COALESCE(NULLIF(current_setting(setting, true), '')::uuid[], '{}') $$;
CREATE FUNCTION rights_id(setting text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
    AS $$ SELECT NULLIF(current_setting(setting, true), '')::uuid $$;
CREATE FUNCTION rights_presented() RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
    AS $$ SELECT decode(NULLIF(current_setting('afspraak.presented', true), ''), 'hex') $$;
CREATE FUNCTION rights_refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: a % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END $$;
CREATE FUNCTION rights_refuse_move() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%: a row stays with those for whom it was made', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""
DROP_FUNCTIONS: Final = """
DROP FUNCTION rights_refuse_move(); DROP FUNCTION rights_refuse_change();
DROP FUNCTION rights_presented();
DROP FUNCTION rights_id(text); DROP FUNCTION rights_ids(text);
"""


def protect(
    table: str,
    *,
    reads: str,
    writes: str | None = None,
    changes: str | None = None,
    app: Iterable[str] = ("SELECT", "INSERT", "UPDATE", "DELETE"),
    system: Iterable[str] = ("SELECT", "INSERT", "UPDATE", "DELETE"),
) -> RunSQL:
    """A migration's step that puts a table behind its policy.

    `reads` says which rows the application sees, `writes` which it may make, `changes` which it
    may change or remove (each the one before where nothing is said: who sees a row may not for that
    reason change it); `app` and `system` are the rights of the two roles.
    """
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        {_policies(table, reads, writes or reads, changes or writes or reads)}
        CREATE POLICY by_system ON {table} TO afspraak_system USING (true) WITH CHECK (true);
        REVOKE ALL ON {table} FROM PUBLIC;
        GRANT {", ".join(app)} ON {table} TO afspraak_app;
        GRANT {", ".join(system)} ON {table} TO afspraak_system;
        """,
        reverse_sql=f"""
        {_no_policies(table)} DROP POLICY by_system ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def protect_anew(
    table: str, *, reads: str, writes: str | None = None, changes: str | None = None
) -> RunSQL:
    """Another policy for the application on a table that has one; its rights stay."""
    return RunSQL(
        _no_policies(table) + _policies(table, reads, writes or reads, changes or writes or reads),
        reverse_sql=RunSQL.noop,
    )


def reads_too(table: str, reads: str) -> RunSQL:
    """Further rows that the application sees of a table that has its policy, by a room above the
    one that owns it: what was seen before still is, and nothing more may be written.
    """
    return RunSQL(
        f"CREATE POLICY viewer_reads_too ON {table} FOR SELECT TO afspraak_app USING ({reads})",
        reverse_sql=f"DROP POLICY viewer_reads_too ON {table}",
    )


def adds_too(table: str, writes: str) -> RunSQL:
    """Further rows that the application may make, by a room above the one that owns the table."""
    return RunSQL(
        f"CREATE POLICY viewer_adds_too ON {table} FOR INSERT TO afspraak_app"
        f" WITH CHECK ({writes})",
        reverse_sql=f"DROP POLICY viewer_adds_too ON {table}",
    )


def changes_too(table: str, changes: str) -> RunSQL:
    """The same for rows that it may change."""
    return RunSQL(
        f"CREATE POLICY viewer_changes_too ON {table} FOR UPDATE TO afspraak_app"
        f" USING ({changes}) WITH CHECK ({changes})",
        reverse_sql=f"DROP POLICY viewer_changes_too ON {table}",
    )


def _policies(table: str, reads: str, writes: str, changes: str) -> str:
    """One for each thing that can be done: a change needs more than being seen."""
    return f"""
        CREATE POLICY viewer_reads ON {table} FOR SELECT TO afspraak_app USING ({reads});
        CREATE POLICY viewer_adds ON {table} FOR INSERT TO afspraak_app WITH CHECK ({writes});
        CREATE POLICY viewer_changes ON {table} FOR UPDATE TO afspraak_app
            USING ({changes}) WITH CHECK ({changes});
        CREATE POLICY viewer_removes ON {table} FOR DELETE TO afspraak_app USING ({changes});
        """


def _no_policies(table: str) -> str:
    names = ("viewer_reads", "viewer_adds", "viewer_changes", "viewer_removes")
    return "".join(f"DROP POLICY {name} ON {table};\n" for name in names)


def append_only(table: str, *, reads: str, writes: str | None = None) -> list[RunSQL]:
    """The same for a table whose rows are never changed and never removed: no role has the right,
    and a trigger stands beside it for those who own the table.
    """
    guard = RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION rights_refuse_change();
        CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION rights_refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_whole ON {table};
        """,
    )
    rights = ("SELECT", "INSERT")
    return [protect(table, reads=reads, writes=writes, app=rights, system=rights), guard]


def same_relation(table: str, column: str, target: str) -> RunSQL:
    """A composite foreign key: what a row points to belongs to the same relation as the row.

    `target` needs a unique key over (id, relation_id).
    """
    name = f"{table}_{column}_same_relation"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, relation_id)"
        f" REFERENCES {target} (id, relation_id) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def same_owner(table: str, column: str, target: str, owner: str = "organisation_id") -> RunSQL:
    """A composite foreign key: what a row of one organisation points to is that organisation's
    (`owner` says by which of the target's columns). `target` needs a unique key over (id, owner).
    """
    name = f"{table}_{column}_same_owner"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id)"
        f" REFERENCES {target} (id, {owner}) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def true_parties(table: str) -> RunSQL:
    """A composite foreign key: the row's supplier and customer are those of its relation."""
    name = f"{table}_true_parties"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name}"
        " FOREIGN KEY (relation_id, supplier_id, customer_id)"
        " REFERENCES parties_relation (id, supplier_id, customer_id)"
        " DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def implied(table: str, *columns: str) -> RunSQL:
    """Takes away the plain foreign keys of columns that composite ones over the same columns imply
    (`true_parties`, `same_relation`): the same rows are refused, and each row is checked half as
    often. A column that no composite key holds keeps its own.
    """
    names = ", ".join(f"'{column}'" for column in columns)
    return RunSQL(
        f"""
        DO $$
        DECLARE plain text;
        BEGIN
            FOR plain IN
                SELECT one.conname FROM pg_constraint one
                JOIN pg_attribute named ON named.attrelid = one.conrelid
                    AND named.attnum = one.conkey[1]
                WHERE one.conrelid = '{table}'::regclass AND one.contype = 'f'
                    AND cardinality(one.conkey) = 1 AND named.attname IN ({names})
                    AND EXISTS (SELECT 1 FROM pg_constraint whole
                        WHERE whole.conrelid = one.conrelid AND whole.contype = 'f'
                        AND cardinality(whole.conkey) > 1 AND one.conkey <@ whole.conkey)
            LOOP
                EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', plain);
            END LOOP;
        END $$;
        """,
        reverse_sql=RunSQL.noop,
    )


def stays(table: str, *columns: str) -> RunSQL:
    """What a row belongs to is never changed, not even by who may change the row: else it could be
    carried from one party to another.
    """
    old = ", ".join(f"OLD.{column}" for column in columns)
    new = ", ".join(f"NEW.{column}" for column in columns)
    return RunSQL(
        f"CREATE TRIGGER stays BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION rights_refuse_move()",
        reverse_sql=f"DROP TRIGGER stays ON {table}",
    )


def inside(table: str, column: str, condition: str) -> RunSQL:
    """Where no composite key can say it: what `column` points to must stand with the parties of
    the row. `condition` is asked of NEW with the owner's eyes, so it holds for every role, and a
    foreign row is refused as one that does not exist.
    """
    name = f"{table}_{column}_inside"
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                IF NOT ({condition}) THEN
                    RAISE EXCEPTION '{table}.{column}: there is no such row with these parties'
                        USING ERRCODE = 'foreign_key_violation';
                END IF;
                RETURN NEW;
            END $$;
        CREATE TRIGGER {column}_inside BEFORE INSERT OR UPDATE OF {column} ON {table}
            FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION {name}();
        """,
        reverse_sql=f"DROP TRIGGER {column}_inside ON {table}; DROP FUNCTION {name}();",
    )


def inside_anew(table: str, column: str, condition: str) -> RunSQL:
    """Another condition for a column that has one (`inside`)."""
    name = f"{table}_{column}_inside"
    made = inside(table, column, condition)
    return RunSQL(
        f"DROP TRIGGER {column}_inside ON {table}; DROP FUNCTION {name}(); {made.sql}",
        reverse_sql=RunSQL.noop,
    )


def person_inside(table: str, column: str, *organisations: str) -> RunSQL:
    """A person that a row names is of one of these organisations of the row, or works there."""
    of = ", ".join(f"NEW.{each}" for each in organisations)
    return inside(
        table,
        column,
        f"""EXISTS (SELECT 1 FROM parties_person one WHERE one.id = NEW.{column}
            AND one.organisation_id IN ({of}))
        OR EXISTS (SELECT 1 FROM parties_membership one WHERE one.person_id = NEW.{column}
            AND one.organisation_id IN ({of}))""",
    )


def by_a_party(table: str) -> RunSQL:
    """The organisation that a row of a relation names is one of the two."""
    condition = "NEW.organisation_id IN (NEW.supplier_id, NEW.customer_id)"
    return inside(table, "organisation_id", condition)


# Asked once a statement ---------------------------------------------------------------------------


def inside_at_once(
    table: str, column: str, condition: str, *, by: Iterable[str] = (), changes: bool = False
) -> RunSQL:
    """As `inside`, and instead of foreign keys, where many rows come in by one statement: what
    `column` points to is looked up once for all rows that point to the same, with the columns in
    `by`. The condition is asked of `told`. `changes`: also where rows are changed, for a column
    that does not stay.

    What is pointed to must never go (`never_removed`, `append_only`) and never move (`stays`): a
    foreign key would have held it.
    """
    name = f"{table}_{column}_at_once"
    columns = ", ".join((column, *by))
    triggers = "".join(
        f"CREATE TRIGGER {trigger} AFTER {event} ON {table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        for trigger, event in _events(column, changes=changes)
    )
    drops = "".join(
        f"DROP TRIGGER {trigger} ON {table};" for trigger, _ in _events(column, changes=changes)
    )
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM (SELECT DISTINCT {columns} FROM fresh WHERE {column} IS NOT NULL)
                        AS told
                    WHERE NOT ({condition})
                ) THEN
                    RAISE EXCEPTION '{table}.{column}: there is no such row with these parties'
                        USING ERRCODE = 'foreign_key_violation';
                END IF;
                RETURN NULL;
            END $$;
        {triggers}
        """,
        reverse_sql=f"{drops} DROP FUNCTION {name}();",
    )


def _events(column: str, *, changes: bool) -> list[tuple[str, str]]:
    """A trigger that sees a statement's rows is of one event."""
    added = [(f"{column}_inside", "INSERT")]
    return [*added, (f"{column}_inside_still", "UPDATE")] if changes else added


def never_removed(table: str) -> RunSQL:
    """What is pointed to by rows that have no foreign key stays, whoever asks."""
    return RunSQL(
        f"CREATE TRIGGER never_removed BEFORE DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION rights_refuse_change()",
        reverse_sql=f"DROP TRIGGER never_removed ON {table}",
    )


def without_keys(table: str) -> RunSQL:
    """Takes a table's own foreign keys away: each was checked for every row."""
    return RunSQL(
        f"""
        DO $$
        DECLARE key text;
        BEGIN
            FOR key IN SELECT conname FROM pg_constraint
                WHERE conrelid = '{table}'::regclass AND contype = 'f'
            LOOP
                EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', key);
            END LOOP;
        END $$;
        """,
        reverse_sql=RunSQL.noop,
    )
