"""A seat is somebody's by name alone: who sits there may have no account here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("making", "0002_policies")]
    operations = [
        migrations.RunSQL(
            "DROP TRIGGER person_id_inside ON making_seat;"
            " DROP FUNCTION making_seat_person_id_inside()",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="seat", name="person"),
    ]
