"""Officers who were asked to act for the holder of a post, and have not answered yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orgs", "0007_tour_of_the_first_day")]

    operations = [
        migrations.CreateModel(
            name="StandInOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start_date", models.DateField()),
                ("end_date", models.DateField()),
                ("named_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stand_in_offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_in_offers",
                        to="orgs.tenure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenure", "start_date"), name="stand_in_asked_once_for_a_day"
                    ),
                    models.CheckConstraint(
                        name="stand_in_never_asked_to_end_before_the_start",
                        condition=Q(end_date__gte=F("start_date")),
                    ),
                ]
            },
        ),
    ]
