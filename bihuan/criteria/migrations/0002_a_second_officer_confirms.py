"""The second officer of a confirmation, and the triggers that keep what was stated.

They fire after the checks of the row. A later migration that builds the table again on SQLite must
make its triggers again.
"""

import django.db.models.deletion
from django.db import migrations, models

FIXED = ("list_key", "version", "item_key", "reference", "read_date", "post_id", "confirmed_at")


def _triggers(differs):
    """Return each trigger: its name, event, table, and the condition under which it refuses."""

    def any_of(*columns):
        return "(" + " OR ".join(differs(column) for column in columns) + ")"

    changed = (
        f"{any_of(*FIXED)} OR (OLD.seconded_at IS NOT NULL AND {any_of('second_post_id', 'seconded_at')})"
        f" OR (OLD.withdrawn_at IS NOT NULL AND {any_of('withdrawn_at')})"
    )
    table = "criteria_confirmation"
    yield "confirmation_stays_as_it_was_changed", "UPDATE", table, changed
    yield "confirmation_stays_as_it_was_removed", "DELETE", table, "1 = 1"


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
    dependencies = [("criteria", "0001_confirmations")]

    operations = [
        migrations.AddField(
            "confirmation",
            "second_post",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.post"
            ),
        ),
        migrations.AddField("confirmation", "seconded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "confirmation",
            models.CheckConstraint(
                name="criterion_seconded_exactly_by_a_post",
                condition=models.Q(("second_post", None), ("seconded_at", None))
                | models.Q(("second_post__isnull", False), ("seconded_at__gte", models.F("confirmed_at"))),
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
