"""The URLs of bihuan and of the baseline pages."""

from django.urls import include, path

from tools.bench import floor

urlpatterns = [
    path("", include("bihuan.urls")),
    path("bench/rows/", floor.rows),
    path("bench/<slug:page>/", floor.same),
    path("bench/<slug:page>/<slug:number>/", floor.same),
]
