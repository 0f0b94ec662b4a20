"""When the work on a case was last sent back, from the journal where it is being done again."""

import json

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _date(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of the hazards that are being fixed: a photo from before a return no longer counts."""
    case_model, entry_model = apps.get_model("cases", "Case"), apps.get_model("journal", "Entry")
    db = schema_editor.connection.alias
    for case in case_model.objects.using(db).filter(kind="hazard", stage="rectifying"):
        entries = entry_model.objects.using(db).filter(chain__subject=f"case/{case.number}")
        found = entries.filter(act__in=["return", "undo"]).order_by("-seq")
        undone = {json.loads(each.detail).get("undone") for each in found if each.act == "undo"}
        sent = next((each.at for each in found if each.seq not in undone and each.act == "return"), None)
        if sent is not None and sent >= case.round_at:
            case_model.objects.using(db).filter(pk=case.pk).update(returned_at=sent)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0044_saved_phrases"),
        ("journal", "0001_chains_entries_anchors"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(_date, migrations.RunPython.noop),
    ]
