"""The lists of criteria."""

from django.urls import path

from bihuan.criteria import views

app_name = "criteria"
urlpatterns = [
    path("desk/criteria/", views.catalogue, name="catalogue"),
    path("desk/criteria/<str:key>/<str:version>/", views.one, name="list"),
    path(
        "desk/criteria/<str:key>/<str:version>/<str:item>/confirm/",
        views.confirm,
        name="confirm-item",
    ),
    path(
        "desk/criteria/<str:key>/<str:version>/<str:item>/withdraw/",
        views.withdraw,
        name="withdraw-item",
    ),
]
