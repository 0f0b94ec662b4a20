"""The database itself refuses to change or remove an entry or a daily root."""

from django.db import migrations

KEPT = {"journal_entry": "(chain_id, seq) = (NEW.chain_id, NEW.seq)", "journal_anchor": "date = NEW.date"}

FUNCTION = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$
"""


def _postgresql_up():
    yield FUNCTION
    for table in KEPT:
        yield (
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()"
        )


def _postgresql_down():
    for table in KEPT:
        yield f"DROP TRIGGER {table}_never_changes ON {table}"
    yield "DROP FUNCTION journal_refuse_change()"


def _sqlite_up():
    for table, same in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        yield f"CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} {refuse}"
        # INSERT OR REPLACE removes the row in its way without asking the trigger above.
        yield (
            f"CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR {same}) {refuse}"
        )


def _sqlite_down():
    for table in KEPT:
        for event in ("updated", "deleted", "replaced"):
            yield f"DROP TRIGGER {table}_never_{event}"


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
    dependencies = [("journal", "0001_chains_entries_anchors")]

    operations = [migrations.RunPython(guard, unguard)]
