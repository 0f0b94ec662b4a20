"""`bihuan backup OUT`: back up the database and files into one file while the system is in use."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bihuan.backups import keys, wording
from bihuan.backups.making import back_up, require_schema
from bihuan.backups.progress import Progress
from bihuan.backups.refusals import BackupRefused


class Command(BaseCommand):
    help = "Write the database and files to one new file, encrypted if a key is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT")
        keys.add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            require_schema()
            made = back_up(
                out=options["out"],
                key=keys.chosen(options),
                now=timezone.now(),
                progress=Progress(self.stderr.write),
            )
        except BackupRefused as refusal:
            raise CommandError(wording.explain(refusal)) from refusal
        self.stdout.write(wording.held(made.manifest))
        files = made.manifest.files
        if text := wording.lacking(made.manifest):
            self.stdout.write(text)
        if options["json"]:
            figures = {
                "file": str(made.file),
                "bytes": made.bytes,
                "rows": sum(table.rows for table in made.manifest.tables.values()),
                "files": files.count,
                "file_bytes": files.bytes,
                "missing": files.missing,
                "damaged": files.damaged,
                "named": files.named,
                "seconds": round(time.monotonic() - began, 3),
            }
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        if text:
            raise SystemExit(1)
