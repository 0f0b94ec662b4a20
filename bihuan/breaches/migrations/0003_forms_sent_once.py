"""What is kept of a form, so that one that is sent twice states it once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("breaches", "0002_no_breach_after_all")]

    operations = [
        migrations.AddField(
            model_name="particulars",
            name="form_key",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="step",
            name="form_key",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
    ]
