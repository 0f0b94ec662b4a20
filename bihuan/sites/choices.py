"""Posts that may be named for something at a site."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from bihuan.orgs.models import Post
from bihuan.sites.models import Site


def posts_at(site: Site, on: date) -> QuerySet[Post]:
    """Return the posts in force of the unit in charge and the units above and below it, of the
    operator, and of the regulators.
    """
    unit = site.unit
    area = Q(unit__path__startswith=unit.path) | Q(unit__path__in=unit.paths_above())
    others = Q(unit=site.operator_unit_id) | Q(unit__in=site.regulators.values("unit"))
    return Post.objects.in_force(on).filter(area | others, unit__end_date=None)
