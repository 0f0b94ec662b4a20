"""The tallies have a table that the sign-in uses too; those of the last hour are forgotten."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_keys_of_hours_leave")]

    operations = [migrations.DeleteModel(name="Tally")]
