"""What the database holds of every case that is a grievance or a suggestion.

On PostgreSQL these are constraints of the table; SQLite knows none that are added later, so that
triggers hold them there. A migration that has SQLite build the table of cases again lays them
aside and makes them again, as `cases` 0029 does.
"""

from django.db import migrations

REFUSED = {
    "grievance_ended_exactly_when_the_stage_says_so": """case.kind = 'grievance' AND
        (case.stage IN ('closed', 'redirected', 'withdrawn')) <> (case.ended_at IS NOT NULL)""",
    "suggestion_ended_exactly_when_the_stage_says_so": """case.kind = 'suggestion' AND
        (case.stage IN ('adopted', 'not_adopted', 'published', 'withdrawn')) <> (case.ended_at IS NOT NULL)""",
}


def _of(row, said):
    return said.replace("case.", row)


def guard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, wrong in REFUSED.items():
        if on_postgresql:
            schema_editor.execute(
                f"ALTER TABLE cases_case ADD CONSTRAINT {name} CHECK (NOT ({_of('', wrong)}))",
                params=None,
            )
            continue
        for what, event in {"added": "INSERT", "changed": "UPDATE"}.items():
            schema_editor.execute(
                f"CREATE TRIGGER {name}_{what} BEFORE {event} ON cases_case "
                f"WHEN {_of('NEW.', wrong)} BEGIN SELECT RAISE(ABORT, '{name}'); END",
                params=None,
            )


def unguard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in REFUSED:
        if on_postgresql:
            schema_editor.execute(f"ALTER TABLE cases_case DROP CONSTRAINT {name}", params=None)
            continue
        for what in ("added", "changed"):
            schema_editor.execute(f"DROP TRIGGER {name}_{what}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0039_what_kinds_keep"),
        ("grievances", "0003_hearings_that_cases_kept"),
    ]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
