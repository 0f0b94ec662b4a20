"""Whether the public may choose a unit; every unit that exists already is for the public."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0008_stand_ins_are_asked")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="is_public",
            field=models.BooleanField(default=True),
        ),
    ]
