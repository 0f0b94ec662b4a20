"""What is refused about bindings and visits."""

from bihuan.core.refusal import Refusal


class BoundAlready(Refusal):
    """The site is bound to a post already, perhaps since the page was opened."""


class NotBoundAnyMore(Refusal):
    """The binding has ended: the site is bound to another post, or to none."""


class SiteIsClosed(Refusal):
    """A closed site is neither bound nor visited."""


class NotAVisitingPost(Refusal):
    """The post has ended, does not report or handle, or is not responsible for this area."""


class NotOfTheUnit(Refusal):
    """A group visits the sites of its own unit and of those below it."""


class NameTaken(Refusal):
    """The unit has a group of this name."""


class StillBound(Refusal):
    """Sites are bound to the group."""


class Withdrawn(Refusal):
    """The visit was withdrawn already."""


class VisitedSince(Refusal):
    """A site was visited since it was bound, so that the binding can only be changed."""


class TooMany(Refusal):
    """More sites at once than one act may bind."""


class DecidedAlready(Refusal):
    """The submitted paper was accepted, refused or taken back already."""
