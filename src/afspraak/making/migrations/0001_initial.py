import django.db.models.deletion
from django.db import migrations, models

from afspraak.parties.tables import between_parties, points_to


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0006_drafts"),
        ("parties", "0008_search_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                *between_parties(),
                ("position", models.CharField(blank=True, max_length=120)),
                ("said_at", models.DateTimeField()),
                ("clause", models.CharField(max_length=80)),
                ("after", models.IntegerField()),
                ("source", models.TextField(blank=True)),
                ("words", models.TextField(blank=True)),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
                points_to("person", "parties.person", may_lack=True),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("id", "relation"), name="making_proposal_key"),
                ],
                "indexes": [
                    models.Index(fields=["draft", "said_at"], name="making_proposals"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                *between_parties(),
                ("position", models.CharField(blank=True, max_length=120)),
                ("said_at", models.DateTimeField()),
                ("clause", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField()),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
                points_to("person", "parties.person", may_lack=True),
            ],
            options={
                "indexes": [
                    models.Index(fields=["draft", "said_at"], name="making_remarks"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                *between_parties(),
                ("position", models.CharField(blank=True, max_length=120)),
                ("said_at", models.DateTimeField()),
                ("is_accepted", models.BooleanField()),
                ("is_withdrawn", models.BooleanField()),
                ("why", models.CharField(blank=True, max_length=1000)),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
                points_to("person", "parties.person", may_lack=True),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="making.proposal",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                *between_parties(),
                ("name", models.CharField(max_length=200)),
                ("position", models.CharField(max_length=120)),
                (
                    "part",
                    models.CharField(
                        choices=[("negotiates", "Negotiates"), ("signs", "Signs")], max_length=10
                    ),
                ),
                (
                    "mandate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("statutory", "Statutory"),
                            ("proxy", "Proxy"),
                            ("board_decision", "Board Decision"),
                        ],
                        max_length=14,
                    ),
                ),
                ("seated_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
                points_to("person", "parties.person", may_lack=True),
            ],
            options={
                "indexes": [
                    models.Index(fields=["draft", "seated_at"], name="making_seats"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standstill",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("service", models.CharField(max_length=80)),
                ("per_hour", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(max_length=3)),
                ("is_shown", models.BooleanField()),
                ("told_at", models.DateTimeField()),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "organisation", "service"), name="making_standstill_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("clause", models.CharField(max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("is_confirmed", models.BooleanField()),
                ("why", models.CharField(blank=True, max_length=1000)),
                ("beside", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField()),
                points_to("draft", "agreements.draft"),
                points_to("organisation", "parties.organisation"),
                points_to("person", "parties.person", may_lack=True),
            ],
            options={
                "indexes": [models.Index(fields=["draft", "said_at"], name="making_confirmations")],
            },
        ),
    ]
