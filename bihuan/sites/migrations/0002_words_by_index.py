"""Words found by an index: a tsvector with GIN on PostgreSQL, a full-text table on SQLite."""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE sites_sitewords ALTER COLUMN words TYPE tsvector USING words::tsvector",
    "CREATE INDEX sites_words_index ON sites_sitewords USING gin (words)",
)
POSTGRESQL_BACK = (
    "DROP INDEX sites_words_index",
    "ALTER TABLE sites_sitewords ALTER COLUMN words TYPE text USING words::text",
)
SQLITE = (
    """CREATE VIRTUAL TABLE sites_words_index
       USING fts5(words, content='sites_sitewords', content_rowid='site_id')""",
    """CREATE TRIGGER sites_words_added AFTER INSERT ON sites_sitewords BEGIN
       INSERT INTO sites_words_index (rowid, words) VALUES (new.site_id, new.words);
       END""",
    """CREATE TRIGGER sites_words_removed AFTER DELETE ON sites_sitewords BEGIN
       INSERT INTO sites_words_index (sites_words_index, rowid, words)
       VALUES ('delete', old.site_id, old.words);
       END""",
    """CREATE TRIGGER sites_words_changed AFTER UPDATE ON sites_sitewords BEGIN
       INSERT INTO sites_words_index (sites_words_index, rowid, words)
       VALUES ('delete', old.site_id, old.words);
       INSERT INTO sites_words_index (rowid, words) VALUES (new.site_id, new.words);
       END""",
)
SQLITE_BACK = (
    "DROP TRIGGER sites_words_changed",
    "DROP TRIGGER sites_words_removed",
    "DROP TRIGGER sites_words_added",
    "DROP TABLE sites_words_index",
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
    dependencies = [("sites", "0001_sites")]

    operations = [migrations.RunPython(forwards, backwards)]
