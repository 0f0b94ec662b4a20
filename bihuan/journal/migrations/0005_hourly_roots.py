"""A root seals an hour: several of one day, one for each end."""

from django.db import migrations, models

TABLE = "journal_anchor"
NAMES = ("updated", "deleted", "replaced", "is_counted")


def _triggers(key):
    """What 0002 and 0004 made, which SQLite loses where Django builds the table again."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    yield f"CREATE TRIGGER {TABLE}_never_updated BEFORE UPDATE ON {TABLE} {refuse}"
    yield f"CREATE TRIGGER {TABLE}_never_deleted BEFORE DELETE ON {TABLE} {refuse}"
    yield (
        f"CREATE TRIGGER {TABLE}_never_replaced BEFORE INSERT ON {TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR {key} = NEW.{key}) {refuse}"
    )
    yield (
        f"CREATE TRIGGER {TABLE}_is_counted AFTER INSERT ON {TABLE} BEGIN "
        f"INSERT INTO journal_written (name, line, count) VALUES ('{TABLE}', 0, 1) "
        "ON CONFLICT (name, line) DO UPDATE SET count = count + 1; END"
    )


def lift(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in NAMES:
            never = "" if name == "is_counted" else "never_"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{never}{name}", params=None)


def guard_ends(apps, schema_editor):
    _guard(schema_editor, "until_at")


def guard_days(apps, schema_editor):
    _guard(schema_editor, "date")


def _guard(schema_editor, key):
    if schema_editor.connection.vendor == "sqlite":
        for statement in _triggers(key):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_rows_are_counted")]

    operations = [
        migrations.RunPython(lift, guard_days),
        migrations.AlterField("anchor", "date", models.DateField()),
        migrations.AlterField("anchor", "until_at", models.DateTimeField(unique=True)),
        migrations.RunPython(guard_ends, lift),
    ]
