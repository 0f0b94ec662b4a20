"""A unit that was closed names the one that took over its open work."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_units_posts_members")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="successor",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=PROTECT, related_name="+", to="orgs.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor", None), ("end_date__isnull", False), _connector="OR"
                ),
                name="only_a_closed_unit_has_a_successor",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor", None),
                    models.Q(("successor", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="unit_never_succeeds_itself",
            ),
        ),
    ]
