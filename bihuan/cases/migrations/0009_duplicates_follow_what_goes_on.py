"""What a duplicate follows is never rejected: no chain of duplicates, no ring, nobody forgotten.

SQLite drops the triggers of a table that a later migration builds again. Such a migration makes them
again, as 0012 does; `tests/test_triggers.py` tells when it was forgotten.
"""

from django.db import migrations, models

ON_ORIGINAL = "original_is_never_rejected"
FUNCTIONS = (
    # The lock on the original makes two rejections at once wait for each other.
    """CREATE FUNCTION cases_refuse_rejected_original() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found varchar;
BEGIN
    SELECT stage INTO found FROM cases_case WHERE id = NEW.duplicate_of_id FOR SHARE;
    IF found = 'rejected' THEN
        RAISE EXCEPTION 'original_is_never_rejected'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$""",
    """CREATE FUNCTION cases_refuse_rejecting_original() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE duplicate_of_id = NEW.id) THEN
        RAISE EXCEPTION 'original_is_never_rejected'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$""",
)
# For each trigger: when it is asked, and what it then looks for.
ASKED = {
    "added": ("INSERT", "NEW.duplicate_of_id IS NOT NULL", "rejected"),
    "followed": (
        "UPDATE OF duplicate_of_id",
        "NEW.duplicate_of_id IS NOT NULL AND "
        "(OLD.duplicate_of_id IS NULL OR OLD.duplicate_of_id <> NEW.duplicate_of_id)",
        "rejected",
    ),
    "ended": ("UPDATE OF stage", "NEW.stage = 'rejected' AND OLD.stage <> 'rejected'", "rejecting"),
}
FOUND = {
    "rejected": "id = NEW.duplicate_of_id AND stage = 'rejected'",
    "rejecting": "duplicate_of_id = NEW.id",
}


def guard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for function in FUNCTIONS if on_postgresql else ():
        schema_editor.execute(function, params=None)
    for name, (event, when, what) in ASKED.items():
        if on_postgresql:
            act = f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION cases_refuse_{what}_original()"
        else:
            found = f"SELECT 1 FROM cases_case WHERE {FOUND[what]}"
            act = (
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{ON_ORIGINAL}') "
                f"WHERE EXISTS ({found}); END"
            )
        statement = f"CREATE TRIGGER {ON_ORIGINAL}_{name} AFTER {event} ON cases_case {act}"
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in ASKED:
        on = " ON cases_case" if on_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {ON_ORIGINAL}_{name}{on}", params=None)
    for what in FOUND if on_postgresql else ():
        schema_editor.execute(f"DROP FUNCTION cases_refuse_{what}_original()", params=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_extensions_of_a_named_clock")]

    operations = [
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of", None), ("stage", "rejected"), _connector="OR"),
                name="only_what_was_rejected_is_a_duplicate",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
