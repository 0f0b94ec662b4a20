"""The URLs of retention."""

from django.urls import path

from bihuan.retention.views import holds, lists

app_name = "retention"
urlpatterns = [
    path("desk/retention/", lists.overview, name="retention"),
    path("desk/retention/propose/", lists.propose, name="propose-disposal"),
    path("desk/retention/lists/<int:pk>/", lists.disposal, name="disposal"),
    path("desk/retention/lists/<int:pk>/confirm/", lists.confirm, name="confirm-disposal"),
    path("desk/retention/lists/<int:pk>/withdraw/", lists.withdraw, name="withdraw-disposal"),
    path("desk/retention/holds/add/", holds.hold, name="hold-back"),
    path("desk/retention/holds/<int:pk>/lift/", holds.lift, name="lift-hold"),
]
