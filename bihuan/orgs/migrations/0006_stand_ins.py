"""Officers who stand in for the holder of a post for some days."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orgs", "0005_until_when_posts_were_held")]

    operations = [
        migrations.AddField(
            model_name="tenure",
            name="holder_tenure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stand_ins",
                to="orgs.tenure",
            ),
        ),
        migrations.AddField(
            model_name="tenure",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="tenure",
            constraint=models.CheckConstraint(
                name="stand_in_always_has_a_last_day",
                condition=Q(holder_tenure=None) | Q(end_date__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="tenure",
            constraint=models.CheckConstraint(
                name="only_a_stand_in_is_stopped",
                condition=Q(stopped_at=None) | Q(holder_tenure__isnull=False),
            ),
        ),
    ]
