"""Tallies of tries within the hour, for the portal and the sign-in alike."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField(db_index=True)),
                ("mark", models.BinaryField(max_length=32, unique=True)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
