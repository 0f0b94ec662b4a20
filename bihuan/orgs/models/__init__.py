"""The models of the organisation."""

from bihuan.orgs.models.granted import Granted
from bihuan.orgs.models.members import SignIn, User
from bihuan.orgs.models.posts import Post, PostQuerySet, Tenure, TenureQuerySet
from bihuan.orgs.models.stand_ins import StandInOffer
from bihuan.orgs.models.units import CODE_PATTERN, Unit, UnitQuerySet, steps_of

__all__ = [
    "CODE_PATTERN",
    "Granted",
    "Post",
    "PostQuerySet",
    "SignIn",
    "StandInOffer",
    "Tenure",
    "TenureQuerySet",
    "Unit",
    "UnitQuerySet",
    "User",
    "steps_of",
]
