"""The pages that export cases of the ledger to a workbook, and import them: a higher app registers
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User


@dataclass(frozen=True)
class WorkbookPages:
    """The URL names of these pages, and of the page that imports a sample."""

    exporting: str
    # Where the columns of the export are chosen.
    columns: str
    importing: str
    sample: str
    # Who may import; everyone may export what they see.
    importers: frozenset[Power]


# At most one.
_registered: list[WorkbookPages] = []


def register(pages: WorkbookPages) -> None:
    """For `AppConfig.ready`. One app has these pages."""
    if _registered:
        raise ValueError(
            f"two apps register these pages: {_registered[0].exporting} and {pages.exporting}"
        )
    _registered.append(pages)


def urls(user: User, on: date) -> dict[str, str]:
    """Return the context of the ledger's page: what this officer may open of these pages."""
    return dict(_urls(user, on))


def _urls(user: User, on: date) -> Iterator[tuple[str, str]]:
    for pages in _registered:
        yield "export_url", reverse(pages.exporting)
        yield "columns_url", reverse(pages.columns)
        if access.has_somewhere(user, pages.importers, on):
            yield "import_url", reverse(pages.importing)
            yield "sample_url", reverse(pages.sample)
