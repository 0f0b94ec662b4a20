"""What may be done with a checklist."""

from __future__ import annotations

from enum import StrEnum


class ChecklistAct(StrEnum):
    """The acts that the journal of a checklist has."""

    MAKE = "make"
    RENAME = "rename"
    BEGIN_DRAFT = "begin_draft"
    CHANGE_DRAFT = "change_draft"
    DISCARD_DRAFT = "discard_draft"
    PUT_TO_USE = "put_to_use"
    RETIRE = "retire"
    BRING_BACK = "bring_back"
