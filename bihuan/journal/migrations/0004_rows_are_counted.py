"""The database counts every entry and root that is ever written, so that a lost one is missed."""

from django.db import migrations, models

COUNTED = ("journal_entry", "journal_anchor")

# Each transaction counts on a line that no other holds at the moment, so none waits for another.
FUNCTION = """
CREATE FUNCTION journal_count_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    many bigint;
BEGIN
    SELECT count(*) INTO many FROM added;
    IF many = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE journal_written SET count = count + many WHERE id = (
        SELECT id FROM journal_written WHERE name = TG_TABLE_NAME
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO journal_written (name, line, count)
        VALUES (TG_TABLE_NAME, pg_current_xact_id()::text::bigint, many);
    END IF;
    RETURN NULL;
END $$
"""


def _postgresql_up():
    yield FUNCTION
    for table in COUNTED:
        yield (
            f"CREATE TRIGGER {table}_is_counted AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added FOR EACH STATEMENT "
            "EXECUTE FUNCTION journal_count_written()"
        )


def _postgresql_down():
    for table in COUNTED:
        yield f"DROP TRIGGER {table}_is_counted ON {table}"
    yield "DROP FUNCTION journal_count_written()"


def _sqlite_up():
    for table in COUNTED:
        yield (
            f"CREATE TRIGGER {table}_is_counted AFTER INSERT ON {table} BEGIN "
            f"INSERT INTO journal_written (name, line, count) VALUES ('{table}', 0, 1) "
            "ON CONFLICT (name, line) DO UPDATE SET count = count + 1; END"
        )


def _sqlite_down():
    for table in COUNTED:
        yield f"DROP TRIGGER {table}_is_counted"


STATEMENTS = {
    "postgresql": (_postgresql_up, _postgresql_down),
    "sqlite": (_sqlite_up, _sqlite_down),
}


def count(apps, schema_editor):
    for table in COUNTED:
        schema_editor.execute(
            "INSERT INTO journal_written (name, line, count) "
            f"SELECT '{table}', 0, count(*) FROM {table} HAVING count(*) > 0",
            params=None,
        )
    for statement in STATEMENTS[schema_editor.connection.vendor][0]():
        schema_editor.execute(statement, params=None)


def uncount(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_kept_values")]

    operations = [
        migrations.CreateModel(
            name="Written",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("line", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "line"), name="written_counted_once_on_a_line")
                ],
            },
        ),
        migrations.RunPython(count, uncount),
    ]
