"""What a report is written to is checked once a statement, and not once a row and key: of a batch's
way through PostgreSQL that was half (decision 15).
"""

from django.db import migrations

from afspraak.rights.policies import inside_at_once, never_removed, without_keys

PARTIES = ("relation_id", "supplier_id", "customer_id")
SAME = """(one.relation_id, one.supplier_id, one.customer_id)
    = (told.relation_id, told.supplier_id, told.customer_id)"""
RELATION = """EXISTS (SELECT FROM parties_relation one
    WHERE one.id = told.relation_id AND one.supplier_id = told.supplier_id
    AND one.customer_id = told.customer_id)"""
TICKET = f"EXISTS (SELECT FROM tickets_ticket one WHERE one.id = told.ticket_id AND {SAME})"
WORDS = f"EXISTS (SELECT FROM tickets_words one WHERE one.id = told.words_id AND {SAME})"
AGREEMENT = """EXISTS (SELECT FROM agreements_agreement one
    WHERE one.id = told.agreement_id AND one.relation_id = told.relation_id)"""
VERSION = """EXISTS (SELECT FROM agreements_agreementversion one
    WHERE one.id = told.version_id AND one.relation_id = told.relation_id)"""


def person(column: str) -> str:
    """A person of one of the two parties, or who works there."""
    return f"""EXISTS (SELECT FROM parties_person one WHERE one.id = told.{column}
            AND one.organisation_id IN (told.supplier_id, told.customer_id))
        OR EXISTS (SELECT FROM parties_membership one WHERE one.person_id = told.{column}
            AND one.organisation_id IN (told.supplier_id, told.customer_id))"""


def no_row_check(table: str, column: str) -> migrations.RunSQL:
    """Takes the check of each row away (`inside`)."""
    return migrations.RunSQL(
        f"DROP TRIGGER {column}_inside ON {table}; DROP FUNCTION {table}_{column}_inside();",
        reverse_sql=migrations.RunSQL.noop,
    )


def of_relation(table: str) -> migrations.RunSQL:
    """A row's supplier and customer are those of its relation."""
    return inside_at_once(table, "relation_id", RELATION, by=PARTIES[1:])


def of_ticket(table: str) -> migrations.RunSQL:
    """What hangs under a ticket is between the same parties."""
    return inside_at_once(table, "ticket_id", TICKET, by=PARTIES)


def of_person(table: str, column: str) -> list[migrations.RunSQL]:
    check = inside_at_once(table, column, person(column), by=PARTIES[1:])
    return [no_row_check(table, column), check]


def judged_by(table: str) -> list[migrations.RunSQL]:
    """What a verdict rests on, which another verdict may change."""
    return [
        inside_at_once(table, "agreement_id", AGREEMENT, by=PARTIES[:1], changes=True),
        inside_at_once(table, "version_id", VERSION, by=PARTIES[:1], changes=True),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0003_implied"),
        ("tickets", "0006_facts_of_a_person"),
        ("clocks", "0002_policies"),
        ("ledger", "0003_inside"),
        ("parties", "0006_file_and_presence"),
    ]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_true_parties",
            reverse_sql=migrations.RunSQL.noop,
        ),
        without_keys("tickets_words"),
        without_keys("tickets_fact"),
        without_keys("ledger_leaf"),
        without_keys("clocks_standing"),
        without_keys("clocks_assessment"),
        never_removed("tickets_ticket"),
        never_removed("tickets_words"),
        never_removed("parties_relation"),
        never_removed("parties_person"),
        never_removed("agreements_agreement"),
        of_relation("tickets_ticket"),
        of_relation("tickets_words"),
        of_ticket("tickets_words"),
        of_relation("tickets_fact"),
        of_ticket("tickets_fact"),
        inside_at_once("tickets_fact", "words_id", WORDS, by=PARTIES),
        inside_at_once("tickets_fact", "agreement_id", AGREEMENT, by=PARTIES[:1]),
        *of_person("tickets_fact", "person_id"),
        *of_person("tickets_ticket", "reporter_id"),
        of_relation("ledger_leaf"),
        of_ticket("clocks_standing"),
        *judged_by("clocks_standing"),
        of_ticket("clocks_assessment"),
        *judged_by("clocks_assessment"),
    ]
