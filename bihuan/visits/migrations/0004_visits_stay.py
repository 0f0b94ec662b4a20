"""The database itself refuses to change or remove what was stated once.

The triggers fire after the checks of the row. A later migration that builds one of these tables
again on SQLite must make its triggers again.
"""

from django.db import migrations

# Each with its table, the columns that never change, and those that change once.
KEPT = {
    "visit": (
        "visits_visit",
        ("site_id", "binding_id", "post_id", "visited_date", "outcome", "note", "is_note_shown",
         "made_at",),
        ("withdrawn_at", ("withdrawn_at", "withdrawn_reason")),
    ),
}


def _triggers(differs):
    """Return each trigger: its name, event, table, and the condition under which it refuses."""

    def any_of(columns):
        return "(" + " OR ".join(differs(column) for column in columns) + ")"

    for name, (table, fixed, once) in KEPT.items():
        refuses = any_of(fixed)
        if once:
            refuses += f" OR (OLD.{once[0]} IS NOT NULL AND {any_of(once[1])})"
        yield f"{name}_stays_as_it_was_changed", "UPDATE", table, refuses
        yield f"{name}_stays_as_it_was_removed", "DELETE", table, "1 = 1"


def _postgresql_up():
    for name, event, table, refuses in _triggers(lambda column: f"NEW.{column} IS DISTINCT FROM OLD.{column}"):
        yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {refuses} THEN
        RAISE EXCEPTION '{name.rpartition("_")[0]}'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$"""
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _postgresql_down():
    for name, _event, table, _refuses in _triggers(str):
        yield f"DROP TRIGGER {name} ON {table}"
        yield f"DROP FUNCTION {name}()"


def _sqlite_up():
    for name, event, table, refuses in _triggers(lambda column: f"NEW.{column} IS NOT OLD.{column}"):
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {refuses} "
            f"BEGIN SELECT RAISE(ABORT, '{name.rpartition('_')[0]}'); END"
        )


def _sqlite_down():
    for name, _event, _table, _refuses in _triggers(str):
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
    dependencies = [("visits", "0003_notes_for_operators")]

    operations = [migrations.RunPython(guard, unguard)]
