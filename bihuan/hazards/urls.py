"""Reporting a hazard; everything after that is on the page of the case."""

from django.urls import path

from bihuan.hazards import views

app_name = "hazards"
urlpatterns = [path("desk/hazards/report/", views.report, name="report-hazard")]
