"""The head of a log stays with its relation."""

from django.db import migrations

from afspraak.rights.policies import stays


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_policies")]
    operations = [stays("ledger_head", "relation_id", "supplier_id", "customer_id")]
