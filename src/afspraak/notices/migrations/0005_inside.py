"""A notice goes from one party of the relation to people of the other, or of its own."""

from django.db import migrations, models
from django.db.models import F, Q

from afspraak.rights.policies import person_inside, stays

PARTIES = ("relation_id", "supplier_id", "customer_id")


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_policies_of_channels"), ("tickets", "0003_inside")]
    operations = [
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(
                condition=Q(sender=F("supplier")) | Q(sender=F("customer")),
                name="notices_sender_inside",
            ),
        ),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(
                condition=Q(recipient_organisation=F("supplier"))
                | Q(recipient_organisation=F("customer")),
                name="notices_recipient_inside",
            ),
        ),
        person_inside("notices_notice", "recipient_id", "recipient_organisation_id"),
        person_inside("notices_notice", "decided_by_id", "sender_id"),
        stays("notices_obligation", "id", "ticket_id", "agreement_id", *PARTIES),
        stays(
            "notices_notice",
            *("id", "obligation_id", "ticket_id", "sender_id", "recipient_id", *PARTIES),
            "recipient_organisation_id",
        ),
        stays("notices_habit", "person_id"),
    ]
