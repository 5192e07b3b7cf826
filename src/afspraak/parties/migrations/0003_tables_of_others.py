"""Tables of the libraries: none holds a party's data, each has its policy all the same."""

from django.db import migrations

from afspraak.rights.policies import EVERYTHING, protect

READ = ("SELECT",)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_policies"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        protect("django_migrations", reads=EVERYTHING, app=READ, system=READ),
        protect("django_content_type", reads=EVERYTHING, app=READ, system=READ),
        protect("auth_permission", reads=EVERYTHING, app=READ, system=READ),
        protect("auth_group", reads=EVERYTHING, app=READ, system=READ),
        protect("auth_group_permissions", reads=EVERYTHING, app=READ, system=READ),
        protect("django_session", reads=EVERYTHING),
        # A job holds the id of what it is about, never what stands in it.
        protect("procrastinate_jobs", reads=EVERYTHING, app=("SELECT", "INSERT")),
        protect("procrastinate_events", reads=EVERYTHING, app=("SELECT", "INSERT")),
        protect("procrastinate_periodic_defers", reads=EVERYTHING, app=READ),
        protect("procrastinate_workers", reads=EVERYTHING, app=READ),
        migrations.RunSQL(
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public"
            " TO afspraak_app, afspraak_system",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
