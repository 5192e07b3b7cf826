"""What is counted on pages of people, from an index and no further."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0004_catalogue"),
        ("clocks", "0008_missed_only"),
        ("parties", "0006_file_and_presence"),
        ("tickets", "0006_facts_of_a_person"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(
                    ("missed_at__isnull", False), ("promisor", "customer"), ("satisfied_at", None)
                ),
                fields=["relation"],
                include=("ticket", "supplier", "customer", "agreement"),
                name="clocks_overdue",
            ),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(
                    ("on_trial", False), ("promisor", "supplier"), ("state__in", ("met", "missed"))
                ),
                fields=["supplier", "due_at"],
                include=("state", "measure", "ticket", "customer", "agreement"),
                name="clocks_kept",
            ),
        ),
    ]
