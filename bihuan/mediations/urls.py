"""The pages of a mediation in addition to that of its case."""

from django.urls import path

from bihuan.mediations.views import invitations, noticing, papers

app_name = "mediations"
urlpatterns = [
    path("desk/mediations/notice/", noticing.notice, name="notice-dispute"),
    path("desk/mediations/<slug:number>/record/", papers.record, name="mediation-record"),
    path("desk/mediations/<slug:number>/agreement/", papers.agreement, name="mediation-agreement"),
    path(
        "desk/mediations/<slug:number>/invitations/<slug:slot>/",
        invitations.invitation,
        name="mediation-invitation",
    ),
]
