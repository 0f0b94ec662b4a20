"""The pages that export cases of the ledger to a workbook, and import them: a higher app registers
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class WorkbookPages:
    """The URL names of these pages, and of the page that imports a sample."""

    exporting: str
    importing: str
    sample: str


# At most one.
_registered: list[WorkbookPages] = []


def register(pages: WorkbookPages) -> None:
    """For `AppConfig.ready`. One app has these pages."""
    if _registered:
        raise ValueError(
            f"two apps register these pages: {_registered[0].exporting} and {pages.exporting}"
        )
    _registered.append(pages)


def urls() -> dict[str, str]:
    """Return the context of the ledger's page; empty if there are no such pages."""
    return dict(_urls())


def _urls() -> Iterator[tuple[str, str]]:
    for pages in _registered:
        yield "export_url", reverse(pages.exporting)
        yield "import_url", reverse(pages.importing)
        yield "sample_url", reverse(pages.sample)
