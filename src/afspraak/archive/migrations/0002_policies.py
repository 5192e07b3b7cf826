"""An archive is seen by its own organisation; what was confirmed is never changed."""

from django.db import migrations

from afspraak.rights.policies import (
    INTERNAL,
    append_only,
    inside,
    person_inside,
    protect,
    same_owner,
    stays,
)

OF_PARTY = """EXISTS (SELECT 1 FROM agreements_agreement one WHERE one.id = NEW.agreement_id
    AND NEW.organisation_id IN (one.supplier_id, one.customer_id))"""
OF_DRAFT = """EXISTS (SELECT 1 FROM agreements_draft one WHERE one.id = NEW.draft_id
    AND NEW.organisation_id IN (one.supplier_id, one.customer_id))"""
PEOPLE = (
    ("archive_paper", "added_by_id"),
    ("archive_reading", "confirmed_by_id"),
    ("archive_care", "owner_id"),
    ("archive_care", "deputy_id"),
    ("archive_care", "approver_id"),
    ("archive_care", "said_by_id"),
)


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial"), ("agreements", "0006_drafts")]
    operations = [
        protect("archive_paper", reads=INTERNAL, app=("SELECT", "INSERT", "UPDATE")),
        *append_only("archive_reading", reads=INTERNAL),
        *append_only("archive_care", reads=INTERNAL),
        same_owner("archive_reading", "paper_id", "archive_paper"),
        inside("archive_paper", "draft_id", OF_DRAFT),
        inside("archive_care", "agreement_id", OF_PARTY),
        *(person_inside(table, column, "organisation_id") for table, column in PEOPLE),
        stays("archive_paper", "id", "organisation_id"),
    ]
