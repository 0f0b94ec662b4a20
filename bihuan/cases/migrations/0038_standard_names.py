"""Models and what leads to them get the standard names of the field; the rows stay."""

import django.db.models.deletion
from django.db import migrations, models

NAMES = [
    ("Hand", "Participation"),
    ("Bar", "Exclusion"),
    ("Confidant", "AccessGrant"),
    ("Opening", "UnsealRequest"),
    ("Unsolved", "FollowUp"),
]


def related(
    model: str,
    field: str,
    to: str,
    name: str,
    kind: type[models.ForeignKey] = models.ForeignKey,
    on_delete=django.db.models.deletion.CASCADE,
    **options,
) -> migrations.AlterField:
    key = kind(to, on_delete=on_delete, related_name=name, **options)
    return migrations.AlterField(model, field, key)


class Migration(migrations.Migration):
    dependencies = [("cases", "0037_clocks_leave"), ("clocks", "0002_clocks_of_every_subject")]
    operations = [
        *(migrations.RenameModel(old, new) for old, new in NAMES),
        related("accessgrant", "case", "cases.case", "access_grants"),
        related("exclusion", "case", "cases.case", "exclusions"),
        related("followup", "case", "cases.case", "follow_ups"),
        related(
            "followup", "clock", "clocks.clock", "follow_up", models.OneToOneField,
            django.db.models.deletion.PROTECT,
        ),
        related("participation", "case", "cases.case", "participations", db_index=False),
        related("unsealrequest", "seal", "cases.seal", "unseal_requests"),
    ]  # fmt: skip
