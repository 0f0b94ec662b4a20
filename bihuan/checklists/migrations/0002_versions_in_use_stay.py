"""The database itself refuses to change a version that is or was in use; only its state may change.

A later migration that builds the table again on SQLite must make the trigger again.
"""

from django.db import migrations

NAME = "version_in_use_never_changes"
FIXED = ("checklist_id", "number", "content", "edition", "put_to_use_at")


def _postgresql_up():
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FIXED)
    yield f"""CREATE FUNCTION checklists_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{NAME}'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$"""
    yield f"""CREATE TRIGGER {NAME} BEFORE UPDATE ON checklists_version
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}))
    EXECUTE FUNCTION checklists_refuse_change()"""


def _postgresql_down():
    yield f"DROP TRIGGER {NAME} ON checklists_version"
    yield "DROP FUNCTION checklists_refuse_change()"


def _sqlite_up():
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FIXED)
    yield (
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON checklists_version "
        f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) "
        f"BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
    )


def _sqlite_down():
    yield f"DROP TRIGGER {NAME}"


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
    dependencies = [("checklists", "0001_checklists")]

    operations = [migrations.RunPython(guard, unguard)]
