from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledgers', '0001_imports_mappings'),
    ]

    operations = [
        migrations.AddField(
            model_name='importjob',
            name='answers',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='importjob',
            name='empty_clears',
            field=models.BooleanField(default=False),
        ),
    ]
