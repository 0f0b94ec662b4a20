"""The number that a draw adds to its seed, and the triggers that keep draws and what was missed.

They fire after the checks of the row. A later migration that builds one of these tables again on SQLite must make its triggers again.
"""

from django.db import migrations, models

DRAWN = ("unit_id", "conditions", "pool", "salt", "excluded", "result", "drawn_at")
OPENED = ("purpose", "origin", "seed", "commitment", "source", "opened_at")
WINDOW = ("plan_id", "draw_id", "kind", "start_date", "complete_date", "made_at")


def _triggers(differs):
    """Return each trigger: its name, event, table, and the condition under which it refuses."""

    def any_of(*columns):
        return "(" + " OR ".join(differs(column) for column in columns) + ")"

    # Without a reason at all, a check refuses it.
    worded = f"({any_of('reason')} AND NEW.reason <> '')"
    draw = (
        f"{any_of(*OPENED)} OR (OLD.drawn_at IS NOT NULL AND {any_of(*DRAWN)})"
        f" OR (OLD.cancelled_at IS NOT NULL AND ({any_of('cancelled_at')} OR {worded}))"
    )
    missed = f"(OLD.missed_at IS NOT NULL AND {any_of('missed_at')})"
    judged = f"(OLD.verdict <> 'due' AND ({any_of('verdict', 'judged_at')} OR {worded}))"
    passed = f"(OLD.passed_at IS NOT NULL AND {any_of('passed_at')})"
    changed = {
        "draw": draw,
        "conflict": any_of("draw_id", "post_id", "site_id", "reason", "declared_at"),
        "planned": f"{any_of('round_id', 'site_id')} OR {missed}",
        "review": f"{any_of('round_id', 'case_number')} OR {missed} OR {judged}",
        "round": f"{any_of(*WINDOW)} OR {passed}",
    }
    for table, refuses in changed.items():
        yield f"{table}_stays_as_it_was_changed", "UPDATE", f"plans_{table}", refuses
        yield f"{table}_stays_as_it_was_removed", "DELETE", f"plans_{table}", "1 = 1"


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
    dependencies = [("plans", "0001_plans_rounds_and_draws")]

    operations = [
        migrations.AddField("draw", "salt", models.CharField(blank=True, default="", max_length=32), preserve_default=False),
        migrations.RunPython(guard, unguard),
    ]
