"""The state of a hazard, as the journal's entries hold it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.cases.lent_columns import Lent
from bihuan.cases.standing import CasePart
from bihuan.hazards.models import (
    Acceptance,
    Control,
    CriterionHint,
    Hazard,
    Judgement,
    Listing,
    Opinion,
    Order,
    RemedyPlan,
    UpwardReport,
)

# The case had these columns before, so they stay in its lines.
LENT = (
    Lent("words", "grade", after="kind", model=Hazard, absent=""),
    Lent("offices", "lister", after="post", model=Hazard, field="listed_by"),
    Lent("stage", "stopped_at", after="ended_at", model=Hazard),
    Lent("stage", "rebounds", after="stopped_at", model=Hazard, absent="0"),
)
PARTS = (
    CasePart(
        "hazard",
        Hazard,
        _("the content of the hazard"),
        without=tuple(each.kept.name for each in LENT),
    ),
    CasePart("controls", Control, _("the interim controls"), without=("clock",), case="hazard"),
    CasePart("hints", CriterionHint, _("the criteria that checklists name")),
    CasePart("judgements", Judgement, _("the decisions on the grade")),
    CasePart("plans", RemedyPlan, _("the plans of rectification")),
    CasePart("upward", UpwardReport, _("the reports to the level above")),
    CasePart("listings", Listing, _("the supervision listings")),
    CasePart("orders", Order, _("the orders")),
    CasePart("acceptances", Acceptance, _("the acceptances")),
    CasePart(
        "team_opinions",
        Opinion,
        _("the opinions of the teams"),
        case="acceptance",
        over=Acceptance._meta.db_table,
    ),
)
