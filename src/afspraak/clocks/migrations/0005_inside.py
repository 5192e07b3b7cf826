"""What a verdict rests on is of the same relation; a row of the cache stays where it was made."""

from django.db import migrations

from afspraak.rights.policies import same_relation, stays

PARTIES = ("relation_id", "supplier_id", "customer_id")


class Migration(migrations.Migration):
    dependencies = [("clocks", "0004_policies_of_outlook"), ("tickets", "0003_inside")]
    operations = [
        same_relation("clocks_standing", "version_id", "agreements_agreementversion"),
        same_relation("clocks_assessment", "version_id", "agreements_agreementversion"),
        stays("clocks_standing", "ticket_id", *PARTIES),
        stays("clocks_assessment", "ticket_id", *PARTIES),
        stays("clocks_duty", "agreement_id", *PARTIES),
    ]
