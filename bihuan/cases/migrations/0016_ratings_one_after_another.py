"""An answer may be rated again; whoever says “not solved” names the item that this opened."""

import django.db.models.deletion
from django.db import migrations, models


def name_items(apps, schema_editor):
    """Until now each item named the rating that opened it."""
    ratings = apps.get_model("cases", "Rating").objects
    items = apps.get_model("cases", "Unsolved").objects.filter(rating__isnull=False)
    for item in items.iterator():
        ratings.filter(pk=item.rating_id).update(item=item)
    check_now(schema_editor)


def name_ratings(apps, schema_editor):
    """The first rating of each item; of several of one answer those stay that opened an item, or
    else the last one. A second item of one answer counts as of a round of its own."""
    rating, unsolved = (apps.get_model("cases", name) for name in ("Rating", "Unsolved"))
    for item in unsolved.objects.filter(rating=None).iterator():
        first = rating.objects.filter(item=item).order_by("rated_at", "pk").first()
        unsolved.objects.filter(pk=item.pk).update(rating=first)
    opened = set(unsolved.objects.values_list("rating", flat=True))
    seen = set()
    for row in sorted(rating.objects.order_by("-rated_at", "-pk"), key=lambda r: r.pk not in opened):
        while row.pk in opened and (row.case_id, row.stage, row.round) in seen:
            row.round += 1
        if (row.case_id, row.stage, row.round) in seen:
            row.delete()
        else:
            rating.objects.filter(pk=row.pk).update(round=row.round)
            seen.add((row.case_id, row.stage, row.round))
    check_now(schema_editor)


def check_now(schema_editor):
    """PostgreSQL changes no table whose keys it still has to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_rows_like_cases_by_index")]

    operations = [
        migrations.AlterField(
            model_name="unsolved",
            name="rating",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.rating",
            ),
        ),
        migrations.RemoveConstraint(model_name="rating", name="an_answer_is_rated_once"),
        migrations.AddField(
            model_name="rating",
            name="form_key",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="rating",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ratings",
                to="cases.unsolved",
            ),
        ),
        migrations.RunPython(name_items, name_ratings),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("item", None),
                    ("solved", True),
                    _connector="AND",
                )
                | models.Q(("item__isnull", False), ("solved", False)),
                name="not_solved_always_has_its_item",
            ),
        ),
    ]
