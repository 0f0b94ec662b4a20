"""A message of an act that can be undone is shown once it no longer can."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_public_side")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="shown_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=Q(shown_at=None) | Q(seen_at=None) | Q(seen_at__gte=F("shown_at")),
                name="message_never_seen_before_it_is_shown",
            ),
        ),
    ]
