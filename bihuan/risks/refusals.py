"""What is refused about risks and their controls."""

from bihuan.core.refusal import Refusal


class SameTitle(Refusal):
    """The site has a risk with this title."""


class SiteClosed(Refusal):
    """The site is closed: nothing is registered on it."""


class NotInForce(Refusal):
    """The risk is retired: reopen it first."""


class AlreadyInForce(Refusal):
    """The risk is not retired."""


class SameGrade(Refusal):
    """Likelihood and consequence are what they were, by the version in use."""


class LowerGradeWaits(Refusal):
    """A lower grade of this risk waits for a second officer."""


class AlreadyDecided(Refusal):
    """The lower grade was confirmed, refused or withdrawn."""


class GradeMoved(Refusal):
    """The risk was graded again since the lower grade was proposed."""


class StillGraded(Refusal):
    """A risk above blue is graded lower first, which a second officer confirms."""


class CheckOverdue(Refusal):
    """The check of the control is overdue: it is made before the control is relaxed or ended."""


class ControlEnded(Refusal):
    """The control has ended."""


class CheckInFuture(Refusal):
    """A check is recorded once it was made."""


class CheckOutOfOrder(Refusal):
    """The control was checked on a later day."""


class NotThisPost(Refusal):
    """The post cannot be given the check: it has ended, or belongs to no unit of the site."""
