"""An extension may be of another clock than that of the work itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_unread_messages_by_index")]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="rule_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
