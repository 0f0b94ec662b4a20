"""Reporting a hazard; everything after that is on the page of the case."""

from django.urls import path

from bihuan.hazards import views
from bihuan.hazards.views import majors, papers, quarterly

app_name = "hazards"
urlpatterns = [
    path("desk/hazards/report/", views.report, name="report-hazard"),
    path("desk/hazards/majors/", majors.register, name="majors"),
    path("desk/hazards/majors/reports/", quarterly.register, name="majors-reports"),
    path("desk/hazards/majors/reports/<int:pk>/", quarterly.report, name="majors-report"),
    path(
        "desk/hazards/majors/reports/<int:post>/<int:year>/<int:number>/sign/",
        quarterly.sign,
        name="sign-majors",
    ),
    path("desk/hazards/papers/<slug:kind>/<int:pk>/", papers.paper, name="paper"),
]
