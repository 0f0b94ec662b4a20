"""Temporary passwords expire; those that were given out before have 72 hours from now."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models.functions import Now


def _expire(apps, schema_editor):
    waiting = apps.get_model("orgs", "User").objects.filter(must_change_password=True)
    waiting.update(password_until_at=Now() + timedelta(hours=72))


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_grants_wait_for_a_second")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_until_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(_expire, migrations.RunPython.noop),
    ]
