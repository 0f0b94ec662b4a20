"""What backups and restores refuse, and what they say at their end, in words."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.backups.manifest import Manifest
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.environment import MAKE_SEAL

_REASONS = {
    Reason.EXISTS: gettext_noop("%(what)s is there already; name a new file."),
    Reason.BUSY: gettext_noop("%(what)s is being written by another backup or restore."),
    Reason.NO_ROOM: gettext_noop("%(what)s: there is not enough room (%(other)s)."),
    Reason.KEY_IS_OPEN: gettext_noop(
        "%(what)s is open to other users of this machine (mode %(other)s); chmod 600 it first."
    ),
    Reason.NOT_A_KEY: gettext_noop("%(what)s is no key for backups; make one with: %(make)s"),
    Reason.SEAL_KEY: gettext_noop(
        "The key is one of BIHUAN_SEAL_KEYS; backups need a key of their own."
    ),
    Reason.NOT_MIGRATED: gettext_noop(
        "The database and this release do not fit (%(what)s); back up with the release "
        "that runs, or run bihuan migrate first."
    ),
    Reason.NEEDS_KEY: gettext_noop("%(what)s is encrypted; name the file of its key with --key."),
    Reason.NOT_ENCRYPTED: gettext_noop(
        "%(what)s is not encrypted, or is no backup; if it is meant, say --unencrypted."
    ),
    Reason.WRONG_KEY: gettext_noop("%(what)s was encrypted with another key."),
    Reason.CHANGED: gettext_noop("%(what)s was cut off or changed, or is no backup (%(other)s)."),
    Reason.OTHER_FORMAT: gettext_noop(
        "%(what)s has a form that this release does not know; it was made by bihuan %(other)s."
    ),
    Reason.OTHER_ENGINE: gettext_noop(
        "%(what)s is a backup of %(other)s; it cannot be restored into another kind of database."
    ),
    Reason.NEWER_RELEASE: gettext_noop(
        "%(what)s was made by a newer release (bihuan %(other)s); restore it with that one."
    ),
    Reason.NOT_EMPTY: gettext_noop(
        "There is something here already: %(what)s. A backup is restored only into an empty "
        "installation."
    ),
    Reason.OTHER_RESTORE: gettext_noop(
        "Another backup (%(other)s) was being restored here and its database is here already: "
        "%(what)s. Go on with that one, or empty the database first."
    ),
    Reason.UNFINISHED: gettext_noop(
        "A restore of %(what)s was begun here at %(other)s and has not ended; run bihuan restore "
        "again, with this or another backup."
    ),
}


def explain(refusal: BackupRefused) -> str:
    """What stands in the way, and what to do about it."""
    said = {"what": refusal.what, "other": refusal.other, "make": MAKE_SEAL}
    return _(_REASONS[refusal.reason]) % said


def held(manifest: Manifest) -> str:
    """What a backup holds, in a line."""
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
        "bytes": filesizeformat(manifest.files.bytes),
    }


def lacking(manifest: Manifest) -> str:
    """How much of the evidence was not there when the backup was made; nothing if it all was."""
    files = manifest.files
    if not files.missing and not files.damaged:
        return ""
    said = _("Files that were missing when the backup was made: %(missing)d; damaged: %(damaged)d.")
    return said % {"missing": files.missing, "damaged": files.damaged}


def strangers(tables: list[str]) -> str:
    """Tables that somebody else made in the same database."""
    return _("Left out, since bihuan does not know these tables: %s.") % ", ".join(tables)
