"""Ratings name their item; the column by which an item named its rating has no reader."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_whom_a_deadline_binds")]

    operations = [migrations.RemoveField(model_name="unsolved", name="rating")]
