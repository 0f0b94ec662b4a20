"""How the town answers a grievance, from the classification to the written opinion."""

from __future__ import annotations

from datetime import datetime

from bihuan.cases.models import Case
from bihuan.cases.queries import prepared
from bihuan.grievances.actions import classification, handling, opinions
from bihuan.grievances.actions.opinions import Parts
from bihuan.orgs.models import Post, User
from tests.clock import PRESENT
from tests.portal.conftest import County

PARTS = Parts(
    request="修好桥头的路灯。",
    facts="灯头烧毁，已核实。",
    reasons="属于公共照明，由镇里负责。",
    decision="support",
    basis="《城市照明管理规定》",
)


def fresh(case: Case) -> Case:
    return prepared.numbered(case.number).get()


def replied(
    county: County, head: User, case: Case | None = None, *, now: datetime = PRESENT
) -> Case:
    """The town classifies, accepts, works and answers."""
    case = case or Case.objects.get(kind="grievance")
    clerk = county.clerk
    classification.classify(case=case, actor=clerk, now=now, way="request")
    classification.accept(case=case, actor=clerk, now=now)
    post = Post.objects.get(tenures__member=clerk)
    handling.assign(case=case, actor=clerk, now=now, post=post)
    opinions.draft(case=case, parts=PARTS, actor=clerk, now=now)
    opinions.issue(case=case, actor=head, now=now)
    return fresh(case)
