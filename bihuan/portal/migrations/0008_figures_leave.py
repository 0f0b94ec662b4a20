"""Figures are counters now: see `bihuan.figures`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_figures_are_counters")]

    operations = [migrations.DeleteModel(name="Figure")]
