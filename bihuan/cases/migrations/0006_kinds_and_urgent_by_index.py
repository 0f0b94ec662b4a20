"""The ledger of one kind, and urgent cases, are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_public_side")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["kind", "due_at", "id"],
                name="case_open_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["kind", "reported_at", "id"], name="case_by_kind"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("is_urgent", True)),
                fields=["due_at"],
                name="case_urgent",
            ),
        ),
    ]
