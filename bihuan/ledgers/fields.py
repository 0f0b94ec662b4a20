"""The columns of a hazard ledger, and the words and lengths of their cells."""

from __future__ import annotations

from bihuan.core.hazard import Stage
from bihuan.ledgers.vocabulary import DATA, HAZARD, Field

__all__ = ["BY_NAME", "DATA", "FIELDS", "GRADES", "STAGES", "SYNONYMS", "UNVERIFIED", "Field"]

FIELDS = HAZARD.fields
BY_NAME = HAZARD.by_name
SYNONYMS = HAZARD.synonyms

STAGES = {
    Stage.REPORTED: "待确认",
    Stage.CONFIRMED: "待交办",
    Stage.REJECTED: "已驳回",
    Stage.ASSIGNED: "已交办",
    Stage.RECTIFYING: "整改中",
    Stage.SUBMITTED: "待验收",
    Stage.VERIFIED: "待销号",
    Stage.CLOSED: "已销号",
    Stage.RECHECKED: "已回头看",
}
GRADES = {"general": "一般", "major": "重大"}
# Behind the stage of a case that a ledger alone closed and nobody here has confirmed.
UNVERIFIED = "（导入，未核实）"


# How long the text of a field may be.
MOST = {
    "number": 32, "source_ref": 64, "title": 200, "description": 10_000, "category": 80,
    "place": 200, "standard": 200, "finder_name": 60, "resolver_name": 60, "measures": 10_000,
    "contingency": 10_000, "progress": 10_000, "verifier_name": 60, "remark": 10_000,
    "answer": 10_000,
}  # fmt: skip
