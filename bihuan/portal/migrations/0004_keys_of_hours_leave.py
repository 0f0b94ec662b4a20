"""The keys of the tallies lie in memory from now on; those that the database had are gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_figures")]

    operations = [migrations.DeleteModel(name="Pepper")]
