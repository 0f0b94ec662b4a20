"""What an act that its officer can still undo has changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0042_public_side_leaves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UndoableAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("move", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("before", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undo_seq", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["until_at"], name="undoable_act_by_end")],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "seq"], name="act_undoable_once"),
                    models.CheckConstraint(
                        condition=Q(undone_at=None) | Q(undone_at__lte=F("until_at")),
                        name="act_never_undone_after_its_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(undone_at=None, undo_seq=None)
                        | Q(undone_at__isnull=False, undo_seq__isnull=False),
                        name="undone_act_always_names_its_entry",
                    ),
                ],
            },
        ),
    ]
