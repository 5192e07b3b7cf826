"""A granted wish names the draft that says so; the draft is of the same two."""

import django.db.models.deletion
from django.db import migrations, models

from afspraak.rights.policies import same_relation


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_drafts"), ("offers", "0002_policies")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.draft",
            ),
        ),
        same_relation("offers_grant", "draft_id", "agreements_draft"),
    ]
