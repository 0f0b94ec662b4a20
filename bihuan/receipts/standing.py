"""The state of the public's side of a case for the journal."""

from django.utils.translation import gettext_lazy as _

from bihuan.cases.standing import CasePart
from bihuan.receipts.models import Amendment, FollowUp, Publication, Rating, Seal, UnsealRequest

PARTS = (
    # Its content is wrapped by new keys without an act.
    CasePart(
        "seals",
        Seal,
        _("the sealed identities"),
        without=("wrapped_key", "content"),
        stays=True,
    ),
    # A reason that was given but not used yet is not an act.
    CasePart(
        "openings",
        UnsealRequest,
        _("the unsealings"),
        case="seal",
        over=Seal._meta.db_table,
        # The entry contains it, and no entry older than this column could.
        without=("is_danger",),
        only="t.opened_at IS NOT NULL",
        stays=True,
    ),
    CasePart("ratings", Rating, _("the ratings"), stays=True),
    CasePart("unsolved", FollowUp, _("the “not solved” feedback"), without=("clock",), stays=True),
    # Their text is deleted with the item they are about, and when they are withdrawn. A hold on
    # the case at that time is recorded in the basis of the decision.
    CasePart(
        "amendments",
        Amendment,
        _("the correction or erasure requests"),
        without=("is_held",),
        stays=True,
    ),
    CasePart("publication", Publication, _("the published text"), without=("me_too",), stays=True),
)
