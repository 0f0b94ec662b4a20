"""Marks what ledgers have closed so far after their units began to work here.

Who brought it in is told by the first entry of its chain, or by the last one of a ledger.
"""

from datetime import timedelta

from django.db import migrations
from django.utils.timezone import localdate

CHECKED = ("verified", "closed", "rechecked")
AT_ONCE = 2_000


def mark(apps, schema_editor):
    cases = apps.get_model("cases", "Case").objects
    entries = apps.get_model("journal", "Entry").objects
    began = _began(apps)
    imported = cases.filter(
        kind="hazard", channel="import", stage__in=CHECKED, verified_by=None, import_check=""
    )
    columns = ("pk", "number", "owner", "origin", "ended_at", "hazard__verified_date")
    found = []
    for pk, number, owner, origin, ended_at, verified_date in imported.values_list(*columns):
        day = localdate(ended_at) if ended_at else verified_date
        first = min(filter(None, (began.get(owner), began.get(origin))), default=None)
        if day is not None and first is not None and day > first:
            found.append((pk, f"case/{number}"))
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        told = entries.filter(
            chain__subject__in=[subject for _, subject in part], act__in=("import", "update")
        )
        by = dict(told.order_by("seq").values_list("chain__subject", "actor"))
        for pk, subject in part:
            cases.filter(pk=pk).update(import_check="waiting", import_by=by.get(subject))


def _began(apps):
    """When each unit began to work here, or the one that it took over from, if that was before."""
    units = list(
        apps.get_model("orgs", "Unit").objects.values_list("pk", "start_date", "successor")
    )
    began = {pk: start for pk, start, _ in units if start is not None}
    for _ in range(len(units)):
        earlier = {
            heir: began[pk]
            for pk, _, heir in units
            if heir is not None and pk in began and began[pk] < began.get(heir, began[pk] + DAY)
        }
        if not earlier:
            break
        began.update(earlier)
    return began


DAY = timedelta(days=1)


def unmark(apps, schema_editor):
    cases = apps.get_model("cases", "Case").objects
    cases.exclude(import_check="").update(
        import_check="", import_by=None, import_checked_by=None
    )


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0001_hazards_controls"),
        ("cases", "0029_imported_closures"),
        ("journal", "0005_hourly_roots"),
        ("orgs", "0005_until_when_posts_were_held"),
    ]

    operations = [migrations.RunPython(mark, unmark)]
