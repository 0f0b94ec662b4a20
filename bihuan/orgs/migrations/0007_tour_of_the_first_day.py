"""When an officer ended the tour of the first day; who signed in before has had that day."""

from django.db import migrations, models
from django.db.models import F


def end_for_known_officers(apps, schema_editor):
    users = apps.get_model("orgs", "User").objects.exclude(last_login=None)
    users.update(tour_ended_at=F("last_login"))


class Migration(migrations.Migration):
    dependencies = [("orgs", "0006_stand_ins")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="tour_ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(end_for_known_officers, migrations.RunPython.noop),
    ]
