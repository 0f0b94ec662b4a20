"""Which kinds of case there are is said by the apps that register them; nothing changes in the
database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0039_what_kinds_keep")]

    operations = [
        migrations.AlterField("case", "kind", models.CharField(max_length=12)),
    ]
