"""The models of the organisation."""

from bihuan.orgs.models.organisation import (
    CODE_PATTERN,
    Granted,
    Post,
    PostQuerySet,
    SignIn,
    Tenure,
    TenureQuerySet,
    Unit,
    UnitQuerySet,
    User,
)
from bihuan.orgs.models.stand_ins import StandInOffer

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
]
