"""The figures become counters, which every part has in one place, and go back where asked."""

from collections import Counter

from django.db import migrations
from django.utils import timezone

SOURCE = "public cases"
NUMBERS = ("received", "settled", "in_time", "answered", "rated", "solved")
KINDS = ("grievance", "suggestion", "hazard")
ABOUT = "about_office"
CHANNELS = ("portal", "open311", "phone", "letter", "visit")


def month_of(at):
    return timezone.localdate(at, timezone.get_default_timezone()).replace(day=1)


def numbers_of(figure):
    """What the figure counts, by the names that its counters have now."""
    name = f"place.{ABOUT}" if figure.kind == ABOUT else figure.kind
    found = {f"{name}.{each}": getattr(figure, each) for each in NUMBERS}
    found |= {f"{name}.days/{days}": count for days, count in figure.days.items()}
    return {each: value for each, value in found.items() if value}


def forward(apps, schema_editor):
    Count, Contribution = (apps.get_model("figures", each) for each in ("Count", "Contribution"))
    Case, Disposed = (apps.get_model("cases", each) for each in ("Case", "Disposed"))
    # The cases of these months are not all there any more, so nothing can count them again.
    final = {month_of(at) for at in Disposed.objects.values_list("reported_at", flat=True)}
    kept = {}
    for figure in apps.get_model("portal", "Figure").objects.order_by("pk"):
        # Of the whole place only that is kept which no unit has a counter of.
        if figure.unit_id is None and figure.kind != ABOUT:
            continue
        for name, value in numbers_of(figure).items():
            counter, _, step = name.partition("/")
            Count.objects.create(
                counter=counter, unit_id=figure.unit_id, period=figure.month,
                step=int(step or 0), value=value, is_pending=False,
            )  # fmt: skip
        if figure.month in final:
            of_unit = kept.setdefault((figure.unit_id, figure.month), Counter())
            of_unit.update(numbers_of(figure))
    Contribution.objects.bulk_create(
        Contribution(source=SOURCE, unit_id=unit, period=month, numbers=numbers, is_final=True)
        for (unit, month), numbers in kept.items()
    )
    if final:
        there = Case.objects.filter(channel__in=CHANNELS, kind__in=KINDS)
        counted = (
            (number, month_of(at)) for number, at in there.values_list("number", "reported_at")
        )
        Contribution.objects.bulk_create(
            Contribution(source=SOURCE, subject=f"case/{number}", period=month, is_final=True)
            for number, month in counted
            if month in final
        )


def backward(apps, schema_editor):
    Figure = apps.get_model("portal", "Figure")
    Count, Contribution = (apps.get_model("figures", each) for each in ("Count", "Contribution"))
    found, moved = {}, []
    for row in Count.objects.order_by("pk"):
        kind, number = row.counter.removeprefix("place.").rsplit(".", 1)
        if kind not in (*KINDS, ABOUT):
            continue
        moved.append(row.pk)
        places = {None} if kind == ABOUT else {None, row.unit_id}
        for unit in places:
            new = Figure(kind=kind, unit_id=unit, month=row.period, counted_at=timezone.now())
            figure = found.setdefault((kind, unit, row.period), new)
            if number == "days":
                figure.days[str(row.step)] = figure.days.get(str(row.step), 0) + row.value
            else:
                setattr(figure, number, getattr(figure, number) + row.value)
    Figure.objects.bulk_create(found.values())
    for start in range(0, len(moved), 500):
        Count.objects.filter(pk__in=moved[start : start + 500]).delete()
    Contribution.objects.filter(source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_plain_labels"),
        ("figures", "0001_counters"),
        ("cases", "0037_clocks_leave"),
    ]

    operations = [migrations.RunPython(forward, backward)]
