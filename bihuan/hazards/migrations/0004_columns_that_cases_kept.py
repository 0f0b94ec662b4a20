"""The grade of a hazard, who listed it, since when work is stopped and how often it recurred are
columns of its own; the cases kept them until now.

Where a case that is no hazard has any of them, which no release writes, this stops before anything
is lost.
"""

import django.db.models.deletion
from django.db import migrations, models

OWN = "grade, listed_by_id, stopped_at, rebounds"
KEPT = "grade, lister_id, stopped_at, rebounds"
# A hearing of a grievance is taken over by their own migration.
LOST = "grade <> '' OR lister_id IS NOT NULL OR rebounds <> 0"


def take_over(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number FROM cases_case WHERE ({LOST}) "
            "AND id NOT IN (SELECT case_id FROM hazards_hazard) ORDER BY id LIMIT 5"
        )
        found = [number for (number,) in cursor.fetchall()]
    if found:
        raise ValueError(f"graded, listed or recurred, and no hazard: {', '.join(found)}")
    _at_once(
        schema_editor,
        f"UPDATE hazards_hazard SET ({OWN}) = "
        f"(SELECT {KEPT} FROM cases_case c WHERE c.id = hazards_hazard.case_id)",
    )


def give_back(apps, schema_editor):
    _at_once(
        schema_editor,
        f"UPDATE cases_case SET ({KEPT}) = "
        f"(SELECT {OWN} FROM hazards_hazard h WHERE h.case_id = cases_case.id) "
        "WHERE id IN (SELECT case_id FROM hazards_hazard)",
    )


def _at_once(schema_editor, statement):
    """Keys that are checked at the commit would keep PostgreSQL from changing the table after."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0037_clocks_leave"),
        ("hazards", "0003_clocks_of_their_own_app"),
        ("orgs", "0005_until_when_posts_were_held"),
    ]
    run_before = [("cases", "0039_what_kinds_keep")]

    operations = [
        migrations.AddField(
            "hazard",
            "grade",
            models.CharField(
                blank=True,
                choices=[("general", "General"), ("major", "Major")],
                default="",
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "hazard",
            "listed_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgs.unit",
            ),
        ),
        migrations.AddField(
            "hazard", "stopped_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "hazard", "rebounds", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.RunPython(take_over, give_back),
        migrations.AddIndex(
            "hazard",
            models.Index(
                condition=models.Q(("grade", "major")), fields=["case"], name="hazard_major"
            ),
        ),
    ]
