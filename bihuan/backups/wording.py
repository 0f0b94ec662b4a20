"""Texts for refusals and results of backups and restores."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan import formats
from bihuan.backups.manifest import Manifest
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.environment import MAKE_SEAL

_REASONS = {
    Reason.EXISTS: gettext_noop("%(what)s already exists; choose another file name."),
    Reason.BUSY: gettext_noop("%(what)s is being written by another backup or restore."),
    Reason.NO_ROOM: gettext_noop("%(what)s: not enough space (%(other)s)."),
    Reason.KEY_IS_OPEN: gettext_noop(
        "%(what)s can be read by other users of this machine (mode %(other)s); run chmod 600 first."
    ),
    Reason.NOT_A_KEY: gettext_noop("%(what)s is not a backup key; create one with: %(make)s"),
    Reason.SEAL_KEY: gettext_noop(
        "The key is one of BIHUAN_SEAL_KEYS; backups need a separate key."
    ),
    Reason.NOT_MIGRATED: gettext_noop(
        "The database does not match this release (%(what)s); back up with the running release, "
        "or run bihuan migrate first."
    ),
    Reason.NEEDS_KEY: gettext_noop("%(what)s is encrypted; name the file of its key with --key."),
    Reason.NOT_ENCRYPTED: gettext_noop(
        "%(what)s is not encrypted, or is not a backup; to use it anyway, add --unencrypted."
    ),
    Reason.WRONG_KEY: gettext_noop("%(what)s was encrypted with another key."),
    Reason.CHANGED: gettext_noop(
        "%(what)s is truncated, was changed, or is not a backup (%(other)s)."
    ),
    Reason.OTHER_FORMAT: gettext_noop(
        "This release cannot read the format of %(what)s; it was made by bihuan %(other)s."
    ),
    Reason.OTHER_ENGINE: gettext_noop(
        "%(what)s is a backup of %(other)s; it cannot be restored into another type of database."
    ),
    Reason.NEWER_RELEASE: gettext_noop(
        "%(what)s was made by a newer release (bihuan %(other)s); restore it with that one."
    ),
    Reason.NOT_EMPTY: gettext_noop(
        "This installation already has data: %(what)s. A backup can only be restored into an "
        "empty installation."
    ),
    Reason.OTHER_RESTORE: gettext_noop(
        "Another backup (%(other)s) is being restored and its database is already in place: "
        "%(what)s. Continue with that backup, or empty the database first."
    ),
    Reason.UNFINISHED: gettext_noop(
        "A restore of %(what)s started at %(other)s and has not finished; run bihuan restore "
        "again, with this or another backup."
    ),
}


def explain(refusal: BackupRefused) -> str:
    """Explain the obstacle, and what to do about it."""
    details = {"what": refusal.what, "other": refusal.other, "make": MAKE_SEAL}
    return _(_REASONS[refusal.reason]) % details


def held(manifest: Manifest) -> str:
    """Describe the content of a backup in one line."""
    return _(
        "bihuan %(version)s, %(made_at)s, %(engine)s %(server)s: %(rows)d rows, %(files)d files "
        "(%(bytes)s)"
    ) % {
        "version": manifest.version,
        "made_at": manifest.made_at,
        "engine": manifest.engine,
        "server": manifest.server,
        "rows": sum(table.rows for table in manifest.tables.values()),
        "files": manifest.files.count,
        "bytes": formats.file_size(manifest.files.bytes),
    }


def lacking(manifest: Manifest) -> str:
    """Say how much of the evidence was missing when the backup was made; empty if none was."""
    files = manifest.files
    if not files.missing and not files.damaged:
        return ""
    text = _("Files that were missing when the backup was made: %(missing)d; damaged: %(damaged)d.")
    return text % {"missing": files.missing, "damaged": files.damaged}


def strangers(tables: list[str]) -> str:
    """List tables in the same database that do not belong to bihuan."""
    return _("Not backed up, because bihuan does not recognise these tables: %s.") % ", ".join(
        tables
    )
