from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from bihuan.web.checks import Level


class BackupsConfig(AppConfig):
    name = "bihuan.backups"
    label = "backups"

    def ready(self) -> None:
        from bihuan.web import checks, readiness

        checks.register("restore", _unfinished, quick=True)
        readiness.register_start(_require_finished)


def _unfinished(now: datetime) -> Iterator[tuple[Level, str]]:
    from bihuan.backups import unfinished, wording
    from bihuan.backups.refusals import BackupRefused
    from bihuan.web.checks import Level

    try:
        unfinished.require_none()
    except BackupRefused as refusal:
        yield Level.BAD, wording.explain(refusal)


def _require_finished(now: datetime) -> None:
    for _level, value in _unfinished(now):
        raise ImproperlyConfigured(value)
