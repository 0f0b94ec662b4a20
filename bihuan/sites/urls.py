"""The register of sites."""

from django.urls import path

from bihuan.sites.views import register, site

app_name = "sites"
urlpatterns = [
    path("desk/sites/", register.register, name="sites"),
    path("desk/sites/<int:pk>/", site.site, name="site"),
]
