"""What is known of rows that no file may bring in again, without their words."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0031_what_is_left_of_cases")]

    operations = [
        migrations.CreateModel(
            name="GoneRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("disposed", "Its case was disposed of"),
                            ("amended", "Erased or corrected on request"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="gone_row_once"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("key"), 32
                        ),
                        name="gone_row_is_always_known_by_a_digest",
                    ),
                ],
            },
        ),
    ]
