"""Records of inspections on paper have no checklist, and are taken in as ended.

SQLite builds the table again, so its triggers are removed before and made again after.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

guards = import_module("bihuan.inspections.migrations.0002_ended_inspections_stay")


class Migration(migrations.Migration):
    dependencies = [
        ("checklists", "0002_versions_in_use_stay"),
        ("inspections", "0002_ended_inspections_stay"),
    ]

    operations = [
        migrations.RunPython(guards.unguard, guards.guard),
        migrations.RemoveConstraint("inspection", "inspection_begun_exactly_with_a_version"),
        migrations.AddField("inspection", "paper", models.CharField(blank=True, max_length=120)),
        migrations.AlterField(
            "inspection",
            "checklist",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="checklists.checklist",
            ),
        ),
        migrations.AddConstraint(
            "inspection",
            models.CheckConstraint(
                name="inspection_begun_exactly_with_a_version",
                condition=Q(stage="planned", begun_at=None, version=None)
                | Q(stage__in=["begun", "done"], begun_at__isnull=False, version__isnull=False)
                | Q(stage="abandoned", begun_at=None, version=None)
                | Q(stage="abandoned", begun_at__isnull=False, version__isnull=False)
                | (Q(stage="done", begun_at__isnull=False, version=None) & ~Q(paper="")),
            ),
        ),
        migrations.AddConstraint(
            "inspection",
            models.CheckConstraint(
                name="inspection_has_a_checklist_unless_it_is_a_record_on_paper",
                condition=Q(paper="", checklist__isnull=False)
                | (Q(checklist=None, version=None, stage="done") & ~Q(paper="")),
            ),
        ),
        migrations.RunPython(guards.guard, guards.unguard),
    ]
