"""No open case belongs to a closed unit, whatever comes in while the unit is being closed.

Only on PostgreSQL, where two transactions can pass each other. SQLite has one writer at a time, so
that the look of the act itself is enough, and a trigger that names two tables would stand in the
way of every later migration that builds one of them again. There the triggers of migration 0009 are
made again, since 0010 built their table again; so must every later migration that does.
"""

from django.db import migrations

# First wait for whoever closes one of the units, then look: in one statement the look comes first.
REFUSE = """RAISE EXCEPTION 'no_open_case_in_a_closed_unit'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME"""
UP = (
    f"""CREATE FUNCTION cases_refuse_added_to_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orgs_unit
        WHERE id IN (SELECT owner_id FROM added WHERE ended_at IS NULL) FOR SHARE;
    IF EXISTS (SELECT 1 FROM orgs_unit WHERE end_date IS NOT NULL
            AND id IN (SELECT owner_id FROM added WHERE ended_at IS NULL)) THEN
        {REFUSE};
    END IF;
    RETURN NULL;
END $$""",
    f"""CREATE FUNCTION cases_refuse_given_to_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orgs_unit WHERE id = NEW.owner_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM orgs_unit WHERE id = NEW.owner_id AND end_date IS NOT NULL) THEN
        {REFUSE};
    END IF;
    RETURN NULL;
END $$""",
    f"""CREATE FUNCTION cases_refuse_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE owner_id = NEW.id AND ended_at IS NULL) THEN
        {REFUSE};
    END IF;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER no_open_case_in_a_closed_unit_added AFTER INSERT ON cases_case
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION cases_refuse_added_to_closed()""",
    """CREATE TRIGGER no_open_case_in_a_closed_unit_given AFTER UPDATE ON cases_case
    FOR EACH ROW WHEN (NEW.ended_at IS NULL
        AND (OLD.owner_id <> NEW.owner_id OR OLD.ended_at IS NOT NULL))
    EXECUTE FUNCTION cases_refuse_given_to_closed()""",
    """CREATE TRIGGER no_open_case_in_a_closed_unit_closed AFTER UPDATE OF end_date ON orgs_unit
    FOR EACH ROW WHEN (NEW.end_date IS NOT NULL AND OLD.end_date IS NULL)
    EXECUTE FUNCTION cases_refuse_closing()""",
)
DOWN = (
    "DROP TRIGGER no_open_case_in_a_closed_unit_closed ON orgs_unit",
    "DROP TRIGGER no_open_case_in_a_closed_unit_given ON cases_case",
    "DROP TRIGGER no_open_case_in_a_closed_unit_added ON cases_case",
    "DROP FUNCTION cases_refuse_closing()",
    "DROP FUNCTION cases_refuse_given_to_closed()",
    "DROP FUNCTION cases_refuse_added_to_closed()",
)


REJECTED = "id = NEW.duplicate_of_id AND stage = 'rejected'"
# For each trigger of migration 0009: when it is asked, and what it then looks for.
ORIGINALS = {
    "added": ("INSERT", "NEW.duplicate_of_id IS NOT NULL", REJECTED),
    "followed": (
        "UPDATE OF duplicate_of_id",
        "NEW.duplicate_of_id IS NOT NULL AND "
        "(OLD.duplicate_of_id IS NULL OR OLD.duplicate_of_id <> NEW.duplicate_of_id)",
        REJECTED,
    ),
    "ended": (
        "UPDATE OF stage",
        "NEW.stage = 'rejected' AND OLD.stage <> 'rejected'",
        "duplicate_of_id = NEW.id",
    ),
}


def _again_on_sqlite():
    for name, (event, when, found) in ORIGINALS.items():
        trigger = f"original_is_never_rejected_{name}"
        yield f"DROP TRIGGER IF EXISTS {trigger}"
        yield (
            f"CREATE TRIGGER {trigger} AFTER {event} ON cases_case WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, 'original_is_never_rejected') "
            f"WHERE EXISTS (SELECT 1 FROM cases_case WHERE {found}); END"
        )


def forwards(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in UP if on_postgresql else _again_on_sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in DOWN if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_what_registers_say"),
        ("orgs", "0002_successors_of_closed_units"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
