"""The site map on one screen."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bihuan.web.urls")),
    path("", include("bihuan.orgs.urls")),
    path("", include("bihuan.factors.urls")),
    path("", include("bihuan.portal.urls")),
    path("", include("bihuan.hazards.urls")),
    path("", include("bihuan.grievances.urls")),
    path("", include("bihuan.mediations.urls")),
    path("", include("bihuan.breaches.urls")),
    path("", include("bihuan.ledgers.urls")),
    path("", include("bihuan.retention.urls")),
    path("", include("bihuan.api.urls")),
    # Last, because the number of a case may look like any other word.
    path("", include("bihuan.cases.urls")),
]

handler500 = "bihuan.web.views.failed"
