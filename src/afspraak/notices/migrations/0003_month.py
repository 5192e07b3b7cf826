"""The monthly check: a kind of its own, and what was found when it was owed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_policies")]
    operations = [
        migrations.AddField(
            model_name="obligation", name="told", field=models.JSONField(null=True)
        ),
        migrations.AlterField(
            model_name="obligation",
            name="kind",
            field=models.CharField(
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
                    ("term", "Term"),
                    ("quiet", "Quiet"),
                    ("unsigned", "Unsigned"),
                    ("month", "Month"),
                    ("approval", "Approval"),
                    ("alarm", "Alarm"),
                    ("digest", "Digest"),
                ],
                max_length=12,
            ),
        ),
    ]
