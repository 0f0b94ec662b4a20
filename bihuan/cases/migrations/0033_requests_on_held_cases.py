"""Whether the case of a request was held back as evidence when it was decided."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0032_rows_that_are_gone")]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="is_held",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_held", False), ("outcome", "refused"), _connector="OR"),
                name="nothing_of_a_held_case_is_ever_erased_or_corrected",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "held"), _negated=True),
                    ("is_held", True),
                    _connector="OR",
                ),
                name="refusal_names_a_hold_only_where_there_is_one",
            ),
        ),
    ]
