"""A digest holds notices of its own sender and recipient; a channel is told what is its own side's."""

from django.db import migrations

from afspraak.rights.policies import inside


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_strangers")]
    operations = [
        inside(
            "notices_notice",
            "within_id",
            """EXISTS (SELECT 1 FROM notices_notice one WHERE one.id = NEW.within_id
                AND one.sender_id = NEW.sender_id AND one.recipient_id = NEW.recipient_id)""",
        ),
        inside(
            "notices_delivery",
            "obligation_id",
            """EXISTS (SELECT 1 FROM notices_obligation one WHERE one.id = NEW.obligation_id
                AND NEW.organisation_id IN (one.supplier_id, one.customer_id))""",
        ),
    ]
