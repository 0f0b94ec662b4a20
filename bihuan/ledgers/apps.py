"""Ledgers: import and export of the office's workbook."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "bihuan.ledgers"
    label = "ledgers"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register(
            "ledgers",
            "import",
            export="export",
            export_columns="export",
            export_job="export",
            export_file="export",
        )
        from bihuan.ledgers import wording
        from bihuan.notices import voices
        from bihuan.web import subjects, work

        _be_opened()
        pages = {"import": _import_page, "export": _export_page, "endings": _ended_page}
        for kind, page in pages.items():
            subjects.register(kind, subjects.SubjectType(page, subjects.nameless))
        voices.register("import", voices.NoticeRenderer(wording.notice))
        voices.register("export", voices.NoticeRenderer(wording.notice))
        voices.register("endings", voices.NoticeRenderer(wording.ended))
        for name, function in {"imports": _imports, "exports": _exports}.items():
            work.register(
                name, function, timedelta(seconds=5), lane=work.Lane.LONG, at_any_time=True
            )
        work.register("old imports", _sweep, every=timedelta(days=1))


def _be_opened() -> None:
    """Add the import to the navigation, and the workbook to the ledger's page."""
    from bihuan.desk import workbook
    from bihuan.ledgers.actions.drafts import IMPORTERS
    from bihuan.web import navigation

    navigation.register(
        navigation.Place(
            "ledgers:import",
            _("Import"),
            "import",
            navigation.Group.SETUP,
            "i",
            frozenset(IMPORTERS),
        )
    )
    workbook.register(
        workbook.WorkbookPages(
            "ledgers:export",
            "ledgers:export-columns",
            "ledgers:import",
            "ledgers:import-sample",
            frozenset(IMPORTERS),
        )
    )


def _import_page(key: str) -> str:
    return reverse("ledgers:import-job", args=[key])


def _export_page(key: str) -> str:
    return reverse("ledgers:export-job", args=[key])


def _ended_page(key: str) -> str:
    return reverse("ledgers:import-ended", args=[key])


def _imports(now: datetime) -> Mapping[str, int]:
    from bihuan.ledgers.actions import jobs
    from bihuan.ledgers.wording import speaking

    return jobs.run_imports(now=now, speaking=speaking)


def _exports(now: datetime) -> Mapping[str, int]:
    from bihuan.ledgers.actions import jobs
    from bihuan.ledgers.wording import speaking

    return jobs.run_exports(now=now, speaking=speaking)


def _sweep(now: datetime) -> Mapping[str, int]:
    from bihuan.ledgers.actions import jobs

    return jobs.sweep(now=now)
