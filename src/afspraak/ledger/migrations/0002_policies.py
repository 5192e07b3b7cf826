from django.db import migrations

from afspraak.rights.policies import BETWEEN, BETWEEN_MEMBERS, append_only, protect


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("rights", "0001_functions")]
    operations = [
        protect(
            "ledger_head",
            reads=BETWEEN_MEMBERS,
            app=("SELECT", "INSERT", "UPDATE"),
            system=("SELECT", "INSERT", "UPDATE"),
        ),
        *append_only("ledger_leaf", reads=BETWEEN, writes=BETWEEN_MEMBERS),
    ]
