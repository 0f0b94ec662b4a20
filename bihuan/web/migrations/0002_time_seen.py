"""The time that the worker saw last, against which a clock that jumps is noticed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0001_run")]

    operations = [
        migrations.CreateModel(
            name="TimeSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="time_seen_is_one_row"
                    )
                ],
            },
        ),
    ]
