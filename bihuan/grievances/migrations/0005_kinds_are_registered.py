"""Which kinds of case there are is said by the apps that register them; nothing changes in the
database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0004_what_holds_of_grievances")]

    operations = [
        migrations.AlterField(
            "category", "kind", models.CharField(default="grievance", max_length=12)
        ),
    ]
