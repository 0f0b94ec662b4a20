"""Texts that officers and offices reuse in plans."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


def key(to: str, on_delete) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True, null=True, on_delete=on_delete, related_name="+", to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0043_acts_that_can_be_undone"),
        ("orgs", "0006_stand_ins"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedPhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "use",
                    models.CharField(max_length=12),
                ),
                ("text", models.CharField(max_length=1000)),
                ("member", key(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE)),
                ("unit", key("orgs.unit", django.db.models.deletion.PROTECT)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(member=None, unit__isnull=False)
                        | Q(member__isnull=False, unit=None),
                        name="phrase_is_of_an_officer_or_of_a_unit",
                    )
                ],
            },
        ),
    ]
