"""The last day on which an officer acted from a post whose end was entered late."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_temporary_passwords_expire")]

    operations = [
        migrations.AddField(
            model_name="tenure",
            name="acted_until_date",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="tenure",
            constraint=models.CheckConstraint(
                name="post_is_never_left_before_the_day_of_the_entry",
                condition=Q(acted_until_date=None)
                | Q(end_date__isnull=False, acted_until_date__gte=F("end_date")),
            ),
        ),
    ]
