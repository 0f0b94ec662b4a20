"""Words found by an index: a tsvector with GIN on PostgreSQL, a full-text table on SQLite."""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE cases_casewords ALTER COLUMN words TYPE tsvector USING words::tsvector",
    "CREATE INDEX cases_words_index ON cases_casewords USING gin (words)",
)
POSTGRESQL_BACK = (
    "DROP INDEX cases_words_index",
    "ALTER TABLE cases_casewords ALTER COLUMN words TYPE text USING words::text",
)
SQLITE = (
    """CREATE VIRTUAL TABLE cases_words_index
       USING fts5(words, content='cases_casewords', content_rowid='case_id')""",
    """CREATE TRIGGER cases_words_added AFTER INSERT ON cases_casewords BEGIN
       INSERT INTO cases_words_index (rowid, words) VALUES (new.case_id, new.words);
       END""",
    """CREATE TRIGGER cases_words_removed AFTER DELETE ON cases_casewords BEGIN
       INSERT INTO cases_words_index (cases_words_index, rowid, words)
       VALUES ('delete', old.case_id, old.words);
       END""",
    """CREATE TRIGGER cases_words_changed AFTER UPDATE ON cases_casewords BEGIN
       INSERT INTO cases_words_index (cases_words_index, rowid, words)
       VALUES ('delete', old.case_id, old.words);
       INSERT INTO cases_words_index (rowid, words) VALUES (new.case_id, new.words);
       END""",
)
SQLITE_BACK = (
    "DROP TRIGGER cases_words_changed",
    "DROP TRIGGER cases_words_removed",
    "DROP TRIGGER cases_words_added",
    "DROP TABLE cases_words_index",
)


def forwards(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if on_postgresql else SQLITE:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_BACK if on_postgresql else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases_clocks_evidence")]

    operations = [migrations.RunPython(forwards, backwards)]
