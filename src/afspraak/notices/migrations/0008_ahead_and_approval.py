"""A notice before the miss, the draft that waits for somebody, and who sees to it."""

import django.db.models.deletion
from django.db import migrations, models

from afspraak.rights.policies import person_inside


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_inside_digests")]
    operations = [
        migrations.AddField(
            "notice",
            "taken_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.person",
            ),
        ),
        migrations.AlterField(
            "obligation",
            "kind",
            models.CharField(
                choices=[
                    ("warning", "Warning"),
                    ("missed", "Missed"),
                    ("ahead", "Ahead"),
                    ("breach", "Breach"),
                    ("duty_due", "Duty Due"),
                    ("duty_missed", "Duty Missed"),
                    ("report", "Report"),
                    ("contact", "Contact"),
                    ("receipt", "Receipt"),
                    ("complaint", "Complaint"),
                    ("approval", "Approval"),
                    ("alarm", "Alarm"),
                    ("digest", "Digest"),
                ],
                max_length=12,
            ),
        ),
        person_inside("notices_notice", "taken_by_id", "sender_id"),
    ]
