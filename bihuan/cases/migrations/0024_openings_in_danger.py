"""An opening may be asked for because a life is in danger, which takes two people at once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_rows_linked_to_cases")]

    operations = [
        migrations.AddField(
            model_name="opening",
            name="is_danger",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                name="in_danger_nobody_opens_alone",
                condition=Q(("is_danger", False))
                | Q(("opened_at", None))
                | Q(("allowed_by__isnull", False)),
            ),
        ),
    ]
