"""A bar on a unit means those who had a post there when the case was reported, and since.

That of a unit which took over a closed one means those who came there after that.
"""

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q, Subquery


def say_since_when(apps, schema_editor):
    bars = apps.get_model("cases", "Bar").objects
    cases = apps.get_model("cases", "Case").objects
    of_units = bars.filter(unit__isnull=False)
    inherited = bars.filter(case=OuterRef("case"), unit__successor=OuterRef("unit"))
    reported = cases.filter(pk=OuterRef("case")).values("reported_at")
    # What was laid as the other unit closed is later than the bar that it follows.
    after = inherited.filter(added_at__lt=OuterRef("added_at"))
    of_units.filter(Exists(after)).update(since_at=F("added_at"))
    of_units.filter(since_at=None).update(since_at=Subquery(reported[:1]))


class Migration(migrations.Migration):
    dependencies = [("cases", "0026_codes_that_desks_printed")]

    operations = [
        migrations.AddField(
            model_name="bar",
            name="since_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="bar",
            constraint=models.CheckConstraint(
                condition=Q(unit=None, since_at=None)
                | Q(unit__isnull=False, since_at__isnull=False),
                name="bar_of_a_unit_always_says_since_when",
            ),
        ),
    ]
