"""How a photo is turned when it is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0045_when_work_was_sent_back")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="turns",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("turns__lte", 3)),
                name="photo_never_turned_more_than_three_quarters",
            ),
        ),
    ]
