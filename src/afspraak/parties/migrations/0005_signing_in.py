"""Tables of the libraries that sign people in: an account's rows are seen with the account alone."""

from django.db import migrations

from afspraak.rights.policies import EVERYTHING, protect

OWN = "EXISTS (SELECT 1 FROM parties_account own WHERE own.id = user_id)"
OF_OWN = """EXISTS (SELECT 1 FROM {table} own WHERE own.id = {column})"""
READ = ("SELECT",)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_consent"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("axes", "0010_accessattemptexpiration"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        protect("account_emailaddress", reads=OWN),
        protect(
            "account_emailconfirmation",
            reads=OF_OWN.format(table="account_emailaddress", column="email_address_id"),
        ),
        protect("mfa_authenticator", reads=OWN),
        protect("socialaccount_socialaccount", reads=OWN),
        protect(
            "socialaccount_socialtoken",
            reads=OF_OWN.format(table="socialaccount_socialaccount", column="account_id"),
        ),
        # Providers come from settings; nothing stands in these.
        protect("socialaccount_socialapp", reads=EVERYTHING, app=READ, system=READ),
        # Failures by place and by the hash of what was typed: they say nothing of any party.
        protect("axes_accessattempt", reads=EVERYTHING),
        protect("axes_accessattemptexpiration", reads=EVERYTHING),
        protect("axes_accessfailurelog", reads=EVERYTHING),
        protect("axes_accesslog", reads=EVERYTHING),
        migrations.RunSQL(
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public"
            " TO afspraak_app, afspraak_system",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
