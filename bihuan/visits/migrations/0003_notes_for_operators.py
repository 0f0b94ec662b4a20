from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("visits", "0002_papers_submitted"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="is_note_shown",
            field=models.BooleanField(default=False),
        ),
    ]
