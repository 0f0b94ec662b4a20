"""What is refused about sites."""

from bihuan.core.refusal import Refusal


class UnknownKind(Refusal):
    """No kind of site, paper or trade has this key."""


class WrongAttribute(Refusal):
    """An attribute does not belong to the kind of the site, or its value is not of its type."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class SiteClosed(Refusal):
    """The site is closed: it is reopened before it is changed."""


class NotClosed(Refusal):
    """The site is not closed."""


class RegulatedAlready(Refusal):
    """Another unit regulates the site in this trade."""


class LinkedElsewhere(Refusal):
    """The case is already at a site."""


class NotLinked(Refusal):
    """The case is not at this site."""


class PaperEnded(Refusal):
    """The paper was renewed or withdrawn."""


class ExpiresBeforeIssue(Refusal):
    """A paper cannot expire before the day of its issue."""


class EquipmentAlready(Refusal):
    """The site has equipment with this name."""


class EquipmentRemoved(Refusal):
    """The equipment was taken off the register."""
