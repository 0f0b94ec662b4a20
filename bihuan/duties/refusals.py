"""What is refused about duties."""

from bihuan.core.refusal import Refusal


class UnknownKind(Refusal):
    """No kind of duty has this key."""


class AssignedAlready(Refusal):
    """The post already has this kind of duty at the site."""


class SiteClosed(Refusal):
    """The site is closed: no duty is assigned at it."""


class DutyEnded(Refusal):
    """The duty has ended."""


class PostEnded(Refusal):
    """The post has ended, or its unit is closed."""


class NotTheHolder(Refusal):
    """Only the holder of the post signs; a stand-in does not."""


class SignedAlready(Refusal):
    """The holder has signed this version of the text."""


class TextMoved(Refusal):
    """The text was changed since the page with it was opened: it must be read again."""


class EndsBeforeStart(Refusal):
    """The last day is before the first."""


class NothingToCopy(Refusal):
    """The site has no duty in force, or none of the others lacks one of them."""


class TooMany(Refusal):
    """More sites were chosen than one act takes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most
