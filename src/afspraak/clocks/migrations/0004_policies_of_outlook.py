from django.db import migrations

from afspraak.rights.policies import (
    AGREEMENTS,
    BETWEEN,
    BETWEEN_MEMBERS,
    protect,
    same_relation,
    true_parties,
)

ADVISED = f"(agreement_id = ANY ({AGREEMENTS}))"


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_watch_and_worker")]
    operations = [
        protect("clocks_outlook", reads=f"({BETWEEN_MEMBERS} OR {ADVISED})", writes=BETWEEN),
        true_parties("clocks_outlook"),
        same_relation("clocks_outlook", "agreement_id", "agreements_agreement"),
    ]
