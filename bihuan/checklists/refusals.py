"""What is refused about checklists in addition to what `core` refuses."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.core.checklist import Found
from bihuan.core.refusal import Refusal


class TitleTaken(Refusal):
    """The unit has another list with this title."""


class HasFaults(Refusal):
    """The draft cannot be put to use before its faults are removed."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(found)
        self.found = found


class ChangedMeanwhile(Refusal):
    """The draft was changed since the page was opened."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class AlreadyInUse(Refusal):
    """Another version was put to use at the same time."""


class NothingChanged(Refusal):
    """The draft says the same as the version in use."""


class NoDraft(Refusal):
    """The version is no draft, or is gone."""


class DraftExists(Refusal):
    """The list has a draft already."""


class Retired(Refusal):
    """The list is retired; nothing of it changes any more."""


class NotRetired(Refusal):
    """The list is in use; there is nothing to bring back."""


class NotAForm(Refusal):
    """The file is no XLSForm that `pyxform` accepts; `complaint` is what it says."""

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint


class CannotExport(Refusal):
    """An item has a text that an XLSForm would read as a reference."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item
