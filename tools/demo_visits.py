"""Sites of the demo's central town, bound to its grid officer, visited, and left without a post.

`python -m tools.demo_visits` works on the configured database, after `tools.demo_sites`.
"""

from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.core.visiting import Outcome, Risk  # noqa: E402
from bihuan.orgs.models import User  # noqa: E402
from bihuan.sites.actions.papers import PaperFacts  # noqa: E402
from bihuan.sites.models import Site  # noqa: E402
from bihuan.visits.actions import binding, recording, submitting  # noqa: E402
from bihuan.visits.actions.binding import Terms  # noqa: E402
from bihuan.visits.models import Binding  # noqa: E402
from tools.demo_district import COUNTY, District  # noqa: E402

TOWN, GRID, FIRM = "530499101", "530499101001-01", "530499-q02"
# How many sites of the town stay without a post.
UNBOUND = 3
# Every how many days a site is visited, how long ago it was, and what was seen.
VISITS = ((7, 9, Outcome.IN_ORDER), (30, 2, Outcome.FOUND), (15, 14, Outcome.IN_ORDER))


def main() -> None:
    district = District(timezone.now())  # noqa: TID251 - a command reads the clock once
    actor = district.holder(COUNTY, "安委办综合协调员")
    officer, post = district.holder(GRID, "网格员"), district.post(GRID, "网格员")
    sites = list(Site.objects.open().filter(unit__code=TOWN).order_by("pk"))
    for number, site in enumerate(sites[: max(0, len(sites) - UNBOUND)]):
        days, ago, outcome = VISITS[number % len(VISITS)]
        risk = Risk.RED if days < 10 else None
        decided = Terms(post, risk=risk).decided(site)
        terms = Terms(post, risk=risk, every_days=min(days, decided))
        made = binding.bind(site=site, terms=terms, actor=actor, now=district.ago(40))
        if number < 2 * len(VISITS):
            _visit(made, district, officer, ago, outcome)
    _submit(district)


def _visit(made: Binding, district: District, officer: User, ago: int, outcome: Outcome) -> None:
    found = outcome is Outcome.FOUND
    recording.record_visit(
        binding=made,
        visited_date=localdate(district.ago(ago)),
        outcome=outcome,
        note="一处灭火器压力不足，已告知更换。" if found else "通道畅通，设施完好。",
        is_note_shown=True,
        actor=officer,
        now=district.ago(ago),
    )


def _submit(district: District) -> None:
    """The operator of the gas station submits a renewed licence."""
    site = Site.objects.open().filter(operator_unit__code=FIRM).order_by("pk").first()
    if site is None:
        return
    now = district.ago(1)
    facts = PaperFacts(
        kind="operating_permit",
        number="云燃证 2026-012",
        issuer="云榆县住房和城乡建设局",
        expires_date=localdate(now) + timedelta(days=1095),
    )
    actor = district.holder(FIRM, "场所联系人")
    submitting.submit(site=site, facts=facts, uploads=(), actor=actor, now=now)


if __name__ == "__main__":
    main()
