"""Reporting a hazard; everything after that is on the page of the case."""

from django.urls import path

from bihuan.hazards import views

urlpatterns = [path("desk/hazards/report/", views.report, name="report-hazard")]
