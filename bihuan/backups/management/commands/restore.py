"""`bihuan restore IN`: restore a backup made by `bihuan backup` into an empty installation."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.backups import keys, restoring, wording
from bihuan.backups.progress import Progress
from bihuan.backups.refusals import BackupRefused
from bihuan.backups.restoring import Opened, Restored
from bihuan.journal.wording import describe, proven, summary


class Command(BaseCommand):
    help = "Restore a backup into an empty installation and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="IN")
        keys.add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="verify only, restore nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        began, restored = time.monotonic(), None
        progress = Progress(self.stderr.write)
        try:
            with restoring.opened(options["source"], keys.chosen(options)) as backup:
                if options["check"]:
                    restoring.look_through(backup, progress)
                else:
                    now = timezone.now()
                    restored = restoring.restore(backup=backup, now=now, progress=progress)
        except BackupRefused as refusal:
            raise CommandError(wording.explain(refusal)) from refusal
        seconds = round(time.monotonic() - began, 3)
        is_good = self._say(backup, restored)
        if options["json"]:
            self.stdout.write(json.dumps(_figures(backup, restored, seconds), ensure_ascii=False))
        if not is_good:
            raise SystemExit(1)

    def _say(self, backup: Opened, restored: Restored | None) -> bool:
        """Print what the backup holds, and whether anything is wrong with it."""
        self.stdout.write(wording.held(backup.manifest))
        lacking = wording.lacking(backup.manifest)
        if lacking:
            self.stdout.write(lacking)
        if restored is None:
            self.stdout.write(_("The backup is complete. Nothing was restored."))
            return not lacking
        for finding in restored.journal.findings:
            self.stdout.write(describe(finding))
        self.stdout.write(summary(restored.journal, restored.seconds_verifying))
        for line in proven(restored.journal):
            self.stdout.write(line)
        text = _("Restored. Migrations of this release that were run: %d.")
        self.stdout.write(text % restored.migrated)
        return not lacking and restored.journal.ok


def _figures(backup: Opened, restored: Restored | None, seconds: float) -> dict[str, object]:
    manifest = backup.manifest
    details: dict[str, object] = {
        "version": manifest.version,
        "made_at": manifest.made_at,
        "rows": sum(table.rows for table in manifest.tables.values()),
        "files": manifest.files.count,
        "file_bytes": manifest.files.bytes,
        "missing": manifest.files.missing,
        "damaged": manifest.files.damaged,
        "seconds": seconds,
        "restored": restored is not None,
    }
    if restored is not None:
        journal = restored.journal
        details |= {"migrated": restored.migrated, "entries": journal.entries, "ok": journal.ok}
    return details
