"""The database itself refuses to change what a letter says once it was issued, and its photos.

Units may still follow a merger. A later migration that builds one of these tables again on SQLite
must make its triggers again.
"""

from django.db import migrations

EVENTS = {"added": ("INSERT", ("NEW",)), "changed": ("UPDATE", ("OLD", "NEW")), "removed": ("DELETE", ("OLD",))}
FIXED = (
    *("id", "number", "case_number", "to_name", "title", "place", "found", "basis", "papers"),
    *("drafted_by_id", "drafted_at", "issued_by_id", "issued_at"),
)


def _triggers(differs):
    """Return each trigger: its name, event, table, and the condition under which it refuses."""
    changed = " OR ".join(differs(column) for column in FIXED)
    table = "transfers_letter"
    yield "issued_letter_stays_changed", "UPDATE", table, f"OLD.number <> '' AND ({changed})"
    yield "issued_letter_stays_removed", "DELETE", table, "OLD.number <> ''"
    for what, (event, rows) in EVENTS.items():
        issued = " OR ".join(
            f"EXISTS (SELECT 1 FROM transfers_letter WHERE id = {row}.letter_id AND number <> '')"
            for row in rows
        )
        yield f"photo_of_issued_letter_stays_{what}", event, "transfers_enclosure", issued


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
    dependencies = [("transfers", "0001_letters")]

    operations = [migrations.RunPython(guard, unguard)]
