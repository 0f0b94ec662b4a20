"""The key of a backup: that of `--key`, else that of the settings, else none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from bihuan.backups.locking import read_key


def add_arguments(parser: CommandParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--key", type=Path, metavar="FILE", help="the file with the key")
    which.add_argument(
        "--unencrypted", action="store_true", help="without a key, whatever the settings say"
    )


def chosen(options: Mapping[str, Any]) -> bytes | None:
    """Return the key itself."""
    named: Path | None = options["key"]
    if named is None and settings.BACKUP_KEY_FILE and not options["unencrypted"]:
        named = Path(settings.BACKUP_KEY_FILE)
    return read_key(named) if named is not None else None
