from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("ledgers", "0002_answers_of_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="why",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="exportjob",
            name="why",
            field=models.JSONField(default=dict),
        ),
    ]
