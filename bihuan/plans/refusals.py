"""What is refused about plans, draws and looking back."""

from __future__ import annotations

from bihuan.core.refusal import Refusal


class PlanStopped(Refusal):
    """The plan has been stopped; it makes no more rounds and is not changed."""


class NoSites(Refusal):
    """No site matches, so there is nothing to plan or to draw."""


class NoPosts(Refusal):
    """No post is named that would inspect."""


class NoChecklist(Refusal):
    """The checklist has no version in use."""


class NotInUnit(Refusal):
    """A unit or post of the form is outside the reach of the officer."""


class NotBegun(Refusal):
    """The window has not begun."""


class AlreadyDrawn(Refusal):
    """The draw was made; it is never changed, only cancelled."""


class DrewIt(Refusal):
    """Who drew neither cancels the draw nor calls off what was drawn."""


class InspectsIt(Refusal):
    """Who is to inspect or to look back does not call it off."""


class TookPart(Refusal):
    """Who fixed or checked the case neither looks back at it nor calls that off."""


class Cancelled(Refusal):
    """The draw was cancelled."""


class TooMany(Refusal):
    """More sites match than one draw takes; `most` is how many it takes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class PhotoNeeded(Refusal):
    """Looking back, that a fix holds is shown by a photo."""


class OthersDo(Refusal):
    """Self-checks are done by the operator of the site."""
