"""The database itself refuses to change an inspection that has ended, and what belongs to it.

Only the name and drawing of a signature are erased, once. A later migration that builds one of
these tables again on SQLite must make its triggers again.
"""

from django.db import migrations

ENDED = "('done', 'abandoned')"
TABLES = ("answer", "inspector", "photo", "settlement", "signature")
EVENTS = {"added": ("INSERT", ("NEW",)), "changed": ("UPDATE", ("OLD", "NEW")), "removed": ("DELETE", ("OLD",))}
# What stays of a signature while its name and drawing are erased.
KEPT = ("id", "inspection_id", "side", "way", "post_id", "reason", "witness_id", "signed_at", "erase_date")


def _triggers(differs):
    """Return each trigger: its name, event, table, and the condition under which it refuses."""
    for what in ("changed", "removed"):
        name, event = f"ended_inspection_stays_{what}", EVENTS[what][0]
        yield name, event, "inspections_inspection", f"OLD.stage IN {ENDED}"
    for table in TABLES:
        for what, (event, rows) in EVENTS.items():
            ended = " OR ".join(
                f"EXISTS (SELECT 1 FROM inspections_inspection WHERE id = {row}.inspection_id AND stage IN {ENDED})"
                for row in rows
            )
            if (table, what) == ("signature", "changed"):
                changed = " OR ".join(differs(column) for column in KEPT)
                erases = f"OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NOT ({changed})"
                ended = f"({ended}) AND NOT ({erases})"
            yield f"{table}_of_ended_inspection_stays_{what}", event, f"inspections_{table}", ended


def _postgresql(column):
    return f"NEW.{column} IS DISTINCT FROM OLD.{column}"


def _sqlite(column):
    return f"NEW.{column} IS NOT OLD.{column}"


def _postgresql_up():
    for name, event, table, refuses in _triggers(_postgresql):
        row = "OLD" if event == "DELETE" else "NEW"
        yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {refuses} THEN
        RAISE EXCEPTION '{name.rpartition("_")[0]}'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN {row};
END $$"""
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _postgresql_down():
    for name, _event, table, _refuses in _triggers(_postgresql):
        yield f"DROP TRIGGER {name} ON {table}"
        yield f"DROP FUNCTION {name}()"


def _sqlite_up():
    for name, event, table, refuses in _triggers(_sqlite):
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {refuses} "
            f"BEGIN SELECT RAISE(ABORT, '{name.rpartition('_')[0]}'); END"
        )


def _sqlite_down():
    for name, _event, _table, _refuses in _triggers(_sqlite):
        yield f"DROP TRIGGER {name}"


STATEMENTS = {
    "postgresql": (_postgresql_up, _postgresql_down),
    "sqlite": (_sqlite_up, _sqlite_down),
}


def guard(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][0]():
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_inspections")]

    operations = [migrations.RunPython(guard, unguard)]
