"""The posts that a plan for many cases proposes for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bihuan.cases import queries
from bihuan.cases.models import Case
from bihuan.cases.queries import proposals
from bihuan.cases.queries.proposals import Proposal
from bihuan.core.powers import Power
from bihuan.orgs import choices
from bihuan.orgs.choices import Holding
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of


@dataclass(frozen=True)
class ProposedPost:
    """The best post for one case, with its holder, and why it is proposed."""

    holding: Holding
    proposal: Proposal

    @property
    def pk(self) -> str:
        return str(self.proposal.post)

    def __str__(self) -> str:
        return f"{name_of(self.holding.post.unit)} · {self.holding}"


# Whether a post can take a case at all.
Fits = Callable[[Holding, Case], bool]


def proposed_posts(
    cases: Iterable[Case], user: User, now: datetime, fits: Fits = lambda holding, case: True
) -> Mapping[str, ProposedPost]:
    """Return the best post for each case by its number; cases that are alike are asked about
    once.
    """
    holdings = choices.handling_posts(user, [Power.COORDINATE], now)
    sight, known = queries.visible_to(user, now), dict[tuple[object, ...], ProposedPost | None]()
    found: dict[str, ProposedPost] = {}
    for case in cases:
        alike = (case.owner_id, case.origin_id, case.place, case.category)
        if alike not in known:
            known[alike] = None
            fitting = {each.post.pk: each for each in holdings if fits(each, case)}
            posts = [each.post for each in fitting.values()]
            for best in proposals.proposals(case, posts, sight)[:1]:
                known[alike] = ProposedPost(fitting[best.post], best)
        if (proposed := known[alike]) is not None:
            found[case.number] = proposed
    return found
